/** Imports: the file is sent and read, its rows are looked at, then it is applied, and perhaps undone. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import { Problem, type ProblemBody } from "../../api/problem";

/** An import. */
export type Import = Schema<"LibraryImport">;
/** A row of its file. */
export type Row = Schema<"LibraryImportRow">;
/** What becomes of a row. */
export type Outcome = Schema<"LibraryImportOutcome">;

/** All outcomes, in their order. */
export const outcomes = ["new", "changed", "same", "unclear", "refused"] as const satisfies readonly Outcome[];

/** How the programs are called. */
export const sources: Record<Schema<"LibraryImportSource">, string> = {
  steam: "Steam",
  gog: "GOG Galaxy",
  playnite: "Playnite",
  backloggd: "Backloggd",
  grouvee: "Grouvee",
  howlongtobeat: "HowLongToBeat",
  igdb: "IGDB",
  yamtrack: "Yamtrack",
  ryot: "Ryot",
  vglist: "vglist",
  cairn: "Cairn",
};

const ROWS = 100;
const GOES_ON_MS = 1_000;

/** The imports that are kept. */
export const importsQuery = queryOptions({
  queryKey: ["imports"],
  queryFn: () => ok(api.GET("/api/library/import")),
});

/** One import; asked again while it is being applied or undone. */
export function importQuery(importId: string) {
  return queryOptions({
    queryKey: ["imports", importId],
    queryFn: () => ok(api.GET("/api/library/import/{import_id}", { params: { path: { import_id: importId } } })),
    refetchInterval: ({ state }) => (state.data?.status === "applying" || state.data?.status === "undoing" ? GOES_ON_MS : false),
  });
}

/** Its rows, of one outcome or all. */
export function rowsQuery(importId: string, outcome: Outcome | undefined) {
  return infiniteQueryOptions({
    queryKey: ["imports", importId, "rows", outcome],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      ok(
        api.GET("/api/library/import/{import_id}/rows", {
          params: {
            path: { import_id: importId },
            query: { limit: ROWS, ...(outcome ? { outcome } : {}), ...(pageParam ? { after: Number(pageParam) } : {}) },
          },
        }),
      ),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
}

/** What an import may do, and what it assumes. */
export interface Choice {
  mode: Schema<"LibraryImportMode">;
  state?: Schema<"LibraryState"> | undefined;
  audience: Schema<"Audience">;
}

/** Sends a file to be read. `XMLHttpRequest`, because fetch tells no progress of what it sends. */
export function sendFile(file: File, { mode, state, audience }: Choice, progress: (share: number) => void): Promise<Import> {
  const query = new URLSearchParams({ mode, audience, ...(state ? { state } : {}) });
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/library/import?${query}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.responseType = "json";
    request.onload = () => {
      if (request.status < 300) return done(request.response as Import);
      const headers = new Headers({ "Retry-After": request.getResponseHeader("Retry-After") ?? "0" });
      fail(new Problem({ status: request.status, headers }, (request.response ?? undefined) as ProblemBody | undefined));
    };
    request.onerror = () => fail(Problem.away("the upload was cut"));
    request.send(file);
  });
}
