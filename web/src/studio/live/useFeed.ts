/** Follows a world: what is left, changed, rated and removed, as it happens. */

import { useEffect, useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { type World, worldName } from "../place";

const WAIT_SECS = 25;
const AGAIN_MS = 3000;
const KEPT = 500;

/** Something that happened. */
export interface Happening {
  number: number;
  at: number;
  item: Schema<"FeedItem">;
}

/** What was heard since the page was opened. */
export interface Heard {
  since: number;
  happenings: Happening[];
  revision: string | undefined;
  error: unknown;
}

/** Listens from now on, as long as the page is open. */
export function useFeed(world: World): Heard {
  const [heard, setHeard] = useState<Heard>(() => ({ since: Date.now(), happenings: [], revision: undefined, error: undefined }));
  const name = worldName(world);
  useEffect(() => {
    const stopped = new AbortController();
    const { signal } = stopped;
    setHeard({ since: Date.now(), happenings: [], revision: undefined, error: undefined });
    const listen = async () => {
      let after: string | undefined;
      while (!signal.aborted) {
        try {
          after ??= (await ok(api.GET("/v1/deck", { params: { query: { game: name, deck: 0 } }, signal }))).revision;
          const page: Schema<"FeedPage"> = await ok(api.GET("/v1/changes", { params: { query: { game: name, after, wait_s: WAIT_SECS } }, signal }));
          after = page.next;
          const at = Date.now();
          setHeard((before) => {
            const number = (before.happenings[0]?.number ?? 0) + 1;
            const fresh = page.items.map((item, i) => ({ number: number + i, at, item })).reverse();
            return { ...before, revision: page.next, error: undefined, happenings: [...fresh, ...before.happenings].slice(0, KEPT) };
          });
        } catch (error) {
          if (signal.aborted) return;
          setHeard((before) => ({ ...before, error }));
          const { status, code } = asProblem(error);
          if (code === "cursor_too_old") after = undefined;
          else if (status >= 400 && status < 500 && status !== 429) return;
          await new Promise((done) => setTimeout(done, AGAIN_MS));
        }
      }
    };
    void listen();
    return () => stopped.abort();
  }, [name]);
  return heard;
}

const ASK_MS = 5000;
const ASKED = 60;

/** How long a deck takes, asked for again and again, in milliseconds; the newest last. */
export function useLatency(world: World): number[] {
  const [times, setTimes] = useState<number[]>([]);
  const name = worldName(world);
  useEffect(() => {
    const stopped = new AbortController();
    const ask = async () => {
      const begun = performance.now();
      const { response } = await api.GET("/v1/deck", { params: { query: { game: name, deck: 0 } }, signal: stopped.signal });
      if (response.ok) setTimes((before) => [...before, performance.now() - begun].slice(-ASKED));
    };
    const quietly = () => void ask().catch(() => undefined);
    quietly();
    const timer = setInterval(quietly, ASK_MS);
    return () => {
      clearInterval(timer);
      stopped.abort();
    };
  }, [name]);
  return times;
}
