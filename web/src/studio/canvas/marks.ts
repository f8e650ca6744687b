/** The signs of traces on a canvas: the same shapes as beside texts. */

import type { Kind } from "../kinds";
import { signOf } from "../kinds";
import { type Colours, css } from "./colours";

/** Draws the sign of a kind, with a halo in the ground's colour so that it stands on anything. */
export function mark(g: CanvasRenderingContext2D, colours: Colours, kind: Kind, x: number, y: number, r: number, faded = false) {
  const colour = css(colours(`k-${signOf(kind)}`), faded ? 0.4 : 1);
  const halo = css(colours("surface"), 0.9);
  g.lineJoin = "round";
  g.beginPath();
  if (kind === "message") diamond(g, x, y, r);
  else if (kind === "object") house(g, x, y, r);
  else if (kind === "phantom") g.arc(x, y, r * 0.72, 0, 7);
  else cross(g, x, y, r * 0.72);
  const isLine = kind === "phantom" || kind === "bloodstain";
  g.strokeStyle = halo;
  g.lineWidth = isLine ? r * 0.62 + 2.6 : 2.6;
  g.stroke();
  if (isLine) {
    g.strokeStyle = colour;
    g.lineWidth = r * 0.56;
    g.stroke();
  } else {
    g.fillStyle = colour;
    g.fill();
  }
}

function diamond(g: CanvasRenderingContext2D, x: number, y: number, r: number) {
  g.moveTo(x, y - r);
  g.lineTo(x + r, y);
  g.lineTo(x, y + r);
  g.lineTo(x - r, y);
  g.closePath();
}

function house(g: CanvasRenderingContext2D, x: number, y: number, r: number) {
  g.moveTo(x, y - r);
  g.lineTo(x + r, y - r * 0.15);
  g.lineTo(x + r, y + r * 0.85);
  g.lineTo(x - r, y + r * 0.85);
  g.lineTo(x - r, y - r * 0.15);
  g.closePath();
}

function cross(g: CanvasRenderingContext2D, x: number, y: number, r: number) {
  g.moveTo(x - r, y - r);
  g.lineTo(x + r, y + r);
  g.moveTo(x + r, y - r);
  g.lineTo(x - r, y + r);
}
