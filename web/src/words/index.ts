/**
 * What the pages say, in each language.
 *
 * A page has its words in a file beside it:
 *
 *     export const useWords = words(
 *       (s) => ({ title: "Library", games: (n: number) => s.count(n, { one: "game", other: "games" }) }),
 *       (s) => ({ title: "Bibliotecă", games: (n: number) => s.count(n, { one: "joc", few: "jocuri", other: "de jocuri" }) }),
 *     );
 *
 * A text that one language lacks doesn't compile.
 */

import { language, type Language, useLanguage } from "./language";
import { type Speech, speech } from "./speech";

export { type Language, known, language, languages, speak, speakUnlessChosen, useLanguage } from "./language";
export { type Forms, type Speech } from "./speech";

/** The texts of a part of the pages; functions where a text holds something. */
export interface Words<T> {
  /** In a component. */
  (): T;
  /** Elsewhere, in the language of this moment. */
  now(): T;
}

/** The words of one part, in every language. */
export function words<T>(en: (speech: Speech) => T, ro: (speech: Speech) => NoInfer<T>): Words<T> {
  const of: Record<Language, (speech: Speech) => T> = { en, ro };
  const made = new Map<Language, T>();
  const get = (language: Language) => {
    const found = made.get(language) ?? of[language](speech(language));
    made.set(language, found);
    return found;
  };
  return Object.assign(() => get(useLanguage()), { now: () => get(language()) });
}

/** How the current language writes numbers and times, in a component. */
export function useSpeech(): Speech {
  return speech(useLanguage());
}

/** How the current language writes numbers and times, elsewhere. */
export function speechNow(): Speech {
  return speech(language());
}
