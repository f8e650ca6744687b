import { useSpeech } from "../../words";
import { BEGUN, type Event, FINISHED } from "./events";
import style from "./TimelinePage.module.css";
import { useWords } from "./words";

const WIDTH = 24;
const STONE = 9;
const MOST_STONES = 12;

/** A year as twelve cairns: a stone for each game finished in the month. The sentence and the table say the same. */
export function YearPicture({ year, events }: { year: string; events: Event[] }) {
  const t = useWords();
  const speech = useSpeech();
  const finished = events.filter(({ deed }) => FINISHED.includes(deed));
  const months = Array.from({ length: 12 }, (_, i) => {
    const at = `${year}-${String(i + 1).padStart(2, "0")}`;
    return { at, name: speech.monthName(at), count: finished.filter((event) => event.at.startsWith(at)).length };
  });
  const best = finished.filter(({ score }) => score !== undefined).sort((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
  const longest = finished.filter(({ minutes }) => minutes).sort((a, b) => (b.minutes ?? 0) - (a.minutes ?? 0))[0];
  const written = events.filter(({ thought }) => thought).length;
  const begun = events.filter(({ deed }) => BEGUN.includes(deed)).length;
  return (
    <aside className={`card pad stack ${style["year"]}`}>
      <h2>{year}</h2>
      <p>
        {t.sentence(year, finished.length, begun, written)} {best?.score !== undefined && t.best(best.game.name, best.score)}{" "}
        {longest?.minutes && t.longest(longest.game.name, speech.minutes(longest.minutes))}
      </p>
      <Cairns counts={months.map(({ count }) => count)} letters={months.map(({ name }) => name.charAt(0).toLocaleUpperCase(speech.language))} />
      <details className="fold sm">
        <summary>{t.months}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.month}</th>
              <th scope="col" className="n">
                {t.finishedGames}
              </th>
            </tr>
          </thead>
          <tbody>
            {months.map(({ at, name, count }) => (
              <tr key={at}>
                <th scope="row">{name}</th>
                <td className="n">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </aside>
  );
}

function Cairns({ counts, letters }: { counts: number[]; letters: string[] }) {
  const most = Math.min(MOST_STONES, Math.max(3, ...counts));
  const height = most * STONE + 12;
  return (
    <svg className={style["cairns"]} viewBox={`0 0 ${WIDTH * 12} ${height + 16}`} aria-hidden="true">
      <path className={style["ground"]} d={`M0 ${height + 1.5}H${WIDTH * 12}`} />
      {counts.map((count, month) => (
        <g key={month} transform={`translate(${month * WIDTH + WIDTH / 2} ${height})`}>
          {Array.from({ length: Math.min(count, most) }, (_, i) => (
            <path key={i} d={stone(i, most)} />
          ))}
          {count > 0 && <circle cy={-Math.min(count, most) * STONE - 4} r="2.2" />}
          <text y="13">{letters[month]}</text>
        </g>
      ))}
    </svg>
  );
}

/** The stone at a place of a pile: the higher, the smaller, and no two alike beside each other. */
function stone(i: number, most: number): string {
  const half = 10 - (i / most) * 5 + (i % 2) * 0.8;
  const y = -i * STONE;
  return `M${-half} ${y}c${-1.5 + (i % 3) * 0.4} ${-4} ${half * 0.4} ${-7.4} ${half} ${-7.6 - (i % 2) * 0.5}s${half + 1} ${3} ${half} ${7.6 + (i % 2) * 0.5}z`;
}
