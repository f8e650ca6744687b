/** What a game's page asks, and what it changes of one's entry. */

import { infiniteQueryOptions, queryOptions, useMutation } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import type { State } from "../../ui/Cairn";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useForgetLibrary } from "../library/queries";
import { useWords } from "./words";

/** A game with all that is known of it. */
export type FullGame = Schema<"CatalogueGame">;
/** One's entry of the game. */
export type Entry = Schema<"LibraryEntry">;
/** A screenshot or a clip. */
export type Media = Schema<"Media">;

const MEDIA_PAGE = 24;
const PENDING_MS = 2_000;
const PRICES_MS = 4_000;
const FRIENDS = 100;

/** A game. */
export function gameQuery(gameId: string) {
  return queryOptions({
    queryKey: ["games", "one", gameId],
    queryFn: () => ok(api.GET("/api/games/{game_id}", { params: { path: { game_id: gameId } } })),
  });
}

/** What it costs; asked again while somebody asks for newer prices. */
export function pricesQuery(gameId: string) {
  return queryOptions({
    queryKey: ["games", "prices", gameId],
    queryFn: () => ok(api.GET("/api/games/{game_id}/prices", { params: { path: { game_id: gameId }, query: { currency: "all" } } })),
    refetchInterval: ({ state }) => {
      const isComing = state.data?.state === "fetching" || state.data?.state === "stale";
      return isComing && state.dataUpdateCount < 5 ? PRICES_MS : false;
    },
  });
}

/** The media that one sees, the newest first; asked again while something is being checked. */
export function mediaQuery(gameId: string) {
  return infiniteQueryOptions({
    queryKey: ["media", gameId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ok(
        api.GET("/api/games/{game_id}/media", {
          params: { path: { game_id: gameId }, query: { limit: MEDIA_PAGE, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some((media) => media.state === "pending")) ? PENDING_MS : false,
  });
}

/** The usernames of one's friends, the newest hundred. */
export const friendsQuery = queryOptions({
  queryKey: ["people", "friends", "names"],
  queryFn: async () => {
    const { items } = await ok(api.GET("/api/follows", { params: { query: { list: "friends", limit: FRIENDS } } }));
    return new Set(items.map(({ username }) => username));
  },
  staleTime: 60_000,
});

/** Changes one's entry, with a toast that takes it back. A game that is not in the library is added. */
export function useChangeEntry(game: FullGame, entry: Entry | null | undefined) {
  const forget = useForgetLibrary();
  const params = { path: { game_id: game.id } };
  return useMutation({
    mutationFn: ({ change }: { change: Schema<"LibraryEntryChange">; say: string }) =>
      ok(api.PUT("/api/library/{game_id}", { params, body: change })),
    onSuccess: async (_changed, { change, say }) => {
      toast(say, async () => {
        if (!entry) await ok(api.DELETE("/api/library/{game_id}", { params }));
        else await ok(api.PUT("/api/library/{game_id}", { params, body: before(entry, change) }));
        await forget();
      });
      await forget();
    },
    onError: toastProblem,
  });
}

/** What an entry had before a change. */
function before(entry: Entry, change: Schema<"LibraryEntryChange">): Schema<"LibraryEntryChange"> {
  return {
    ...("state" in change ? { state: entry.state } : {}),
    ...("audience" in change ? { audience: entry.audience } : {}),
    ...("score" in change ? { score: entry.score ?? null } : {}),
    ...("target" in change ? { target: entry.target ?? null } : {}),
  };
}

/** Puts the game into a state, adding it to the library where it is not there. */
export function useSetState(game: FullGame, entry: Entry | null | undefined): (state: State) => void {
  const t = useWords();
  const common = useCommon();
  const change = useChangeEntry(game, entry);
  return (state) => change.mutate({ change: { state }, say: t.added(game.name, common.states[state]) });
}

/** Takes the game out of the library. */
export function useRemoveEntry(game: FullGame) {
  const t = useWords();
  const forget = useForgetLibrary();
  return useMutation({
    mutationFn: () => ok(api.DELETE("/api/library/{game_id}", { params: { path: { game_id: game.id } } })),
    onSuccess: async ({ edit_id }) => {
      toast(t.removed(game.name), async () => {
        if (edit_id) await ok(api.POST("/api/library/edits/{edit_id}/undo", { params: { path: { edit_id } } }));
        await forget();
      });
      await forget();
    },
    onError: toastProblem,
  });
}
