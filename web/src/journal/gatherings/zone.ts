/** Times as a wall clock in a time zone shows them. */

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((of) => of.type === type)?.value ?? 0);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - Math.floor(at / 1000) * 1000;
}

/** The moment at which the clock of a zone shows that day and time: `("2026-12-05", "18:00", "Europe/Bucharest")`. */
export function momentIn(day: string, time: string, zone: string): Date {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const guess = wall - ahead(wall, zone);
  // Around a change of the clock the first guess may be an hour off.
  return new Date(wall - ahead(guess, zone));
}

/** What the clock of a zone shows at a moment: its day and its time, as inputs take them. */
export function wallIn(at: string | number, zone: string): { day: string; time: string } {
  const moment = new Date(at).getTime();
  const text = new Date(moment + ahead(moment, zone)).toISOString();
  return { day: text.slice(0, 10), time: text.slice(11, 16) };
}
