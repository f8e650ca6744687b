/** What the pages of gatherings ask. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema, tagged } from "../../api/client";
import { asProblem } from "../../api/problem";

/** A challenge; one that is offline is a gathering. */
export type Challenge = Schema<"Challenge">;

const LIMIT = 50;

/** What one hosts and what one is invited to, by time, the next first; what is over at the end. */
export const mineQuery = queryOptions({
  queryKey: ["gatherings", "mine"],
  queryFn: async () => {
    const read = (list: "mine" | "invited") => ok(api.GET("/api/challenges", { params: { query: { list, limit: LIMIT } } }));
    const [mine, invited] = await Promise.all([read("mine"), read("invited")]);
    const now = Date.now();
    const far = ({ starts_at }: Challenge) => {
      const away = new Date(starts_at).getTime() - now;
      return away >= 0 ? away : Number.MAX_SAFE_INTEGER + away;
    };
    return [...mine.items, ...invited.items].sort((a, b) => far(a) - far(b));
  },
});

/** How far around one's own place open gatherings are looked for. */
export type Within = "same_area" | "under_25_km" | "under_50_km" | "under_100_km";

/** Open gatherings around one's own place; `null` where one has none. */
export function nearQuery(within: Within) {
  return infiniteQueryOptions({
    queryKey: ["gatherings", "near", within],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }): Promise<Schema<"ChallengePage"> | null> => {
      try {
        const query = { list: "found" as const, within, limit: LIMIT, ...(pageParam ? { after: pageParam } : {}) };
        return await ok(api.GET("/api/challenges", { params: { query } }));
      } catch (error) {
        if (asProblem(error).code === "place_needed") return null;
        throw error;
      }
    },
    getNextPageParam: (page) => (page?.more ? page.next : undefined),
  });
}

/** One of them, with its tag. */
export function challengeQuery(id: string) {
  return queryOptions({
    queryKey: ["gatherings", "one", id],
    queryFn: () => tagged(api.GET("/api/challenges/{challenge_id}", { params: { path: { challenge_id: id } } })),
  });
}

/** Its history, the newest first. */
export function movesQuery(id: string) {
  return queryOptions({
    queryKey: ["gatherings", "moves", id],
    queryFn: async () =>
      (await ok(api.GET("/api/challenges/{challenge_id}/moves", { params: { path: { challenge_id: id } } }))).items,
  });
}
