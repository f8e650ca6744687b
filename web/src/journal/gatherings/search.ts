/** What the address of the list of gatherings says. */

import type { Within } from "./queries";

/** How far around one's own place one can look. */
export const withins = ["same_area", "under_25_km", "under_50_km", "under_100_km"] as const satisfies readonly Within[];

export interface GatheringsSearch {
  show?: "near";
  view?: "calendar";
  within?: Within;
}

/** Reads it; what is not valid is left out. */
export function readGatheringsSearch(search: Record<string, unknown>): GatheringsSearch {
  const within = withins.find((within) => within === search["within"]);
  return {
    ...(search["show"] === "near" ? { show: "near" as const } : {}),
    ...(search["view"] === "calendar" ? { view: "calendar" as const } : {}),
    ...(within ? { within } : {}),
  };
}
