/** What the administration asks of moderation. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { ask } from "../account/requests";
import type { Schema } from "../api/client";
import type { Kind, ReportsSearch } from "./search";

/** Why something was reported, or decided. */
export type Reason = "abuse" | "spam" | "sexual" | "violence" | "personal_data" | "impersonation" | "illegal" | "spoiler" | "other";

/** What a moderator can decide. */
export type Decision = "restore" | "hide" | "clear_name" | "clear_bio" | "ban" | "unban" | "uphold";

/** A link that works until a time. */
interface FileLink {
  url: string;
  expires_at: string;
}

/** What the author said against a verdict. */
export interface Appeal {
  state: "open" | "refused" | "granted";
  text: string;
  at: string;
}

/** What was decided about something. */
export interface Verdict {
  verdict_id: string;
  kind: Kind;
  id?: string;
  author?: string;
  action: Decision | "appoint" | "dismiss";
  reason?: Reason;
  note?: string;
  until?: string;
  automatic: boolean;
  by?: string;
  decided_at: string;
  undone_at?: string;
  undone_by?: string;
  appeal?: Appeal;
}

/** Something that was reported, or decided about. */
export interface Case {
  kind: Kind;
  id: string;
  author?: Schema<"PersonCard">;
  author_banned: boolean;
  hidden?: Reason;
  automatic: boolean;
  text?: string;
  reported_text?: string;
  audience?: Schema<"Audience">;
  game?: Schema<"JournalGame">;
  thought_id?: string;
  file?: FileLink;
  thumbnail?: FileLink;
  reports: number;
  reasons: { reason: Reason; reports: number }[];
  notes: string[];
  first_at?: string;
  last_at?: string;
  appeal?: { verdict_id: string; text: string; at: string };
  last_verdict?: Verdict;
}

/** Somebody who moderates. */
export interface Moderator {
  username: string;
  display_name?: string;
  administrator: boolean;
}

/** What became of one subject of a decision. */
interface Outcome {
  kind: Kind;
  id: string;
  verdict_id?: string;
  code?: "subject_not_found" | "own_thing" | "protected" | "not_applicable";
}

/** A decision about one subject. */
export interface NewVerdict {
  subject: Pick<Case, "kind" | "id">;
  action: Decision;
  reason?: Reason;
  note?: string;
  until?: string;
}

interface Page<T> {
  items: T[];
  next: string;
  more: boolean;
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
      ask<Page<Case>>("GET", `/api/moderation/queue?${query({ limit: CASES, state, kind, after: pageParam })}`),
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
      ask<Page<Verdict>>("GET", `/api/moderation/audit?${query({ limit: VERDICTS, username, after: pageParam })}`),
    initialPageParam: "",
    getNextPageParam: (last) => (last.more ? last.next : undefined),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });

/** Those who moderate. */
export const moderatorsQuery = queryOptions({
  queryKey: [MODERATION, "moderators"],
  queryFn: async () => (await ask<{ items: Moderator[] }>("GET", "/api/moderation/moderators")).items,
});

/** Decides about one subject. */
export async function decideOne({ subject: { kind, id }, ...verdict }: NewVerdict): Promise<Outcome> {
  const { items } = await ask<{ items: Outcome[] }>("POST", "/api/moderation/verdicts", { subjects: [{ kind, id }], ...verdict });
  const [outcome] = items;
  return outcome ?? { kind, id, code: "subject_not_found" };
}

/** Takes a verdict back. */
export function undoVerdict(id: string): Promise<Verdict> {
  return ask("POST", `/api/moderation/verdicts/${id}/undo`);
}

/** Makes somebody a moderator, or one no longer. */
export function appoint(username: string, moderates: boolean): Promise<void> {
  return ask(moderates ? "PUT" : "DELETE", `/api/moderation/moderators/${encodeURIComponent(username)}`);
}

function query(of: Record<string, string | number | undefined>): string {
  return new URLSearchParams(
    Object.entries(of).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, String(value)]])),
  ).toString();
}
