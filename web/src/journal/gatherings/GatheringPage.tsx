import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "../../api/problem";
import { Cover } from "../../ui/Cover";
import { platformName } from "../../ui/games";
import { Icon } from "../../ui/Icon";
import { Answer, Empty } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { nameOf } from "../people/queries";
import { HiddenNote } from "../report/HiddenNote";
import { ReportDialog } from "../report/ReportDialog";
import { AnswerBox } from "./AnswerBox";
import { SeatLine, useWhen, useWhere } from "./GatheringRow";
import styles from "./Gatherings.module.css";
import { Guests } from "./Guests";
import { History } from "./History";
import { ChangeGathering } from "./ChangeGathering";
import { HostBox } from "./HostBox";
import { may } from "./may";
import { type Challenge, challengeQuery } from "./queries";
import { useWords } from "./words";

/** One gathering or game online: what is known, one's answer, who comes, and what happened. */
export function GatheringPage() {
  const t = useWords();
  const { challengeId } = useParams({ from: "/signed-in/journal-frame/journal/gatherings/$challengeId" });
  const { change } = useSearch({ from: "/signed-in/journal-frame/journal/gatherings/$challengeId" });
  const challenge = useQuery(challengeQuery(challengeId));
  useTitle(challenge.data?.data.game?.name ?? t.title);
  if (challenge.error && asProblem(challenge.error).status === 404) {
    return (
      <Empty title={t.none}>
        <Link className="btn" to="/journal/gatherings">
          {t.title}
        </Link>
      </Empty>
    );
  }
  return (
    <Answer query={challenge} lines={8}>
      {({ data, etag }) =>
        change && may(data).change ? <ChangeGathering challenge={data} etag={etag} /> : <Shown challenge={data} etag={etag} />
      }
    </Answer>
  );
}

function Shown({ challenge, etag }: { challenge: Challenge; etag: string }) {
  const t = useWords();
  const { text, hosting } = challenge;
  return (
    <div className={styles["page"]}>
      <div className="stack-5">
        <HiddenNote reason={challenge.hidden} />
        <Head challenge={challenge} />
        {text && <p className="text">{text}</p>}
        {challenge.address && (
          <div className={styles["address"]}>
            <span className="sm ink2">{t.address}</span>
            <b>{challenge.address}</b>
            <span className="xs ink2">{t.addressNote}</span>
          </div>
        )}
        {hosting ? <HostBox challenge={challenge} etag={etag} /> : <AnswerBox challenge={challenge} />}
        <Guests challenge={challenge} />
      </div>
      <div className="stack-5">
        <Facts challenge={challenge} />
        <History id={challenge.id} />
      </div>
    </div>
  );
}

function Head({ challenge }: { challenge: Challenge }) {
  const t = useWords();
  const when = useWhen();
  const { game, host, hosting, state, starts_at } = challenge;
  const begun = state === "accepted" && new Date(starts_at).getTime() <= Date.now();
  const isOff = state === "cancelled" || state === "expired" || state === "declined";
  return (
    <header className={styles["head"]}>
      <Cover name={game?.name ?? t.title} letters />
      <div className="stack-2">
        <p className="row wrap">
          <span className={`tag${isOff ? " tag-bad" : state === "accepted" ? " tag-ok" : " tag-lit"}`}>{begun ? t.begun : t.states[state]}</span>
        </p>
        <h1>
          {game ? (
            <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
              {game.name}
            </Link>
          ) : (
            t.title
          )}
        </h1>
        <p>{when(challenge)}</p>
        <p className="ink2">
          {hosting ? (
            t.byYou
          ) : host ? (
            <Link to="/journal/people/$username" params={{ username: host.username }}>
              {t.by(nameOf(host))}
            </Link>
          ) : (
            t.noHost
          )}
        </p>
        <SeatLine challenge={challenge} />
      </div>
    </header>
  );
}

function Facts({ challenge }: { challenge: Challenge }) {
  const t = useWords();
  const where = useWhere();
  const [isReporting, setReporting] = useState(false);
  const { id, brings, needs, can_play, session_type, you, hosting, address } = challenge;
  const devices = (list: string[]) => list.map(platformName).join(", ");
  return (
    <section className="card pad stack" aria-label={t.facts}>
      <dl className="kv">
        <dt>{t.where}</dt>
        <dd>
          {where(challenge)}
          {session_type === "offline" && !address && !hosting && <span className="ink3">; {t.addressLater}</span>}
        </dd>
        {brings.length > 0 && (
          <>
            <dt>{t.hostBrings}</dt>
            <dd>{devices(brings)}</dd>
          </>
        )}
        {needs.length > 0 && (
          <>
            <dt>{t.needs}</dt>
            <dd>{devices(needs)}</dd>
          </>
        )}
      </dl>
      {can_play !== undefined && (
        <p className={`row sm ${can_play ? "" : styles["miss"]}`}>
          <Icon name={can_play ? "check" : "warn"} />
          {can_play ? t.canPlay : t.cannotPlay}
        </p>
      )}
      {(hosting || you?.state === "accepted") && (
        <a className="btn" href={`/api/challenges/${id}/calendar`} download={`gathering-${id}.ics`}>
          <Icon name="cal" />
          {t.calendarFile}
        </a>
      )}
      {!hosting && (
        <>
          <button className="btn btn-quiet btn-sm" type="button" onClick={() => setReporting(true)}>
            <Icon name="shield" />
            {t.report}
          </button>
          <ReportDialog kind="challenge" id={id} isOpen={isReporting} close={() => setReporting(false)} />
        </>
      )}
    </section>
  );
}
