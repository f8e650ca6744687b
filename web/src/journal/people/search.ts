/** What the address of the people's page says: which list, and what is searched for. */

import type { Schema } from "../../api/client";

/** The lists of the page: who is found, or whom one knows already. */
export const lists = ["found", "followed", "followers", "friends", "blocks"] as const;
export type List = (typeof lists)[number];

/** How far away at most. */
export const withins = ["same_area", "under_25_km", "under_50_km", "under_100_km", "farther"] as const satisfies readonly Schema<"Band">[];

export interface PeopleSearch {
  list?: List | undefined;
  name?: string | undefined;
  within?: Schema<"Band"> | undefined;
  platform?: string | undefined;
  genre?: string | undefined;
  completed_min?: number | undefined;
  hours_min?: number | undefined;
}

/** Reads it; what is not valid is undefined. */
export function readPeopleSearch(search: Record<string, unknown>): PeopleSearch {
  return {
    list: lists.find((list) => list === search["list"]),
    name: text(search["name"]),
    within: withins.find((within) => within === search["within"]),
    platform: text(search["platform"]),
    genre: text(search["genre"]),
    completed_min: count(search["completed_min"]),
    hours_min: count(search["hours_min"]),
  };
}

// The router reads a name of digits as a number.
function text(value: unknown): string | undefined {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : undefined;
}

function count(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
