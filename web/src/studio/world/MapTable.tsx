import { useSpeech } from "../../words";
import { KindSign } from "../kinds";
import { useWords as useStudioWords } from "../words";
import { fullest, type MapPoint, pointsOf, type ScopeMap } from "./map";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

const CELLS = 40;
const POINTS = 200;

/** A map as a table: its fullest cells, and its traces where they are named. */
export function MapTable({ map, chosen, onChoose }: { map: ScopeMap; chosen: string | undefined; onChoose: (point: MapPoint) => void }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const cells = fullest(map);
  const points = pointsOf(map)?.slice(0, POINTS);
  const at = (value: number) => s.number(Math.round(value * 10) / 10);
  return (
    <div className={styles["tables"]} tabIndex={0} role="region" aria-label={t.table}>
      <table>
        <caption>{t.cellTable(Math.min(CELLS, cells.length), cells.length)}</caption>
        <thead>
          <tr>
            <th scope="col">{t.where}</th>
            <th scope="col" className="n">
              {t.traces}
            </th>
            <th scope="col" className="n">
              {t.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {cells.slice(0, CELLS).map(({ middle: [x, y], count }) => (
            <tr key={`${x} ${y}`}>
              <th scope="row" className="mono">
                {at(x)}, {at(y)}
              </th>
              <td className="n">{s.number(count)}</td>
              <td className="n">{s.percent(count / Math.max(1, map.total))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {points && (
        <table>
          <caption>{t.pointTable}</caption>
          <tbody>
            {points.map((point) => (
              <tr key={point.id} aria-selected={point.id === chosen}>
                <td>
                  <button className="link-btn" type="button" onClick={() => onChoose(point)}>
                    <KindSign kind={point.kind} /> {studioWords.kinds[point.kind].one} {point.id}
                  </button>
                </td>
                <td className="mono n">
                  {at(point.at[0])}, {at(point.at[1])}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
