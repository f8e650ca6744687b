/** The addresses of the journal. */

import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { readTab } from "./game/tabs";
import { readGatheringsSearch } from "./gatherings/search";
import { readSearch } from "./library/search";
import { readPeopleSearch } from "./people/search";
import { readPersonSearch } from "./person/search";
import { readYear } from "./timeline/search";

/** The journal's pages. */
export function journalRoutes<Parent extends AnyRoute>(parent: Parent) {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: "/journal",
      component: lazyRouteComponent(() => import("./home/HomePage"), "HomePage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/library",
      validateSearch: readSearch,
      component: lazyRouteComponent(() => import("./library/LibraryPage"), "LibraryPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/games/new",
      component: lazyRouteComponent(() => import("./new-game/NewGamePage"), "NewGamePage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/games/$gameId",
      validateSearch: readTab,
      component: lazyRouteComponent(() => import("./game/GamePage"), "GamePage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/thoughts/$thoughtId",
      component: lazyRouteComponent(() => import("./thought/ThoughtPage"), "ThoughtPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/timeline",
      validateSearch: readYear,
      component: lazyRouteComponent(() => import("./timeline/TimelinePage"), "TimelinePage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/statistics",
      component: lazyRouteComponent(() => import("./statistics/StatisticsPage"), "StatisticsPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/import",
      component: lazyRouteComponent(() => import("./import/ImportsPage"), "ImportsPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/import/$importId",
      component: lazyRouteComponent(() => import("./import/ImportPage"), "ImportPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/people",
      validateSearch: readPeopleSearch,
      component: lazyRouteComponent(() => import("./people/PeoplePage"), "PeoplePage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/people/$username",
      validateSearch: readPersonSearch,
      component: lazyRouteComponent(() => import("./person/PersonPage"), "PersonPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/gatherings",
      validateSearch: readGatheringsSearch,
      component: lazyRouteComponent(() => import("./gatherings/GatheringsPage"), "GatheringsPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/gatherings/new",
      component: lazyRouteComponent(() => import("./gatherings/NewGatheringPage"), "NewGatheringPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/gatherings/$challengeId",
      validateSearch: ({ change }: Record<string, unknown>): { change?: true | undefined } => ({ change: change ? true : undefined }),
      component: lazyRouteComponent(() => import("./gatherings/GatheringPage"), "GatheringPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/notices",
      validateSearch: ({ show }: Record<string, unknown>): { show?: "unread" | "verdicts" | undefined } => ({
        show: show === "unread" || show === "verdicts" ? show : undefined,
      }),
      component: lazyRouteComponent(() => import("./notices/NoticesPage"), "NoticesPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/journal/saves",
      validateSearch: ({ save }: Record<string, unknown>): { save?: string | undefined } => ({
        save: typeof save === "string" || typeof save === "number" ? String(save) : undefined,
      }),
      component: lazyRouteComponent(() => import("./saves/SavesPage"), "SavesPage"),
    }),
  ] as const;
}
