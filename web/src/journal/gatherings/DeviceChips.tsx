import { platformName } from "../../ui/games";
import styles from "./Gatherings.module.css";

const MOST = 10;

/** Which devices somebody brings: each on or off. */
export function DeviceChips({
  label,
  offered,
  value,
  change,
  error,
}: {
  label: string;
  offered: string[];
  value: string[];
  change: (value: string[]) => void;
  error?: string | undefined;
}) {
  const all = [...new Set([...value, ...offered])];
  if (all.length === 0) return null;
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className={styles["chips"]} role="group" aria-label={label}>
        {all.map((device) => {
          const isOn = value.includes(device);
          return (
            <button
              key={device}
              className="chip"
              type="button"
              aria-pressed={isOn}
              disabled={!isOn && value.length >= MOST}
              onClick={() => change(isOn ? value.filter((other) => other !== device) : [...value, device])}
            >
              {platformName(device)}
            </button>
          );
        })}
      </div>
      {error && (
        <span className="err" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
