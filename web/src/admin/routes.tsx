/** The addresses of the administration. */

import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { readAuditSearch, readReportsSearch, readTitlesSearch } from "./search";

/** The administration's pages. */
export function adminRoutes<Parent extends AnyRoute>(parent: Parent) {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: "/admin",
      component: lazyRouteComponent(() => import("./installation/InstallationPage"), "InstallationPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/admin/reports",
      validateSearch: readReportsSearch,
      component: lazyRouteComponent(() => import("./reports/ReportsPage"), "ReportsPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/admin/audit",
      validateSearch: readAuditSearch,
      component: lazyRouteComponent(() => import("./audit/AuditPage"), "AuditPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/admin/moderators",
      component: lazyRouteComponent(() => import("./moderators/ModeratorsPage"), "ModeratorsPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/admin/titles",
      validateSearch: readTitlesSearch,
      component: lazyRouteComponent(() => import("./titles/TitlesPage"), "TitlesPage"),
    }),
  ] as const;
}
