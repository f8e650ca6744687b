/** What the address of a person's page says: the tab, and of the library the state. */

import type { State } from "../../ui/Cairn";

/** The tabs of the page. */
export const tabs = ["library", "thoughts", "media", "statistics"] as const;

export interface PersonSearch {
  tab?: (typeof tabs)[number] | undefined;
  state?: State | undefined;
}

const states: readonly State[] = ["ongoing", "completed", "paused", "dropped", "wishlist"];

/** Reads it; what is not valid is undefined. */
export function readPersonSearch(search: Record<string, unknown>): PersonSearch {
  return { tab: tabs.find((tab) => tab === search["tab"]), state: states.find((state) => state === search["state"]) };
}
