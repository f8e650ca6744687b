/** The client of the public API, typed by its document. */

import createClient from "openapi-fetch";

import { Problem, type ProblemBody } from "./problem";
import type { components, paths } from "./schema";

/** The API that everybody has, with the session's cookie. */
export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });

/** A type of the API's document. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

api.use({
  onError: ({ error }) => Problem.away(error),
});

/** The body of an answer; a refusal is thrown as a `Problem`. */
export async function ok<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new Problem(response, error as ProblemBody | undefined);
  return data as T;
}

/** A body with its `ETag`, for the change that names what it changes. */
export async function tagged<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<{ data: T; etag: string }> {
  const answer = await call;
  return { data: await ok(Promise.resolve(answer)), etag: answer.response.headers.get("ETag") ?? "" };
}
