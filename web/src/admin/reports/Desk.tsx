import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { useKeys } from "../../ui/keys";
import { undoShown } from "../../ui/toasts";
import { type Case, type Decision, keyOf, type NewVerdict, type Reason } from "../moderation";
import { useWords as useAdminWords } from "../words";
import { Acts } from "./Acts";
import { AuthorPanel } from "./AuthorPanel";
import { CaseList } from "./CaseList";
import { CaseView, placeOf } from "./CaseView";
import { KeysDialog } from "./KeysDialog";
import styles from "./Reports.module.css";
import type { useDecide } from "./useDecide";
import { useWords } from "./words";

type Decide = ReturnType<typeof useDecide>["decide"];

const DAY_MS = 86_400_000;
const TOAST_LETTERS = 40;

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
  const { at, chosen, choose, go } = useChosen(cases);
  const form = useReason(chosen);
  const decisions = useDecisions({ decide, chosen, reason: form.reason, note: form.note, banDays, back: choose });
  const keysDialog = <KeysDialog isOpen={showsKeys} close={() => setShowsKeys(false)} />;
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
  if (!chosen) {
    return (
      <>
        {empty}
        {keysDialog}
      </>
    );
  }
  return (
    <div className={styles["desk"]}>
      <CaseList cases={cases} chosen={keyOf(chosen)} choose={choose} more={more} />
      <CaseView of={chosen}>
        <Acts
          of={chosen}
          reason={form.reason}
          setReason={form.setReason}
          reasonField={reasonField}
          banDays={banDays}
          hide={decisions.hide}
          letStand={decisions.letStand}
          ban={decisions.ban}
        />
      </CaseView>
      <AuthorPanel
        of={chosen}
        note={form.note}
        setNote={form.setNote}
        noteField={noteField}
        banDays={banDays}
        setBanDays={setBanDays}
        act={decisions.aboutAuthor}
        showKeys={() => setShowsKeys(true)}
      />
      {keysDialog}
    </div>
  );
}

/**
 * The case at hand. What was decided is gone from the list: what stands in its place is next. It stays the same when the queue is
 * asked again and comes in another order, so that no key decides about something else than one has just read.
 */
function useChosen(cases: Case[]) {
  const [key, setKey] = useState<string>();
  const [lastAt, setLastAt] = useState(0);
  const found = cases.findIndex((one) => keyOf(one) === key);
  const at = found >= 0 ? found : Math.min(lastAt, cases.length - 1);
  const chosen = cases[at];
  if (found >= 0 && found !== lastAt) setLastAt(found);
  if (found < 0 && chosen) setKey(keyOf(chosen));
  const go = (to: number) => {
    const next = cases[Math.max(0, Math.min(cases.length - 1, to))];
    if (next) setKey(keyOf(next));
  };
  return { at, chosen, choose: setKey, go };
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

/** What the keys and the buttons do about the case at hand. */
function useDecisions({
  decide,
  chosen,
  reason,
  note,
  banDays,
  back,
}: {
  decide: Decide;
  chosen: Case | undefined;
  reason: Reason;
  note: string;
  banDays: number;
  back: (key: string) => void;
}) {
  const t = useWords();
  const admin = useAdminWords();
  const said = note.trim() ? { note: note.trim() } : {};
  const verdict = (of: Case, action: Decision): NewVerdict => ({
    subject: { kind: of.kind, id: of.id },
    action,
    ...(action === "restore" || action === "unban" ? said : { reason, ...said }),
  });
  const what = (of: Case) => {
    const text = (of.text || of.reported_text || "").replaceAll(/\s+/g, " ").trim();
    if (of.kind === "person" || text === "") return who(of);
    return t.quoted(text.length > TOAST_LETTERS ? `${[...text].slice(0, TOAST_LETTERS).join("")}…` : text);
  };
  const who = ({ author, kind }: Case) => (author ? (author.display_name ?? author.username) : admin.kinds[kind]);
  const act = (of: Case, action: Decision, text: string) =>
    decide(of, { text, verdicts: [verdict(of, action)] }, () => back(keyOf(of)));

  return {
    hide: () => {
      if (!chosen) return;
      if (chosen.appeal) act(chosen, "uphold", t.done.uphold(what(chosen)));
      else if (chosen.text !== undefined) act(chosen, "hide", t.done.hide(what(chosen)));
    },
    letStand: () => {
      if (!chosen) return;
      const { appeal, last_verdict, kind, author_banned, hidden, reports } = chosen;
      const appealed = appeal && last_verdict?.verdict_id === appeal.verdict_id ? last_verdict.action : undefined;
      if (appeal && (appealed === "clear_name" || appealed === "clear_bio")) {
        decide(chosen, { text: t.granted(what(chosen)), verdicts: [], undone: appeal.verdict_id });
      } else if (appealed === "ban") act(chosen, "unban", t.granted(who(chosen)));
      else if (appeal) act(chosen, "restore", t.granted(what(chosen)));
      else if (kind === "person" && author_banned && !hidden && reports === 0) act(chosen, "unban", t.done.unban(who(chosen)));
      else act(chosen, "restore", t.done.restore(what(chosen)));
    },
    ban: () => {
      if (!chosen?.author) return;
      const until = banDays === 0 ? {} : { until: new Date(Date.now() + banDays * DAY_MS).toISOString() };
      const isHidden = chosen.hidden !== undefined || chosen.text === undefined || chosen.kind === "person";
      const verdicts = [{ ...verdict(chosen, "ban"), ...until }, ...(isHidden ? [] : [verdict(chosen, "hide")])];
      decide(chosen, { text: t.done.ban(who(chosen)), verdicts }, () => back(keyOf(chosen)));
    },
    aboutAuthor: (action: "unban" | "clear_name" | "clear_bio") => {
      if (!chosen) return;
      // Of anything but a person the case still waits: it is about the thing, not about its author.
      const stays = chosen.kind !== "person";
      decide(chosen, { text: t.done[action](who(chosen)), verdicts: [verdict(chosen, action)], stays });
    },
  };
}
