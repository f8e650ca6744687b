import { KindSign } from "../kinds";
import { useSpeech } from "../../words";
import { useWords as useStudioWords } from "../words";
import styles from "./GhostsPage.module.css";
import type { Spot, Vec } from "./runs";
import { useWords } from "./words";

const SHOWN = 6;

/** Where several stop or die. */
export function Findings({ spots, deaths, runs, onLook }: { spots: Spot[]; deaths: number; runs: number; onLook: (at: Vec) => void }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const at = ([x, , z]: Vec) => `${s.number(Math.round(x))}, ${s.number(Math.round(z))}`;
  return (
    <section className={styles["find"]} aria-label={t.where}>
      <h2>{t.where}</h2>
      {spots.length === 0 && <p className="sm ink2">{t.nowhere}</p>}
      <ul>
        {spots.slice(0, SHOWN).map((spot) => (
          <li key={`${spot.kind} ${spot.at.join(" ")}`}>
            <button type="button" onClick={() => onLook(spot.at)}>
              {spot.kind === "death" ? <KindSign kind="bloodstain" named /> : <span className={styles["ring"]} aria-hidden="true" />}
              <span className="trunc">
                {spot.kind === "death" ? t.diedAt(spot.cause || studioWords.kinds.bloodstain.one, at(spot.at)) : t.stopsAt(studioWords.seconds(Math.round(spot.secs)), at(spot.at))}
              </span>
              <span className="num">{t.ofRuns(spot.count, spot.kind === "death" ? deaths : runs)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
