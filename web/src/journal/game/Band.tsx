import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { Rating, StateSign } from "../../ui/Cairn";
import { Cover } from "../../ui/Cover";
import { platformName, useGenreName } from "../../ui/games";
import { Icon } from "../../ui/Icon";
import { Dialog, MenuButton } from "../../ui/overlays";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { openLog } from "../log/open";
import { states } from "../log/StatePicker";
import { RatingField } from "../thought/ThoughtForm";
import { Contours } from "./Contours";
import style from "./GamePage.module.css";
import { type Entry, type FullGame, useChangeEntry, useRemoveEntry, useSetState } from "./queries";
import { useWords } from "./words";

/** The head of a game's page: what it is, what one does with it, how long one has played. */
export function Band({ game, entry }: { game: FullGame; entry: Entry | null }) {
  const speech = useSpeech();
  const genreName = useGenreName();
  const facts = [
    game.developer ?? game.publisher,
    game.released && speech.partialDate(game.released),
    game.platforms.map(platformName).join(", "),
    game.genres.map(genreName).join(", "),
  ].filter(Boolean);
  return (
    <div className={style["band"]}>
      <Contours name={game.name} className={style["contours"]} />
      <div className={style["band-in"]}>
        <Cover name={game.name} letters />
        <div className={`stack ${style["title"]}`}>
          <div className={`stack-2 ${style["names"]}`}>
            <h1>{game.name}</h1>
            <p className={style["facts"]}>
              {facts.map((fact) => (
                <span key={fact}>{fact}</span>
              ))}
            </p>
          </div>
          <Acts game={game} entry={entry} />
        </div>
        {entry && <Mine game={game} entry={entry} />}
      </div>
    </div>
  );
}

function Acts({ game, entry }: { game: FullGame; entry: Entry | null }) {
  const t = useWords();
  const common = useCommon();
  const navigate = useNavigate();
  const setState = useSetState(game, entry);
  return (
    <div className={style["acts"]}>
      <button className="btn btn-lit" type="button" onClick={() => openLog(short(game))}>
        <Icon name="plus" />
        {t.log}
      </button>
      <MenuButton
        label={entry ? t.stateOf(common.stateNames[entry.state]) : t.addToLibrary}
        className="btn"
        actions={states.map((state) => ({
          id: state,
          text: common.stateNames[state],
          icon: <StateSign state={state} />,
          isOff: state === entry?.state,
          act: () => setState(state),
        }))}
      >
        {entry && <StateSign state={entry.state} />}
        {entry ? common.stateNames[entry.state] : t.addToLibrary}
        <Icon name="down" />
      </MenuButton>
      <button className="btn" type="button" onClick={() => void navigate({ to: "/journal/gatherings/new", search: { game: game.id } })}>
        <Icon name="people" />
        {t.invite}
      </button>
      {entry && <More game={game} entry={entry} />}
    </div>
  );
}

function More({ game, entry }: { game: FullGame; entry: Entry }) {
  const t = useWords();
  const common = useCommon();
  const change = useChangeEntry(game, entry);
  const remove = useRemoveEntry(game);
  return (
    <MenuButton
      label={t.moreAbout(game.name)}
      className="btn btn-icon"
      actions={[
        ...(["public", "friends", "private"] as const).map((audience) => ({
          id: audience,
          text: t.audience(common.audiences[audience]),
          icon: entry.audience === audience ? ("check" as const) : <span className="i" />,
          isOff: entry.audience === audience,
          act: () => change.mutate({ change: { audience }, say: t.audienceSet(common.audiences[audience]) }),
        })),
        null,
        { id: "remove", text: t.removeEntry, icon: "x", isBad: true, act: () => remove.mutate() },
      ]}
    />
  );
}

function Mine({ game, entry }: { game: FullGame; entry: Entry }) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const [isRating, setRating] = useState(false);
  const runs = entry.playthroughs.length;
  const since = entry.playthroughs.flatMap(({ started }) => started ?? []).sort()[0];
  return (
    <div className={style["mine"]}>
      {entry.minutes > 0 && <span className={style["big"]}>{speech.minutes(entry.minutes)}</span>}
      {runs > 0 && (
        <span className="sm ink2">{since ? t.runs(runs, speech.partialDate(since.slice(0, 7))) : t.runsOnly(runs)}</span>
      )}
      {entry.score === undefined ? (
        entry.state !== "wishlist" && (
          <button className="btn btn-sm btn-quiet" type="button" onClick={() => setRating(true)}>
            {t.rate}
          </button>
        )
      ) : (
        <button className={style["own-rating"]} type="button" onClick={() => setRating(true)}>
          <Rating value={entry.score} label={common.rated(entry.score)} />
          <span className="ink3">{t.yourRating}</span>
        </button>
      )}
      {isRating && <RateDialog game={game} entry={entry} close={() => setRating(false)} />}
    </div>
  );
}

const FIRST_RATING = 70;

function RateDialog({ game, entry, close }: { game: FullGame; entry: Entry; close: () => void }) {
  const t = useWords();
  const common = useCommon();
  const change = useChangeEntry(game, entry);
  const [value, setValue] = useState(entry.score ?? FIRST_RATING);
  const put = (score: number | null) => {
    change.mutate({ change: { score }, say: score === null ? t.unrated : t.rated(score) });
    close();
  };
  return (
    <Dialog
      title={t.rateTitle(game.name)}
      isOpen
      close={close}
      foot={
        <>
          {entry.score !== undefined && (
            <button className="btn btn-quiet" type="button" onClick={() => put(null)}>
              {t.unrate}
            </button>
          )}
          <button className="btn btn-lit" type="button" onClick={() => put(value)}>
            {common.save}
          </button>
        </>
      }
    >
      <RatingField value={value} set={setValue} />
    </Dialog>
  );
}

/** The game as the quick log knows games. */
function short({ id, name, released, platforms, genres }: FullGame) {
  const year = Number(released?.slice(0, 4));
  return { id, name, platforms, genres, ...(year > 0 ? { year } : {}) };
}
