/**
 * Decisions that can be taken back for ten seconds: they are sent when that time is over, when the next one is taken, or when
 * the page is left. What is taken back was never sent, so reports count as before.
 */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { toast, toastProblem } from "../../ui/toasts";
import { type World, worldName } from "../place";

const UNDO_MS = 10_000;
/** How long nothing is decided before the queue is read again: not after each of many decisions. */
const QUIET_MS = 4000;

interface Pending {
  traces: string[];
  requests: Schema<"ModerationRequest">[];
  timer: ReturnType<typeof setTimeout>;
}

/** Takes decisions; `decided` has the traces about which something is or will be decided. */
export function useDecisions(world: World) {
  const queries = useQueryClient();
  const pending = useRef<Pending>(undefined);
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  const { studio, game, environment } = world;
  const quiet = useRef<ReturnType<typeof setTimeout>>(undefined);

  const readAgain = useCallback(() => {
    clearTimeout(quiet.current);
    const read = async () => {
      await queries.invalidateQueries({ queryKey: ["world", worldName({ studio, game, environment })] });
      const open = pending.current?.traces ?? [];
      setDecided((before) => new Set([...before].filter((id) => open.includes(id))));
    };
    quiet.current = setTimeout(() => void read(), QUIET_MS);
  }, [queries, studio, game, environment]);

  const send = useCallback(
    async (isLeaving = false) => {
      const waiting = pending.current;
      if (!waiting) return;
      pending.current = undefined;
      clearTimeout(waiting.timer);
      try {
        for (const body of waiting.requests) {
          await ok(api.POST("/v1/moderation/actions", { params: { query: { studio, game, environment } }, body, keepalive: isLeaving }));
        }
      } catch (error) {
        toastProblem(error);
        setDecided((before) => new Set([...before].filter((id) => !waiting.traces.includes(id))));
      }
      readAgain();
    },
    [readAgain, studio, game, environment],
  );

  useEffect(() => {
    const onLeave = () => void send(true);
    addEventListener("pagehide", onLeave);
    return () => {
      removeEventListener("pagehide", onLeave);
      void send();
    };
  }, [send]);

  const decide = useCallback(
    (text: string, traces: string[], requests: Schema<"ModerationRequest">[], taken?: () => void) => {
      void send();
      const timer = setTimeout(() => void send(), UNDO_MS);
      const mine: Pending = { traces, requests, timer };
      pending.current = mine;
      setDecided((before) => new Set([...before, ...traces]));
      toast(text, () => {
        if (pending.current !== mine) return;
        clearTimeout(timer);
        pending.current = undefined;
        setDecided((before) => new Set([...before].filter((id) => !traces.includes(id))));
        taken?.();
      });
    },
    [send],
  );
  return { decide, decided };
}
