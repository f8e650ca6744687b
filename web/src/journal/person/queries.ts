/** What a person's page asks: their library, thoughts, media and statistics, as far as the reader sees them. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, ok } from "../../api/client";
import type { State } from "../../ui/Cairn";

const LIMIT = 48;

const next = ({ more, next }: { more: boolean; next?: string }) => (more ? next : undefined);
const paging = (after: string | undefined) => ({ limit: LIMIT, ...(after ? { after } : {}) });

/** What their library comes to. */
export function statisticsQuery(username: string) {
  return queryOptions({
    queryKey: ["people", "statistics", username],
    queryFn: () => ok(api.GET("/api/users/{username}/statistics", { params: { path: { username } } })),
  });
}

/** Their games, in one state or all. */
export function libraryQuery(username: string, state: State | undefined) {
  return infiniteQueryOptions({
    queryKey: ["people", "library", username, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ok(
        api.GET("/api/users/{username}/library", {
          params: { path: { username }, query: { ...paging(pageParam), ...(state ? { state: [state] } : {}) } },
        }),
      ),
    getNextPageParam: next,
  });
}

/** What they wrote. */
export function thoughtsQuery(username: string) {
  return infiniteQueryOptions({
    queryKey: ["people", "thoughts", username],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ok(api.GET("/api/users/{username}/thoughts", { params: { path: { username }, query: pageParam ? { after: pageParam } : {} } })),
    getNextPageParam: next,
  });
}

/** Their pictures and clips. */
export function mediaQuery(username: string) {
  return infiniteQueryOptions({
    queryKey: ["people", "media", username],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ok(api.GET("/api/users/{username}/media", { params: { path: { username }, query: paging(pageParam) } })),
    getNextPageParam: next,
    // The addresses of files work for an hour or two.
    staleTime: 600_000,
  });
}
