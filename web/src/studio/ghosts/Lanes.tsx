import { memo } from "react";

import { KindSign } from "../kinds";
import styles from "./GhostsPage.module.css";
import type { Run } from "./runs";
import { useWords } from "./words";

/** A run as a lane of the timeline. */
export interface Lane {
  run: Run | undefined;
  id: string;
  name: string;
  length: string;
  outcome: { text: string; isDeath: boolean };
  isOn: boolean;
  isFollowed: boolean;
}

/** Runs under each other in time, with where each stopped and how it ended. */
export function Lanes({
  lanes,
  durationMs,
  ms,
  onToggle,
  onFollow,
}: {
  lanes: Lane[];
  durationMs: number;
  ms: number;
  onToggle: (id: string) => void;
  onFollow: (id: string) => void;
}) {
  return (
    <div className={styles["lanes"]}>
      {lanes.map((lane) => (
        <LaneRow key={lane.id} lane={lane} durationMs={durationMs} onToggle={onToggle} onFollow={onFollow} />
      ))}
      <div className={styles["headBox"]} aria-hidden="true">
        <span className={styles["head"]} style={{ left: `${durationMs > 0 ? (ms / durationMs) * 100 : 0}%` }} />
      </div>
    </div>
  );
}

const LaneRow = memo(function LaneRow({
  lane,
  durationMs,
  onToggle,
  onFollow,
}: {
  lane: Lane;
  durationMs: number;
  onToggle: (id: string) => void;
  onFollow: (id: string) => void;
}) {
  const t = useWords();
  const { run, name, isFollowed } = lane;
  const at = (time: number) => (durationMs > 0 ? (time / durationMs) * 600 : 0);
  return (
    <div className={`${styles["lane"]} ${isFollowed ? styles["isSel"] : ""}`}>
      <span className={styles["laneName"]}>
        <label className="check">
          <input type="checkbox" checked={lane.isOn} aria-label={t.show(name)} onChange={() => onToggle(lane.id)} />
        </label>
        <button type="button" aria-pressed={isFollowed} onClick={() => onFollow(lane.id)}>
          <span className="vh">{t.follow}: </span>
          <span className="trunc">{name}</span> <span className="ink3 num">{lane.length}</span>
        </button>
      </span>
      <svg viewBox="0 0 600 18" preserveAspectRatio="none" aria-hidden="true">
        <path className={styles["railL"]} d="M0 9h600" />
        {run && lane.isOn && (
          <>
            <path className={styles[isFollowed ? "own" : "oth"]} d={`M0 9h${at(run.durationMs)}`} />
            {run.stops.map((stop) => (
              <rect key={stop.fromMs} className={styles["stop"]} x={at(stop.fromMs)} y="5" width={Math.max(5, at(stop.toMs - stop.fromMs))} height="8" rx="3" />
            ))}
            <path className={styles[lane.outcome.isDeath ? "dead" : isFollowed ? "own" : "oth"]} d={lane.outcome.isDeath ? `M${at(run.durationMs) - 4} 4l8 10m0-10l-8 10` : `M${at(run.durationMs)} 3v12`} />
          </>
        )}
      </svg>
      <span className="xs ink2">
        {lane.outcome.isDeath && <KindSign kind="bloodstain" />} {lane.outcome.text}
      </span>
    </div>
  );
});
