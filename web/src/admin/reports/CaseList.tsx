import { useLayoutEffect, useRef } from "react";

import { Icon, type IconName } from "../../ui/Icon";
import { useSpeech } from "../../words";
import { type Case, keyOf } from "../moderation";
import type { Kind } from "../search";
import { useWords as useAdminWords } from "../words";
import styles from "./Reports.module.css";
import { useWords } from "./words";

/** The sign of each kind. */
export const signs: Record<Kind, IconName> = { thought: "note", comment: "note", media: "image", challenge: "cal", person: "people" };

/** The cases as a list; the chosen one is in sight. */
export function CaseList({
  cases,
  chosen,
  choose,
  more,
}: {
  cases: Case[];
  chosen: string;
  choose: (key: string) => void;
  more: (() => void) | undefined;
}) {
  const t = useWords();
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    item.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <div className={styles["queue"]} role="region" aria-label={t.queue} tabIndex={-1}>
      <ul>
        {cases.map((one) => {
          const key = keyOf(one);
          const isChosen = key === chosen;
          return (
            <li key={key} ref={isChosen ? item : undefined} className={isChosen ? styles["chosen"] : undefined}>
              <button type="button" aria-current={isChosen || undefined} data-case={key} onClick={() => choose(key)}>
                <Row of={one} />
              </button>
            </li>
          );
        })}
      </ul>
      {more && (
        <div className={styles["moreRow"]}>
          <button className="btn btn-sm" type="button" onClick={more}>
            {t.more}
          </button>
        </div>
      )}
    </div>
  );
}

function Row({ of: one }: { of: Case }) {
  const t = useWords();
  const admin = useAdminWords();
  const s = useSpeech();
  const { kind, author, last_at, text, reported_text, reports, appeal, hidden, author_banned } = one;
  const at = appeal?.at ?? last_at ?? one.last_verdict?.decided_at;
  const reason = one.reasons[0]?.reason ?? hidden ?? one.last_verdict?.reason;
  return (
    <>
      <span className={styles["top"]}>
        <Icon name={signs[kind]} />
        <span className="vh">{admin.kinds[kind]}</span>
        <span className={`trunc b ${styles["name"]}`}>{author ? (author.display_name ?? author.username) : t.noAuthor}</span>
        {at && <span className="xs num">{s.ago(at)}</span>}
      </span>
      <span className={styles["short"]}>{text || reported_text || t.gone}</span>
      <span className={`${styles["facts"]} xs`}>
        {appeal && <span className="tag tag-lit">{t.appeal}</span>}
        {reports > 0 && <span className={`tag${reports >= 3 ? " tag-bad" : ""}`}>{t.counted(reports)}</span>}
        {hidden && <span className="tag tag-info">{t.hidden}</span>}
        {author_banned && <span className="tag tag-info">{kind === "person" ? t.theyAreBanned : t.banned}</span>}
        {reason && <span>{admin.reasons[reason].toLocaleLowerCase(s.language)}</span>}
      </span>
    </>
  );
}
