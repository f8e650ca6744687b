/** The addresses of the studio. */

import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { readSearch } from "./place";

/** The studio's pages. */
export function studioRoutes<Parent extends AnyRoute>(parent: Parent) {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio",
      component: lazyRouteComponent(() => import("./studios/StudiosPage"), "StudiosPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio",
      component: lazyRouteComponent(() => import("./studio/StudioPage"), "StudioPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game",
      component: lazyRouteComponent(() => import("./first-run/GameStartPage"), "GameStartPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/world",
      component: lazyRouteComponent(() => import("./world/WorldPage"), "WorldPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/ghosts",
      component: lazyRouteComponent(() => import("./ghosts/GhostsPage"), "GhostsPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/moderation",
      component: lazyRouteComponent(() => import("./moderation/ModerationPage"), "ModerationPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/keys",
      component: lazyRouteComponent(() => import("./keys/KeysPage"), "KeysPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/settings",
      component: lazyRouteComponent(() => import("./settings/SettingsPage"), "SettingsPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/players",
      component: lazyRouteComponent(() => import("./players/PlayersPage"), "PlayersPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/transfer",
      component: lazyRouteComponent(() => import("./transfer/TransferPage"), "TransferPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/members",
      component: lazyRouteComponent(() => import("./members/MembersPage"), "MembersPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/audit",
      component: lazyRouteComponent(() => import("./audit/AuditPage"), "AuditPage"),
    }),
    createRoute({
      getParentRoute,
      validateSearch: readSearch,
      path: "/studio/$studio/$game/live",
      component: lazyRouteComponent(() => import("./live/LivePage"), "LivePage"),
    }),
  ] as const;
}
