/** What the library's pages ask, and what they change. */

import {
  infiniteQueryOptions,
  type InfiniteData,
  queryOptions,
  useMutation,
  type QueryClient,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { State } from "../../ui/Cairn";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import type { Filters } from "./search";
import { useWords } from "./words";

/** A game in the library. */
export type Entry = Schema<"LibraryEntry">;
type Page = Schema<"LibraryPage">;

/** The columns of the board, and the states that each shows. */
export const columns = {
  wishlist: ["wishlist"],
  ongoing: ["ongoing", "paused"],
  completed: ["completed", "dropped"],
} as const satisfies Record<string, readonly State[]>;

/** A column of the board. */
export type ColumnName = keyof typeof columns;

/** The column in which a state is shown. */
export function columnOf(state: State): ColumnName {
  return state === "wishlist" ? "wishlist" : state === "ongoing" || state === "paused" ? "ongoing" : "completed";
}

const LISTS = ["library", "list"] as const;

/** Entries in some states, page by page. */
export function listQuery(states: readonly State[], filters: Filters, limit: number) {
  const { name, platform, genre, sort = "changed", reversed } = filters;
  return infiniteQueryOptions({
    queryKey: [...LISTS, { states, name, platform, genre, sort, reversed, limit }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/api/library", {
          params: {
            query: {
              state: [...states],
              sort,
              limit,
              ...(reversed ? { order: "reversed" as const } : {}),
              ...(name ? { name } : {}),
              ...(platform ? { platform } : {}),
              ...(genre ? { genre } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
}

/** What the library comes to. */
export const statisticsQuery = queryOptions({
  queryKey: ["library", "statistics"],
  queryFn: () => ok(api.GET("/api/library/statistics")),
});

/** The entry of a game; `null` where it is not in the library. */
export function entryQuery(gameId: string) {
  return queryOptions({
    queryKey: ["library", "entry", gameId],
    queryFn: async (): Promise<Entry | null> => {
      try {
        return await ok(api.GET("/api/library/{game_id}", { params: { path: { game_id: gameId } } }));
      } catch (error) {
        if (asProblem(error).status === 404) return null;
        throw error;
      }
    },
  });
}

/** After a change of an entry: what shows it is asked again. */
export function useForgetLibrary(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["library"] });
}

/** Moves a game to another state. */
export type Move = (entry: Entry, state: State) => void;

/** Moves games, at once on the page, each with an undo. */
export function useMove(): Move {
  const client = useQueryClient();
  const t = useWords();
  const common = useCommon();
  const { mutate } = useMutation({
    mutationFn: ({ id, state }: { id: string; state: State }) =>
      ok(api.PUT("/api/library/{game_id}", { params: { path: { game_id: id } }, body: { state } })),
    onSettled: async (_entry, error, { id }) => {
      await client.invalidateQueries({ queryKey: statisticsQuery.queryKey });
      await client.invalidateQueries({ queryKey: entryQuery(id).queryKey });
      if (error) await client.invalidateQueries({ queryKey: LISTS });
    },
    onError: toastProblem,
  });
  return useCallback(
    (entry, state) => {
      if (entry.state === state) return;
      place(client, { ...entry, state });
      const back = () => {
        place(client, entry);
        mutate({ id: entry.game.id, state: entry.state });
      };
      mutate({ id: entry.game.id, state }, { onSuccess: () => toast(t.moved(entry.game.name, common.states[state]), back) });
    },
    [client, t, common, mutate],
  );
}

/** Shows an entry where its state now belongs, first in its column, in all lists that are on the page. */
function place(client: QueryClient, entry: Entry) {
  const now = new Date().toISOString();
  const moved = { ...entry, since: now, changed_at: now };
  for (const [key, data] of client.getQueriesData<InfiniteData<Page, string | undefined>>({ queryKey: LISTS })) {
    if (!data) continue;
    const { states } = key[2] as { states: readonly State[] };
    client.setQueryData(key, placed(data, moved, states.includes(entry.state)));
  }
}

function placed(data: InfiniteData<Page, string | undefined>, entry: Entry, belongs: boolean): InfiniteData<Page, string | undefined> {
  const isIt = ({ game }: Entry) => game.id === entry.game.id;
  if (belongs && data.pages.some(({ items }) => items.some(isIt))) {
    return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((one) => (isIt(one) ? entry : one)) })) };
  }
  const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((one) => !isIt(one)) }));
  const [first, ...others] = pages;
  if (!belongs || !first) return { ...data, pages };
  return { ...data, pages: [{ ...first, items: [entry, ...first.items] }, ...others] };
}

/** Changes or removes many games at once, with one undo. */
export function useBulk() {
  const forget = useForgetLibrary();
  const t = useWords();
  return useMutation({
    mutationFn: (edit: Schema<"LibraryBulkEdit">) => ok(api.POST("/api/library/bulk", { body: edit })),
    onSuccess: async ({ edit_id, changed }, { delete: removes }) => {
      const undo = async () => {
        if (edit_id === undefined) return;
        const { kept } = await ok(api.POST("/api/library/edits/{edit_id}/undo", { params: { path: { edit_id } } }));
        await forget();
        if (kept > 0) toast(t.kept(kept));
      };
      toast(removes ? t.removedMany(changed) : t.changedMany(changed), edit_id === undefined ? undefined : undo);
      await forget();
    },
    onError: toastProblem,
  });
}

/** Takes a game out of the library, with an undo. */
export function useRemove(): (entry: Entry) => void {
  const forget = useForgetLibrary();
  const t = useWords();
  const { mutate } = useMutation({
    mutationFn: ({ game }: Entry) => ok(api.DELETE("/api/library/{game_id}", { params: { path: { game_id: game.id } } })),
    onSuccess: async ({ edit_id }, { game }) => {
      toast(t.removed(game.name), async () => {
        if (edit_id) await ok(api.POST("/api/library/edits/{edit_id}/undo", { params: { path: { edit_id } } }));
        await forget();
      });
      await forget();
    },
    onError: toastProblem,
  });
  return useCallback((entry) => mutate(entry), [mutate]);
}
