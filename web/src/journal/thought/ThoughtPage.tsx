import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";

import { useMe } from "../../account/me";
import { Rating } from "../../ui/Cairn";
import { Cover } from "../../ui/Cover";
import { Answer } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { gameNote } from "../log/GamePicker";
import { type Thought, thoughtHistoryQuery, thoughtQuery } from "./queries";
import style from "./Thought.module.css";
import { ThoughtCard } from "./ThoughtCard";
import { useWords } from "./words";

/** A thought by itself, with its comments and, for its author, what it was before. */
export function ThoughtPage() {
  const { thoughtId = "" } = useParams({ strict: false });
  const t = useWords();
  const thought = useQuery(thoughtQuery(thoughtId));
  useTitle(thought.data?.game ? t.title(thought.data.game.name) : t.thought);
  return (
    <div className={`stack-5 ${style["page"]}`}>
      <h1 className="vh">{thought.data?.rating === undefined ? t.thought : t.review}</h1>
      <Answer query={thought} lines={6}>
        {(thought) => <Whole thought={thought} />}
      </Answer>
    </div>
  );
}

function Whole({ thought }: { thought: Thought }) {
  const me = useMe();
  const navigate = useNavigate();
  const { game } = thought;
  const isMine = me.username !== undefined && thought.author?.username === me.username;
  return (
    <>
      {game && (
        <Link className={style["game"]} to="/journal/games/$gameId" params={{ gameId: game.id }}>
          <Cover name={game.name} />
          <span>
            <b className="b">{game.name}</b>
            <br />
            <span className="sm ink3">{gameNote(game)}</span>
          </span>
        </Link>
      )}
      <ThoughtCard
        thought={thought}
        areCommentsOpen
        removed={() => (game ? navigate({ to: "/journal/games/$gameId", params: { gameId: game.id } }) : navigate({ to: "/journal" }))}
      />
      {isMine && <History thought={thought} />}
    </>
  );
}

function History({ thought }: { thought: Thought }) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const history = useQuery({ ...thoughtHistoryQuery(thought.id), enabled: thought.changed_at !== undefined });
  if (thought.changed_at === undefined) return null;
  return (
    <section className="stack">
      <h2>{t.history}</h2>
      <Answer query={history}>
        {({ items }) => (
          <ol className={`trail ${style["versions"]}`}>
            {items.map(({ revision, text, rating, until }) => (
              <li key={revision}>
                <p className="row wrap sm ink3">
                  <time dateTime={until}>{t.until(speech.dateTime(until))}</time>
                  {rating !== undefined && <Rating value={rating} label={common.rated(rating)} />}
                </p>
                <p className={style["plain"]}>{text}</p>
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </section>
  );
}
