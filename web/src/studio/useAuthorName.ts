/** What players are called. */

import { useQuery } from "@tanstack/react-query";

import { api, ok, type Schema } from "../api/client";
import { type World, worldName } from "./place";

/** Who left a trace. */
export type Authored = Pick<Schema<"Trace">, "author" | "author_kind">;

/** As many names as one question may ask for. */
const MOST = 100;

/** Asks for the display names of players; those who have none are left out. */
export async function namesOf(world: World, players: string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let at = 0; at < players.length; at += MOST) {
    const body = { player_ids: players.slice(at, at + MOST) };
    const answer = await ok(api.POST("/v1/players/names", { params: { query: { game: worldName(world) } }, body }));
    for (const { player_id, display_name } of answer.players) names.set(player_id, display_name);
  }
  return names;
}

/** The display names of the authors of some traces. */
export function useNames(world: World, traces: Authored[]): Map<string, string> {
  const players = [...new Set(traces.flatMap(({ author, author_kind }) => (author_kind === "minted" ? [author] : [])))].sort();
  const { data } = useQuery({
    queryKey: ["world", worldName(world), "names", players],
    queryFn: () => namesOf(world, players),
    enabled: players.length > 0,
    staleTime: 300_000,
  });
  return data ?? new Map<string, string>();
}

/** What the author of a trace is called: a display name, what a v0 client or an import claims, or the end of an id. */
export function authorName({ author, author_kind }: Authored, names: Map<string, string>): string {
  return author_kind === "claimed" ? author : (names.get(author) ?? `…${author.slice(-8)}`);
}

/** The same for one trace, in a component. */
export function useAuthorName(world: World, trace: Authored): string {
  return authorName(trace, useNames(world, [trace]));
}
