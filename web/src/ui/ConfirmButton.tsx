import { useEffect, useState } from "react";

const ASK_SECS = 5;

/** A button for what nothing can undo: the first press asks, the second acts. It asks for five seconds. */
export function ConfirmButton({
  text,
  question,
  act,
  className = "btn btn-sm btn-bad",
  isBusy = false,
}: {
  text: string;
  /** What the button says once it was pressed: "Delete for good". */
  question: string;
  act: () => unknown;
  className?: string;
  isBusy?: boolean;
}) {
  const [asks, setAsks] = useState(false);
  useEffect(() => {
    if (!asks) return;
    const timer = setTimeout(() => setAsks(false), ASK_SECS * 1000);
    return () => clearTimeout(timer);
  }, [asks]);
  return (
    <button
      className={`${className}${isBusy ? " is-busy" : ""}`}
      type="button"
      aria-live="polite"
      disabled={isBusy}
      onClick={() => (asks ? void act() : setAsks(true))}
    >
      {asks ? question : text}
    </button>
  );
}
