import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { useKeys } from "../../ui/keys";
import { undoShown } from "../../ui/toasts";
import { type Case, keyOf, type Reason } from "../moderation";
import { Acts } from "./Acts";
import { AuthorPanel } from "./AuthorPanel";
import { CaseList } from "./CaseList";
import { CaseView, placeOf } from "./CaseView";
import { KeysDialog } from "./KeysDialog";
import styles from "./Reports.module.css";
import type { Decide } from "./useDecide";
import { useDecisions } from "./useDecisions";

/** The queue, the case at hand, and its author; each thing that may be done has a key. */
export function Desk({
  cases,
  decide,
  more,
  empty,
}: {
  cases: Case[];
  decide: Decide;
  more: (() => void) | undefined;
  empty: React.ReactNode;
}) {
  const navigate = useNavigate();
  const [showsKeys, setShowsKeys] = useState(false);
  const [banDays, setBanDays] = useState(7);
  const reasonField = useRef<HTMLSelectElement>(null);
  const noteField = useRef<HTMLTextAreaElement>(null);
  const { at, chosen, choose, comeBack, go } = useChosen(cases);
  const form = useReason(chosen);
  const { aboutAuthor, ...decisions } = useDecisions({ decide, chosen, reason: form.reason, note: form.note, banDays, back: comeBack });
  const keysDialog = <KeysDialog key="keys" isOpen={showsKeys} close={() => setShowsKeys(false)} />;
  useKeys({
    j: () => go(at + 1),
    k: () => go(at - 1),
    h: decisions.hide,
    a: decisions.letStand,
    b: decisions.ban,
    r: () => reasonField.current?.focus(),
    n: () => noteField.current?.focus(),
    o: () => {
      const to = chosen && placeOf(chosen);
      if (to) void navigate({ to });
    },
    z: () => void undoShown(),
    "?": () => setShowsKeys(true),
  });
  if (!chosen) return [empty, keysDialog];
  return (
    <div className={styles["desk"]}>
      <CaseList cases={cases} chosen={keyOf(chosen)} choose={choose} more={more} />
      <CaseView of={chosen}>
        <Acts of={chosen} reason={form.reason} setReason={form.setReason} reasonField={reasonField} banDays={banDays} {...decisions} />
      </CaseView>
      <AuthorPanel
        of={chosen}
        note={form.note}
        setNote={form.setNote}
        noteField={noteField}
        banDays={banDays}
        setBanDays={setBanDays}
        act={aboutAuthor}
        showKeys={() => setShowsKeys(true)}
      />
      {keysDialog}
    </div>
  );
}

/**
 * The case at hand. What was decided is gone from the list: what stands in its place is next. It stays the same when the queue is
 * asked again and comes in another order, so that no key decides about something else than one has just read. What is taken back is at
 * hand as soon as it is in the queue again.
 */
function useChosen(cases: Case[]) {
  const [key, setKey] = useState<string>();
  const [wanted, comeBack] = useState<string>();
  const [lastAt, setLastAt] = useState(0);
  if (wanted !== undefined && wanted !== key && cases.some((one) => keyOf(one) === wanted)) setKey(wanted);
  if (wanted !== undefined && wanted === key) comeBack(undefined);
  const found = cases.findIndex((one) => keyOf(one) === key);
  const at = found >= 0 ? found : Math.min(lastAt, cases.length - 1);
  const chosen = cases[at];
  if (found >= 0 && found !== lastAt) setLastAt(found);
  if (found < 0 && chosen) setKey(keyOf(chosen));
  const go = (to: number) => {
    const next = cases[Math.max(0, Math.min(cases.length - 1, to))];
    if (next) setKey(keyOf(next));
  };
  return { at, chosen, choose: setKey, comeBack, go };
}

/** The reason and the word to the author, of the case at hand alone. Before one is chosen it is the one that most reports give. */
function useReason(chosen: Case | undefined) {
  const key = chosen && keyOf(chosen);
  const [typed, setTyped] = useState<{ key: string | undefined; reason?: Reason; note?: string }>({ key });
  const mine = typed.key === key ? typed : { key };
  const usual = chosen?.reasons[0]?.reason ?? chosen?.hidden ?? chosen?.last_verdict?.reason ?? "other";
  return {
    reason: mine.reason ?? usual,
    note: mine.note ?? "",
    setReason: (reason: Reason) => setTyped({ ...mine, reason }),
    setNote: (note: string) => setTyped({ ...mine, note }),
  };
}
