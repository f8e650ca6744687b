/** Theme and contrast of this device; `public/theme.js` applies them before anything is painted. */

/** The theme; absent: the system's. */
export type Theme = "light" | "dark";

const KEY = "cairn-look";

interface Look {
  theme?: Theme;
  contrast?: "more";
}

function stored(): Look {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Look;
  } catch {
    return {};
  }
}

function wear(look: Look) {
  const { dataset } = document.documentElement;
  if (look.theme) dataset["theme"] = look.theme;
  else delete dataset["theme"];
  if (look.contrast) dataset["contrast"] = look.contrast;
  else delete dataset["contrast"];
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // It holds until the page is left.
  }
}

/** The theme that is seen now. */
export function shownTheme(): Theme {
  return stored().theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

/** Wears that theme from now on; without one the system's. */
export function wearTheme(theme: Theme | undefined) {
  const { theme: _, ...rest } = stored();
  wear(theme ? { ...rest, theme } : rest);
}

/** The chosen theme, if one was chosen. */
export function chosenTheme(): Theme | undefined {
  return stored().theme;
}

/** Whether more contrast was chosen. */
export function hasMoreContrast(): boolean {
  return stored().contrast === "more";
}

/** Wears more contrast, or what the system wishes. */
export function wearContrast(more: boolean) {
  const { contrast: _, ...rest } = stored();
  wear(more ? { ...rest, contrast: "more" } : rest);
}
