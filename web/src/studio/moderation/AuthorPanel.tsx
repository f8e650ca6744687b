import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { Field } from "../../ui/parts";
import { useSpeech } from "../../words";
import { saidBy } from "../kinds";
import { useWords as useStudioWords } from "../words";
import { Keys } from "./KeysDialog";
import styles from "./ModerationPage.module.css";
import type { Item } from "./queue";
import { useWords } from "./words";

const SHOWN = 6;

/** Who left a trace, what else of theirs was reported or is hidden, and what may be done about them. */
export function AuthorPanel({
  item,
  name,
  all,
  banDays,
  onBanDays,
  onUnban,
  onClearName,
  onMap,
  onKeys,
}: {
  item: Item;
  name: string;
  all: Item[];
  banDays: number;
  onBanDays: (days: number) => void;
  onUnban: () => void;
  onClearName: () => void;
  onMap: () => void;
  onKeys: () => void;
}) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const { trace } = item;
  const isPlayer = trace.author_kind === "minted";
  const theirs = all.filter((other) => other.trace.author === trace.author && other.trace.author_kind === trace.author_kind && other.trace.id !== trace.id);
  return (
    <aside className={styles["who"]} aria-label={t.author}>
      <section className="stack">
        <div className="row">
          <Avatar name={name} />
          <div className={styles["whoName"]}>
            <h2>{name}</h2>
            <p className="xs ink3">{isPlayer ? t.player : t.claimed}</p>
          </div>
        </div>
        <h3 className="cap">{t.inQueue}</h3>
        {theirs.length === 0 ? (
          <p className="sm ink2">{t.alone}</p>
        ) : (
          <ol className="trail">
            <li className="is-lit">
              {saidBy(trace, studioWords.kinds[trace.kind].one)}
              <br />
              <span className="xs ink3">{s.ago(trace.created_at)}</span>
            </li>
            {theirs.slice(0, SHOWN).map((other) => (
              <li key={other.trace.id} className={other.hidden ? "" : "is-next"}>
                {saidBy(other.trace, studioWords.kinds[other.trace.kind].one)}
                <br />
                <span className="xs ink3">
                  {other.hidden ? `${t.isHidden}, ` : ""}
                  {s.ago(other.trace.created_at)}
                </span>
              </li>
            ))}
          </ol>
        )}
        <Field label={t.banFor}>
          {(ids) => (
            <select {...ids} className="in" value={banDays} onChange={(event) => onBanDays(Number(event.target.value))}>
              {[1, 7, 30, 0].map((days) => (
                <option key={days} value={days}>
                  {t.banLengths[days]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="row wrap">
          <button className="btn btn-sm" type="button" onClick={onMap}>
            <Icon name="map" />
            {t.openMap}
          </button>
          <button className="btn btn-sm" type="button" onClick={onUnban}>
            {t.unban}
          </button>
          {isPlayer && (
            <button className="btn btn-sm" type="button" onClick={onClearName}>
              {t.clearName}
            </button>
          )}
        </div>
      </section>
      <section className={`stack-2 ${styles["keysec"]}`}>
        <h2>{t.keys}</h2>
        <Keys only={["J", "K", "X", "M", "Z"]} />
        <p className="xs ink3">{t.soon}</p>
        <p>
          <button className="link-btn sm" type="button" onClick={onKeys}>
            {t.keysAll}
          </button>
        </p>
      </section>
    </aside>
  );
}
