import { Link } from "@tanstack/react-router";

import type { Schema } from "../../api/client";
import { Avatar } from "../../ui/Avatar";
import { platformName } from "../../ui/games";
import { nameOf } from "../people/queries";
import styles from "./Gatherings.module.css";
import { mayWith } from "./may";
import type { Challenge } from "./queries";
import { useToldMove } from "./useMoves";
import { useWords } from "./words";

const order: Schema<"GuestState">[] = ["accepted", "waiting", "pending", "expired", "declined", "cancelled"];

/** Who comes, waits or was asked, as far as the reader sees; the host takes guests off and says who did not show up. */
export function Guests({ challenge }: { challenge: Challenge }) {
  const t = useWords();
  const { guests } = challenge;
  if (!guests) return challenge.accepted > 0 ? <p className="sm ink3">{t.guestsHidden}</p> : null;
  if (guests.length === 0) return null;
  const sorted = [...guests].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <section aria-labelledby="guests">
      <div className="sec-h">
        <h2 id="guests">{t.guests}</h2>
      </div>
      <ul>
        {sorted.map((guest, i) => (
          <Guest key={guest.person?.username ?? i} challenge={challenge} guest={guest} />
        ))}
      </ul>
    </section>
  );
}

function Guest({ challenge, guest }: { challenge: Challenge; guest: Schema<"ChallengeGuest"> }) {
  const t = useWords();
  const move = useToldMove(challenge.id);
  const { person, state, brings, no_show } = guest;
  const { remove, judge } = mayWith(challenge, guest);
  const name = person ? nameOf(person) : t.somebody;
  const guests = person ? [person.username] : [];
  return (
    <li className={styles["guest"]}>
      <Avatar name={name} />
      <div>
        {person ? (
          <Link to="/journal/people/$username" params={{ username: person.username }}>
            {name}
          </Link>
        ) : (
          name
        )}
        <p className="sm ink2">
          {no_show ? t.noShow : t.guestStates[state]}
          {brings.length > 0 && ` · ${brings.map(platformName).join(", ")}`}
        </p>
      </div>
      {person && (remove || judge) && (
        <span className="row">
          {remove && (
            <button
              className="btn btn-sm"
              type="button"
              onClick={() => move({ action: "remove", guests }, `${name}: ${t.guestStates.cancelled}`, { action: "invite", guests })}
            >
              {t.removeGuest}
              <span className="vh"> {name}</span>
            </button>
          )}
          {judge && (
            <button
              className="btn btn-sm"
              type="button"
              onClick={() =>
                move({ action: no_show ? "showed_up" : "no_show", guests }, `${name}: ${no_show ? t.markShowedUp : t.noShow}`, {
                  action: no_show ? "no_show" : "showed_up",
                  guests,
                })
              }
            >
              {no_show ? t.markShowedUp : t.markNoShow}
              <span className="vh">: {name}</span>
            </button>
          )}
        </span>
      )}
    </li>
  );
}
