/** Who left something lately. */

import { queryOptions } from "@tanstack/react-query";

import { api, ok } from "../../api/client";
import { type World, worldName } from "../place";
import { namesOf } from "../useAuthorName";
import { scopesQuery } from "../world/map";
import type { QueryClient } from "@tanstack/react-query";

/** Somebody who left traces: a player, or only a name that was claimed. */
export interface Author {
  id: string;
  isPlayer: boolean;
  name: string | undefined;
  traces: number;
  last: string | undefined;
}

/** In how many scopes, and at how many traces, we look. */
const SCOPES = 8;
const TRACES = 1000;

/** The authors of the newest traces of the fullest scopes, the latest first. */
export const authorsQuery = (world: World, client: QueryClient) =>
  queryOptions({
    queryKey: ["world", worldName(world), "authors"],
    queryFn: async (): Promise<Author[]> => {
      const scopes = (await client.ensureQueryData(scopesQuery(world))).slice(0, SCOPES).map(({ scope }) => scope);
      if (scopes.length === 0) return [];
      const page = await ok(api.POST("/v1/traces/query", { params: { query: { game: worldName(world) } }, body: { mode: "recent", scopes, limit: TRACES } }));
      const authors = new Map<string, Author>();
      for (const { author, author_kind, created_at } of page.items) {
        const key = `${author_kind} ${author}`;
        const before = authors.get(key) ?? { id: author, isPlayer: author_kind === "minted", name: undefined, traces: 0, last: created_at };
        authors.set(key, { ...before, traces: before.traces + 1, last: before.last && before.last > created_at ? before.last : created_at });
      }
      const all = [...authors.values()];
      const names = await namesOf(world, all.filter(({ isPlayer }) => isPlayer).map(({ id }) => id));
      return all.map((author) => ({ ...author, name: author.isPlayer ? names.get(author.id) : author.id }));
    },
    staleTime: 60_000,
  });

/** Whether a text is a whole player id. */
export function isPlayerId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
