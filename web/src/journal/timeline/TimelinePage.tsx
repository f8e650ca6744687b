import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import { api, ok, type Schema } from "../../api/client";
import { Answer, Empty } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { useSpeech } from "../../words";
import { wholeLibraryQuery } from "../library/whole";
import { byMonth, type Event, eventsOf, FINISHED } from "./events";
import { MonthItem } from "./MonthItem";
import { readYear } from "./search";
import style from "./TimelinePage.module.css";
import { useWords } from "./words";
import { YearPicture } from "./YearPicture";

const PAGE = 50;

/** What happened, year by year: games begun and finished, states, thoughts. */
export function TimelinePage() {
  const t = useWords();
  useTitle(t.title);
  const library = useQuery(wholeLibraryQuery);
  const thoughts = useThoughts();
  const events = useMemo(
    () => (library.data && thoughts.data ? eventsOf(library.data, thoughts.data.pages.flatMap(({ items }) => items)) : undefined),
    [library.data, thoughts.data],
  );
  return (
    <>
      <div className="h-row">
        <h1>{t.title}</h1>
      </div>
      <Answer query={library} lines={6}>
        {() => (
          <Answer query={thoughts} lines={6}>
            {() => (events && events.length > 0 ? <Years events={events} /> : <Nothing />)}
          </Answer>
        )}
      </Answer>
      {thoughts.hasNextPage && (
        <button className="btn btn-quiet btn-sm" type="button" onClick={() => void thoughts.fetchNextPage()}>
          {t.older}
        </button>
      )}
    </>
  );
}

function useThoughts() {
  return useInfiniteQuery({
    queryKey: ["thoughts", "own"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }): Promise<Schema<"ThoughtPage">> =>
      ok(api.GET("/api/thoughts", { params: { query: { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } } })),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
}

function Nothing() {
  const t = useWords();
  return (
    <Empty title={t.empty} text={t.emptyText}>
      <Link className="btn" to="/journal/library">
        {t.openLibrary}
      </Link>
    </Empty>
  );
}

function Years({ events }: { events: Event[] }) {
  const t = useWords();
  const speech = useSpeech();
  const years = [...new Set(events.map(({ at }) => at.slice(0, 4)))];
  const { year = years[0] ?? "" } = readYear(useSearch({ strict: false }));
  const ofYear = events.filter(({ at }) => at.startsWith(year));
  const finished = (year: string) => events.filter(({ at, deed }) => at.startsWith(year) && FINISHED.includes(deed)).length;
  return (
    <>
      <nav className={style["years"]} aria-label={t.year}>
        {years.map((one) => (
          <Link
            key={one}
            className="chip"
            to="/journal/timeline"
            search={{ year: one }}
            activeProps={{}}
            aria-current={one === year ? "page" : undefined}
          >
            {one} <span className="num">{finished(one) > 0 && speech.number(finished(one))}</span>
          </Link>
        ))}
      </nav>
      <div className={style["cols"]}>
        <div className="stack-8">
          {ofYear.length === 0 && <p className="ink2">{t.nothingIn(year)}</p>}
          {byMonth(ofYear).map((month) => (
            <MonthItem key={month.at} month={month} />
          ))}
        </div>
        <YearPicture year={year} events={ofYear} />
      </div>
    </>
  );
}
