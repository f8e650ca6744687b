import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Avatar } from "../../ui/Avatar";
import { Answer, Field } from "../../ui/parts";
import { useSpeech } from "../../words";
import { auditQuery, type Case, type Decision, type Verdict } from "../moderation";
import { useWords as useAdminWords } from "../words";
import { KeyList } from "./KeysDialog";
import styles from "./Reports.module.css";
import { useWords } from "./words";

const SHOWN = 6;
const NOTE = 500;

interface Measures {
  note: string;
  setNote: (note: string) => void;
  noteField: React.RefObject<HTMLTextAreaElement | null>;
  banDays: number;
  setBanDays: (days: number) => void;
  act: (action: Extract<Decision, "unban" | "clear_name" | "clear_bio">) => void;
}

/** Whose it is: what was decided about them before, and what else can be done about them. */
export function AuthorPanel({ of: one, showKeys, ...measures }: Measures & { of: Case; showKeys: () => void }) {
  const t = useWords();
  const { author, author_banned } = one;
  return (
    <aside className={styles["who"]} aria-label={t.author}>
      {author ? (
        <>
          <Name author={author} isBanned={author_banned} />
          <Earlier username={author.username} />
          <MeasuresPart isBanned={author_banned} {...measures} />
        </>
      ) : (
        <div className="stack-2">
          <h2>{t.noAuthor}</h2>
          <p className="sm ink2">{t.noAuthorText}</p>
        </div>
      )}
      <section className={`stack-2 ${styles["keyPart"]}`}>
        <div className="row between">
          <h2>{t.keys}</h2>
          <button className="link-btn xs" type="button" onClick={showKeys}>
            {t.keysAll}
          </button>
        </div>
        <KeyList only={["J", "K", "R", "O", "Z", "?"]} />
      </section>
    </aside>
  );
}

function Name({ author: { username, display_name }, isBanned }: { author: NonNullable<Case["author"]>; isBanned: boolean }) {
  const t = useWords();
  return (
    <div className="row">
      <Avatar name={display_name ?? username} />
      <div className={styles["whoName"]}>
        <h2>{display_name ?? username}</h2>
        <p className="xs">
          <Link to="/journal/people/$username" params={{ username }}>
            {username}
          </Link>{" "}
          {isBanned && <span className="tag tag-bad">{t.theyAreBanned}</span>}
        </p>
      </div>
    </div>
  );
}

function MeasuresPart({ note, setNote, noteField, banDays, setBanDays, act, isBanned }: Measures & { isBanned: boolean }) {
  const t = useWords();
  return (
    <>
      <Field label={t.note} hint={t.noteHint}>
        {(ids) => (
          <textarea
            {...ids}
            ref={noteField}
            className="in"
            rows={2}
            maxLength={NOTE}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          />
        )}
      </Field>
      <Field label={t.banFor}>
        {(ids) => (
          <select {...ids} className="in" value={banDays} onChange={(event) => setBanDays(Number(event.target.value))}>
            {[1, 7, 30, 365, 0].map((days) => (
              <option key={days} value={days}>
                {t.banLengths[days]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="row wrap">
        {isBanned && (
          <button className="btn btn-sm" type="button" onClick={() => act("unban")}>
            {t.unban}
          </button>
        )}
        <button className="btn btn-sm" type="button" onClick={() => act("clear_name")}>
          {t.clearName}
        </button>
        <button className="btn btn-sm" type="button" onClick={() => act("clear_bio")}>
          {t.clearBio}
        </button>
      </div>
    </>
  );
}

function Earlier({ username }: { username: string }) {
  const t = useWords();
  const verdicts = useInfiniteQuery(auditQuery(username));
  return (
    <section>
      <h3 className="cap">{t.earlier}</h3>
      <Answer query={verdicts} lines={2}>
        {(items) => {
          if (items.length === 0) return <p className="sm ink2">{t.noEarlier}</p>;
          return (
            <>
              <ol className="trail">
                {items.slice(0, SHOWN).map((verdict) => (
                  <Step key={verdict.verdict_id} verdict={verdict} />
                ))}
              </ol>
              {items.length > SHOWN && (
                <Link className="sm" to="/admin/audit" search={{ username }}>
                  {t.allVerdicts}
                </Link>
              )}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function Step({ verdict }: { verdict: Verdict }) {
  const admin = useAdminWords();
  const s = useSpeech();
  const { action, kind, reason, automatic, by, decided_at, undone_at, until, appeal } = verdict;
  const isAgainst = ["hide", "ban", "clear_name", "clear_bio"].includes(action) && !undone_at;
  const facts = [
    s.ago(decided_at),
    automatic ? admin.byReports : by && admin.by(by),
    until && admin.until(s.date(until)),
    undone_at && admin.undone,
    appeal && admin.appeals[appeal.state],
  ].filter(Boolean);
  return (
    <li className={isAgainst ? "is-lit" : "is-done"}>
      {admin.actions[action]}
      {kind !== "person" && `, ${admin.kinds[kind].toLocaleLowerCase(s.language)}`}
      {reason && `: ${admin.reasons[reason].toLocaleLowerCase(s.language)}`}
      <br />
      <span className="xs ink3">{facts.join(", ")}</span>
    </li>
  );
}
