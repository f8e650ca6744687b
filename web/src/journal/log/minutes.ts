/** Times as people write them: "94", "1 h 40", "1:34", "1.5 h". */

/** Minutes, or why a text is none: `over` has the two times that somebody may mean by an hour of more than 60 minutes. */
export type Read = { minutes: number } | { over: [number, number] } | "unclear";

/** No entry has more. */
const MOST = 10_000_000;

/** Reads a time. Nothing is no time: 0 minutes. */
export function readMinutes(text: string): Read {
  const written = text.trim().toLowerCase().replace(",", ".");
  if (written === "") return { minutes: 0 };
  const clock = /^(\d{1,6}):(\d{1,3})$/.exec(written) ?? /^(\d{1,6})\s*(?:h|hr|hrs|hours?|ore?|oră)\s*(\d{1,3})\s*(?:m|min|mins|minutes?|minute)?$/.exec(written);
  if (clock) {
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    if (minutes >= 60) return { over: [hours * 60 + (minutes - 60), (hours + 1) * 60 + (minutes - 60)] };
    return bounded(hours * 60 + minutes);
  }
  const hours = /^(\d{1,6}(?:\.\d{1,3})?)\s*(?:h|hr|hrs|hours?|ore?|oră)$/.exec(written);
  if (hours) return bounded(Math.round(Number(hours[1]) * 60));
  const minutes = /^(\d{1,8})\s*(?:m|min|mins|minutes?|minute)?$/.exec(written);
  return minutes ? bounded(Number(minutes[1])) : "unclear";
}

function bounded(minutes: number): Read {
  return minutes <= MOST ? { minutes } : "unclear";
}
