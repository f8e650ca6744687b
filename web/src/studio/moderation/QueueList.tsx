import { useEffect, useRef } from "react";

import { useSpeech } from "../../words";
import { KindSign, saidBy } from "../kinds";
import { useWords as useStudioWords } from "../words";
import styles from "./ModerationPage.module.css";
import type { Item } from "./queue";
import { useWords } from "./words";

/** The queue: what was reported, by whom it is, and how often. */
export function QueueList({
  items,
  chosen,
  picked,
  nameOf,
  onChoose,
  more,
}: {
  items: Item[];
  chosen: string;
  picked: ReadonlySet<string>;
  nameOf: (item: Item) => string;
  onChoose: (id: string) => void;
  more: (() => void) | undefined;
}) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    void current.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const reasons: Record<string, string> = t.reasons;
  return (
    <nav className={styles["que"]} aria-label={t.queue}>
      <ul>
        {items.map((item) => {
          const { trace, reports } = item;
          const isChosen = trace.id === chosen;
          return (
            <li key={trace.id} ref={isChosen ? current : undefined} className={isChosen ? styles["isSel"] : ""}>
              <button type="button" aria-current={isChosen} onClick={() => onChoose(trace.id)}>
                <span className={styles["qH"]}>
                  <KindSign kind={trace.kind} named />
                  <span className={`trunc b ${styles["name"]}`}>{nameOf(item)}</span>
                  <span className="xs num">{s.ago(trace.created_at)}</span>
                </span>
                <span className={styles["qT"]}>{saidBy(trace, studioWords.kinds[trace.kind].one)}</span>
                <span className={`xs ${styles["qF"]}`}>
                  <span className={`tag ${reports >= 3 ? "tag-bad" : ""}`}>{reports > 0 ? t.reports(reports) : t.settled}</span>
                  {item.hidden && <span className="tag">{t.isHidden}</span>}
                  {picked.has(trace.id) && <span className="tag tag-info">{t.pick} ✓</span>}
                  <span className="trunc">{item.reasons.map((reason) => reasons[reason] ?? reason).join(", ")}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {more && (
        <p className="pad">
          <button className="btn btn-sm" type="button" onClick={more}>
            {t.more}
          </button>
        </p>
      )}
    </nav>
  );
}
