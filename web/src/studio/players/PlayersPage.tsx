import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Avatar } from "../../ui/Avatar";
import { Answer, Empty, Field } from "../../ui/parts";
import { useSpeech } from "../../words";
import { ForRole } from "../parts";
import { Sheet, WorkPage } from "../../ui/work";
import { useWorld, type World, worldName } from "../place";
import { type Author, authorsQuery, isPlayerId } from "./authors";
import { PlayerPanel } from "./PlayerPanel";
import styles from "./PlayersPage.module.css";
import { useWords } from "./words";

const SHOWN = 100;

/** The players of a world: find, export, erase, ban. */
export function PlayersPage() {
  const t = useWords();
  const world = useWorld();
  return (
    <WorkPage title={t.title}>
      <ForRole least="developer">
        <Players key={worldName(world)} world={world} />
      </ForRole>
    </WorkPage>
  );
}

function Players({ world }: { world: World }) {
  const t = useWords();
  const client = useQueryClient();
  const authors = useQuery(authorsQuery(world, client));
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Author>();
  const needle = text.trim().toLowerCase();
  const found = (authors.data ?? []).filter(({ id, name }) => `${name ?? ""} ${id}`.toLowerCase().includes(needle));
  const stranger: Author | undefined =
    isPlayerId(needle) && found.length === 0 ? { id: needle, isPlayer: true, name: undefined, traces: 0, last: undefined } : undefined;
  const shown = stranger ? [stranger] : found;
  return (
    <Sheet>
      <div className={styles["two"]}>
        <div className="stack">
          <Field label={t.find} hint={t.findHint}>
            {(ids) => <input {...ids} className="in" type="search" value={text} onChange={(event) => setText(event.target.value)} />}
          </Field>
          <Answer query={authors} lines={6}>
            {(all) => (
              <>
                <p className="sm ink2" aria-live="polite">
                  {t.latelyOf(shown.length)}
                </p>
                {shown.length === 0 ? (
                  <Empty title={all.length === 0 ? t.noneYet : t.none} text={t.noneText} />
                ) : (
                  <AuthorList authors={shown.slice(0, SHOWN)} chosen={chosen} onChoose={setChosen} />
                )}
              </>
            )}
          </Answer>
        </div>
        {chosen && <PlayerPanel key={chosen.id} world={world} author={chosen} onGone={() => setChosen(undefined)} />}
      </div>
    </Sheet>
  );
}

function AuthorList({ authors, chosen, onChoose }: { authors: Author[]; chosen: Author | undefined; onChoose: (author: Author) => void }) {
  const t = useWords();
  const s = useSpeech();
  return (
    <ul className={styles["list"]} aria-label={t.lately}>
      {authors.map((author) => {
        const name = author.name ?? `…${author.id.slice(-8)}`;
        return (
          <li key={`${String(author.isPlayer)} ${author.id}`}>
            <button type="button" aria-pressed={chosen?.id === author.id} onClick={() => onChoose(author)}>
              <Avatar name={name} small />
              <span className="vh">{t.choose}: </span>
              <span className={`trunc ${styles["name"]}`}>{name}</span>
              {!author.isPlayer && <span className="tag">{t.claimed}</span>}
              <span className="sm ink2 num end">{s.number(author.traces)}</span>
              <span className={`xs ink3 ${styles["last"]}`}>{author.last ? s.ago(author.last) : ""}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
