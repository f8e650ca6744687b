/** Making a version of a save out of files of this device. */

import { api, ok, tagged } from "../../api/client";
import { Problem } from "../../api/problem";
import { digest } from "../log/shrink";

/** This browser can't work out digests: the page was not opened by https. */
export class NeedsHttps extends Error {}

/** The path of a chosen file: below the folder that was chosen, if one was. */
function pathOf(file: File): string {
  const path = file.webkitRelativePath;
  return path === "" ? file.name : path.slice(path.indexOf("/") + 1);
}

/** Sends files as a new version; it counts once all have come. `force` takes a set that is far smaller than the last. */
export async function storeVersion(id: string, files: File[], device: string, force: boolean) {
  const described = await Promise.all(
    files.map(async (file) => {
      const sha256 = await digest(file);
      if (sha256 === undefined) throw new NeedsHttps();
      return { path: pathOf(file), bytes: file.size, sha256, modified_at: new Date(file.lastModified).toISOString() };
    }),
  );
  const { etag } = await tagged(api.GET("/api/saves/{save_id}", { params: { path: { save_id: id } } }));
  const asked = await ok(
    api.POST("/api/saves/{save_id}/versions", {
      params: { path: { save_id: id }, query: force ? { force: "true" } : {}, header: { "If-Match": etag } },
      body: { ...(device ? { device } : {}), files: described },
    }),
  );
  const byDigest = new Map(described.map(({ sha256 }, i) => [sha256, files[i]]));
  let { uploads, missing } = asked;
  const path = { save_id: id, number: asked.version.number };
  while (uploads.length > 0) {
    for (const { sha256, method, url, headers } of uploads) {
      const response = await fetch(url, { method, headers: headers as Record<string, string>, body: byDigest.get(sha256) ?? null });
      if (!response.ok) throw new Problem(response, (await response.json().catch(() => undefined)) as Problem["body"]);
    }
    if (missing <= uploads.length) break;
    ({ uploads, missing } = await ok(api.POST("/api/saves/{save_id}/versions/{number}/uploads", { params: { path } })));
  }
}
