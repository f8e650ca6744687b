/** The colours of the theme, for what is drawn on a canvas. */

import { useEffect, useState } from "react";

/** A colour: red, green and blue, 0 to 255. */
export type Rgb = [red: number, green: number, blue: number];

/** The colour of a role of `tokens.css`, as it is now. */
export type Colours = (role: string) => Rgb;

/** A colour for a canvas. */
export function css([red, green, blue]: Rgb, alpha = 1): string {
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

/** Reads the roles of this moment, each once. */
function read(): Colours {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const known = new Map<string, Rgb>();
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  return (role) => {
    const found = known.get(role);
    if (found) return found;
    document.body.append(probe);
    probe.style.color = `var(--${role})`;
    const colour: Rgb = [0, 0, 0];
    if (context) {
      // Whatever the syntax of the computed colour, the canvas knows it.
      context.fillStyle = getComputedStyle(probe).color;
      context.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
      colour.splice(0, 3, red, green, blue);
    }
    probe.remove();
    known.set(role, colour);
    return colour;
  };
}

/** The colours of the theme; read anew when theme or contrast change. */
export function useColours(): Colours {
  const [colours, setColours] = useState(read);
  useEffect(() => {
    const again = () => setColours(() => read());
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", again);
    const observer = new MutationObserver(again);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-contrast"] });
    return () => {
      system.removeEventListener("change", again);
      observer.disconnect();
    };
  }, []);
  return colours;
}
