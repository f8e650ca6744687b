import { useQuery } from "@tanstack/react-query";

import { StateSign } from "../../ui/Cairn";
import { platformName, useGenreName } from "../../ui/games";
import { Answer, Empty } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import styles from "./PersonPage.module.css";
import { statisticsQuery } from "./queries";
import { useWords } from "./words";

/** What their library comes to, by state, genre and platform. */
export function TheirStatistics({ username }: { username: string }) {
  const t = useWords();
  const common = useCommon();
  const genreName = useGenreName();
  const statistics = useQuery(statisticsQuery(username));
  return (
    <Answer query={statistics} lines={6}>
      {({ entries, states, genres, platforms }) =>
        entries === 0 ? (
          <Empty title={t.noStatistics} />
        ) : (
          <div className={styles["tables"]}>
            <Table
              title={t.byState}
              columns={[t.state, t.gamesColumn, t.timeColumn]}
              rows={states
                .filter(({ entries }) => entries > 0)
                .map(({ state, entries, minutes }) => ({
                  name: common.states[state],
                  sign: <StateSign state={state} />,
                  count: entries,
                  minutes,
                }))}
            />
            <Table
              title={t.byGenre}
              columns={[t.genre, t.gamesColumn, t.timeColumn]}
              rows={genres.map(({ genre, entries, minutes }) => ({ name: genreName(genre), count: entries, minutes }))}
            />
            <Table
              title={t.byPlatform}
              columns={[t.platform, t.runs, t.timeColumn]}
              rows={platforms.map(({ platform, playthroughs, minutes }) => ({ name: platformName(platform), count: playthroughs, minutes }))}
            />
          </div>
        )
      }
    </Answer>
  );
}

interface Row {
  name: string;
  sign?: React.ReactNode;
  count: number;
  minutes: number;
}

function Table({ title, columns, rows }: { title: string; columns: [string, string, string]; rows: Row[] }) {
  const s = useSpeech();
  if (rows.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns[0]}</th>
            <th scope="col" className="n">
              {columns[1]}
            </th>
            <th scope="col" className="n">
              {columns[2]}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, sign, count, minutes }) => (
            <tr key={name}>
              <td>
                <span className="row">
                  {sign}
                  {name}
                </span>
              </td>
              <td className="n">{s.number(count)}</td>
              <td className="n">{s.minutes(minutes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
