/** What the address of a person's page says: the tab, and of the library the state. */

import type { State } from "../../ui/Cairn";

/** The tabs of the page. */
export const tabs = ["library", "thoughts", "media", "statistics"] as const;

export interface PersonSearch {
  tab?: (typeof tabs)[number];
  state?: State;
}

const states: readonly State[] = ["ongoing", "completed", "paused", "dropped", "wishlist"];

/** Reads it; what is not valid is left out. */
export function readPersonSearch(search: Record<string, unknown>): PersonSearch {
  const tab = tabs.find((tab) => tab === search["tab"]);
  const state = states.find((state) => state === search["state"]);
  return { ...(tab && tab !== "library" ? { tab } : {}), ...(state ? { state } : {}) };
}
