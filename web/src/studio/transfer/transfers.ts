/** Worlds out and in, with their progress. */

import type { Schema } from "../../api/client";
import { Problem, type ProblemBody } from "../../api/problem";
import type { World } from "../place";

const queryOf = ({ studio, game, environment }: World) => new URLSearchParams({ studio, game, environment }).toString();

/** How far an export has come. */
export interface Exported {
  bytes: number;
  lines: number;
}

/** All traces of a world, as lines; `onProgress` hears of each piece that arrives. */
export async function exportWorld(world: World, signal: AbortSignal, onProgress: (exported: Exported) => void): Promise<Blob> {
  const response = await fetch(`/v1/traces/export?${queryOf(world)}`, { signal, credentials: "same-origin" });
  if (!response.ok || !response.body) throw new Problem(response, (await response.json().catch(() => undefined)) as ProblemBody | undefined);
  const reader = response.body.getReader();
  const pieces: BlobPart[] = [];
  let [bytes, lines] = [0, 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    bytes += value.length;
    for (const byte of value) if (byte === 10) lines += 1;
    onProgress({ bytes, lines });
  }
  return new Blob(pieces, { type: "application/x-ndjson" });
}

/** Sends a file of lines into a world; `onProgress` hears how many bytes have gone. */
export function importWorld(world: World, file: File, onProgress: (sent: number) => void): Promise<Schema<"ImportedTraces">> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/v1/traces/import?${queryOf(world)}`);
    request.setRequestHeader("Content-Type", "application/x-ndjson");
    if (file.name.endsWith(".gz")) request.setRequestHeader("Content-Encoding", "gzip");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => {
      if (request.status === 200) resolve(request.response as Schema<"ImportedTraces">);
      else reject(new Problem({ status: request.status, headers: new Headers({ "Retry-After": request.getResponseHeader("Retry-After") ?? "" }) }, request.response as ProblemBody));
    };
    request.onerror = () => reject(Problem.away("the upload broke off"));
    request.send(file);
  });
}
