import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { Rating, type State, StateSign } from "../../ui/Cairn";
import { Cover } from "../../ui/Cover";
import { Empty, Failed, Loading } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import styles from "./PersonPage.module.css";
import { libraryQuery, statisticsQuery } from "./queries";
import { useWords } from "./words";

const order: readonly State[] = ["ongoing", "completed", "paused", "dropped", "wishlist"];

/** Their games as covers, by state. */
export function TheirLibrary({ username }: { username: string }) {
  const t = useWords();
  const s = useSpeech();
  const common = useCommon();
  const { state } = useSearch({ from: "/signed-in/journal-frame/journal/people/$username" });
  const { data: statistics } = useQuery(statisticsQuery(username));
  const library = useInfiniteQuery(libraryQuery(username, state));
  if (library.error && !library.data) return <Failed error={library.error} retry={library.refetch} />;
  if (!library.data) return <Loading lines={6} />;
  const entries = library.data.pages.flatMap(({ items }) => items);
  const count = (state: State) => statistics?.states.find((of) => of.state === state)?.entries ?? 0;
  if (entries.length === 0 && !state) return <Empty title={t.noLibrary} />;
  return (
    <>
      <div className={`row wrap ${styles["states"]}`}>
        {[undefined, ...order.filter((state) => count(state) > 0)].map((of) => (
          <Link
            key={of ?? "all"}
            className="chip"
            to="/journal/people/$username"
            params={{ username }}
            search={of ? { state: of } : {}}
            activeOptions={{ exact: true }}
            aria-current={of === state ? "true" : undefined}
          >
            {of && <StateSign state={of} />}
            {of ? common.states[of] : t.all} <span className="num">{s.number(of ? count(of) : (statistics?.entries ?? 0))}</span>
          </Link>
        ))}
      </div>
      <ul className={styles["shelf"]}>
        {entries.map(({ game, state, score, minutes }) => (
          <li key={game.id} className={styles["game"]}>
            <Cover name={game.name} letters />
            <div>
              <h3>
                <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
                  {game.name}
                </Link>
              </h3>
              <p className="xs ink3 row">
                <StateSign state={state} />
                {common.states[state]}
                {minutes > 0 && `, ${s.minutes(minutes)}`}
              </p>
              {score !== undefined && <Rating value={score} label={common.rated(score)} />}
            </div>
          </li>
        ))}
      </ul>
      {library.hasNextPage && (
        <button className="btn" type="button" onClick={() => void library.fetchNextPage()}>
          {common.more}
        </button>
      )}
    </>
  );
}
