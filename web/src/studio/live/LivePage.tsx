import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { Failed } from "../../ui/parts";
import { useSpeech } from "../../words";
import { KindSign, saidBy } from "../kinds";
import { Part, Sheet, WorkPage } from "../../ui/work";
import { useWorld, type World, worldName } from "../place";
import { gameQuery, isAtLeast, keysQuery, storageQuery, useRole } from "../queries";
import { useWords as useStudioWords } from "../words";
import styles from "./LivePage.module.css";
import { type Happening, useFeed, useLatency } from "./useFeed";
import { useWords } from "./words";

const MINUTE_MS = 60_000;
const MINUTES = 30;
const SHOWN = 60;

/** What happens in a world right now. */
export function LivePage() {
  const t = useWords();
  const world = useWorld();
  return (
    <WorkPage title={t.title}>
      <Live key={worldName(world)} world={world} />
    </WorkPage>
  );
}

function Live({ world }: { world: World }) {
  const t = useWords();
  const s = useSpeech();
  const role = useRole();
  const heard = useFeed(world);
  const latency = useLatency(world);
  const now = useNow();
  const { data: game } = useQuery(gameQuery(world));
  const lastMinute = heard.happenings.filter(({ at }) => now - at < MINUTE_MS);
  const count = (what: string) => lastMinute.filter(({ item }) => item.what === what).length;
  const minutes = Array.from({ length: MINUTES }, (_, i) => {
    const from = now - (MINUTES - i) * MINUTE_MS;
    return heard.happenings.filter(({ at }) => at >= from && at < from + MINUTE_MS).length;
  });
  const median = latency.toSorted((a, b) => a - b)[latency.length >> 1];
  return (
    <Sheet>
      <p className="ink2 prose">
        {t.intro} <span className="sm">{t.listening(s.dateTime(new Date(heard.since)))}.</span>
      </p>
      {heard.error !== undefined && <Failed error={heard.error} />}
      <dl className={styles["figures"]}>
        {(["left", "changed", "rated", "gone"] as const).map((what) => (
          <div key={what}>
            <dt>
              {t[what]}, {t.minute}
            </dt>
            <dd className="num">{s.number(count(what))}</dd>
          </div>
        ))}
        <div>
          <dt>{t.answer}</dt>
          <dd className="num">{latency.length > 0 ? t.ms(latency.at(-1) ?? 0) : "–"}</dd>
        </div>
      </dl>
      <div className={styles["two"]}>
        <Part title={t.perMinute}>
          <Series values={minutes} label={t.perMinuteSentence(heard.happenings.length, Math.max(1, Math.ceil((now - heard.since) / MINUTE_MS)))} />
        </Part>
        <Part title={t.answer} beside={median !== undefined && <span className="sm ink2">{t.median(median)}</span>}>
          <Series values={latency} label={`${t.answer}: ${median === undefined ? "–" : t.median(median)}`} isLine />
          <p className="hint">
            {t.answerHint} {game && t.deckFresh(game.refresh_s)}
          </p>
        </Part>
      </div>
      <div className={styles["two"]}>
        <Events happenings={heard.happenings.slice(0, SHOWN)} revision={heard.revision} />
        {isAtLeast(role, "developer") && <KeysAndStorage world={world} />}
      </div>
    </Sheet>
  );
}

function Events({ happenings, revision }: { happenings: Happening[]; revision: string | undefined }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  return (
    <Part title={t.events} beside={revision && <span className="xs ink3 mono">{`${t.revision} ${revision}`}</span>}>
      {happenings.length === 0 ? (
        <p className="sm ink2">{t.nothing}</p>
      ) : (
        <ol className={styles["events"]} aria-live="polite">
          {happenings.map(({ number, at, item }) => (
            <li key={number}>
              <span className={`tag ${item.what === "left" ? "tag-ok" : item.what === "gone" ? "tag-bad" : ""}`}>{t[item.what]}</span>
              {item.trace ? <KindSign kind={item.trace.kind} named /> : <span />}
              <span className="trunc">
                {item.trace
                  ? saidBy(item.trace, studioWords.kinds[item.trace.kind].one)
                  : item.what === "rated"
                    ? `${item.id}: ${t.votes(item.good ?? 0, item.poor ?? 0)}`
                    : `${item.id}: ${t.reasons[item.reason ?? ""] ?? item.reason ?? ""}`}
              </span>
              <span className="xs ink3">{s.ago(new Date(at))}</span>
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}

function KeysAndStorage({ world }: { world: World }) {
  const t = useWords();
  const s = useSpeech();
  const { data: keys = [] } = useQuery({ ...keysQuery(world.studio, world.game), refetchInterval: MINUTE_MS });
  const { data: storage } = useQuery({ ...storageQuery(world), refetchInterval: MINUTE_MS });
  const used = keys.filter((key) => !key.revoked_at && key.environment === world.environment);
  return (
    <div className="stack-5">
      <Part title={t.keys}>
        {used.length === 0 ? (
          <p className="sm ink2">{t.noKeys}</p>
        ) : (
          <ul className="stack-2">
            {used.map((key) => (
              <li key={key.id} className="row between sm wrap">
                <span>
                  <span className="mono">{key.id}</span> <span className="ink3">{key.label}</span>
                </span>
                <span className="ink2">{key.last_used_at ? t.used(s.ago(key.last_used_at)) : t.neverUsed}</span>
              </li>
            ))}
          </ul>
        )}
      </Part>
      {storage && (
        <Part title={t.storage}>
          <p className="num">{s.bytes(storage.world.bytes)}</p>
        </Part>
      )}
    </div>
  );
}

/** A series of figures as a small picture, with a sentence that says the same. */
function Series({ values, label, isLine = false }: { values: number[]; label: string; isLine?: boolean }) {
  const most = Math.max(1, ...values);
  const width = 300 / Math.max(1, isLine ? Math.max(values.length - 1, 1) : values.length);
  const heightOf = (value: number) => (value / most) * 54;
  return (
    <figure className={styles["series"]}>
      <svg viewBox="0 0 300 60" preserveAspectRatio="none" role="img" aria-label={label}>
        <path className={styles["base"]} d="M0 58.5h300" />
        {isLine ? (
          <path className={styles["line"]} d={values.map((value, i) => `${i === 0 ? "M" : "L"}${i * width} ${58 - heightOf(value)}`).join("")} />
        ) : (
          values.map((value, i) => <rect key={i} className={styles["bar"]} x={i * width + 1} width={width - 2} y={58 - heightOf(value)} height={heightOf(value)} />)
        )}
      </svg>
      <figcaption className="xs ink3">{label}</figcaption>
    </figure>
  );
}

/** The time, each five seconds. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
