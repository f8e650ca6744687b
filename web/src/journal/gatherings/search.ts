/** What the address of the list of gatherings says. */

import type { Within } from "./queries";

/** How far around one's own place one can look. */
export const withins = ["same_area", "under_25_km", "under_50_km", "under_100_km"] as const satisfies readonly Within[];

export interface GatheringsSearch {
  show?: "near" | undefined;
  view?: "calendar" | undefined;
  within?: Within | undefined;
}

/** Reads it; what is not valid is undefined. */
export function readGatheringsSearch(search: Record<string, unknown>): GatheringsSearch {
  return {
    show: search["show"] === "near" ? "near" : undefined,
    view: search["view"] === "calendar" ? "calendar" : undefined,
    within: withins.find((within) => within === search["within"]),
  };
}
