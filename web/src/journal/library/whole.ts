/** The whole library at once, as its export has it: for what looks back over years. */

import { queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";

/** An entry of the export. */
export interface WholeEntry {
  game: { id: string; name: string; year?: number };
  state: Schema<"LibraryState">;
  minutes: number;
  score?: number;
  added_at: string;
  playthroughs: Omit<Schema<"Playthrough">, "playthrough">[];
  history: Schema<"LibraryStateChange">[];
}

/** Everything that is in the library. */
export const wholeLibraryQuery = queryOptions({
  queryKey: ["library", "whole"],
  queryFn: async () => {
    const { entries } = (await ok(api.GET("/api/library/export", { params: { query: { format: "json" } }, parseAs: "json" }))) as {
      entries: WholeEntry[];
    };
    return entries;
  },
  staleTime: 60_000,
});
