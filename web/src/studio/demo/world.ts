/**
 * A demo world: what some weeks of players would leave in the demo level, as lines of `POST /v1/traces/import`. The same on
 * each run, so filling a world twice stores nothing twice. Nobody real wrote any of it.
 */

import { along, heightAt, type Spot, ways } from "./level";

/** The scope of the demo level. */
export const DEMO_SCOPE = "low-weir";

const DAY_MS = 86_400_000;
const DAYS = 34;
const FRAME_MS = 150;
const RUNS = 60;

/** Where many die, as shares of each way, how many of a hundred of those who come by, and what of. */
const dangers: { way: number; share: number; of100: number; cause: string }[] = [
  { way: 0, share: 0.635, of100: 36, cause: "fall" },
  { way: 1, share: 0.635, of100: 14, cause: "drowned" },
  { way: 1, share: 0.82, of100: 30, cause: "mill wheel" },
  { way: 0, share: 0.27, of100: 6, cause: "gate" },
];

/** Where people stop and look about, as shares of each way, and for how long. */
const stops: { way: number; share: number; secs: number }[] = [
  { way: 0, share: 0.45, secs: 7 },
  { way: 0, share: 0.6, secs: 4 },
  { way: 1, share: 0.56, secs: 9 },
];

const people = [
  "tobble", "fenna", "quillwort", "dunlin", "brumble", "halfmoth", "zeph", "oioi", "nettle_k", "ana.sub.deal", "rook_and_run",
  "marl", "pipistrel", "sedge", "old_oak", "wren77", "kestrelina", "moth_er", "tarn", "ivo",
];
const sentences = [
  "Jump late. The ledge is kinder than it looks.", "Wrong way, lovely view", "The miller lies twice", "Rest here. I did.",
  "Look behind you, then up", "Not all bridges are yours", "The bell is a lie", "Praise the rope", "Left hand on the wall",
  "Come back at night", "I counted the steps: 41", "Somebody was kind here", "Wait for the wheel", "It is shallower than it sounds",
  "Do not trust the third plank", "You are close", "Sit. It is warm.", "Try jumping", "Try not jumping", "Treasure above, patience below",
];
const structures = ["rope bridge", "lantern", "ladder", "cairn", "plank", "shelter"];

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The lines of a demo world in which players left `traces` things beside their runs, until `now`. */
export function demoLines(traces = 1500, now = Date.now()): string[] {
  const next = random(20261129);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const around = () => (next() + next() + next() - 1.5) * 2;
  const at = ([x, z]: Spot): number[] => [round(x), heightAt(x, z), round(z)];
  const base = (i: number | string) => {
    const age = Math.pow(next(), 1.4) * DAYS;
    return {
      scope: DEMO_SCOPE,
      author: pick(people),
      source_id: `demo ${i}`,
      created_at: new Date(Math.floor(now / DAY_MS) * DAY_MS - age * DAY_MS).toISOString(),
      content_version: age > 20 ? 140 : age > 8 ? 141 : 142,
    };
  };
  const lines: object[] = [];
  for (let i = 0; i < traces; i++) {
    const way = Math.floor(next() * ways.length);
    const hot = next() < 0.72 ? pick([0.18, 0.27, 0.46, 0.63, 0.66, 0.74, 0.83, 0.9]) : next();
    const [x, z] = along(ways[way] ?? [], hot + around() * 0.012);
    const pos = at([x + around() * 3.2, z + around() * 2.6]);
    const good = Math.floor(next() * next() * next() * 140);
    const kind = next();
    if (kind < 0.62) lines.push({ ...base(i), kind: "message", pos, text: [pick(sentences)], good });
    else lines.push({ ...base(i), kind: "object", pos, type: pick(structures), rot: [0, 0, 0, 1], good });
  }
  for (let i = 0; i < RUNS; i++) lines.push(...run(base(`run ${i}`), next, at, i));
  for (let i = 0; i < traces / 3; i++) {
    const danger = pick(dangers);
    if (next() * 36 > danger.of100) continue;
    const [x, z] = along(ways[danger.way] ?? [], danger.share + around() * 0.006);
    lines.push({ ...base(`death ${i}`), kind: "bloodstain", pos: at([x + around() * 1.6, z + around() * 1.6]), type: danger.cause });
  }
  return lines.map((line) => JSON.stringify(line));
}

/** A run along a way, with its stops, to its end or to where its runner died. */
function run(base: object, next: () => number, at: (spot: Spot) => number[], number: number): object[] {
  const chosen = number % 3 === 2 ? 1 : 0;
  const way = ways[chosen] ?? [];
  const death = dangers.find(({ way: of, of100 }) => of === chosen && next() * 100 < of100);
  const end = death ? death.share + (next() - 0.5) * 0.012 : 1;
  const pace = 0.8 + next() * 0.5;
  const [besideX, besideZ] = [(next() - 0.5) * 4, (next() - 0.5) * 4];
  const pauses = stops.filter(({ way: of }) => of === chosen).map((stop) => ({ ...stop, secs: stop.secs * next() * 1.4 }));
  const t_ms: number[] = [];
  const pos: number[] = [];
  const rot: number[] = [];
  let [share, time, wait] = [0, 0, 0];
  while (share < end && t_ms.length < 1200) {
    const [x, z] = along(way, share);
    const [aheadX, aheadZ] = along(way, share + 0.01);
    const half = Math.atan2(aheadX - x, aheadZ - z) / 2;
    const sway = Math.sin(share * 60 + number) * 0.5;
    t_ms.push(time);
    pos.push(...at([x + besideX + sway, z + besideZ + sway]));
    rot.push(0, Math.sin(half), 0, Math.cos(half));
    time += FRAME_MS;
    if (wait > 0) {
      wait -= FRAME_MS / 1000;
      continue;
    }
    const before = share;
    share += (0.0034 + 0.0012 * Math.sin(share * 30 + number)) * pace;
    for (const pause of pauses) if (before < pause.share && share >= pause.share) wait = pause.secs;
  }
  const columns = { complete: !death, look: ["grey cloak", "red cloak", "lantern"][number % 3], t_ms, pos, rot };
  const phantom = { ...base, kind: "phantom", pos: pos.slice(0, 3), rank_value: round(time / 1000), recording: { columns } };
  if (!death) return [phantom];
  const stain = { ...base, source_id: `demo end ${number}`, kind: "bloodstain", pos: pos.slice(-3), type: death.cause };
  return [{ ...phantom, rank_value: undefined }, stain];
}
