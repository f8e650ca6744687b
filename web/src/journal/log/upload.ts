/** Uploading a screenshot or a clip: asked for, sent with progress, taken back. */

import { api, ok, type Schema, tagged } from "../../api/client";
import { asProblem, Problem } from "../../api/problem";
import { newId } from "../../ui/newId";
import { digest, type Prepared, prepare } from "./shrink";

/** Why a file can't be sent. */
export type Refusal = "no_media" | "clip_too_large" | "no_https";

/** A file that is not sent because of what it is, or where. */
export class Refused extends Error {
  constructor(readonly why: Refusal) {
    super(why);
  }
}

/** An upload that has arrived. */
export interface Uploaded {
  gameId: string;
  uuid: string;
}

/** Sends a file. Until something is said of it only its owner sees it. `progress` is told the share that has been sent. */
export async function upload(
  gameId: string,
  file: File,
  { signal, progress, about = {} }: { signal: AbortSignal; progress: (share: number) => void; about?: Partial<Schema<"MediaChange">> },
): Promise<Uploaded> {
  const ready = await prepare(file);
  if (typeof ready === "string") throw new Refused(ready);
  const sha256 = await digest(ready.file);
  if (sha256 === undefined) throw new Refused("no_https");
  const uuid = newId();
  const asked = await ok(
    api.POST("/api/games/{game_id}/media/{media_uuid}", {
      params: { path: { game_id: gameId, media_uuid: uuid } },
      body: { type: ready.type, length: ready.file.size, sha256, audience: "private", ...about },
      signal,
    }),
  );
  await send(asked.upload, ready, signal, progress);
  return { gameId, uuid };
}

/** The one request that needs `XMLHttpRequest`: fetch tells no progress of what it sends. */
function send(to: Schema<"MediaUpload">, ready: Exclude<Prepared, string>, signal: AbortSignal, progress: (share: number) => void) {
  return new Promise<void>((done, fail) => {
    const request = new XMLHttpRequest();
    request.open(to.method, to.url);
    for (const [name, value] of Object.entries(to.headers as Record<string, string>)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) done();
      else fail(new Problem({ status: request.status, headers: new Headers() }, parsed(request.responseText)));
    };
    request.onerror = () => fail(Problem.away("the upload was cut"));
    request.onabort = () => fail(new DOMException("aborted", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(ready.file);
  });
}

function parsed(text: string): Problem["body"] {
  try {
    return JSON.parse(text) as Problem["body"];
  } catch {
    return undefined;
  }
}

/** As often a file may change (it is being checked) between reading and describing it. */
const TRIES = 4;

/** Says what a file is, and who sees it. That the server meanwhile says what became of the file is no conflict. */
export async function describeMedia({ gameId, uuid }: Uploaded, about: Schema<"MediaChange">) {
  const path = { game_id: gameId, media_uuid: uuid };
  for (let tries = 1; ; tries++) {
    const { etag } = await tagged(api.GET("/api/games/{game_id}/media/{media_uuid}", { params: { path } }));
    try {
      const params = { path, header: { "If-Match": etag } };
      await ok(api.PUT("/api/games/{game_id}/media/{media_uuid}", { params, body: about }));
      return;
    } catch (error) {
      if (asProblem(error).status !== 412 || tries === TRIES) throw error;
    }
  }
}

/** Deletes a file; one that is gone is no problem. */
export async function removeMedia({ gameId, uuid }: Uploaded) {
  const path = { game_id: gameId, media_uuid: uuid };
  const { response } = await api.DELETE("/api/games/{game_id}/media/{media_uuid}", { params: { path, header: { "If-Match": "*" } } });
  if (!response.ok && response.status !== 404) throw new Problem(response);
}
