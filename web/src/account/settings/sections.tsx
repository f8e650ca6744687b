/** The parts of which the sections of the account are made. */

import type { IconName } from "../../ui/Icon";
import styles from "./AccountPage.module.css";
import { useQuick } from "./useQuick";

/** The sections, in the order of the list beside them. */
export const sections = [
  { id: "profile", icon: "people" },
  { id: "preferences", icon: "theme" },
  { id: "privacy", icon: "eye" },
  { id: "notices", icon: "bell" },
  { id: "sign-in", icon: "lock" },
  { id: "programs", icon: "layers" },
  { id: "players", icon: "pad" },
  { id: "data", icon: "get" },
] as const satisfies readonly { id: string; icon: IconName }[];

/** The name of a section in its address. */
export type SectionId = (typeof sections)[number]["id"];

/** A section: its heading, what it is about, and its parts. */
export function Section({ title, lead, children }: { title: string; lead?: string; children: React.ReactNode }) {
  return (
    <section className={styles["section"]} aria-label={title}>
      <header>
        <h1>{title}</h1>
        {lead && <p className={styles["lead"]}>{lead}</p>}
      </header>
      {children}
    </section>
  );
}

/** A part of a section, under a line. */
export function Part({ title, lead, children }: { title: string; lead?: React.ReactNode; children?: React.ReactNode }) {
  return (
    <section className={styles["part"]} aria-label={title}>
      <h2>{title}</h2>
      {lead && <p className={styles["lead"]}>{lead}</p>}
      {children}
    </section>
  );
}

/** One of several ways, each with a sentence that says what it means. */
export function Choices<T extends string>({
  name,
  legend,
  value,
  options,
  choose,
}: {
  name: string;
  legend: string;
  value: T;
  options: { value: T; text: string; hint?: string }[];
  choose: (value: T) => void;
}) {
  const [shown, show] = useQuick(value);
  return (
    <fieldset className="field">
      <legend className="label sm b">{legend}</legend>
      <div className={styles["choices"]}>
        {options.map((option) => (
          <label key={option.value} className={`check ${styles["choice"]}`}>
            <input
              type="radio"
              name={name}
              checked={option.value === shown}
              onChange={() => (show(option.value), choose(option.value))}
            />
            <span>{option.text}</span>
            {option.hint && <span className="hint">{option.hint}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A check box, or with `isSwitch` a switch, that shows at once what was pressed. */
export function Toggle({
  isOn,
  turn,
  label,
  isSwitch = false,
  children,
}: {
  isOn: boolean;
  turn: (on: boolean) => void;
  /** Its name, where no text stands beside it. */
  label?: string;
  isSwitch?: boolean;
  children?: React.ReactNode;
}) {
  const [shown, show] = useQuick(isOn);
  return (
    <label className={`check${isSwitch ? " switch" : ""}`}>
      <input
        type="checkbox"
        checked={shown}
        aria-label={label}
        onChange={({ target }) => {
          show(target.checked);
          turn(target.checked);
        }}
      />
      {children}
    </label>
  );
}
