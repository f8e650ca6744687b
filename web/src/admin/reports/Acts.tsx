import { Icon } from "../../ui/Icon";
import type { Case, Reason } from "../moderation";
import { useWords as useAdminWords } from "../words";
import styles from "./Reports.module.css";
import { useWords } from "./words";

/** What may be decided about a case, with the reason that the author is told. */
export function Acts({
  of: one,
  reason,
  setReason,
  reasonField,
  banDays,
  hide,
  letStand,
  ban,
}: {
  of: Case;
  reason: Reason;
  setReason: (reason: Reason) => void;
  reasonField: React.RefObject<HTMLSelectElement | null>;
  banDays: number;
  hide: () => void;
  letStand: () => void;
  ban: () => void;
}) {
  const t = useWords();
  const { appeal, author, author_banned, hidden, reports, kind } = one;
  const isOver = reports === 0 && !appeal;
  const canRestore = !isOver || hidden !== undefined;
  return (
    <div className={styles["acts"]}>
      {(appeal || !hidden || reports > 0) && (
        <button className={`btn${isOver ? "" : " btn-lit"}`} type="button" onClick={hide}>
          <Icon name={appeal ? "x" : "hide"} />
          {appeal ? t.refuse : t.hide} <kbd>H</kbd>
        </button>
      )}
      {canRestore && (
        <button className="btn" type="button" onClick={letStand}>
          <Icon name={hidden && !appeal ? "eye" : "check"} />
          {appeal ? t.grant : hidden ? t.showAgain : t.letStand} <kbd>A</kbd>
        </button>
      )}
      {isOver && kind === "person" && author_banned && !hidden && (
        <button className="btn" type="button" onClick={letStand}>
          <Icon name="check" />
          {t.unban} <kbd>A</kbd>
        </button>
      )}
      <ReasonField reason={reason} setReason={setReason} field={reasonField} />
      {author && (
        <button className="btn btn-bad" type="button" onClick={ban}>
          <Icon name="ban" />
          {t.ban}
          <span className="vh">, {t.banLengths[banDays]}</span> <kbd>B</kbd>
        </button>
      )}
    </div>
  );
}

function ReasonField({
  reason,
  setReason,
  field,
}: {
  reason: Reason;
  setReason: (reason: Reason) => void;
  field: React.RefObject<HTMLSelectElement | null>;
}) {
  const t = useWords();
  const admin = useAdminWords();
  return (
    <label className={styles["reason"]}>
      <span className="vh">{t.reason}</span>
      <select ref={field} className="in" value={reason} onChange={(event) => setReason(event.target.value as Reason)} onKeyDown={leaveOnEnter}>
        {Object.entries(admin.reasons).map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
      <kbd>R</kbd>
    </label>
  );
}

/** Out of the list of reasons, so that single keys work again. */
function leaveOnEnter(event: React.KeyboardEvent<HTMLSelectElement>) {
  if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
}
