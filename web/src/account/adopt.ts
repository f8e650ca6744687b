/** A device on which nothing was chosen yet takes over what the person prefers. */

import { chosenTheme, wearTheme } from "../shell/look";
import { known, speakUnlessChosen } from "../words";
import type { Me } from "./me";

/** Wears the theme and speaks the language of the profile, unless this device has its own. */
export function adoptPreferences({ preferences: { theme, language } }: Me) {
  if (theme && theme !== "system" && chosenTheme() === undefined) wearTheme(theme);
  const spoken = known(language ?? "");
  if (spoken) speakUnlessChosen(spoken);
}
