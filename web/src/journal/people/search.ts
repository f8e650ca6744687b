/** What the address of the people's page says: which list, and what is searched for. */

import type { Schema } from "../../api/client";

/** The lists of the page: who is found, or whom one knows already. */
export const lists = ["found", "followed", "followers", "friends", "blocks"] as const;
export type List = (typeof lists)[number];

/** How far away at most. */
export const withins = ["same_area", "under_25_km", "under_50_km", "under_100_km", "farther"] as const satisfies readonly Schema<"Band">[];

export interface PeopleSearch {
  list?: List;
  name?: string;
  within?: Schema<"Band">;
  platform?: string;
  genre?: string;
  completed_min?: number;
  hours_min?: number;
}

/** Reads it; what is not valid is left out. */
export function readPeopleSearch(search: Record<string, unknown>): PeopleSearch {
  const read: PeopleSearch = {};
  const list = lists.find((list) => list === search["list"]);
  const within = withins.find((within) => within === search["within"]);
  if (list && list !== "found") read.list = list;
  if (within) read.within = within;
  for (const field of ["name", "platform", "genre"] as const) {
    const text = search[field];
    if (typeof text === "string" && text !== "") read[field] = text;
  }
  for (const field of ["completed_min", "hours_min"] as const) {
    const number = Number(search[field]);
    if (Number.isInteger(number) && number > 0) read[field] = number;
  }
  return read;
}
