import { useCallback, useState } from "react";

import { Icon } from "../../ui/Icon";
import { useKey, useKeysOn } from "../../ui/keys";
import { useSpeech } from "../../words";
import { DeviceChips } from "./DeviceChips";
import { YouTag } from "./GatheringRow";
import styles from "./Gatherings.module.css";
import { may } from "./may";
import type { Challenge } from "./queries";
import { useToldMove } from "./useMoves";
import { useWords } from "./words";

/** A guest's answer: with buttons, or with Y and N. */
export function AnswerBox({ challenge }: { challenge: Challenge }) {
  const t = useWords();
  const s = useSpeech();
  const areKeysOn = useKeysOn();
  const move = useToldMove(challenge.id);
  const { you, game, needs, session_type, accepted, capacity } = challenge;
  const [brings, setBrings] = useState(you?.brings ?? []);
  const { accept, decline } = may(challenge);
  const isFull = accepted >= capacity && you?.state !== "pending";
  const isOffline = session_type === "offline";
  const yes = useCallback(() => {
    if (!accept) return;
    move({ action: "accept", ...(isOffline ? { brings } : {}) }, isFull ? t.you.waiting : t.yes, { action: "decline" });
  }, [accept, brings, isFull, isOffline, move, t]);
  const no = useCallback(() => {
    if (decline) move({ action: "decline" }, t.no, { action: "accept", ...(isOffline ? { brings } : {}) });
  }, [decline, brings, isOffline, move, t]);
  useKey("y", yes);
  useKey("n", no);
  if (!accept && !decline) return you ? <YouTag challenge={challenge} /> : null;
  return (
    <section className={`card ${styles["answer"]}`} aria-label={you ? t.you[you.state] : t.comes}>
      {you && (
        <p className="row wrap">
          <YouTag challenge={challenge} />
          {you.answer_by && <span className="sm ink2">{t.answerBy(s.ago(you.answer_by))}</span>}
        </p>
      )}
      {accept && isOffline && (
        <DeviceChips label={t.iBring} offered={[...new Set([...needs, ...(game?.platforms ?? [])])]} value={brings} change={setBrings} />
      )}
      <div className="row wrap">
        {accept && (
          <button className="btn btn-lit" type="button" onClick={yes}>
            <Icon name="check" />
            {isFull ? t.joinLine : t.comes}
          </button>
        )}
        {decline && (
          <button className="btn" type="button" onClick={no}>
            {you?.state === "waiting" ? t.leaveLine : t.comesNot}
          </button>
        )}
        {areKeysOn && (
          <span className="xs ink3">
            {accept && <kbd>Y</kbd>} {decline && <kbd>N</kbd>}
          </span>
        )}
      </div>
    </section>
  );
}
