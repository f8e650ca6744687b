/** Thoughts, their comments and reactions. */

import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, ok, type Schema, tagged } from "../../api/client";
import { toastProblem } from "../../ui/toasts";

/** A thought on a game; a review where it has a rating. */
export type Thought = Schema<"Thought">;

const PAGE = 20;

/** The thoughts on a game that one sees, the newest first. */
export function gameThoughtsQuery(gameId: string) {
  return infiniteQueryOptions({
    queryKey: ["thoughts", "game", gameId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ok(
        api.GET("/api/games/{game_id}/thoughts", {
          params: { path: { game_id: gameId }, query: { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
}

/** One thought. */
export function thoughtQuery(thoughtId: string) {
  return queryOptions({
    queryKey: ["thoughts", "one", thoughtId],
    queryFn: () => ok(api.GET("/api/thoughts/{thought_id}", { params: { path: { thought_id: thoughtId } } })),
  });
}

/** What an own thought was before. */
export function thoughtHistoryQuery(thoughtId: string) {
  return queryOptions({
    queryKey: ["thoughts", "history", thoughtId],
    queryFn: () => ok(api.GET("/api/thoughts/{thought_id}/history", { params: { path: { thought_id: thoughtId } } })),
  });
}

/** The comments on a thought, the oldest first. */
export function commentsQuery(thoughtId: string) {
  return infiniteQueryOptions({
    queryKey: ["thoughts", "comments", thoughtId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ok(
        api.GET("/api/thoughts/{thought_id}/comments", {
          params: { path: { thought_id: thoughtId }, query: { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
}

/** After a change of a thought: what shows thoughts is asked again. */
export function useForgetThoughts(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["thoughts"] });
}

/** Thanks for a thought, or takes it back; at once on the page. */
export function useThank({ id, reacted }: Thought) {
  const forget = useForgetThoughts();
  const params = { path: { thought_id: id } };
  return useMutation({
    mutationFn: () =>
      reacted
        ? ok(api.DELETE("/api/thoughts/{thought_id}/reaction", { params }))
        : ok(api.PUT("/api/thoughts/{thought_id}/reaction", { params })),
    onSettled: forget,
    onError: toastProblem,
  });
}

/** Deletes an own thought for good. */
export function useRemoveThought() {
  const forget = useForgetThoughts();
  return useMutation({
    mutationFn: async (id: string) => {
      const path = { thought_id: id };
      await ok(api.DELETE("/api/thoughts/{thought_id}", { params: { path, header: { "If-Match": "*" } } }));
    },
    onSuccess: forget,
    onError: toastProblem,
  });
}

/** An own thought with its `ETag`, for the change of it. */
export function readForChange(id: string) {
  return tagged(api.GET("/api/thoughts/{thought_id}", { params: { path: { thought_id: id } } }));
}
