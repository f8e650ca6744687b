/** What the address of the library says: the view, the order and the filters. */

import type { State } from "../../ui/Cairn";

const sorts = ["changed", "added", "name", "score", "minutes"] as const;
const states = ["wishlist", "ongoing", "completed", "paused", "dropped"] as const satisfies readonly State[];

/** An order of the library. */
export type Sort = (typeof sorts)[number];

/** Which games are shown, and in which order. */
export interface Filters {
  name?: string;
  platform?: string;
  genre?: string;
  state?: State;
  sort?: Sort;
  reversed?: true;
}

/** The library's search parameters. */
export interface LibrarySearch extends Filters {
  view?: "list";
}

/** Reads them; what they can't be is left out. */
export function readSearch(search: Record<string, unknown>): LibrarySearch {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? { [name]: value.slice(0, 100) } : {};
  };
  const one = <T extends string>(name: string, values: readonly T[]) => {
    const value = values.find((value) => value === search[name]);
    return value ? { [name]: value } : {};
  };
  return {
    ...text("name"),
    ...text("platform"),
    ...text("genre"),
    ...one("state", states),
    ...one("sort", sorts),
    ...one("view", ["list"] as const),
    ...(search["reversed"] === true ? { reversed: true as const } : {}),
  };
}
