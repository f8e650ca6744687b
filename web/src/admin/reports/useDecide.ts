/** Decisions, each said in a toast by which it is taken back. */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { toast, toastProblem } from "../../ui/toasts";
import { type Case, decideOne, keyOf, MODERATION, type NewVerdict, undoVerdict } from "../moderation";
import { useWords } from "../words";

/** So long after the last decision the queue is asked again: not after each one of a row of them. */
const ASK_AGAIN_MS = 1_500;

/** Some decisions about one case. */
export interface Decided {
  /** What the toast says. */
  text: string;
  verdicts: NewVerdict[];
  /** What is taken back before: the verdict that an appeal is against. */
  undone?: string;
  /** Whether the case waits on. */
  stays?: boolean;
}

/** Decides about a case; `back` is called when it is taken back. */
export type Decide = (about: Case, decided: Decided, back?: () => void) => void;

/** Decides about cases. `decided` has the keys of those that leave the queue with it, before the server has answered. */
export function useDecide() {
  const queries = useQueryClient();
  const t = useWords();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());

  const askAgain = useCallback(
    (later: boolean) => {
      clearTimeout(timer.current);
      const ask = async () => {
        await queries.invalidateQueries({ queryKey: [MODERATION] });
        setDecided(new Set());
      };
      timer.current = setTimeout(() => void ask(), later ? ASK_AGAIN_MS : 0);
    },
    [queries],
  );
  useEffect(() => () => clearTimeout(timer.current), []);

  const bringBack = useCallback((key: string) => setDecided((before) => new Set([...before].filter((one) => one !== key))), []);

  const decide: Decide = useCallback(
    (about, { text, verdicts, undone, stays = false }, back) => {
      const key = keyOf(about);
      if (!stays) setDecided((before) => new Set([...before, key]));
      clearTimeout(timer.current);
      const sent = send(verdicts, undone);
      toast(
        text,
        undone
          ? undefined
          : async () => {
              const { made } = await sent;
              for (const id of made.toReversed()) await undoVerdict(id);
              bringBack(key);
              back?.();
              askAgain(false);
            },
      );
      void sent.then(
        ({ refused }) => {
          if (refused) {
            bringBack(key);
            toast(t.refused[refused] ?? refused);
          }
          askAgain(true);
        },
        (error: unknown) => {
          bringBack(key);
          toastProblem(error);
        },
      );
    },
    [askAgain, bringBack, t],
  );
  return { decide, decided };
}

/** Sends them one after the other; gives the verdicts, and why the first was refused if it was. */
async function send(verdicts: NewVerdict[], undone: string | undefined): Promise<{ made: string[]; refused: string | undefined }> {
  const made: string[] = [];
  if (undone) await undoVerdict(undone);
  for (const verdict of verdicts) {
    const { verdict_id, code } = await decideOne(verdict);
    if (code) return { made, refused: code };
    if (verdict_id) made.push(verdict_id);
  }
  return { made, refused: undefined };
}
