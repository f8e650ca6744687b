import { useWords } from "./words";

/** The steps from nothing to a first trace. */
export const steps = ["studio", "game", "key", "snippet", "trace"] as const;

/** A step of the way. */
export type Step = (typeof steps)[number];

/** The way from nothing to a first trace, with what is done and what is next. `notes` say what a step has become. */
export function FirstRunTrail({ at, notes = {} }: { at: Step | "done"; notes?: Partial<Record<Step, string>> }) {
  const t = useWords();
  const here = at === "done" ? steps.length : steps.indexOf(at);
  return (
    <ol className="trail">
      {steps.map((step, i) => (
        <li key={step} className={i < here ? "is-done" : i === here ? "is-lit" : "is-next"} aria-current={i === here ? "step" : undefined}>
          <b className="b">{t.steps[step]}</b>
          <p className={`sm ${i > here ? "ink3" : "ink2"}`}>{notes[step] ?? t.stepHints[step]}</p>
        </li>
      ))}
    </ol>
  );
}
