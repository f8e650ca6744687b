/** The queue of what was reported or is hidden. */

import { infiniteQueryOptions } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import type { Kind, Saying } from "../kinds";
import { type World, worldName } from "../place";
import type { Authored } from "../useAuthorName";

/** A trace as a moderator sees it. */
export interface ModeratedTrace extends Saying, Authored {
  id: string;
  kind: Kind;
  scope: string;
  good: number;
  poor: number;
  created_at: string;
  pos: number[] | undefined;
  content_version: number;
}

/** A trace that was reported or is hidden. */
export interface Item extends Omit<Schema<"ModerationItem">, "trace"> {
  trace: ModeratedTrace;
}

/** What of the queue is shown. */
export type Filter = "most" | "newest" | "byRule" | "hidden";

/** All filters. */
export const filters: Filter[] = ["most", "newest", "byRule", "hidden"];

/** The queue, page by page. */
export const pagesQuery = (world: World) =>
  infiniteQueryOptions({
    queryKey: ["world", worldName(world), "queue pages"],
    queryFn: ({ pageParam }) =>
      ok(api.GET("/v1/moderation/queue", { params: { query: { ...world, limit: 100, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (last) => (last.more ? last.next : undefined),
    select: ({ pages }) => pages.flatMap(({ items }) => items.map(read)),
    refetchInterval: 30_000,
  });

/** An item of the queue with what its trace says, which the API gives as the text of a JSON object. */
function read({ trace, ...item }: Schema<"ModerationItem">): Item {
  const { content, kind = "object", pos, ...rest } = trace;
  const { text, part1, part2, part3, ...said } = JSON.parse(content) as Saying & { part1?: unknown; part2?: unknown; part3?: unknown };
  const words = text ?? [part1, part2, part3].flatMap((part) => (typeof part === "string" && part ? [part] : []));
  const { type, template, word, conjunction, template2, word2 } = said;
  const saying = Object.fromEntries(Object.entries({ type, template, word, conjunction, template2, word2 }).filter(([, value]) => value !== undefined));
  return { ...item, trace: { ...rest, ...saying, text: words, kind, pos } };
}

/** Whether an item waits for a decision. */
export function isWaiting(item: Item): boolean {
  return item.reports > 0 && !item.hidden;
}

/** What a filter leaves of the queue, in its order. */
export function filtered(items: Item[], filter: Filter): Item[] {
  if (filter === "byRule") return items.filter(({ hidden, reports }) => hidden && reports > 0);
  if (filter === "hidden") return items.filter(({ hidden, reports }) => hidden && reports === 0);
  const waiting = items.filter(({ reports }) => reports > 0);
  return filter === "most" ? waiting : waiting.toSorted((a, b) => b.trace.created_at.localeCompare(a.trace.created_at));
}

/** The author of a trace, as an action names them. */
export function target(trace: Authored): { player_id: string } | { claimed_author: string } {
  return trace.author_kind === "minted" ? { player_id: trace.author } : { claimed_author: trace.author };
}
