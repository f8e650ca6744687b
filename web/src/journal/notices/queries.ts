/** What the pages of notices ask. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";

/** What a user is told. */
export type Notice = Schema<"Notice">;

/** The newest notices, all or the unread ones. */
export function noticesQuery(show: "all" | "unread", limit: number) {
  return queryOptions({
    queryKey: ["notices", "list", show, limit],
    queryFn: () => ok(api.GET("/api/notices", { params: { query: { show, limit } } })),
  });
}

/** Notices page by page, the newest first. */
export function listQuery(show: "all" | "unread") {
  return infiniteQueryOptions({
    queryKey: ["notices", "pages", show],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ok(api.GET("/api/notices", { params: { query: { show, limit: 30, ...(pageParam ? { after: pageParam } : {}) } } })),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
}

/** The name of the game that a notice is about, by what its kind says of its subject. */
export function subjectQuery({ kind, subject }: Notice) {
  return queryOptions({
    queryKey: ["notices", "subject", kind, subject],
    enabled: subject !== undefined && (kind === "price_fell" || kind === "save_held" || /^(challenge|thought)_/.test(kind)),
    queryFn: () => gameOf(kind, subject ?? ""),
    staleTime: 300_000,
    retry: false,
  });
}

async function gameOf(kind: string, id: string): Promise<string | null> {
  if (kind === "price_fell") return (await ok(api.GET("/api/games/{game_id}", { params: { path: { game_id: id } } }))).name;
  if (kind === "save_held") {
    const { game, name } = await ok(api.GET("/api/saves/{save_id}", { params: { path: { save_id: id } } }));
    return game?.name ?? name;
  }
  if (kind.startsWith("thought_")) {
    return (await ok(api.GET("/api/thoughts/{thought_id}", { params: { path: { thought_id: id } } }))).game?.name ?? null;
  }
  return (await ok(api.GET("/api/challenges/{challenge_id}", { params: { path: { challenge_id: id } } }))).game?.name ?? null;
}
