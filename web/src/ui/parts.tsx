/** Small parts that many pages show: what is empty, what comes, what failed. */

import { useId } from "react";

import { Icon } from "./Icon";
import { problemText } from "./toasts";
import { useCommon } from "./words";

/** A place with nothing in it yet: one sentence and perhaps one button. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: React.ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 80 64" aria-hidden="true">
        <path className="empty-base" d="M14 60c-5-9 1-15 14-16 16-1 30-1 36 4 4 3 4 8 1 12z" />
        <path
          className="empty-next"
          d="M25 42c-3-7 1-11 11-12 11-1 20 0 22 4 2 3 1 6-1 8zM33 28c-2-6 2-9 9-9s11 2 11 5c0 2-1 3-2 4z"
        />
        <circle className="empty-light" cx="43" cy="9" r="4" />
      </svg>
      <h3>{title}</h3>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}

/** Fog over the shape of what comes; it appears after 300 ms. */
export function Loading({ lines = 3 }: { lines?: number }) {
  const common = useCommon();
  return (
    <div className="stack-2 loading" aria-busy="true">
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className={`sk ${["w-70", "w-90", "w-50"][i % 3]}`} />
      ))}
      <span className="vh">{common.loading}</span>
    </div>
  );
}

/** A part that failed answers for itself: what happened, and the way to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const common = useCommon();
  return (
    <div className="note note-bad" role="alert">
      <Icon name="warn" />
      <span>{problemText(error)}</span>
      {retry && (
        <button className="btn btn-sm" type="button" onClick={() => void retry()}>
          {common.tryAgain}
        </button>
      )}
    </div>
  );
}

/** A query's answer once it is there; until then fog, or what failed. */
export function Answer<T>({
  query,
  lines,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  lines?: number;
  children: (data: T) => React.ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={query.refetch} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}

/** A labelled field: the label, the control, what helps, and what is wrong. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: React.ReactNode;
  error?: string | undefined;
  children: (ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean }) => React.ReactNode;
}) {
  const id = useId();
  const [hintId, errorId] = [`${id}-hint`, `${id}-error`];
  const describedBy = [hint && hintId, error && errorId].filter(Boolean).join(" ") || undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error !== undefined })}
      {hint && (
        <span className="hint" id={hintId}>
          {hint}
        </span>
      )}
      {error && (
        <span className="err" id={errorId} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
