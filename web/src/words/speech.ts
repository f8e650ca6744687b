/** Numbers, times, amounts and lists as a language writes them. All of it by `Intl`. */

import type { Language } from "./language";

/** The forms of a word beside a number. English has `one` and `other`; Romanian has `few` too ("2 jocuri", "20 de jocuri"). */
export type Forms = { one: string; few?: string; other: string };

/** How a language writes what is not a word. */
export interface Speech {
  language: Language;
  /** 2914 → "2,914". */
  number(value: number): string;
  /** A number with its word: `count(2, { one: "game", other: "games" })` → "2 games". */
  count(value: number, forms: Forms): string;
  /** Only the word that goes with a number. */
  form(value: number, forms: Forms): string;
  /** 0.4 → "40%". */
  percent(share: number): string;
  /** Minor units of a currency of two decimals: `money(999, "EUR")` → "€9.99". */
  money(minor: number, currency: string): string;
  /** 94 → "1 h 34 min". */
  minutes(minutes: number): string;
  /** 2_500_000 → "2.5 MB". */
  bytes(bytes: number): string;
  /** "5 March 2026"; of this year "5 March". */
  date(time: string | Date): string;
  /** "5 March 2026, 20:15". */
  dateTime(time: string | Date): string;
  /** A moment in a time zone, this device's unless another is named: "Saturday, 5 December, 18:00". */
  moment(time: string | Date, zone?: string): string;
  /** "18:00", in a time zone. */
  clock(time: string | Date, zone?: string): string;
  /** A day for a calendar's leaf, in a time zone: its number and its month, "5" and "Dec". */
  leaf(time: string | Date, zone?: string): { day: string; month: string };
  /** "December 2026". */
  month(time: Date): string;
  /** The days of the week from Monday, long and short: "Monday" and "Mon". */
  weekdays: { long: string; short: string }[];
  /** "3 hours ago", "in 2 days"; of more than a month ago the date. */
  ago(time: string | Date): string;
  /** "PC, Switch and Deck". */
  list(items: string[]): string;
  /** A date of which perhaps only the year or the month is known: "2012", "2012-03", "2012-03-09". */
  partialDate(date: string): string;
  /** When something was, briefly: the month if it was this year ("May"), else the year ("2024"). */
  monthOrYear(date: string): string;
  /** The name of a month of `2026-05`: "May". */
  monthName(date: string): string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cache = new Map<Language, Speech>();

/** The speech of a language. */
export function speech(language: Language): Speech {
  const found = cache.get(language) ?? create(language);
  cache.set(language, found);
  return found;
}

function create(language: Language): Speech {
  // Dates with the day first, in English too: the pages' readers are not only American.
  const locale = language === "en" ? "en-GB" : "ro-RO";
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const plurals = new Intl.PluralRules(locale);
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const ofThisYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
  const ofAnyYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
  const withTime = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  const utcDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const monthAlone = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
  const utcMonth = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);

  const form = (value: number, forms: Forms) => {
    const rule = plurals.select(value);
    return (rule === "one" ? forms.one : rule === "few" ? forms.few : undefined) ?? forms.other;
  };
  const inZone = (time: string | Date, zone: string | undefined, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...parts, ...(zone ? { timeZone: zone } : {}) }).format(new Date(time));
  const weekdays = Array.from({ length: 7 }, (_, i) => {
    const day = new Date(Date.UTC(2024, 0, 1 + i)); // A Monday.
    return { long: inZone(day, "UTC", { weekday: "long" }), short: inZone(day, "UTC", { weekday: "short" }) };
  });
  const monthName = (text: string) => monthAlone.format(new Date(`${text.slice(0, 7)}-01T00:00:00Z`));
  const date = (time: string | Date) => {
    const at = new Date(time);
    return (at.getFullYear() === new Date().getFullYear() ? ofThisYear : ofAnyYear).format(at);
  };

  return {
    language,
    number: (value) => numbers.format(value),
    count: (value, forms) => `${numbers.format(value)} ${form(value, forms)}`,
    form,
    percent: (share) => percents.format(share),
    money: (minor, currency) => new Intl.NumberFormat(locale, { style: "currency", currency }).format(minor / 100),
    minutes: (minutes) => {
      const [hours, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
      if (hours === 0) return `${rest} min`;
      return rest === 0 ? `${numbers.format(hours)} h` : `${numbers.format(hours)} h ${rest} min`;
    },
    bytes: (bytes) => {
      if (bytes < 1000) return unit(bytes, "byte");
      if (bytes < 1e6) return unit(bytes / 1e3, "kilobyte");
      return bytes < 1e9 ? unit(bytes / 1e6, "megabyte") : unit(bytes / 1e9, "gigabyte");
    },
    date,
    dateTime: (time) => withTime.format(new Date(time)),
    moment: (time, zone) => inZone(time, zone, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }),
    clock: (time, zone) => inZone(time, zone, { hour: "2-digit", minute: "2-digit" }),
    leaf: (time, zone) => ({ day: inZone(time, zone, { day: "numeric" }), month: inZone(time, zone, { month: "short" }).replace(".", "") }),
    month: (time) => inZone(time, undefined, { month: "long", year: "numeric" }),
    weekdays,
    ago: (time) => {
      const secs = (new Date(time).getTime() - Date.now()) / 1000;
      const size = Math.abs(secs);
      if (size < MINUTE) return relative.format(Math.round(secs), "second");
      if (size < HOUR) return relative.format(Math.round(secs / MINUTE), "minute");
      if (size < DAY) return relative.format(Math.round(secs / HOUR), "hour");
      return size < 30 * DAY ? relative.format(Math.round(secs / DAY), "day") : date(time);
    },
    list: (items) => lists.format(items),
    monthOrYear: (text) => (text.length > 4 && text.startsWith(String(new Date().getFullYear())) ? monthName(text) : text.slice(0, 4)),
    monthName,
    partialDate: (text) => {
      const [year = "", month, day] = text.split("-");
      if (day) return utcDay.format(new Date(`${text}T00:00:00Z`));
      return month ? utcMonth.format(new Date(`${year}-${month}-01T00:00:00Z`)) : year;
    },
  };
}
