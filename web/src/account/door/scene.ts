/** The shapes of the scene behind the doors: contour over contour up to a ridge with a cairn, and the trail that leads there. */

/** The drawing's size; it is cut at the sides and above to fill its place. */
export const WIDTH = 1440;
export const HEIGHT = 900;

const ROWS = 44;
const COLUMNS = 72;
const HORIZON = HEIGHT * 0.32;

/** A row of the land: the outline of what stands in front of all that is farther. `depth` is 0 at the horizon and 1 in front. */
export interface Ridge {
  depth: number;
  /** The closed shape that hides what is behind. */
  ground: string;
  /** Only its upper edge. */
  edge: string;
  /** Stones of the trail on this row. */
  stones: { x: number; y: number; r: number }[];
}

/** The whole land from far to near, and where its cairn stands. */
export interface Land {
  ridges: Ridge[];
  summit: { x: number; y: number };
}

/** A number of 0 to 1 for a point of the grid, always the same. */
function noiseAt(x: number, y: number): number {
  const mixed = Math.sin(x * 127.1 + y * 311.7) * 43758.5453;
  return mixed - Math.floor(mixed);
}

const ease = (t: number) => t * t * (3 - 2 * t);
const clamp = (t: number) => Math.max(0, Math.min(1, t));
const between = (from: number, to: number, value: number) => ease(clamp((value - from) / (to - from)));

/** Smooth noise of 0 to 1. */
function noise(x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [ease(x - left), ease(y - top)];
  const upper = noiseAt(left, top) * (1 - u) + noiseAt(left + 1, top) * u;
  const lower = noiseAt(left, top + 1) * (1 - u) + noiseAt(left + 1, top + 1) * u;
  return upper * (1 - v) + lower * v;
}

const hills = (x: number, z: number) => noise(x, z) * 0.62 + noise(x * 2.1 + 5, z * 2.1) * 0.27 + noise(x * 4.3, z * 4.3 + 9) * 0.11;

/** The height of the land at a place across (0 to 1) and towards the viewer (0 to 1). */
function height(x: number, z: number): number {
  const mountain = between(0.36, 0.8, x) * between(1.16, 0.8, x) * between(0.62, 0.08, z) * 0.52;
  const shoulder = between(0.34, -0.12, x) * between(0.5, 0.08, z) * 0.34;
  return hills(x * 3.1 + 4, z * 4.2) * 0.6 + (mountain + shoulder) * (0.62 + 0.5 * hills(x * 5.2, z * 5 + 9));
}

const rise = (x: number, z: number) =>
  HORIZON + z ** 1.3 * (HEIGHT - HORIZON) * 1.06 + HEIGHT * 0.12 - height(x, z) * HEIGHT * (0.4 - 0.15 * z);

/** The bends of the trail from the front to the summit: across, and towards the viewer. */
const bends: readonly (readonly [number, number])[] = [
  [0.4, 1.04], [0.55, 0.9], [0.72, 0.8], [0.63, 0.66], [0.8, 0.55], [0.9, 0.43], [0.79, 0.32], [0.73, 0.24], [0.755, 0.17],
];

/** A place on the trail, 0 at the front and 1 at the summit (Catmull-Rom between the bends). */
function along(t: number): readonly [number, number] {
  const at = clamp(t) * (bends.length - 1);
  const from = Math.min(Math.floor(at), bends.length - 2);
  const u = at - from;
  const bend = (i: number) => bends[Math.max(0, Math.min(bends.length - 1, i))] ?? [0, 0];
  const [a, b, c, d] = [bend(from - 1), bend(from), bend(from + 1), bend(from + 2)];
  const mix = (i: 0 | 1) =>
    0.5 * (2 * b[i] + (c[i] - a[i]) * u + (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i]) * u * u + (3 * b[i] - a[i] - 3 * c[i] + d[i]) * u ** 3);
  return [mix(0), mix(1)];
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Draws the land. */
export function land(): Land {
  const trail = Array.from({ length: 170 }, (_, i) => along(i / 169));
  const ridges: Ridge[] = [];
  for (let row = 0; row <= ROWS; row++) {
    const depth = row / ROWS;
    const points: string[] = [];
    for (let column = 0; column <= COLUMNS; column++) {
      const x = column / COLUMNS;
      points.push(`${round(x * WIDTH)} ${round(rise(x, depth))}`);
    }
    const edge = `M${points.join("L")}`;
    const stones = trail
      .filter(([, z]) => z > depth - 1 / ROWS && z <= depth)
      .map(([x, z]) => ({ x: round(x * WIDTH), y: round(rise(x, z)), r: round(1 + z * 2.4) }));
    ridges.push({ depth, edge, ground: `${edge}V${HEIGHT}H0z`, stones });
  }
  const [x] = along(1);
  const skyline = Math.min(...ridges.map(({ depth }) => rise(x, depth)));
  return { ridges, summit: { x: round(x * WIDTH), y: round(skyline) } };
}
