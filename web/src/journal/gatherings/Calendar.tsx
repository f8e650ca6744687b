import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { Icon } from "../../ui/Icon";
import { useSpeech } from "../../words";
import { isOver } from "./GatheringRow";
import styles from "./Gatherings.module.css";
import type { Challenge } from "./queries";
import { useWords } from "./words";

const DAYS = 7;

const isSameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();

/** The weeks of a month from Monday, with the days of its neighbours that fill them. */
function weeksOf(month: Date): Date[][] {
  const first = new Date(month.getFullYear(), month.getMonth(), 1);
  const start = new Date(first);
  start.setDate(1 - ((first.getDay() + 6) % DAYS));
  const weeks: Date[][] = [];
  for (let week = 0; week < 6; week++) {
    const days = Array.from({ length: DAYS }, (_, i) => new Date(start.getFullYear(), start.getMonth(), start.getDate() + week * DAYS + i));
    if (week > 3 && days.every((day) => day.getMonth() !== month.getMonth())) break;
    weeks.push(days);
  }
  return weeks;
}

/** Gatherings on the days of a month, in the time of this device; it opens where the next one is. */
export function Calendar({ challenges }: { challenges: Challenge[] }) {
  const t = useWords();
  const s = useSpeech();
  const next = challenges.find((challenge) => !isOver(challenge));
  const [month, setMonth] = useState(() => new Date(next?.starts_at ?? Date.now()));
  const turn = (by: number) => setMonth(new Date(month.getFullYear(), month.getMonth() + by, 1));
  return (
    <section aria-label={s.month(month)}>
      <div className={styles["calhead"]}>
        <h2 aria-live="polite">{s.month(month)}</h2>
        <button className="btn btn-sm" type="button" onClick={() => setMonth(new Date())}>
          {t.today}
        </button>
        <button className="btn btn-sm btn-icon" type="button" aria-label={t.previous} onClick={() => turn(-1)}>
          <Icon name="back" />
        </button>
        <button className="btn btn-sm btn-icon" type="button" aria-label={t.next} onClick={() => turn(1)}>
          <Icon name="step" />
        </button>
      </div>
      <table className={styles["cal"]}>
        <thead>
          <tr>
            {s.weekdays.map(({ long, short }) => (
              <th key={long} scope="col" abbr={long}>
                {short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((days) => (
            <tr key={days[0]?.toISOString()}>
              {days.map((day) => (
                <Day key={day.toISOString()} day={day} month={month} challenges={challenges} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Day({ day, month, challenges }: { day: Date; month: Date; challenges: Challenge[] }) {
  const t = useWords();
  const s = useSpeech();
  const here = challenges.filter(({ starts_at }) => isSameDay(new Date(starts_at), day));
  return (
    <td data-other={day.getMonth() === month.getMonth() ? undefined : ""} data-today={isSameDay(day, new Date()) ? "" : undefined}>
      <span className={styles["num"]} aria-hidden="true">
        {day.getDate()}
      </span>
      <span className="vh">{here.length > 0 ? t.on(s.date(day), here.length) : s.date(day)}</span>
      {here.map((challenge) => (
        <Link
          key={challenge.id}
          to="/journal/gatherings/$challengeId"
          params={{ challengeId: challenge.id }}
          data-mine={challenge.hosting ? "" : undefined}
          data-over={isOver(challenge) ? "" : undefined}
          title={challenge.game?.name}
        >
          {s.clock(challenge.starts_at)} {challenge.game?.name ?? t.title}
        </Link>
      ))}
    </td>
  );
}
