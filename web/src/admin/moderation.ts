/** What the administration asks of moderation. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema } from "../api/client";
import type { ReportsSearch } from "./search";

/** Why something was reported, or decided. */
export type Reason = Schema<"ModerationReason">;
/** What a moderator can decide. */
export type Decision = Schema<"ModerationDecision">;
/** What was decided about something. */
export type Verdict = Schema<"ModerationVerdict">;
/** Something that was reported, or decided about. */
export type Case = Schema<"ModerationCase">;
/** Somebody who moderates. */
export type Moderator = Schema<"Moderator">;

/** A decision about one subject. */
export interface NewVerdict extends Omit<Schema<"NewVerdicts">, "subjects"> {
  subject: Schema<"ModerationSubject">;
}

const CASES = 50;
const VERDICTS = 50;
const WAIT_MS = 60_000;

/** All keys of what moderation has answered begin so. */
export const MODERATION = "moderation";

/** The same case, whatever else has changed of it. */
export function keyOf({ kind, id }: Pick<Case, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** The cases, those with the most reports first, page by page; asked again each minute. */
export const queueQuery = ({ state, kind }: ReportsSearch) =>
  infiniteQueryOptions({
    queryKey: [MODERATION, "queue", state ?? "waiting", kind ?? "all"],
    queryFn: ({ pageParam }) =>
      ok(
        api.GET("/api/moderation/queue", {
          params: { query: { limit: CASES, ...(state ? { state } : {}), ...(kind ? { kind } : {}), ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => (last.more ? last.next : undefined),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: WAIT_MS,
  });

/** What was decided, the newest first: about everybody, or about one person and what is theirs. */
export const auditQuery = (username?: string) =>
  infiniteQueryOptions({
    queryKey: [MODERATION, "audit", username ?? ""],
    queryFn: ({ pageParam }) =>
      ok(
        api.GET("/api/moderation/audit", {
          params: { query: { limit: VERDICTS, ...(username ? { username } : {}), ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => (last.more ? last.next : undefined),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });

/** Those who moderate. */
export const moderatorsQuery = queryOptions({
  queryKey: [MODERATION, "moderators"],
  queryFn: async () => (await ok(api.GET("/api/moderation/moderators"))).items,
});

/** Decides about one subject. */
export async function decideOne({ subject: { kind, id }, ...verdict }: NewVerdict): Promise<Schema<"ModerationOutcome">> {
  const { items } = await ok(api.POST("/api/moderation/verdicts", { body: { subjects: [{ kind, id }], ...verdict } }));
  const [outcome] = items;
  return outcome ?? { kind, id, code: "subject_not_found" };
}

/** Takes a verdict back. */
export function undoVerdict(id: string): Promise<Verdict> {
  return ok(api.POST("/api/moderation/verdicts/{verdict_id}/undo", { params: { path: { verdict_id: id } } }));
}

/** Makes somebody a moderator, or one no longer. */
export async function appoint(username: string, moderates: boolean): Promise<void> {
  const params = { params: { path: { username } } };
  await ok(moderates ? api.PUT("/api/moderation/moderators/{username}", params) : api.DELETE("/api/moderation/moderators/{username}", params));
}
