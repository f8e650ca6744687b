/** What the page of games asks of the catalogue. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema, tagged } from "../../api/client";

/** A game with all that is known of it. */
export type FullGame = Schema<"CatalogueGame">;
/** What can be written of a game. */
export type Facts = Schema<"GameFacts">;

const GAMES = 50;
const RECORDS = 50;
const ALIKE = 6;

/** All keys of what the catalogue has answered begin so. */
export const GAMES_KEY = "games";

/** Games that await approval, in the order in which they came. */
export const pendingQuery = infiniteQueryOptions({
  queryKey: [GAMES_KEY, "pending"],
  queryFn: ({ pageParam }) =>
    ok(api.GET("/api/games", { params: { query: { state: "pending", limit: GAMES, ...(pageParam ? { after: pageParam } : {}) } } })),
  initialPageParam: "",
  getNextPageParam: (last) => (last.more ? last.next : undefined),
  select: ({ pages }) => pages.flatMap(({ items }) => items),
});

/** Records of others whose game is unclear, the oldest first. */
export const unclearQuery = infiniteQueryOptions({
  queryKey: [GAMES_KEY, "unclear"],
  queryFn: ({ pageParam }) =>
    ok(api.GET("/api/games/unclear", { params: { query: { limit: RECORDS, ...(pageParam ? { after: pageParam } : {}) } } })),
  initialPageParam: "",
  getNextPageParam: (last) => (last.more ? last.next : undefined),
  select: ({ pages }) => pages.flatMap(({ items }) => items),
});

/** A game with the tag of its version, for changes. */
export const taggedGameQuery = (gameId: string) =>
  queryOptions({
    queryKey: [GAMES_KEY, "tagged", gameId],
    queryFn: () => tagged(api.GET("/api/games/{game_id}", { params: { path: { game_id: gameId } } })),
  });

/** Approved games whose names resemble that one. */
export const alikeQuery = (name: string) =>
  queryOptions({
    queryKey: [GAMES_KEY, "alike", name],
    queryFn: async () => {
      const { items } = await ok(api.GET("/api/games", { params: { query: { q: name, limit: ALIKE } } }));
      return items.filter(({ pending }) => !pending);
    },
  });

/** Replaces what is known of a game. */
export function changeGame(id: string, etag: string, facts: Facts) {
  return ok(api.PUT("/api/games/{game_id}", { params: { path: { game_id: id }, header: { "If-Match": etag } }, body: facts }));
}

/** Lets everybody see a game. */
export function approveGame(id: string) {
  return ok(api.POST("/api/games/{game_id}/approve", { params: { path: { game_id: id } } }));
}

/** Deletes a game that nothing refers to. */
export function removeGame(id: string, etag: string) {
  return ok(api.DELETE("/api/games/{game_id}", { params: { path: { game_id: id }, header: { "If-Match": etag } } }));
}

/** Lets another game take a game's place. */
export function mergeGame(id: string, into: string) {
  return ok(api.POST("/api/games/{game_id}/merge", { params: { path: { game_id: id } }, body: { into } }));
}

/** Decides what a record is: a game that is here, a new one, or nothing that one wants. */
export function settleRecord(id: string, decision: Schema<"UnclearGameDecision">) {
  return ok(api.POST("/api/games/unclear/{record_id}", { params: { path: { record_id: id } }, body: decision }));
}
