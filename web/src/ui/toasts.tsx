/** What has just happened, said at the bottom of the page, with its undo for ten seconds. */

import { useEffect, useSyncExternalStore } from "react";

import { asProblem } from "../api/problem";
import type { Words } from "../words";
import { useCommon } from "./words";

/** How long a toast with an undo stays, in seconds; another one stays half as long. */
const UNDO_SECS = 10;

interface Toast {
  id: number;
  text: string;
  undo: (() => unknown) | undefined;
  isBad: boolean;
}

let shown: Toast | undefined;
let lastId = 0;
const listeners = new Set<() => void>();

function show(toast: Toast | undefined) {
  shown = toast;
  for (const listener of listeners) listener();
}

/** Says what has happened; `undo` takes it back. */
export function toast(text: string, undo?: () => unknown) {
  show({ id: ++lastId, text, undo, isBad: false });
}

/** Says what went wrong. */
export function toastProblem(error: unknown) {
  show({ id: ++lastId, text: problemText(error), undo: undefined, isBad: true });
}

const explained: Words<Record<string, string>>[] = [];

/** Gives the words for refusals of a section, by their codes: `explain(words(() => ({ wrong_password: "…" }), …))`. */
export function explain(texts: Words<Record<string, string>>) {
  explained.push(texts);
}

/** A refusal with that code in the reader's words, if a section has some for it. */
export function codeText(code: string): string | undefined {
  return explained.map((texts) => texts.now()[code]).find((text) => text !== undefined);
}

/** A problem in the reader's words where we have them, else in the server's. */
export function problemText(error: unknown): string {
  const problem = asProblem(error);
  const common = useCommon.now();
  if (problem.status === 0) return common.away;
  const text = codeText(problem.code);
  if (text) return text;
  if (problem.status === 429) return common.tooMany(Math.max(1, problem.retryAfter));
  return problem.message || common.failed;
}

/** Takes back what the shown toast tells of. */
export async function undoShown() {
  const undo = shown?.undo;
  show(undefined);
  try {
    await undo?.();
  } catch (error) {
    toastProblem(error);
  }
}

/** Where toasts appear: once, in the shell. */
export function Toasts() {
  const common = useCommon();
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  useEffect(() => {
    if (!current) return;
    const secs = current.undo || current.isBad ? UNDO_SECS : UNDO_SECS / 2;
    const timer = setTimeout(() => shown === current && show(undefined), secs * 1000);
    return () => clearTimeout(timer);
  }, [current]);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {current && (
        <div className="toast" key={current.id}>
          <span>{current.text}</span>
          {current.undo && (
            <button className="btn btn-sm" type="button" onClick={() => void undoShown()}>
              {common.undo}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
