/** The front page: paints the level, and keeps it in the theme and at the size of its window. */

import "./front.css";
import "./page";

import { Hero } from "./hero";
import type { Point } from "./paint";

const canvas = document.querySelector<HTMLCanvasElement>("canvas[data-hero]");
const context = canvas?.getContext("2d");
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** At most so many frames a second: fog and a walk need no more. */
const FRAME_MS = 1000 / 24;

if (canvas && context) {
  let hero = begin(canvas, context);
  const again = () => {
    hero = begin(canvas, context);
    hero.paint(isStill ? undefined : performance.now());
  };
  new ResizeObserver(again).observe(canvas);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  if (!isStill) {
    let last = 0;
    const frame = (ms: number) => {
      const isSeen = canvas.getBoundingClientRect().bottom > 0;
      if (isSeen && ms - last >= FRAME_MS) {
        last = ms;
        hero.paint(ms);
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
}

function begin(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): Hero {
  context.setTransform(1, 0, 0, 1, 0, 0);
  const hero = new Hero(canvas, context);
  const { width } = canvas.getBoundingClientRect();
  for (const note of document.querySelectorAll<HTMLElement>("[data-at]")) {
    const [x, y] = hero.place((note.dataset["at"] ?? "").split(",").map(Number) as unknown as Point);
    note.style.left = `${x}px`;
    note.style.top = `${y - Number(note.dataset["up"] ?? 26)}px`;
    note.hidden = width < 700 && note.dataset["wide"] !== undefined;
    note.classList.toggle("flip", x + 190 > width);
  }
  return hero;
}
