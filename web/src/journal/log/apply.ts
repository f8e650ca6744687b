/** What one "Log it" does: state, time, thought and screenshot, all or nothing, with one undo. */

import { api, ok, type Schema, tagged } from "../../api/client";
import { Problem } from "../../api/problem";
import type { State } from "../../ui/Cairn";
import type { Game } from "./open";
import { describeMedia, removeMedia, type Uploaded } from "./upload";

type Entry = Schema<"LibraryEntry">;
type Playthrough = Schema<"Playthrough">;

/** What somebody logs. */
export interface Log {
  game: Game;
  state: State;
  minutes: number;
  /** The day on which it was played: `2026-11-28`. */
  day: string;
  text: string;
  isSpoiler: boolean;
  audience: Schema<"Audience">;
  media: Uploaded | undefined;
  description: string;
}

type Undo = () => Promise<unknown>;

/** Logs all of it, and gives what takes it back. What fails midway leaves nothing behind. */
export async function applyLog(log: Log, before: Entry | null): Promise<Undo> {
  const undos: Undo[] = [];
  const undoAll = async () => {
    for (const undo of undos.splice(0).reverse()) await undo();
  };
  try {
    undos.push(await putState(log, before));
    const time = await putTime(log, before);
    if (time) undos.push(time);
    if (log.text.trim() !== "") undos.push(await writeThought(log));
    const { media } = log;
    if (media) {
      await describeMedia(media, {
        description: log.description,
        audience: log.audience,
        taken_at: timeOf(log.day),
      });
      undos.push(() => removeMedia(media));
    }
  } catch (error) {
    await undoAll();
    throw error;
  }
  return undoAll;
}

/** Some time of a day that is not to come. */
function timeOf(day: string): string {
  const noon = new Date(`${day}T12:00:00`);
  return new Date(Math.min(noon.getTime(), Date.now())).toISOString();
}

async function putState({ game, state, audience }: Log, before: Entry | null): Promise<Undo> {
  const params = { path: { game_id: game.id } };
  const put = (body: Schema<"LibraryEntryChange">) => ok(api.PUT("/api/library/{game_id}", { params, body }));
  await put(before ? { state } : { state, audience });
  return () => (before ? put({ state: before.state }) : ok(api.DELETE("/api/library/{game_id}", { params })));
}

/** The run that is being played, if one is. */
export function openRun(entry: Entry | null): Playthrough | undefined {
  return entry?.playthroughs.findLast(({ finished, grade }) => finished === undefined && grade !== "abandoned");
}

/**
 * Puts the time where it belongs: into the run that is being played; into a new one where somebody plays or finishes a game without
 * one; else to the entry. A run ends when its game is completed or dropped.
 */
async function putTime(log: Log, before: Entry | null): Promise<Undo | undefined> {
  const { game, state, minutes, day } = log;
  const ends = (state === "completed" || state === "dropped") && before?.state !== state;
  const run = openRun(before);
  if (run && (minutes > 0 || ends) && state !== "wishlist") {
    const total = (run.minutes ?? 0) + minutes;
    await writeRun(game.id, { ...run, minutes: total, ...(ends ? endOf(log, run) : {}) });
    return () => writeRun(game.id, run);
  }
  if (state === "ongoing" || (state === "completed" && ends)) {
    if (minutes === 0 && !ends) return undefined;
    return addRun(game.id, {
      ...(state === "ongoing" ? { started: day } : { finished: day, grade: "story" }),
      ...(minutes > 0 ? { time: `${minutes} min` } : {}),
    });
  }
  return minutes > 0 ? addLooseTime(game.id, minutes) : undefined;
}

function endOf({ state, day }: Log, run: Playthrough): Partial<Playthrough> {
  // A run that began on a later day than the one that is logged ends on the day on which it began.
  const finished = run.started && run.started > day ? run.started : day;
  return { finished, ...(state === "dropped" ? { grade: "abandoned" } : run.grade ? {} : { grade: "story" }) };
}

async function addRun(gameId: string, body: Schema<"PlaythroughChange">): Promise<Undo> {
  const entry = await ok(api.POST("/api/library/{game_id}/playthroughs", { params: { path: { game_id: gameId } }, body }));
  const playthrough = Math.max(...entry.playthroughs.map((run) => run.playthrough));
  const path = { game_id: gameId, playthrough: String(playthrough) };
  return () => ok(api.DELETE("/api/library/{game_id}/playthroughs/{playthrough}", { params: { path } }));
}

async function writeRun(gameId: string, { playthrough, minutes, ...run }: Playthrough) {
  const path = { game_id: gameId, playthrough: String(playthrough) };
  const body = { ...run, ...(minutes === undefined ? {} : { time: `${minutes} min` }) };
  await ok(api.PUT("/api/library/{game_id}/playthroughs/{playthrough}", { params: { path }, body }));
}

async function addLooseTime(gameId: string, minutes: number): Promise<Undo> {
  const change = (verb: "add" | "subtract") =>
    ok(api.POST("/api/library/{game_id}/time", { params: { path: { game_id: gameId } }, body: { time: `${verb} ${minutes} min` } }));
  await change("add");
  return () => change("subtract");
}

async function writeThought({ game, text, isSpoiler, audience }: Log): Promise<Undo> {
  const { data, etag } = await tagged(
    api.POST("/api/thoughts", { body: { game: game.id, text, spoiler: isSpoiler, audience } }),
  );
  return async () => {
    const params = { path: { thought_id: data.id }, header: { "If-Match": etag } };
    const { response } = await api.DELETE("/api/thoughts/{thought_id}", { params });
    if (!response.ok && response.status !== 404) throw new Problem(response);
  };
}
