import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Fill } from "../../ui/Fill";
import { Icon, type IconName } from "../../ui/Icon";
import { useSpeech } from "../../words";
import { nameOf } from "../people/queries";
import { useKinds } from "./kinds";
import styles from "./NoticesPage.module.css";
import { type Notice, subjectQuery } from "./queries";
import { useWords } from "./words";

const icons: Record<string, IconName> = {
  followed: "people",
  befriended: "people",
  thought_commented: "note",
  thought_liked: "note",
  price_fell: "down",
  save_held: "layers",
  moderated: "shield",
  report_settled: "shield",
};

/** What a price's fall tells. */
interface Fall {
  minor: number;
  target_minor: number;
  currency: string;
}

/** Where a notice leads; absent: nowhere. */
function target({ kind, subject, person }: Notice): string | undefined {
  if (kind === "followed" || kind === "befriended") return person && `/journal/people/${person.username}`;
  if (kind === "moderated") return "/journal/notices?show=verdicts";
  if (subject === undefined) return undefined;
  if (kind.startsWith("thought_")) return `/journal/thoughts/${subject}`;
  if (kind.startsWith("challenge_")) return `/journal/gatherings/${subject}`;
  if (kind === "price_fell") return `/journal/games/${subject}`;
  return kind === "save_held" ? `/journal/saves?save=${subject}` : undefined;
}

/** The sentence of a notice, by its kind and what it tells beside. */
function useSentence({ kind, detail, times }: Notice): string | undefined {
  const t = useWords();
  const told = (detail ?? {}) as { action?: string; upheld?: boolean };
  if (kind === "moderated") return t.verdicts[told.action ?? ""] ?? t.texts[kind];
  if (kind === "report_settled" && told.upheld !== undefined) return told.upheld ? t.upheld : t.notUpheld;
  return (times > 1 ? t.manyTexts[kind] : undefined) ?? t.texts[kind];
}

/** One notice: what happened, when, and the way to it. `act` are buttons beside it. */
export function NoticeRow({ notice, isShort = false, children }: { notice: Notice; isShort?: boolean; children?: React.ReactNode }) {
  const t = useWords();
  const s = useSpeech();
  const kinds = useKinds();
  const sentence = useSentence(notice);
  const subject = useQuery(subjectQuery(notice));
  const to = target(notice);
  const { kind, person, at, read, times, detail } = notice;
  const fall = kind === "price_fell" ? (detail as unknown as Fall | undefined) : undefined;
  const text = (
    <Fill
      text={sentence ?? kinds[kind] ?? kind}
      parts={{
        person: <b>{person ? nameOf(person) : t.somebody}</b>,
        game: <b>{subject.data ?? t.aGame}</b>,
        price: fall && s.money(fall.minor, fall.currency),
        target: fall && s.money(fall.target_minor, fall.currency),
      }}
    />
  );
  return (
    <li className={`${styles["row"]}${isShort ? ` ${styles["short"]}` : ""}`} data-unread={read ? undefined : ""}>
      <span className={styles["sign"]}>
        <Icon name={icons[kind] ?? (kind.startsWith("challenge_") ? "cal" : "bell")} />
      </span>
      <div>
        <p>
          {to ? <Link to={to}>{text}</Link> : text}
          {!read && <span className="vh"> ({t.newOne})</span>}
        </p>
        <p className="xs ink3">
          <time dateTime={at}>{s.ago(at)}</time>
          {times > 1 && ` · ${t.times(times)}`}
        </p>
      </div>
      {children}
    </li>
  );
}
