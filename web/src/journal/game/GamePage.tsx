import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";

import { StateSign } from "../../ui/Cairn";
import { platformName, useGenreName } from "../../ui/games";
import { Icon } from "../../ui/Icon";
import { Answer, Failed, Loading } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { entryQuery } from "../library/queries";
import { Band } from "./Band";
import style from "./GamePage.module.css";
import { MediaGrid } from "./MediaGrid";
import { Playthroughs } from "./Playthroughs";
import { Prices } from "./Prices";
import { type Entry, type FullGame, gameQuery } from "./queries";
import { readTab, tabs } from "./tabs";
import { AllThoughts, FriendsThoughts, OwnReview } from "./Thoughts";
import { useWords } from "./words";

/** A game: what it is, what one has done with it, what friends thought, what it costs. */
export function GamePage() {
  const { gameId = "" } = useParams({ strict: false });
  const game = useQuery(gameQuery(gameId));
  useTitle(game.data?.name);
  return (
    <Answer query={game} lines={8}>
      {(game) => <Game game={game} />}
    </Answer>
  );
}

function Game({ game }: { game: FullGame }) {
  const t = useWords();
  const { tab = "overview" } = readTab(useSearch({ strict: false }));
  const entry = useQuery(entryQuery(game.id));
  if (entry.data === undefined && !entry.error) return <Loading lines={8} />;
  const own = entry.data ?? null;
  return (
    <>
      <Band game={game} entry={own} />
      {entry.error && <Failed error={entry.error} retry={entry.refetch} />}
      {game.pending && (
        <p className={`note ${style["pending"]}`}>
          <Icon name="info" />
          {t.pending}
        </p>
      )}
      <div className={style["cols"]}>
        <div className={`stack-8 ${style["main"]}`}>
          <Tabs game={game} current={tab} />
          {tab === "overview" && <Overview game={game} entry={own} />}
          {tab === "thoughts" && <AllThoughts gameId={game.id} />}
          {tab === "media" && <MediaGrid gameId={game.id} />}
          {tab === "history" && <History entry={own} />}
        </div>
        <div className={`stack-5 ${style["side"]}`}>
          <Facts game={game} />
        </div>
        <div className={`stack-5 ${style["aside"]}`}>
          <Prices game={game} entry={own} />
        </div>
      </div>
    </>
  );
}

function Tabs({ game, current }: { game: FullGame; current: (typeof tabs)[number] }) {
  const t = useWords();
  return (
    <nav className="tabs" aria-label={game.name}>
      {tabs.map((tab) => (
        <Link
          key={tab}
          className="tab"
          to="/journal/games/$gameId"
          params={{ gameId: game.id }}
          search={tab === "overview" ? {} : { tab }}
          resetScroll={false}
          activeProps={{}}
          aria-current={tab === current ? "page" : undefined}
        >
          {t.tabs[tab]}
        </Link>
      ))}
    </nav>
  );
}

function Overview({ game, entry }: { game: FullGame; entry: Entry | null }) {
  const t = useWords();
  return (
    <>
      <FriendsThoughts gameId={game.id} />
      <OwnReview gameId={game.id} entry={entry} />
      {entry && <Playthroughs entry={entry} />}
      <MediaGrid
        gameId={game.id}
        onlyMine
        all={
          <Link className="sm" to="/journal/games/$gameId" params={{ gameId: game.id }} search={{ tab: "media" }}>
            {t.media}
          </Link>
        }
      />
    </>
  );
}

function Facts({ game }: { game: FullGame }) {
  const t = useWords();
  const speech = useSpeech();
  const genreName = useGenreName();
  const facts: [string, React.ReactNode][] = [
    [t.fact.released, game.released && speech.partialDate(game.released)],
    [t.fact.developer, game.developer],
    [t.fact.publisher, game.publisher !== game.developer && game.publisher],
    [t.fact.platforms, game.platforms.map(platformName).join(", ")],
    [t.fact.genres, game.genres.map(genreName).join(", ")],
    [t.fact.names, game.other_names.join(", ")],
    [t.studioGames, game.studio_games.map(({ display_name }) => display_name).join(", ")],
    [
      t.sources,
      game.sources.length > 0 &&
        game.sources.map(({ name, url }) => (
          <a key={name} href={url} rel="noreferrer" target="_blank">
            {name}
          </a>
        )),
    ],
  ];
  return (
    <section className="stack-2">
      <h2>{t.facts}</h2>
      <dl className={`kv ${style["kv"]}`}>
        {facts
          .filter(([, fact]) => fact)
          .map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** The states that it had in one's library, the newest first. */
function History({ entry }: { entry: Entry | null }) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const changes = (entry?.history ?? []).toReversed();
  return (
    <section>
      <h2 className={style["history-h"]}>{t.history}</h2>
      {entry ? (
        <ol className="trail">
          {changes.map(({ state, at }, i) => (
            <li key={`${at} ${state}`} className={i === 0 ? "is-lit" : undefined}>
              <div className="row wrap">
                <StateSign state={state} />
                <b className="b">{common.stateNames[state]}</b>
                <time className="ink3 sm" dateTime={at}>
                  {speech.dateTime(at)}
                </time>
              </div>
            </li>
          ))}
          <li className="is-next">
            <div className="row wrap">
              <b className="b">{t.entered}</b>
              <time className="ink3 sm" dateTime={entry.added_at}>
                {speech.dateTime(entry.added_at)}
              </time>
            </div>
          </li>
        </ol>
      ) : (
        <p className="ink2">{t.noHistory}</p>
      )}
    </section>
  );
}
