/** What the doors ask of the accounts. */

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api, ok, type Schema } from "../api/client";
import { Problem, type ProblemBody } from "../api/problem";
import { language } from "../words";
import { meQuery, useForgetAll } from "./me";
import { ours } from "./ours";

/** The header of a request with its proof, where one was asked for. */
export type Proven = { "Cairn-Proof"?: string };

/** A provider with whose account one can sign in. */
export interface Provider {
  id: string;
  display_name: string;
}

/** An account of a provider that is linked to this one. */
export interface Identity {
  identity_id: string;
  provider: string;
  display_name: string;
  email?: string;
  linked_at: string;
  used_at?: string;
}

/** Asks an address of the API as JSON; a refusal is thrown as a `Problem`. */
export async function ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: "same-origin",
    });
  } catch (error) {
    throw Problem.away(error);
  }
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw new Problem(response, answer as ProblemBody | undefined);
  return answer as T;
}

/** Opens a session, or is asked for the second factor. */
export function signIn(email: string, password: string, headers: Proven) {
  return ok(api.POST("/v1/account/sessions", { body: { email, password, cookie: true }, headers }));
}

/** Answers the challenge with a code of the app, or a recovery code. */
export function secondFactor(challenge: string, code: string) {
  return ok(api.POST("/v1/account/sessions/second-factor", { body: { challenge, code } }));
}

/** Asks for the code of a new account, in an email of the language of the pages. */
export function register(email: string, headers: Proven) {
  return ok(api.POST("/api/users", { body: { email, language: language() }, headers }));
}

/** Asks for a code that sets a password. */
export function forget(email: string, headers: Proven) {
  return ok(api.POST("/v1/account/password/forgotten", { body: { email, language: language() }, headers }));
}

/** Whose accounts can be used to sign in; none where the installation has set up none. */
export const providersQuery = {
  queryKey: ["providers"],
  queryFn: async () => (await ask<{ items: Provider[] }>("GET", "/v1/account/providers")).items,
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
};

/** Goes on after a session was opened: to the choice of a username where there is none, else to where the person wanted to go. */
export function useEnter(): (to: string | undefined) => Promise<void> {
  const navigate = useNavigate();
  const forgetAll = useForgetAll();
  const queries = useQueryClient();
  return async (to) => {
    forgetAll();
    await queries.fetchQuery(meQuery);
    await navigate({ href: ours(to) ?? "/journal" });
  };
}

/** Gives the account a username; the rest of its profile stays. */
export async function chooseUsername(username: string): Promise<Schema<"Me">> {
  const me = await ok(api.GET("/api/users"));
  return await ok(api.PUT("/api/users", { body: { ...profileOf(me), username } }));
}

/** What of oneself is written back as a whole when a part of it changes. */
export function profileOf(me: Schema<"Me">): Schema<"ProfileContent"> {
  const { username, display_name, bio, languages, audience, found_by, preferences } = me;
  return {
    ...(username === undefined ? {} : { username }),
    ...(display_name === undefined ? {} : { display_name }),
    ...(bio === undefined ? {} : { bio }),
    languages,
    audience,
    found_by,
    preferences,
  };
}
