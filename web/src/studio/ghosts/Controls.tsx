import { Icon } from "../../ui/Icon";
import { useKeys } from "../../ui/keys";
import { useSpeech } from "../../words";
import styles from "./GhostsPage.module.css";
import { clock } from "./time";
import { speeds, type usePlayer } from "./usePlayer";
import { useWords } from "./words";

/** What of runs is shown beside the ghosts. */
export interface Shows {
  paths: boolean;
  deaths: boolean;
}

const JUMP_MS = 5000;

/** Plays, stops, seeks; how fast, and what is shown. */
export function Controls({
  player,
  durationMs,
  shows,
  onShows,
  frameMs,
}: {
  player: ReturnType<typeof usePlayer>;
  durationMs: number;
  shows: Shows;
  onShows: (shows: Shows) => void;
  frameMs: number;
}) {
  const t = useWords();
  const s = useSpeech();
  const { ms, isPlaying, speed, setSpeed, seek, toggle } = player;
  useKeys({
    " ": toggle,
    ",": () => seek(ms - frameMs),
    ".": () => seek(ms + frameMs),
    j: () => seek(ms - JUMP_MS),
    l: () => seek(ms + JUMP_MS),
  });
  const nameOf = (each: number) => (each < 1 ? `¼×` : `${s.number(each)}×`);
  return (
    <>
      <div className={styles["ctl"]}>
        <button className="btn btn-icon" type="button" aria-label={t.toStart} onClick={() => seek(0)}>
          <Icon name="back" />
        </button>
        <button className="btn btn-icon btn-lit" type="button" aria-label={isPlaying ? t.pause : t.play} onClick={toggle}>
          <Icon name={isPlaying ? "pause" : "play"} />
        </button>
        <button className="btn btn-icon" type="button" aria-label={t.toEnd} onClick={() => seek(durationMs)}>
          <Icon name="step" />
        </button>
        <span className={styles["clock"]}>
          {clock(ms, true)} <span className="ink3">/ {clock(durationMs)}</span>
        </span>
        <span className="group" role="group" aria-label={t.speed}>
          {speeds.map((each) => (
            <button key={each} className="btn btn-sm" type="button" aria-pressed={speed === each} onClick={() => setSpeed(each)}>
              {nameOf(each)}
            </button>
          ))}
        </span>
        {(["paths", "deaths"] as const).map((what) => (
          <label key={what} className="check switch sm">
            <input type="checkbox" checked={shows[what]} onChange={(event) => onShows({ ...shows, [what]: event.target.checked })} />
            {t[what]}
          </label>
        ))}
        <span className={`end row xs ink3 ${styles["hints"]}`}>
          <kbd>␣</kbd> {t.play} <kbd>,</kbd>
          <kbd>.</kbd> {t.frame} <kbd>J</kbd>
          <kbd>L</kbd> {t.seconds5}
        </span>
      </div>
      <div className={styles["scrub"]}>
        <input
          type="range"
          min={0}
          max={Math.max(1, durationMs)}
          step={10}
          value={ms}
          aria-label={t.time}
          aria-valuetext={clock(ms)}
          onChange={(event) => seek(event.target.valueAsNumber)}
        />
      </div>
    </>
  );
}
