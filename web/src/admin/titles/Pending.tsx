import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";

import type { Schema } from "../../api/client";
import { gameNote } from "../../journal/log/GamePicker";
import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { useKeys } from "../../ui/keys";
import { Answer, Empty } from "../../ui/parts";
import { toast, undoShown } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { FactsForm } from "./FactsForm";
import { factsOf, isChanged } from "./facts";
import { alikeQuery, approveGame, changeGame, type FullGame, GAMES_KEY, pendingQuery, removeGame, taggedGameQuery } from "./queries";
import styles from "./Titles.module.css";
import { useDelayed } from "./useDelayed";
import { useWords } from "./words";

type Found = Schema<"FoundGame">;
type Decide = ReturnType<typeof useDelayed>["decide"];
type DecideOne = (key: string, text: string, send: () => Promise<unknown>) => void;

/** Games that people have added by hand: to approve, correct, merge or delete. */
export function Pending() {
  const t = useWords();
  const pending = useInfiniteQuery(pendingQuery);
  const { decide, gone } = useDelayed(GAMES_KEY);
  return (
    <Answer query={pending} lines={6}>
      {(all) => {
        const games = all.filter(({ id }) => !gone.has(id));
        return games.length === 0 ? (
          <Empty title={t.nonePending} text={t.nonePendingText} />
        ) : (
          <Desk games={games} decide={decide} more={pending.hasNextPage ? () => void pending.fetchNextPage() : undefined} />
        );
      }}
    </Answer>
  );
}

function Desk({ games, decide, more }: { games: Found[]; decide: Decide; more: (() => void) | undefined }) {
  const t = useWords();
  const common = useCommon();
  const [id, setId] = useState<string>();
  const [lastAt, setLastAt] = useState(0);
  const found = games.findIndex((game) => game.id === id);
  const at = found >= 0 ? found : Math.min(lastAt, games.length - 1);
  const chosen = games[at];
  if (found >= 0 && found !== lastAt) setLastAt(found);
  if (found < 0 && chosen) setId(chosen.id);
  const go = (to: number) => setId(games[Math.max(0, Math.min(games.length - 1, to))]?.id);
  useKeys({ j: () => go(at + 1), k: () => go(at - 1), z: () => void undoShown() });
  return (
    <div className={styles["desk"]}>
      <div className="stack">
        <ul className={styles["list"]} aria-label={t.tabs.pending}>
          {games.map((game) => (
            <li key={game.id}>
              <button type="button" aria-current={game === chosen || undefined} onClick={() => setId(game.id)}>
                <Cover name={game.name} />
                <span>
                  <b className="b">{game.name}</b>
                  <span className="xs ink3">{gameNote(game) || t.nothingKnown}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {more && (
          <button className="btn btn-sm" type="button" onClick={more}>
            {common.more}
          </button>
        )}
        <dl className={`xs ink3 ${styles["keys"]}`}>
          {Object.entries(t.keysPending).map(([key, text]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </div>
      {chosen && <One key={chosen.id} id={chosen.id} decide={(...decision) => decide(...decision, () => setId(decision[0]))} />}
    </div>
  );
}

function One({ id, decide }: { id: string; decide: DecideOne }) {
  const query = useQuery(taggedGameQuery(id));
  return (
    <div className={styles["one"]}>
      <Answer query={query} lines={8}>
        {({ data, etag }) => <Correct key={etag} game={data} etag={etag} decide={decide} />}
      </Answer>
    </div>
  );
}

function Correct({ game, etag, decide }: { game: FullGame; etag: string; decide: DecideOne }) {
  const t = useWords();
  const s = useSpeech();
  const common = useCommon();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const saving = useMutation({
    mutationFn: async () => form.current && (await changeGame(game.id, etag, factsOf(new FormData(form.current)))),
    onSuccess: async () => {
      toast(common.saved);
      await queries.invalidateQueries({ queryKey: [GAMES_KEY] });
    },
  });
  const approve = () => {
    if (!form.current?.reportValidity()) return;
    const facts = factsOf(new FormData(form.current));
    decide(game.id, t.approved(facts.name), async () => {
      if (isChanged(game, facts)) await changeGame(game.id, etag, facts);
      await approveGame(game.id);
    });
  };
  const remove = () => decide(game.id, t.removed(game.name), () => removeGame(game.id, etag));
  useKeys({ a: approve, d: remove });
  return (
    <div className="stack-5">
      <div className="stack-1">
        <h2>{game.name}</h2>
        <p className="sm ink2">
          {t.added(s.ago(game.created_at))}{" "}
          <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
            {t.open}
          </Link>
        </p>
      </div>
      <Alike game={game} />
      <FactsForm game={game} form={form} error={saving.error} save={() => saving.mutate()}>
        <button className="btn btn-lit" type="button" onClick={approve}>
          <Icon name="check" />
          {t.approve} <kbd>A</kbd>
        </button>
        <button className={`btn${saving.isPending ? " is-busy" : ""}`} type="submit">
          {t.saveOnly}
        </button>
        <button className="btn btn-bad end" type="button" onClick={remove}>
          {t.remove} <kbd>D</kbd>
        </button>
      </FactsForm>
    </div>
  );
}

/** What is in the catalogue under such a name already. */
function Alike({ game }: { game: FullGame }) {
  const t = useWords();
  const { data: games = [] } = useQuery(alikeQuery(game.name));
  if (games.length === 0) return null;
  return (
    <section className="note note-lit">
      <Icon name="info" />
      <div className="stack-2">
        <h3>{t.alike}</h3>
        <ul className="stack-2">
          {games.map((one) => (
            <li key={one.id} className="row wrap">
              <Link to="/journal/games/$gameId" params={{ gameId: one.id }}>
                {one.name}
              </Link>
              <span className="xs ink2">{gameNote(one)}</span>
              <Link
                className="btn btn-sm end"
                to="/admin/titles"
                search={{ tab: "merge", from: game.id, into: one.id }}
                aria-label={`${t.itIsThis}: ${one.name}`}
              >
                {t.itIsThis}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
