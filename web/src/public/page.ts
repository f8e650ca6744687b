/** What every page that the server makes has: the styles, and the button that turns the theme. */

import "../styles/tokens.css";
import "../styles/base.css";
import "./page.css";

import { shownTheme, wearTheme } from "../shell/look";

for (const button of document.querySelectorAll("[data-turn-theme]")) {
  button.addEventListener("click", () => wearTheme(shownTheme() === "dark" ? "light" : "dark"));
}
