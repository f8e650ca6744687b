import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { Rating, StateSign } from "../../ui/Cairn";
import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { UserText } from "../../ui/UserText";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { type Deed, type Event, FINISHED, grouped, type Month } from "./events";
import style from "./TimelinePage.module.css";
import { useWords } from "./words";

const NAMED = 3;
const FIRST = 20;
const STEP = 100;

/** A month of the timeline, the newest first. */
export function MonthItem({ month: { at, events } }: { month: Month }) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const [shown, setShown] = useState(FIRST);
  const groups = grouped(events);
  return (
    <section className={style["month"]}>
      <h2>{at.length === 4 ? t.sometime(at) : speech.partialDate(at)}</h2>
      <ol className="trail">
        {groups.slice(0, shown).map((group) => {
          const [first] = group;
          if (!first) return null;
          return (
            <li key={first.id} className={FINISHED.includes(first.deed) ? "is-done" : undefined}>
              {group.length > 1 ? <Crowd events={group} first={first} /> : <One event={first} />}
            </li>
          );
        })}
      </ol>
      {groups.length > shown && (
        <button className="btn btn-quiet btn-sm" type="button" onClick={() => setShown(shown + STEP)}>
          {common.moreOf(groups.length - shown)}
        </button>
      )}
    </section>
  );
}

function One({ event }: { event: Event }) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const { deed, at, game, minutes, score, thought } = event;
  return (
    <div className={style["event"]}>
      <Cover name={game.name} />
      <div>
        <p className={style["line"]}>
          <span className="ink2">{t.did[deed]}</span>{" "}
          <Link className="b" to="/journal/games/$gameId" params={{ gameId: game.id }} preload={false}>
            {game.name}
          </Link>
        </p>
        <p className={style["meta"]}>
          <Sign deed={deed} />
          {at.length === 10 && <time dateTime={at}>{speech.partialDate(at)}</time>}
          {minutes !== undefined && minutes > 0 && <span>{speech.minutes(minutes)}</span>}
          {score !== undefined && <Rating value={score} label={common.rated(score)} />}
        </p>
        {thought && (
          <>
            <UserText html={thought.html} spoiler={thought.spoiler} />
            <Link className="xs" to="/journal/thoughts/$thoughtId" params={{ thoughtId: thought.id }} preload={false}>
              {t.read}
            </Link>
          </>
        )}
      </div>
    </div>
  );
}

/** Many games of one day. */
function Crowd({ events, first }: { events: Event[]; first: Event }) {
  const t = useWords();
  const speech = useSpeech();
  const names = events.slice(0, NAMED).map(({ game }) => game.name);
  return (
    <div className={style["event"]}>
      <Cover name={first.game.name} />
      <div>
        <p className={`b ${style["line"]}`}>{t.many[first.deed](events.length)}</p>
        <p className={style["meta"]}>
          <Sign deed={first.deed} />
          {first.at.length === 10 && <time dateTime={first.at}>{speech.partialDate(first.at)}</time>}
        </p>
        <p className="sm ink2">{t.andMore(names.join(", "), events.length - names.length)}</p>
      </div>
    </div>
  );
}

function Sign({ deed }: { deed: Deed }) {
  switch (deed) {
    case "thought":
    case "review":
      return <Icon name="note" />;
    case "began":
      return <StateSign state="ongoing" />;
    case "finished":
      return <StateSign state="completed" />;
    case "abandoned":
      return <StateSign state="dropped" />;
    default:
      return <StateSign state={deed} />;
  }
}
