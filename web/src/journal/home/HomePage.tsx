import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useMe } from "../../account/me";
import { api, ok, type Schema } from "../../api/client";
import { type State, StateSign } from "../../ui/Cairn";
import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { Answer, Empty } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { openLog } from "../log/open";
import { Aside } from "./Aside";
import { Feed } from "./Feed";
import { FirstSteps } from "./FirstSteps";
import styles from "./HomePage.module.css";
import { useWords } from "./words";

/** All that the first page shows of the journal, in one call. */
const homeQuery = queryOptions({ queryKey: ["home"], queryFn: () => ok(api.GET("/api/home")) });

const states: readonly State[] = ["ongoing", "paused", "wishlist", "completed", "dropped"];

/** What a person sees first: what is under way, what friends did, what is next. */
export function HomePage() {
  const t = useWords();
  const me = useMe();
  const home = useQuery(homeQuery);
  useTitle(t.title);
  return (
    <>
      <div className="h-row">
        <h1>{me.display_name ?? me.username ?? me.email}</h1>
        {home.data && <Counts counts={home.data.library} />}
        <button className="btn btn-lit end" type="button" onClick={() => openLog()}>
          <Icon name="plus" />
          {t.log}
        </button>
      </div>
      <Answer query={home} lines={8}>
        {(home) => <Found home={home} />}
      </Answer>
    </>
  );
}

function Found({ home }: { home: Schema<"Home"> }) {
  const isNew = Object.values(home.library).every((count) => count === 0) && home.feed.items.length === 0;
  return (
    <div className={styles["page"]}>
      {isNew ? <FirstSteps /> : <UnderWay entries={home.ongoing} />}
      {!isNew && <Feed first={home.feed} />}
      <Aside wishes={home.wishlist} unread={home.unread_notices} />
    </div>
  );
}

function Counts({ counts }: { counts: Schema<"HomeCounts"> }) {
  const common = useCommon();
  const s = useSpeech();
  return (
    <p className={`sm ${styles["counts"]}`}>
      {states
        .filter((state) => counts[state] > 0)
        .map((state) => (
          <Link key={state} to="/journal/library">
            <StateSign state={state} />
            {common.states[state]} <span className="num ink3">{s.number(counts[state])}</span>
          </Link>
        ))}
    </p>
  );
}

function UnderWay({ entries }: { entries: Schema<"HomeEntry">[] }) {
  const t = useWords();
  return (
    <section className={styles["wide"]} aria-labelledby="under-way">
      <div className="sec-h">
        <h2 id="under-way">{t.underWay}</h2>
        <Link className="sm" to="/journal/library">
          {t.library}
        </Link>
      </div>
      {entries.length === 0 ? (
        <Empty title={t.nothingUnderWay}>
          <button className="btn" type="button" onClick={() => openLog()}>
            {t.log}
          </button>
        </Empty>
      ) : (
        <ul className={styles["shelf"]}>
          {entries.map((entry) => (
            <Game key={entry.game.id} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Game({ entry: { game, since, minutes } }: { entry: Schema<"HomeEntry"> }) {
  const t = useWords();
  const s = useSpeech();
  return (
    <li className={styles["game"]}>
      <Cover name={game.name} letters />
      <div>
        <h3>
          <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
            {game.name}
          </Link>
        </h3>
        <p className="xs ink3">{minutes > 0 ? s.minutes(minutes) : t.since(s.ago(since))}</p>
      </div>
      <button className="btn btn-sm" type="button" aria-label={t.logGame(game.name)} onClick={() => openLog(game)}>
        {t.log}
      </button>
    </li>
  );
}
