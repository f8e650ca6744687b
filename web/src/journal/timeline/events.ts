/** What happened, from what the library and the thoughts know: when a run began and ended, when a state changed, what was written. */

import type { Schema } from "../../api/client";
import type { WholeEntry } from "../library/whole";

/** What somebody did with a game. */
export type Deed = "began" | "finished" | "abandoned" | Schema<"LibraryState"> | "thought" | "review";

/** Something that happened, at a time that is known to the year, the month or the day: `2012`, `2012-03`, `2012-03-09`. */
export interface Event {
  id: string;
  deed: Deed;
  at: string;
  game: { id: string; name: string };
  minutes?: number | undefined;
  score?: number | undefined;
  thought?: Schema<"Thought">;
}

/** Deeds that end a game well. */
export const FINISHED: readonly Deed[] = ["finished", "completed"];
/** Deeds that begin one. */
export const BEGUN: readonly Deed[] = ["began", "ongoing"];

/** All that happened, the newest first; what is known to the year alone comes last in it. */
export function eventsOf(entries: WholeEntry[], thoughts: Schema<"Thought">[]): Event[] {
  const events = [...entries.flatMap(eventsOfEntry), ...thoughts.flatMap(eventOfThought)];
  // As texts: `2012` comes before `2012-01`, so from the newest on it is last.
  return events.sort((a, b) => (a.at < b.at ? 1 : -1));
}

function eventsOfEntry({ game, score, playthroughs, history }: WholeEntry): Event[] {
  const events: Event[] = [];
  for (const [i, { started, finished, minutes, grade }] of playthroughs.entries()) {
    if (started && started !== finished) events.push({ id: `b ${game.id} ${i}`, deed: "began", at: started, game });
    const deed = grade === "abandoned" ? "abandoned" : "finished";
    if (finished) events.push({ id: `f ${game.id} ${i}`, deed, at: finished, game, minutes, score });
  }
  const [hasStart, hasEnd] = [playthroughs.some(({ started }) => started), playthroughs.some(({ finished }) => finished)];
  for (const [i, { state, at }] of history.entries()) {
    // The runs say better when it was played; the state says when that was written down.
    const isKnown = (state === "ongoing" && hasStart) || ((state === "completed" || state === "dropped") && hasEnd);
    if (!isKnown) events.push({ id: `s ${game.id} ${i}`, deed: state, at: localDay(at), game, ...(state === "completed" ? { score } : {}) });
  }
  return events;
}

function eventOfThought(thought: Schema<"Thought">): Event[] {
  const { id, game, rating, created_at } = thought;
  if (!game) return [];
  return [{ id: `t ${id}`, deed: rating === undefined ? "thought" : "review", at: localDay(created_at), game, score: rating, thought }];
}

/** The day of a time, on the calendar of whoever looks. */
function localDay(time: string): string {
  const at = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The events of a month (`2026-03`), or of a year alone (`2026`). */
export interface Month {
  at: string;
  events: Event[];
}

/** Events by month, in their order. */
export function byMonth(events: Event[]): Month[] {
  const months = new Map<string, Event[]>();
  for (const event of events) {
    const at = event.at.slice(0, 7);
    const month = months.get(at);
    if (month) month.push(event);
    else months.set(at, [event]);
  }
  return [...months].map(([at, events]) => ({ at, events }));
}

const CROWD = 4;

/** The same done with many games on one day is one line. */
export function grouped(events: Event[]): Event[][] {
  const groups = new Map<string, Event[]>();
  for (const event of events) {
    const key = `${event.at} ${event.deed}`;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return [...groups.values()].flatMap((group) => (group.length > CROWD ? [group] : group.map((event) => [event])));
}
