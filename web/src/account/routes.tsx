/** The addresses of the account: the doors (signed out) and the settings (signed in). */

import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";

/** Pages for people who are not signed in. */
export function doorRoutes<Parent extends AnyRoute>(parent: Parent) {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: "/account/sign-in",
      validateSearch: ({ return_to, error }: Record<string, unknown>): { return_to?: string; error?: string } => ({
        ...(typeof return_to === "string" && ours(return_to) ? { return_to } : {}),
        ...(typeof error === "string" ? { error } : {}),
      }),
      component: lazyRouteComponent(() => import("./sign-in/SignInPage"), "SignInPage"),
    }),
    createRoute({
      getParentRoute,
      path: "/account/username",
      validateSearch: ({ return_to }: Record<string, unknown>): { return_to?: string } =>
        typeof return_to === "string" && ours(return_to) ? { return_to } : {},
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
  section?: string;
  error?: string;
  linked?: string;
}

function readAccountSearch({ section, error, linked }: Record<string, unknown>): AccountSearch {
  return {
    ...(typeof section === "string" ? { section } : {}),
    ...(typeof error === "string" ? { error } : {}),
    ...(typeof linked === "string" ? { linked } : {}),
  };
}

/** Whether an address to return to is a page of ours, not another host's. */
function ours(address: string): boolean {
  return address.startsWith("/") && new URL(address, location.origin).origin === location.origin;
}
