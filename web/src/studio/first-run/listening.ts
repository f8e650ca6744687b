/** Listens to a world: what players leave there appears at once. */

import { useEffect, useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { type World, worldName } from "../place";

const WAIT_SECS = 25;
const AGAIN_MS = 3000;

/** What was heard so far. */
export interface Heard {
  traces: Schema<"Trace">[];
  /** Since when, in milliseconds. */
  since: number;
  error?: unknown;
}

/** The caller's way into a world: a key where one is at hand, else the session and the world's name. */
export function asReader(world: World, secret: string | undefined) {
  return secret === undefined ? { query: { game: worldName(world) }, headers: {} } : { query: {}, headers: { "X-API-Key": secret } };
}

/** The traces that are left in a world from now on, and those of the last week, as long as the page is open. */
export function useListening(world: World, secret: string | undefined): Heard {
  const [heard, setHeard] = useState<Heard>({ traces: [], since: Date.now() });
  const { studio, game, environment } = world;
  useEffect(() => {
    const stopped = new AbortController();
    const { signal } = stopped;
    setHeard({ traces: [], since: Date.now() });
    const listen = async () => {
      const { query, headers } = asReader({ studio, game, environment }, secret);
      let after: string | undefined = "0";
      while (!signal.aborted) {
        try {
          const params: Record<string, unknown> = { ...query, after, wait_s: WAIT_SECS };
          const page: Schema<"FeedPage"> = await ok(api.GET("/v1/changes", { params: { query: params }, headers, signal }));
          after = page.next;
          const left = page.items.flatMap(({ what, trace }) => (what === "left" && trace ? [trace] : []));
          setHeard((before) => ({ since: before.since, traces: [...before.traces, ...left].slice(0, 500) }));
        } catch (error) {
          if (signal.aborted) return;
          setHeard((before) => ({ ...before, error }));
          const { code, status } = asProblem(error);
          if (code === "cursor_too_old") after = undefined;
          else if (status >= 400 && status < 500 && status !== 429) return;
          await new Promise((done) => setTimeout(done, AGAIN_MS));
        }
      }
    };
    void listen();
    return () => stopped.abort();
  }, [studio, game, environment, secret]);
  return heard;
}

/** Leaves one trace as a game would, with the studio's key. */
export async function sendOne(secret: string, text: string): Promise<void> {
  const headers = { "X-API-Key": secret };
  const { token } = await ok(api.POST("/v1/players", { headers, body: { device_id: `studio-page-${crypto.randomUUID()}` } }));
  await ok(
    api.POST("/v1/traces", {
      headers: { ...headers, Authorization: `Bearer ${token}` },
      body: { traces: [{ kind: "message", scope: "start", pos: [0, 0, 0], text: [text] }] },
    }),
  );
}
