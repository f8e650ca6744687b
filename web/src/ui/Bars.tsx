import { useId } from "react";

import style from "./Bars.module.css";
import { useCommon } from "./words";

/** One bar: its name, its size, and how the size is said. */
export interface Bar {
  id: string;
  name: string;
  /** The name where there is little room: under a column. */
  short?: string;
  sign?: React.ReactNode;
  value: number;
  said: string;
}

/**
 * Amounts as bars, each with its name and figure in words beside it. A sentence says what there is to see, and a table says the same;
 * `columns` are the table's headings.
 */
export function Bars({ title, sentence, bars, columns }: { title: string; sentence: string; bars: Bar[]; columns: [string, string] }) {
  const heading = useId();
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <figure className={style["figure"]} aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <figcaption>{sentence}</figcaption>
      <ul className={style["bars"]} aria-hidden="true">
        {bars.map(({ id, name, sign, value, said }) => (
          <li key={id}>
            <span className={style["name"]}>
              {sign}
              <span className="trunc">{name}</span>
            </span>
            <span className={style["track"]}>
              <span className={style["bar"]} style={{ width: `${(value / most) * 100}%` }} />
            </span>
            <span className={style["said"]}>{said}</span>
          </li>
        ))}
      </ul>
      <AsTable bars={bars} columns={columns} />
    </figure>
  );
}

const HEIGHT = 120;
const STEP = 26;

/** A series in time as columns, the oldest first; what Bars is for names. */
export function Columns({ title, sentence, bars, columns }: { title: string; sentence: string; bars: Bar[]; columns: [string, string] }) {
  const heading = useId();
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const width = Math.max(bars.length, 4) * STEP;
  return (
    <figure className={style["figure"]} aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <figcaption>{sentence}</figcaption>
      <div className={style["scroll"]} tabIndex={0} role="group" aria-label={title}>
        <svg className={style["columns"]} viewBox={`0 0 ${width} ${HEIGHT + 34}`} style={{ width: `${width / 14}rem` }} aria-hidden="true">
          {bars.map(({ id, name, short, value, said }, i) => {
            const height = Math.round((value / most) * HEIGHT);
            return (
              <g key={id} transform={`translate(${i * STEP} 0)`}>
                <rect x="4" y={HEIGHT - height + 16} width={STEP - 8} height={height} rx="3" />
                {value > 0 && (
                  <text x={STEP / 2} y={HEIGHT - height + 11}>
                    {said}
                  </text>
                )}
                <text className={style["at"]} x={STEP / 2} y={HEIGHT + 30}>
                  {short ?? name}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      <AsTable bars={bars} columns={columns} />
    </figure>
  );
}

function AsTable({ bars, columns: [first, second] }: { bars: Bar[]; columns: [string, string] }) {
  const common = useCommon();
  return (
    <details className={`fold ${style["table"]}`}>
      <summary>{common.asTable}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col" className="n">
              {second}
            </th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ id, name, said }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td className="n">{said}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
