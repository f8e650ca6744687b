import { Link } from "@tanstack/react-router";

import { platformName } from "../../ui/games";
import { Icon } from "../../ui/Icon";
import { Seats } from "../../ui/Seats";
import { useSpeech } from "../../words";
import { nameOf } from "../people/queries";
import styles from "./Gatherings.module.css";
import type { Challenge } from "./queries";
import { useWords } from "./words";

/** Whether nothing can come of it any more. */
export function isOver({ state, starts_at, minutes }: Challenge): boolean {
  const ends = new Date(starts_at).getTime() + minutes * 60_000;
  return state === "cancelled" || state === "expired" || state === "completed" || ends < Date.now();
}

/** When it is, in the zone of the place where it is held; online in this device's. */
export function useWhen(): (challenge: Challenge) => string {
  const t = useWords();
  const s = useSpeech();
  return ({ starts_at, minutes, zone, session_type }) => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const shown = session_type === "offline" ? zone : own;
    const ends = new Date(new Date(starts_at).getTime() + minutes * 60_000);
    const from = s.moment(starts_at, shown);
    const to = minutes >= 1440 ? s.moment(ends, shown) : s.clock(ends, shown);
    const span = minutes > 0 ? t.to(from, to) : from;
    return shown === own ? span : `${span}, ${t.inZone((shown.split("/").at(-1) ?? shown).replaceAll("_", " "))}`;
  };
}

/** The leaf of the calendar. */
export function DateLeaf({ challenge: { starts_at, zone, session_type } }: { challenge: Challenge }) {
  const s = useSpeech();
  const { day, month } = s.leaf(starts_at, session_type === "offline" ? zone : undefined);
  return (
    <div className={styles["date"]} aria-hidden="true">
      <b>{day}</b>
      {month}
    </div>
  );
}

/** How the reader stands to it, as a tag. */
export function YouTag({ challenge }: { challenge: Challenge }) {
  const t = useWords();
  if (challenge.hosting) return <span className="tag tag-info">{t.hosting}</span>;
  const { you } = challenge;
  if (!you) return null;
  const tone = you.state === "accepted" ? " tag-ok" : you.state === "pending" ? " tag-lit" : "";
  return (
    <span className={`tag${tone}`}>
      {you.state === "accepted" && <Icon name="check" />}
      {you.state === "waiting" && you.position !== undefined ? t.position(you.position) : t.you[you.state]}
    </span>
  );
}

/** The seats as stones, with the figures. */
export function SeatLine({ challenge: { accepted, capacity, waiting } }: { challenge: Challenge }) {
  const t = useWords();
  return (
    <div className={styles["seat"]}>
      <Seats taken={accepted} capacity={capacity} label={t.seatsLabel(accepted, capacity)} />
      <span className="sm">
        <b className="b num">{t.seats(accepted, capacity)}</b>
        {waiting > 0 && <span className="ink2">, {t.waiting(waiting)}</span>}
      </span>
    </div>
  );
}

/** Where it is, as far as the reader may know. */
export function useWhere(): (challenge: Challenge) => string {
  const t = useWords();
  return ({ session_type, area }) => {
    if (session_type === "online") return t.online;
    return [area?.name, area?.band && t.bands[area.band]].filter(Boolean).join(", ") || t.offline;
  };
}

/** A gathering in a list. `isShort` leaves out seats and devices. */
export function GatheringRow({ challenge, isShort = false }: { challenge: Challenge; isShort?: boolean }) {
  const t = useWords();
  const when = useWhen();
  const where = useWhere();
  const { id, game, host, hosting, session_type, needs, brings, state } = challenge;
  const by = hosting ? t.byYou : host ? t.by(nameOf(host)) : t.noHost;
  return (
    <li className={`${styles["row"]}${isShort ? ` ${styles["short"]}` : ""}${isOver(challenge) ? ` ${styles["over"]}` : ""}`}>
      <DateLeaf challenge={challenge} />
      <div className="stack-2">
        <div>
          <h3>
            <Link to="/journal/gatherings/$challengeId" params={{ challengeId: id }}>
              {game?.name ?? t.title}
            </Link>
          </h3>
          <p className="sm ink2">
            {when(challenge)}, {by}
          </p>
          <p className="sm ink2">
            <Icon name={session_type === "online" ? "live" : "pin"} /> {where(challenge)}
          </p>
        </div>
        {!isShort && <SeatLine challenge={challenge} />}
        {!isShort && (brings.length > 0 || needs.length > 0) && (
          <p className={styles["dev"]}>
            {brings.length > 0 && (
              <span>
                <Icon name="tv" /> {t.hostBrings}: {brings.map(platformName).join(", ")}
              </span>
            )}
            {needs.length > 0 && (
              <span>
                <Icon name="pad" /> {t.needs}: {needs.map(platformName).join(", ")}
              </span>
            )}
          </p>
        )}
        <div className="row wrap">
          <YouTag challenge={challenge} />
          {(state === "cancelled" || state === "completed" || state === "expired") && <span className="tag">{t.states[state]}</span>}
        </div>
      </div>
    </li>
  );
}
