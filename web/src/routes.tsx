/** The addresses of the pages. Each section lists its own; a page's code comes when it is first opened. */

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";

import { adoptPreferences } from "./account/adopt";
import { accountRoutes, doorRoutes } from "./account/routes";
import { meQuery } from "./account/me";
import { adminRoutes } from "./admin/routes";
import { journalRoutes } from "./journal/routes";
import { Broken, NotFound } from "./shell/Notes";
import { studioRoutes } from "./studio/routes";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound });

/** Everything that needs a session: without one to the sign-in page, and back afterwards. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: "/account/sign-in", search: { return_to: location.href } });
    adoptPreferences(me);
  },
  component: Outlet,
});

const journal = createRoute({
  getParentRoute: () => signedIn,
  id: "journal-frame",
  // The journal is kept under a username: whoever has none yet chooses one first.
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (me && !me.username) throw redirect({ to: "/account/username", search: { return_to: location.href } });
  },
  component: lazyRouteComponent(() => import("./shell/JournalShell"), "JournalShell"),
});
const studio = createRoute({
  getParentRoute: () => signedIn,
  id: "studio-frame",
  component: lazyRouteComponent(() => import("./studio/StudioShell"), "StudioShell"),
});
const admin = createRoute({
  getParentRoute: () => signedIn,
  id: "admin-frame",
  component: lazyRouteComponent(() => import("./admin/AdminShell"), "AdminShell"),
});
const doors = createRoute({ getParentRoute: () => root, id: "doors", component: Outlet });

const tree = root.addChildren([
  doors.addChildren(doorRoutes(doors)),
  signedIn.addChildren([
    journal.addChildren([...journalRoutes(journal), ...accountRoutes(journal)]),
    studio.addChildren(studioRoutes(studio)),
    admin.addChildren(adminRoutes(admin)),
  ]),
]);

/** The router over those addresses. */
export function createPages(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultErrorComponent: Broken,
    scrollRestoration: true,
  });
}
