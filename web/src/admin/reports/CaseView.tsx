import { Link } from "@tanstack/react-router";

import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { useSpeech } from "../../words";
import type { Case } from "../moderation";
import { useWords as useAdminWords } from "../words";
import { signs } from "./CaseList";
import styles from "./Reports.module.css";
import { useWords } from "./words";

/** Above so many letters a text is set to be read, not to be seen at a glance. */
const LONG = 180;

/** What was reported: what it says, where it stands, who sees it, and why it was reported. */
export function CaseView({ of: one, children }: { of: Case; children: React.ReactNode }) {
  const admin = useAdminWords();
  return (
    <div className={styles["case"]}>
      <div className={styles["body"]} tabIndex={0} role="region" aria-label={admin.kinds[one.kind]}>
        <div className="stack">
          <Facts of={one} />
          <Said of={one} />
          <Tags of={one} />
        </div>
        <AppealBox of={one} />
        <Picture of={one} />
        <Before of={one} />
        <Why of={one} />
        <Game of={one} />
      </div>
      {children}
    </div>
  );
}

function Facts({ of: { kind, game, audience, first_at, last_at } }: { of: Case }) {
  const t = useWords();
  const s = useSpeech();
  const facts = [
    `${t.about[kind]}${game ? ` ${t.on(game.name)}` : ""}`,
    audience && t.audiences[audience],
    first_at && last_at && (s.ago(first_at) === s.ago(last_at) ? t.once(s.ago(last_at)) : t.between(s.ago(first_at), s.ago(last_at))),
  ].filter(Boolean);
  return (
    <p className="row sm ink2">
      <Icon name={signs[kind]} />
      <span className={styles["name"]}>{facts.join(", ")}</span>
    </p>
  );
}

function Said({ of: { text, reported_text } }: { of: Case }) {
  const t = useWords();
  const said = text ?? reported_text;
  if (said === undefined) return <p className={`${styles["said"]} ${styles["quiet"]}`}>{t.gone}</p>;
  if (said.trim() === "") return <p className={`${styles["said"]} ${styles["quiet"]}`}>{t.noText}</p>;
  const isLong = said.length > LONG || said.split("\n").length > 4;
  return <p className={`${styles["said"]} ${isLong ? styles["long"] : ""}`}>{isLong ? said : t.quoted(said)}</p>;
}

function Tags({ of: one }: { of: Case }) {
  const t = useWords();
  const admin = useAdminWords();
  const { reports, hidden, automatic, author_banned, kind, text } = one;
  return (
    <p className="row wrap sm">
      <span className={`tag${reports >= 3 ? " tag-bad" : ""}`}>{reports > 0 ? t.counted(reports) : t.noReports}</span>
      {hidden && (
        <span className="tag tag-info">
          {automatic ? t.hiddenAlone : t.hidden}: {admin.reasons[hidden]}
        </span>
      )}
      {author_banned && <span className="tag tag-info">{kind === "person" ? t.theyAreBanned : t.banned}</span>}
      {text === undefined ? <span className="tag">{t.gone}</span> : <OpenLink of={one} />}
    </p>
  );
}

/** Where a case is in the journal. */
export function placeOf({ kind, id, thought_id, game, author }: Case): string | undefined {
  if (kind === "thought") return `/journal/thoughts/${id}`;
  if (kind === "comment") return thought_id && `/journal/thoughts/${thought_id}`;
  if (kind === "challenge") return `/journal/gatherings/${id}`;
  if (kind === "person") return author && `/journal/people/${author.username}`;
  return game && `/journal/games/${game.id}?tab=media`;
}

function OpenLink({ of: one }: { of: Case }) {
  const t = useWords();
  const to = placeOf(one);
  if (!to) return null;
  return (
    <Link to={to} preload={false}>
      {t.open}
    </Link>
  );
}

function AppealBox({ of: { appeal } }: { of: Case }) {
  const t = useWords();
  const s = useSpeech();
  if (!appeal) return null;
  return (
    <section className="note note-lit">
      <Icon name="note" />
      <div className="stack-1">
        <h3>{t.appealed(s.ago(appeal.at))}</h3>
        <p className={styles["plain"]}>{appeal.text}</p>
      </div>
    </section>
  );
}

function Picture({ of: { kind, file, thumbnail, text } }: { of: Case }) {
  const t = useWords();
  const shown = file ?? thumbnail;
  if (kind !== "media" || !shown) return null;
  const isClip = file !== undefined && /\.(mp4|webm)(\?|$)/.test(file.url);
  return (
    <figure className={styles["picture"]}>
      {isClip ? <video src={shown.url} controls aria-label={text || t.picture} /> : <img src={shown.url} alt={text || t.picture} />}
    </figure>
  );
}

function Before({ of: { text, reported_text } }: { of: Case }) {
  const t = useWords();
  if (text === undefined || reported_text === undefined) return null;
  return (
    <section className="stack-2">
      <h2 className="cap">{t.reportedText}</h2>
      <p className={styles["was"]}>{reported_text}</p>
    </section>
  );
}

function Why({ of: { reasons, notes } }: { of: Case }) {
  const t = useWords();
  const admin = useAdminWords();
  if (reasons.length === 0) return null;
  return (
    <section>
      <h2 className="cap">{t.why}</h2>
      <ul className={styles["why"]}>
        {reasons.map(({ reason, reports }) => (
          <li key={reason}>
            <b className="b">{admin.reasons[reason]}</b>
            <span className="ink2">{t.counted(reports)}</span>
          </li>
        ))}
      </ul>
      {notes.length > 0 && (
        <>
          <h3 className="vh">{t.newestNotes}</h3>
          <ul className={styles["notes"]}>
            {notes.map((note, i) => (
              <li key={i}>{t.quoted(note)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Game({ of: { game } }: { of: Case }) {
  if (!game) return null;
  return (
    <Link className={styles["game"]} to="/journal/games/$gameId" params={{ gameId: game.id }} preload={false}>
      <Cover name={game.name} />
      <b className="b sm">{game.name}</b>
    </Link>
  );
}
