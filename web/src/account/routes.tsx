/** The addresses of the account: the doors (signed out) and the settings (signed in). */

import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { ours } from "./ours";

/** Pages for people who are not signed in. */
export function doorRoutes<Parent extends AnyRoute>(parent: Parent) {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: "/account/sign-in",
      validateSearch: ({ return_to, error }: Record<string, unknown>): Door & { error?: string | undefined } => ({
        return_to: ours(return_to),
        error: text(error),
      }),
      component: lazyRouteComponent(() => import("./sign-in/SignInPage"), "SignInPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/username",
      validateSearch: ({ return_to }: Record<string, unknown>): Door => ({ return_to: ours(return_to) }),
      component: lazyRouteComponent(() => import("./username/UsernamePage"), "UsernamePage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/register",
      component: lazyRouteComponent(() => import("./register/RegisterPage"), "RegisterPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/forgotten",
      component: lazyRouteComponent(() => import("./password/ForgottenPage"), "ForgottenPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/reset",
      component: lazyRouteComponent(() => import("./password/ResetPage"), "ResetPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/confirm",
      component: lazyRouteComponent(() => import("./confirm/ConfirmPage"), "ConfirmPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/invitation",
      component: lazyRouteComponent(() => import("./invitation/InvitationPage"), "InvitationPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/setup",
      component: lazyRouteComponent(() => import("./setup/SetupPage"), "SetupPage"),
    }),
  ] as const;
}

/** Pages of the account of a signed-in person. */
export function accountRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "/account",
      validateSearch: readAccountSearch,
      component: lazyRouteComponent(() => import("./settings/AccountPage"), "AccountPage"),
    }),
  ] as const;
}

/** What the address of the account says: its section, and what a provider that was to be linked has answered. */
export interface AccountSearch {
  section?: string | undefined;
  error?: string | undefined;
  linked?: string | undefined;
}

// The router keeps what a reader of an address leaves out: what is not valid is said to be undefined.
function readAccountSearch({ section, error, linked }: Record<string, unknown>): AccountSearch {
  return { section: text(section), error: text(error), linked: text(linked) };
}

/** Where a door leads once it was passed. */
interface Door {
  return_to?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
