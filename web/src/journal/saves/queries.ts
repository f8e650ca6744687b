/** What the page of saves asks. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema, tagged } from "../../api/client";

/** A place for the files of one game, with versions. */
export type Save = Schema<"Save">;
/** One set of its files. */
export type Version = Schema<"SaveVersion">;

/** One's saves, the newest first. */
export const savesQuery = infiniteQueryOptions({
  queryKey: ["saves", "list"],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) => ok(api.GET("/api/saves", { params: { query: pageParam ? { after: pageParam } : {} } })),
  getNextPageParam: ({ more, next }) => (more ? next : undefined),
});

/** One of them, with its tag. */
export function saveQuery(id: string) {
  return queryOptions({
    queryKey: ["saves", "one", id],
    queryFn: () => tagged(api.GET("/api/saves/{save_id}", { params: { path: { save_id: id } } })),
  });
}

/** Its versions, the newest first; while files of one are on their way it is asked again. */
export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: ["saves", "versions", id],
    queryFn: async () =>
      (await ok(api.GET("/api/saves/{save_id}/versions", { params: { path: { save_id: id }, query: { limit: 100 } } }))).items,
    refetchInterval: ({ state }) => (state.data?.some(({ state }) => state === "uploading") ? 2000 : false),
  });
}

/** The files of a version, each with an address that works for an hour or two. */
export function manifestQuery(id: string, number: string) {
  return queryOptions({
    queryKey: ["saves", "manifest", id, number],
    queryFn: () => ok(api.GET("/api/saves/{save_id}/versions/{number}", { params: { path: { save_id: id, number } } })),
    staleTime: 600_000,
  });
}

/** How a save is called: by its game, and its own name. */
export function titleOf({ game, folder }: Save): string {
  return game?.name ?? folder;
}

/** The held versions that still ask for a decision: nothing has come to count since. */
export function undecided(versions: Version[]): Version[] {
  const counting = versions.find(({ state }) => state === "kept");
  return versions.filter(({ state, number }) => state === "held" && Number(number) > Number(counting?.number ?? 0));
}
