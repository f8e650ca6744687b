/** What was reported since the page was opened. */

const reported = new Set<string>();
const listeners = new Set<() => void>();

/** Remembers that something was reported. */
export function noteReported(kind: string, id: string) {
  reported.add(`${kind} ${id}`);
  for (const listener of listeners) listener();
}

/** Whether something was reported. */
export function isReported(kind: string, id: string): boolean {
  return reported.has(`${kind} ${id}`);
}

/** Calls back when something is reported, until the answer is called. */
export function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
