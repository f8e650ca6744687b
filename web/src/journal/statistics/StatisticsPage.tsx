import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Schema } from "../../api/client";
import { type Bar, Bars, Columns } from "../../ui/Bars";
import { StateSign } from "../../ui/Cairn";
import { platformName, useGenreName } from "../../ui/games";
import { Answer, Empty } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { statisticsQuery } from "../library/queries";
import { type WholeEntry, wholeLibraryQuery } from "../library/whole";
import style from "./StatisticsPage.module.css";
import { useWords } from "./words";

const SHOWN = 10;
const BAND = 10;

/** What the library comes to, as pictures; each with a sentence and a table that say the same. */
export function StatisticsPage() {
  const t = useWords();
  useTitle(t.title);
  const statistics = useQuery(statisticsQuery);
  const library = useQuery(wholeLibraryQuery);
  return (
    <>
      <div className="h-row">
        <h1>{t.title}</h1>
      </div>
      <Answer query={statistics} lines={6}>
        {(statistics) =>
          statistics.entries === 0 ? (
            <Empty title={t.empty} text={t.emptyText}>
              <Link className="btn" to="/journal/library">
                {t.openLibrary}
              </Link>
            </Empty>
          ) : (
            <>
              <Sum statistics={statistics} />
              <div className={style["grid"]}>
                <States statistics={statistics} />
                <Genres statistics={statistics} />
                <Platforms statistics={statistics} />
                <Answer query={library}>{(entries) => <FromEntries entries={entries} />}</Answer>
              </div>
            </>
          )
        }
      </Answer>
    </>
  );
}

interface Given {
  statistics: Schema<"LibraryStatistics">;
}

function Sum({ statistics: { entries, completed, minutes, mean_score } }: Given) {
  const t = useWords();
  const speech = useSpeech();
  return (
    <p className={style["sum"]}>
      {t.sum(entries, completed, speech.minutes(minutes), mean_score === undefined ? undefined : speech.number(mean_score))}
    </p>
  );
}

function States({ statistics: { states, entries } }: Given) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const most = states.reduce((a, b) => (b.entries > a.entries ? b : a));
  return (
    <Bars
      title={t.states}
      sentence={t.statesSentence(common.states[most.state], most.entries / entries)}
      columns={[t.columns.state, t.columns.games]}
      bars={states.map(({ state, entries }) => ({
        id: state,
        name: common.states[state],
        sign: <StateSign state={state} />,
        value: entries,
        said: speech.number(entries),
      }))}
    />
  );
}

function Genres({ statistics: { genres } }: Given) {
  const t = useWords();
  const genreName = useGenreName();
  const bars = useTimes(genres.map(({ genre, minutes }) => [genreName(genre), minutes]));
  const [first] = bars;
  if (!first) return null;
  return <Bars title={t.genres} sentence={t.genresSentence(first.name, first.said)} columns={[t.columns.genre, t.columns.time]} bars={bars} />;
}

function Platforms({ statistics: { platforms } }: Given) {
  const t = useWords();
  const bars = useTimes(platforms.map(({ platform, minutes }) => [platformName(platform), minutes]));
  const [first] = bars;
  if (!first) return null;
  return (
    <Bars title={t.platforms} sentence={t.platformsSentence(first.name, first.said)} columns={[t.columns.platform, t.columns.time]} bars={bars} />
  );
}

/** Times as bars, the longest first. */
function useTimes(times: [name: string, minutes: number][]): Bar[] {
  const speech = useSpeech();
  return times
    .filter(([, minutes]) => minutes > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, minutes]) => ({ id: name, name, value: minutes, said: speech.minutes(minutes >= 600 ? Math.round(minutes / 60) * 60 : minutes) }));
}

function FromEntries({ entries }: { entries: WholeEntry[] }) {
  return (
    <>
      <Longest entries={entries} />
      <Years entries={entries} />
      <Scores entries={entries} />
    </>
  );
}

function Longest({ entries }: { entries: WholeEntry[] }) {
  const t = useWords();
  const bars = useTimes(entries.map(({ game, minutes }) => [game.name, minutes]));
  const [first] = bars;
  if (!first) return null;
  return <Bars title={t.longest} sentence={t.longestSentence(first.name, first.said)} columns={[t.columns.game, t.columns.time]} bars={bars} />;
}

function Years({ entries }: { entries: WholeEntry[] }) {
  const t = useWords();
  const speech = useSpeech();
  const counts = new Map<number, number>();
  for (const { playthroughs } of entries) {
    for (const { finished, grade } of playthroughs) {
      const year = Number(finished?.slice(0, 4));
      if (year && grade !== "abandoned") counts.set(year, (counts.get(year) ?? 0) + 1);
    }
  }
  if (counts.size === 0) return null;
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const most = years.reduce((a, b) => ((counts.get(b) ?? 0) > (counts.get(a) ?? 0) ? b : a));
  return (
    <Columns
      title={t.years}
      sentence={t.yearsSentence(counts.get(most) ?? 0, String(most))}
      columns={[t.columns.year, t.columns.games]}
      bars={years.map((year) => ({ id: String(year), name: String(year), value: counts.get(year) ?? 0, said: speech.number(counts.get(year) ?? 0) }))}
    />
  );
}

function Scores({ entries }: { entries: WholeEntry[] }) {
  const t = useWords();
  const speech = useSpeech();
  const scores = entries.flatMap(({ score }) => score ?? []);
  if (scores.length === 0) return null;
  const bands = Array.from({ length: 100 / BAND }, (_, i) => {
    const [from, to] = [i * BAND, i === 100 / BAND - 1 ? 100 : i * BAND + BAND - 1];
    return { from, to, count: scores.filter((score) => score >= from && score <= to).length };
  });
  const most = bands.reduce((a, b) => (b.count > a.count ? b : a));
  return (
    <Columns
      title={t.scores}
      sentence={t.scoresSentence(scores.length, `${most.from}–${most.to}`)}
      columns={[t.columns.rating, t.columns.games]}
      bars={bands.map(({ from, to, count }) => ({ id: String(from), name: `${from}–${to}`, short: String(from), value: count, said: speech.number(count) }))}
    />
  );
}
