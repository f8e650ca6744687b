/** Whether the quick log is open, and for which game. The shell shows it; any page opens it. */

import { useSyncExternalStore } from "react";

import type { Schema } from "../../api/client";

/** A game, in short. */
export type Game = Schema<"JournalGame">;

interface Shown {
  /** The game that is logged; without one the log asks. */
  game: Game | undefined;
  /** Each opening is a new form. */
  opening: number;
}

let shown: Shown | undefined;
let openings = 0;
const listeners = new Set<() => void>();

function show(next: Shown | undefined) {
  shown = next;
  for (const listener of listeners) listener();
}

/** Opens the quick log. */
export function openLog(game?: Game) {
  show({ game, opening: ++openings });
}

/** Closes it. */
export function closeLog() {
  show(undefined);
}

/** What is logged, if the quick log is open. */
export function useOpenLog(): Shown | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
