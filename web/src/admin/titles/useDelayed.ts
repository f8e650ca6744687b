/**
 * Decisions that nothing takes back once they are sent. So they are sent when ten seconds are over, when the next one is taken, or
 * when the page is left; until then the toast takes them back.
 */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { toast, toastProblem } from "../../ui/toasts";

const UNDO_MS = 10_000;

interface Waiting {
  key: string;
  send: () => Promise<unknown>;
  timer: ReturnType<typeof setTimeout>;
}

/** Takes decisions about what is listed; `taken` is called when one is taken back. `gone` has the keys of what is or will be decided. `queryKey`: what is asked again then. */
export function useDelayed(queryKey: string) {
  const queries = useQueryClient();
  const waiting = useRef<Waiting>(undefined);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());

  const back = useCallback((key: string) => setGone((before) => new Set([...before].filter((one) => one !== key))), []);

  const flush = useCallback(async () => {
    const mine = waiting.current;
    if (!mine) return;
    waiting.current = undefined;
    clearTimeout(mine.timer);
    try {
      await mine.send();
      await queries.invalidateQueries({ queryKey: [queryKey] });
    } catch (error) {
      toastProblem(error);
      back(mine.key);
    }
  }, [queries, queryKey, back]);

  useEffect(() => {
    const leave = () => void flush();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, [flush]);

  const decide = useCallback(
    (key: string, text: string, send: () => Promise<unknown>, taken?: () => void) => {
      void flush();
      const mine = { key, send, timer: setTimeout(() => void flush(), UNDO_MS) };
      waiting.current = mine;
      setGone((before) => new Set([...before, key]));
      toast(text, () => {
        if (waiting.current !== mine) return;
        clearTimeout(mine.timer);
        waiting.current = undefined;
        back(key);
        taken?.();
      });
    },
    [flush, back],
  );
  return { decide, gone };
}
