import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { toast } from "../../ui/toasts";
import { Failed } from "../../ui/parts";
import { fillDemo } from "../demo/fill";
import { useSpeech } from "../../words";
import { KindSign, saidBy } from "../kinds";
import { searchOf, type World } from "../place";
import { useWords as useStudioWords } from "../words";
import styles from "./GameStartPage.module.css";
import { type Heard, sendOne } from "./listening";
import { useWords } from "./words";

/** The wait for the first trace, which turns into it. */
export function Waiting({ world, heard, secret }: { world: World; heard: Heard; secret: string | undefined }) {
  const [first] = heard.traces;
  return (
    <section className={styles["wait"]} aria-labelledby="wait" aria-live="polite">
      <Stones isMet={first !== undefined} />
      <div className="stack-2">{first ? <Met world={world} heard={heard} /> : <Listening world={world} heard={heard} secret={secret} />}</div>
    </section>
  );
}

function Listening({ world, heard, secret }: { world: World; heard: Heard; secret: string | undefined }) {
  const t = useWords();
  const queries = useQueryClient();
  const lasted = useLasted(heard.since, useNow());
  const sending = useMutation({ mutationFn: () => sendOne(secret ?? "", t.hello) });
  const filling = useMutation({
    mutationFn: () => fillDemo(world),
    onSuccess: (traces) => {
      toast(t.demoDone(traces));
      void queries.invalidateQueries({ queryKey: ["world"] });
    },
  });
  const isDeaf = heard.error !== undefined && secret === undefined;
  const failed = sending.error ?? filling.error;
  return (
    <>
      <h2 id="wait">{t.waiting}</h2>
      <p className="ink2">{isDeaf ? t.waitingKey : t.waitingText}</p>
      {!isDeaf && (
        <p className="sm ink2 num" aria-live="off">
          {t.heard(lasted)}
        </p>
      )}
      {failed && <Failed error={failed} />}
      <p className="row wrap">
        {secret && (
          <button
            className={`btn btn-sm${sending.isPending ? " is-busy" : ""}`}
            type="button"
            disabled={sending.isPending}
            onClick={() => sending.mutate()}
          >
            {t.send}
          </button>
        )}
        <button
          className={`btn btn-sm${filling.isPending ? " is-busy" : ""}`}
          type="button"
          disabled={filling.isPending}
          onClick={() => filling.mutate()}
        >
          {t.demo}
        </button>
      </p>
    </>
  );
}

function Met({ world, heard }: { world: World; heard: Heard }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const [first] = heard.traces;
  if (!first) return null;
  const where = first.pos?.map((coordinate) => Math.round(coordinate * 10) / 10).join(", ") ?? "–";
  const search = { ...searchOf(world), ...(first.scope === "" ? {} : { scope: first.scope }), trace: first.id };
  return (
    <>
      <h2 id="wait">{heard.traces.length === 1 ? t.first : t.firstMany(heard.traces.length)}</h2>
      <p className={styles["said"]}>
        <KindSign kind={first.kind} /> {saidBy(first, studioWords.kinds[first.kind].one)}
      </p>
      <p className="sm ink2">{t.leftAt(where, first.scope || studioWords.unnamedScope)}</p>
      <p className="row wrap">
        <Link className="btn btn-lit" to="/studio/$studio/$game/world" params={world} search={search}>
          {t.toWorld}
        </Link>
      </p>
    </>
  );
}

/** The time, each second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long something has lasted, as words: "40 seconds", "3 min". */
function useLasted(since: number, now: number): string {
  const s = useSpeech();
  const words = useStudioWords();
  const secs = Math.max(0, Math.round((now - since) / 1000));
  return secs < 60 ? words.seconds(secs) : s.minutes(Math.floor(secs / 60));
}

/** A cairn whose last stone is missing, under a lantern that waits; the stone is there once something was met. */
function Stones({ isMet }: { isMet: boolean }) {
  return (
    <svg viewBox="0 0 120 96" aria-hidden="true">
      <defs>
        <radialGradient id="lantern">
          <stop offset="0" className={styles["glow0"]} />
          <stop offset=".35" className={styles["glow1"]} />
          <stop offset="1" className={styles["glow2"]} />
        </radialGradient>
      </defs>
      <circle className={styles["halo"]} cx="60" cy="14" r="46" fill="url(#lantern)" />
      <path className={styles["stone"]} d="M9 94c-6-13 3-23 26-25 27-2 58-2 70 5 10 6 10 14 5 20z" />
      <path className={styles["stone"]} d="M25 66c-5-11 3-18 20-19 20-1 37 0 44 6 5 4 5 9 1 13z" />
      <path className={styles[isMet ? "stone" : "missing"]} d="M39 44c-4-9 3-15 15-16 14-1 24 2 26 8 1 3 0 6-2 8z" />
      <circle className={styles["core"]} cx="60" cy="14" r="5" />
    </svg>
  );
}
