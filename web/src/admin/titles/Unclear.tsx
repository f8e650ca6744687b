import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import type { Schema } from "../../api/client";
import { gameNote } from "../../journal/log/GamePicker";
import { Cover } from "../../ui/Cover";
import { platformName } from "../../ui/games";
import { useKeys } from "../../ui/keys";
import { Answer, Empty } from "../../ui/parts";
import { undoShown } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { GAMES_KEY, settleRecord, unclearQuery } from "./queries";
import styles from "./Titles.module.css";
import { useDelayed } from "./useDelayed";
import { useWords } from "./words";

type Record = Schema<"UnclearGame">;
type Settle = (record: Record, decision: Schema<"UnclearGameDecision">, text: string) => void;

/** Records of others that may be a game that is here, or another one of its name. */
export function Unclear() {
  const t = useWords();
  const common = useCommon();
  const records = useInfiniteQuery(unclearQuery);
  const { decide, gone } = useDelayed(GAMES_KEY);
  const settle: Settle = (record, decision, text) => decide(record.id, text, () => settleRecord(record.id, decision));
  return (
    <Answer query={records} lines={6}>
      {(all) => {
        const open = all.filter(({ id }) => !gone.has(id));
        if (open.length === 0) return <Empty title={t.noneUnclear} text={t.noneUnclearText} />;
        return (
          <>
            <Records records={open} settle={settle} />
            {records.hasNextPage && (
              <button className="btn" type="button" onClick={() => void records.fetchNextPage()}>
                {common.more}
              </button>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function Records({ records, settle }: { records: Record[]; settle: Settle }) {
  const t = useWords();
  const [at, setAt] = useState(0);
  const here = Math.min(at, records.length - 1);
  const record = records[here];
  const go = (to: number) => setAt(Math.max(0, Math.min(records.length - 1, to)));
  const same = (i: number) => {
    const game = record?.candidates[i];
    if (record && game) settle(record, { verdict: "same", game: game.id }, t.settled.same(record.name));
  };
  useKeys({
    j: () => go(here + 1),
    k: () => go(here - 1),
    n: () => record && settle(record, { verdict: "new" }, t.settled.new(record.name)),
    p: () => record && settle(record, { verdict: "put_aside" }, t.settled.put_aside(record.name)),
    z: () => void undoShown(),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [String(n), () => same(n - 1)])),
  });
  return (
    <>
      <div className="stack-2">
        <p className="sm ink2 prose">{t.unclearLead}</p>
        <dl className={`xs ink3 ${styles["keys"]}`}>
          {Object.entries(t.keysUnclear).map(([key, text]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </div>
      <ul className="stack">
        {records.map((one, i) => (
          <RecordCard key={one.id} record={one} isHere={i === here} settle={settle} />
        ))}
      </ul>
    </>
  );
}

function RecordCard({ record, isHere, settle }: { record: Record; isHere: boolean; settle: Settle }) {
  const t = useWords();
  const s = useSpeech();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isHere) item.current?.scrollIntoView({ block: "nearest" });
  }, [isHere]);
  const { name, other_names, released, platforms, external, candidates, at } = record;
  const facts = [
    released && s.partialDate(released),
    platforms.map(platformName).join(", "),
    other_names.join(", "),
    external.map(({ source, id }) => `${source} ${id}`).join(", "),
  ].filter(Boolean);
  return (
    <li ref={item} className={`card ${styles["record"]}`} aria-current={isHere || undefined}>
      <div>
        <h2>{name}</h2>
        <p className="sm ink2">{facts.join(" · ")}</p>
        <p className="xs ink3">{t.came(s.ago(at))}</p>
      </div>
      <div className="stack-2">
        <h3 className="cap">{candidates.length > 0 ? t.couldBe : t.couldBeNone}</h3>
        <ul className="stack-2">
          {candidates.map((game, i) => (
            <li key={game.id} className={styles["candidate"]}>
              <Cover name={game.name} />
              <span>
                <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
                  {game.name}
                </Link>
                <span className="xs ink3">{gameNote(game)}</span>
              </span>
              <button className="btn btn-sm" type="button" onClick={() => settle(record, { verdict: "same", game: game.id }, t.settled.same(name))}>
                {t.itIsThis}
                <span className="vh">: {game.name}</span>
                {isHere && i < 9 && <kbd>{i + 1}</kbd>}
              </button>
            </li>
          ))}
        </ul>
        <div className="row wrap">
          <button className="btn btn-sm" type="button" onClick={() => settle(record, { verdict: "new" }, t.settled.new(name))}>
            {t.newGame} {isHere && <kbd>N</kbd>}
          </button>
          <button className="btn btn-quiet btn-sm" type="button" onClick={() => settle(record, { verdict: "put_aside" }, t.settled.put_aside(name))}>
            {t.putAside} {isHere && <kbd>P</kbd>}
          </button>
        </div>
      </div>
    </li>
  );
}
