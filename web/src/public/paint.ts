/** What drawings are made of: colours of roles, noise, curves, stones. */

/** Red, green, blue. */
export type Colour = readonly [number, number, number];

/** A point of a level or of a picture. */
export type Point = readonly [x: number, y: number];

/** A number cut to 0..=1. */
export const clamp = (value: number) => Math.max(0, Math.min(1, value));

/** From 0 at `from` to 1 at `to`, smoothly. */
export function smooth(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** A colour between two. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  const [r, g, b] = from;
  return [r + (to[0] - r) * share, g + (to[1] - g) * share, b + (to[2] - b) * share];
}

/** A colour as CSS writes it. */
export const css = (colour: Colour, alpha = 1) => `rgba(${colour.map(Math.round).join(",")},${alpha})`;

/** Reads colours of roles as they are now, in this theme and contrast. */
export function roles<Name extends string>(names: readonly Name[]): Record<Name, Colour> {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.hidden = true;
  const read = (name: Name): Colour => {
    probe.style.color = `var(--${name})`;
    const [r = 0, g = 0, b = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b];
  };
  const found = Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, Colour>;
  probe.remove();
  return found;
}

/** The random numbers of a seed, from 0 to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function corner(x: number, y: number): number {
  const mixed = Math.imul(x, 374761393) + Math.imul(y, 668265263);
  const again = Math.imul(mixed ^ (mixed >>> 13), 1274126177);
  return ((again ^ (again >>> 16)) >>> 0) / 4294967296;
}

/** Value noise: random numbers at whole coordinates, and smooth between them. */
function noise(x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(0, 1, x - left), smooth(0, 1, y - top)];
  const [a, b] = [corner(left, top), corner(left + 1, top)];
  const [c, d] = [corner(left, top + 1), corner(left + 1, top + 1)];
  return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v;
}

/** Noise of three octaves: hills with smaller hills on them. */
export function hills(x: number, y: number): number {
  return noise(x, y) * 0.55 + noise(x * 2.1 + 7, y * 2.1) * 0.28 + noise(x * 4.3, y * 4.3 + 3) * 0.17;
}

/** A point of the curve through the given points (Catmull-Rom), at a share of its length in points. */
export function along(points: readonly Point[], share: number): Point {
  const last = points.length - 1;
  const at = clamp(share) * last;
  const i = Math.min(last - 1, Math.floor(at));
  const u = at - i;
  const point = (k: number) => points[Math.max(0, Math.min(last, k))] as Point;
  const [a, b, c, d] = [point(i - 1), point(i), point(i + 1), point(i + 2)];
  const between = (k: 0 | 1) =>
    0.5 *
    (2 * b[k] + (c[k] - a[k]) * u + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * u * u + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * u ** 3);
  return [between(0), between(1)];
}

/** A light that fades with distance. */
export function glow(g: CanvasRenderingContext2D, [x, y]: Point, radius: number, colour: Colour, alpha: number) {
  const light = g.createRadialGradient(x, y, 0, x, y, radius);
  light.addColorStop(0, css(colour, alpha));
  light.addColorStop(0.35, css(colour, alpha * 0.38));
  light.addColorStop(1, css(colour, 0));
  g.fillStyle = light;
  g.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}

/** A stone that stands on a point. */
export function stone(g: CanvasRenderingContext2D, [x, y]: Point, width: number, height: number, colour: Colour) {
  g.fillStyle = css(colour);
  g.beginPath();
  g.moveTo(x - width * 0.5, y);
  g.bezierCurveTo(x - width * 0.62, y - height * 0.7, x - width * 0.2, y - height * 1.12, x + width * 0.12, y - height);
  g.bezierCurveTo(x + width * 0.55, y - height * 0.85, x + width * 0.6, y - height * 0.2, x + width * 0.48, y);
  g.closePath();
  g.fill();
}
