import { Link } from "@tanstack/react-router";

import { Icon } from "../../ui/Icon";
import { useSpeech } from "../../words";
import { KindSign, saidBy } from "../kinds";
import { searchOf, type World } from "../place";
import { useWords as useStudioWords } from "../words";
import { MiniMap } from "./MiniMap";
import styles from "./ModerationPage.module.css";
import type { Item } from "./queue";
import { useWords } from "./words";

/** A reported trace, the place around it, why it was reported, and what may be decided. */
export function ItemView({
  world,
  item,
  count,
  reason,
  reasonSelect,
  banDays,
  onReason,
  onHide,
  onRestore,
  onBan,
}: {
  world: World;
  item: Item;
  /** Of how many traces one decides at once. */
  count: number;
  reason: string;
  reasonSelect: React.RefObject<HTMLSelectElement | null>;
  banDays: number;
  onReason: (reason: string) => void;
  onHide: () => void;
  onRestore: () => void;
  onBan: () => void;
}) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const { trace, reports, hidden } = item;
  const kind = studioWords.kinds[trace.kind].one;
  return (
    <div className={styles["it"]}>
      <div className={styles["itB"]} tabIndex={0} role="region" aria-label={kind}>
        <div className="stack-2">
          <p className="row sm ink2 wrap">
            <KindSign kind={trace.kind} />
            <span>{t.left(kind, trace.scope || studioWords.unnamedScope, s.dateTime(trace.created_at), trace.content_version)}</span>
          </p>
          <p className={styles["said"]}>{trace.text?.length ? studioWords.quoted(saidBy(trace, kind)) : saidBy(trace, kind)}</p>
          <p className="row wrap sm">
            <span className="tag">{t.up(trace.good, trace.poor)}</span>
            <span className={`tag ${reports >= 3 ? "tag-bad" : ""}`}>{reports > 0 ? t.reports(reports) : t.settled}</span>
            {hidden && <span className="tag tag-info">{t.isHidden}</span>}
            {(trace.kind === "phantom" || trace.kind === "bloodstain") && (
              <Link to="/studio/$studio/$game/ghosts" params={world} search={{ ...searchOf(world), scope: trace.scope, trace: trace.id }}>
                {t.run}
              </Link>
            )}
          </p>
        </div>
        <MiniMap world={world} trace={trace} isHidden={hidden} />
        <Reasons item={item} />
      </div>
      <div className={styles["acts"]}>
        {count > 1 && <span className="sm b">{t.picked(count)}</span>}
        <button className="btn btn-lit" type="button" onClick={onHide}>
          <Icon name="hide" />
          {t.hide} <kbd>H</kbd>
        </button>
        <button className="btn" type="button" onClick={onRestore}>
          <Icon name="check" />
          {t.letStand} <kbd>A</kbd>
        </button>
        <label className={styles["reason"]}>
          <span className="vh">{t.reason}</span>
          <select ref={reasonSelect} className="in" value={reason} onChange={(event) => onReason(event.target.value)} onKeyDown={leaveOnEnter}>
            {Object.entries(t.reasons).map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </select>
          <kbd>R</kbd>
        </label>
        <button className="btn btn-bad" type="button" onClick={onBan}>
          <Icon name="ban" />
          {t.ban(t.banLengths[banDays] ?? "")} <kbd>B</kbd>
        </button>
      </div>
    </div>
  );
}

/** Out of the list of reasons, so that single keys work again. */
function leaveOnEnter(event: React.KeyboardEvent<HTMLSelectElement>) {
  if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
}

function Reasons({ item }: { item: Item }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const names: Record<string, string> = t.reasons;
  if (item.reasons.length === 0) return null;
  return (
    <section>
      <h2 className="cap">{t.why}</h2>
      <ul className={styles["rep"]}>
        {(item.notes.length > 0 ? item.notes : [undefined]).map((note, i) => (
          <li key={i}>
            <b className="b">{i === 0 ? item.reasons.map((reason) => names[reason] ?? reason).join(", ") : ""}</b>
            {note === undefined ? <span className="ink2">{t.noWords}</span> : <span className={styles["note"]}>{studioWords.quoted(note)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
