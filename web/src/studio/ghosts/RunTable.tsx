import { useSpeech } from "../../words";
import { useWords as useStudioWords } from "../words";
import styles from "./GhostsPage.module.css";
import type { Lane } from "./Lanes";
import { frame } from "./runs";
import { useWords } from "./words";

/** The same runs as a table. */
export function RunTable({ lanes }: { lanes: Lane[] }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const at = (value: number) => s.number(Math.round(value));
  return (
    <div className={styles["table"]} tabIndex={0} role="region" aria-label={t.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.who}</th>
            <th scope="col" className="n">
              {t.length}
            </th>
            <th scope="col" className="n">
              {t.way}
            </th>
            <th scope="col">{t.stops}</th>
            <th scope="col">{t.end}</th>
            <th scope="col">{t.lastAt}</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map(({ id, name, length, outcome, run }) => {
            const last = run && frame(run.places, run.times.length - 1);
            return (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td className="n mono">{length}</td>
                <td className="n">{run ? s.number(Math.round(run.lengths.at(-1) ?? 0)) : "–"}</td>
                <td>{run ? run.stops.map((stop) => studioWords.seconds(Math.round((stop.toMs - stop.fromMs) / 1000))).join(", ") || "–" : "–"}</td>
                <td>{outcome.text}</td>
                <td className="mono">{last ? last.map(at).join(", ") : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
