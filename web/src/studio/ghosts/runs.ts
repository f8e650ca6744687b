/** Recorded runs: where they went, where they stopped, how they ended. */

import { queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import { type World, worldName } from "../place";

/** A position in a scene in which y is up, in the game's units. */
export type Vec = [x: number, y: number, z: number];

/** A stop on a run. */
export interface Stop {
  fromMs: number;
  toMs: number;
  at: Vec;
}

/** A run, ready to be shown. */
export interface Run {
  id: string;
  trace: Schema<"Trace">;
  /** Milliseconds since its first frame, one for each frame. */
  times: Float64Array;
  /** Three numbers for each frame. */
  places: Float32Array;
  /** How far the runner had come at each frame. */
  lengths: Float32Array;
  /** Frames that don't continue the one before them. */
  jumps: ReadonlySet<number>;
  durationMs: number;
  stops: Stop[];
  isComplete: boolean;
}

/** How many runs and deaths of a scope are looked at. */
const MOST = 300;

/** The runs of a scope, the newest first: phantoms, and bloodstains that have a recording. */
export const runsQuery = (world: World, scope: string) =>
  queryOptions({
    queryKey: ["world", worldName(world), "runs", scope],
    queryFn: async () => {
      const search = (kind: "phantom" | "bloodstain") =>
        ok(api.POST("/v1/traces/query", { params: { query: { game: worldName(world) } }, body: { mode: "recent", scopes: [scope], kinds: [kind], limit: MOST } }));
      const [phantoms, deaths] = await Promise.all([search("phantom"), search("bloodstain")]);
      return { runs: [...phantoms.items, ...deaths.items].filter(({ recording_id }) => recording_id), deaths: deaths.items };
    },
    staleTime: 60_000,
  });

/** A run with its recording. */
export const runQuery = (world: World, trace: Schema<"Trace">, axes: string | undefined) =>
  queryOptions({
    queryKey: ["recording", worldName(world), trace.recording_id ?? "", axes ?? ""],
    queryFn: async ({ signal }) => {
      const path = { recording_id: trace.recording_id ?? "" };
      const recording = await ok(api.GET("/v1/recordings/{recording_id}", { params: { path, query: { game: worldName(world) } }, signal }));
      return readRun(trace, recording, axes);
    },
    staleTime: Infinity,
    gcTime: 600_000,
  });

/** A position of the game in a scene in which y is up and axes are right-handed. */
export function inScene([x = 0, y = 0, z = 0]: ArrayLike<number> & Iterable<number>, axes: string | undefined): Vec {
  if (axes === "z_up_right") return [x, z, -y];
  if (axes === "z_up_left") return [x, z, y];
  return axes === "y_up_left" ? [x, y, -z] : [x, y, z];
}

/** Reads a recording's columns. */
export function readRun(trace: Schema<"Trace">, recording: Schema<"Recording">, axes: string | undefined): Run {
  const { t_ms, pos } = recording;
  const first = t_ms[0] ?? 0;
  const times = Float64Array.from(t_ms, (time) => time - first);
  const places = new Float32Array(pos.length);
  const lengths = new Float32Array(t_ms.length);
  const jumps = new Set(recording.teleports ?? []);
  for (let i = 0; i < t_ms.length; i++) {
    places.set(inScene(pos.slice(i * 3, i * 3 + 3), axes), i * 3);
    if (i > 0) lengths[i] = (lengths[i - 1] ?? 0) + (jumps.has(i) ? 0 : apart(frame(places, i - 1), frame(places, i)));
  }
  const run = { id: trace.id, trace, times, places, lengths, jumps, durationMs: times.at(-1) ?? 0, isComplete: recording.complete ?? false };
  return { ...run, stops: stopsOf(run) };
}

/** The position of a frame. */
export function frame(places: Float32Array, i: number): Vec {
  return [places[i * 3] ?? 0, places[i * 3 + 1] ?? 0, places[i * 3 + 2] ?? 0];
}

/** How far two positions are apart. */
export function apart(a: Vec, b: Vec): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The frame at which a run is at a time: the last one not after it, and how far on the way to the next. */
export function frameAt({ times, jumps }: Pick<Run, "times" | "jumps">, ms: number): [frame: number, share: number] {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[middle] ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  const [from, to] = [times[low] ?? 0, times[low + 1] ?? 0];
  const isLast = low + 1 >= times.length || jumps.has(low + 1);
  return [low, isLast || to <= from ? 0 : Math.max(0, Math.min(1, (ms - from) / (to - from)))];
}

/** Where a run is at a time. */
export function placeAt(run: Run, ms: number): Vec {
  const [at, share] = frameAt(run, ms);
  const [a, b] = [frame(run.places, at), frame(run.places, Math.min(at + 1, run.times.length - 1))];
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

const STOP_MS = 1500;

/** Where a run stood still for a while: hardly moving, compared with how it usually moves. */
function stopsOf({ times, places, lengths }: Pick<Run, "times" | "places" | "lengths">): Stop[] {
  const last = times.length - 1;
  if (last < 8) return [];
  const moving = [];
  for (let i = 1; i <= last; i++) {
    const speed = ((lengths[i] ?? 0) - (lengths[i - 1] ?? 0)) / Math.max(1, (times[i] ?? 0) - (times[i - 1] ?? 0));
    if (speed > 0) moving.push(speed);
  }
  const usual = moving.sort((a, b) => a - b)[moving.length >> 1] ?? 0;
  const stops: Stop[] = [];
  let from = 0;
  for (let i = 1; i <= last; i++) {
    const speed = ((lengths[i] ?? 0) - (lengths[i - 1] ?? 0)) / Math.max(1, (times[i] ?? 0) - (times[i - 1] ?? 0));
    const isStill = speed < usual * 0.15;
    const [begun, now] = [times[from] ?? 0, times[i] ?? 0];
    if (isStill && i < last) continue;
    if (now - begun >= STOP_MS && i - from > 1) stops.push({ fromMs: begun, toMs: now, at: frame(places, from) });
    from = i;
  }
  return stops;
}

/** The death with which a run ended: one of the same author, where the run ends; none where it went on or simply stopped. */
export function deathOf(run: Run, deaths: Schema<"Trace">[], axes: string | undefined): Schema<"Trace"> | undefined {
  if (run.trace.kind === "bloodstain") return run.trace;
  if (run.isComplete) return undefined;
  const end = frame(run.places, run.times.length - 1);
  const reach = Math.max(1, (run.lengths.at(-1) ?? 0) * 0.02);
  return deaths.find(({ author, pos }) => author === run.trace.author && pos && apart(inScene(pos, axes), end) < reach);
}

/** A spot where several stop or die. */
export interface Spot {
  kind: "death" | "stop";
  at: Vec;
  count: number;
  /** What most died of; of stops nothing. */
  cause: string;
  /** How long they stop there, in the middle; of deaths 0. */
  secs: number;
}

interface Event {
  at: Vec;
  cause: string;
  secs: number;
}

/** Gathers what happened near to each other; each heap of at least two, the largest first. */
export function spotsOf(kind: Spot["kind"], events: Event[], reach: number): Spot[] {
  const heaps: { at: Vec; events: Event[] }[] = [];
  for (const event of events) {
    const near = heaps.find((heap) => apart(heap.at, event.at) < reach);
    if (!near) {
      heaps.push({ at: event.at, events: [event] });
      continue;
    }
    near.events.push(event);
    const middle = (axis: 0 | 1 | 2) => near.events.reduce((sum, { at }) => sum + at[axis], 0) / near.events.length;
    near.at = [middle(0), middle(1), middle(2)];
  }
  return heaps
    .filter(({ events: of }) => of.length > 1)
    .map(({ at, events: of }) => ({ kind, at, count: of.length, cause: mostCommon(of.map(({ cause }) => cause)), secs: median(of.map(({ secs }) => secs)) }))
    .sort((a, b) => b.count - a.count);
}

function mostCommon(of: string[]): string {
  const counts = new Map<string, number>();
  for (const one of of) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

function median(of: number[]): number {
  return of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0;
}
