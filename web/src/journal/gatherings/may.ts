/** Who may do what now: the table of docs/journal.md, as far as the pages offer it. */

import type { Schema } from "../../api/client";
import type { Challenge } from "./queries";

const hasBegun = ({ starts_at }: Challenge) => new Date(starts_at).getTime() <= Date.now();
const isOpen = ({ state }: Challenge) => state === "pending" || state === "accepted" || state === "declined";

/** What the reader may do with a challenge. */
export function may(challenge: Challenge) {
  const { hosting, you, state } = challenge;
  const begun = state === "accepted" && hasBegun(challenge);
  const ahead = isOpen(challenge) && !hasBegun(challenge);
  const isIn = you?.state === "accepted" || you?.state === "waiting";
  return {
    accept: ahead && !hosting && !isIn && you?.state !== "cancelled",
    decline: ahead && !hosting && (isIn || you?.state === "pending"),
    change: hosting && ahead,
    cancel: hosting && (ahead || begun),
    remove: hosting && !ahead && !begun,
    complete: hosting && begun,
    judge: hosting && (begun || state === "completed"),
  };
}

/** What the host may do with a guest. */
export function mayWith(challenge: Challenge, guest: Schema<"ChallengeGuest">) {
  const { change, judge } = may(challenge);
  return {
    remove: change && challenge.state !== "declined" && ["pending", "accepted", "waiting"].includes(guest.state),
    judge: judge && guest.state === "accepted",
  };
}
