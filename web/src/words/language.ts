/** The language of the pages: what this person chose, else the first of the browser's that we speak. */

import { useSyncExternalStore } from "react";

/** A language that the pages speak. */
export type Language = "en" | "ro";

/** All of them, each by its own name. */
export const languages: Record<Language, string> = { en: "English", ro: "Română" };

const KEY = "cairn-language";
const listeners = new Set<() => void>();
let current = stored() ?? ofBrowser();
document.documentElement.lang = current;

function stored(): Language | undefined {
  try {
    return known(localStorage.getItem(KEY) ?? "");
  } catch {
    return undefined; // A browser may refuse storage.
  }
}

function ofBrowser(): Language {
  return navigator.languages.map(known).find((language) => language) ?? "en";
}

/** The language of a tag such as `ro-RO`, if we speak it. */
export function known(tag: string): Language | undefined {
  const [language = ""] = tag.toLowerCase().split("-");
  return language in languages ? (language as Language) : undefined;
}

/** Speaks that language from now on, on this device. */
export function speak(language: Language) {
  current = language;
  document.documentElement.lang = language;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // It holds until the page is left.
  }
  for (const listener of listeners) listener();
}

/** Speaks a language that the person chose elsewhere, unless one was chosen on this device. */
export function speakUnlessChosen(language: Language) {
  if (stored() === undefined) speak(language);
}

/** The language that the pages speak now. */
export function language(): Language {
  return current;
}

/** The language, in a component: it is drawn again when the language changes. */
export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, language);
}
