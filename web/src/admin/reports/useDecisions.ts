import { type Case, type Decision, keyOf, type NewVerdict, type Reason } from "../moderation";
import { useWords as useAdminWords } from "../words";
import type { Decide } from "./useDecide";
import { useWords } from "./words";

const DAY_MS = 86_400_000;
const TOAST_LETTERS = 40;

/** What the keys and the buttons do about the case at hand. */
export function useDecisions({
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
  const said = note.trim() ? { note: note.trim() } : {};
  const verdict = (of: Case, action: Decision): NewVerdict => ({
    subject: { kind: of.kind, id: of.id },
    action,
    ...(action === "restore" || action === "unban" ? said : { reason, ...said }),
  });
  const { what, who } = useNames();
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
      const isLast = appeal && last_verdict?.verdict_id === appeal.verdict_id;
      const isOnlyBanned = kind === "person" && author_banned && !hidden;
      const appealed = isLast ? last_verdict.action : appeal && isOnlyBanned ? "ban" : undefined;
      if (appeal && (appealed === "clear_name" || appealed === "clear_bio")) {
        decide(chosen, { text: t.granted(what(chosen)), verdicts: [], undone: appeal.verdict_id });
      } else if (appealed === "ban") act(chosen, "unban", t.granted(who(chosen)));
      else if (appeal) act(chosen, "restore", t.granted(what(chosen)));
      else if (isOnlyBanned && reports === 0) act(chosen, "unban", t.done.unban(who(chosen)));
      else act(chosen, "restore", t.done.restore(what(chosen)));
    },
    ban: () => {
      if (!chosen?.author) return;
      const until = banDays === 0 ? {} : { until: new Date(Date.now() + banDays * DAY_MS).toISOString() };
      const isHidden = chosen.hidden !== undefined || chosen.text === undefined || chosen.kind === "person";
      const verdicts = [{ ...verdict(chosen, "ban"), ...until }, ...(isHidden ? [] : [verdict(chosen, "hide")])];
      decide(chosen, { text: t.done.ban(who(chosen), t.banLengths[banDays] ?? ""), verdicts }, () => back(keyOf(chosen)));
    },
    aboutAuthor: (action: "unban" | "clear_name" | "clear_bio") => {
      if (!chosen) return;
      // Of anything but a person the case still waits: it is about the thing, not about its author.
      const stays = chosen.kind !== "person";
      decide(chosen, { text: t.done[action](who(chosen)), verdicts: [verdict(chosen, action)], stays });
    },
  };
}

/** What a toast calls a case, and its author. */
function useNames() {
  const t = useWords();
  const admin = useAdminWords();
  const who = ({ author, kind }: Case) => (author ? (author.display_name ?? author.username) : admin.kinds[kind]);
  const what = (of: Case) => {
    const text = (of.text || of.reported_text || "").replaceAll(/\s+/g, " ").trim();
    if (of.kind === "person" || text === "") return who(of);
    return t.quoted(text.length > TOAST_LETTERS ? `${[...text].slice(0, TOAST_LETTERS).join("")}…` : text);
  };
  return { what, who };
}
