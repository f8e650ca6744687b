/** The demo level: a valley with a river, a gatehouse, a chapel and a mill. Metres; y is up, as in glTF. */

/** A point of the level seen from above. */
export type Spot = [x: number, z: number];

/** How large the level is, in metres. */
export const SIZE: Spot = [200, 124];

/** The height of the river's surface. */
export const WATER = 3.2;

/** Rooms: where they begin, and how large they are. */
export const rooms: [x: number, z: number, width: number, depth: number][] = [
  [34, 20, 40, 30],
  [42, 38, 16, 26],
  [74, 24, 18, 18],
  [120, 48, 16, 15],
  [138, 84, 31, 25],
  [169, 90, 21, 12],
];

/** The way from the gate up to the chapel, and the way down to the mill. */
export const ways: Spot[][] = [
  [[4, 66], [20, 70], [36, 62], [57, 53], [82, 60], [101, 60], [121, 55], [137, 46], [152, 40], [166, 33], [176, 24], [188, 14]],
  [[4, 66], [20, 70], [36, 62], [57, 53], [82, 60], [101, 60], [113, 66], [124, 77], [138, 83], [153, 94], [166, 99], [186, 104]],
];

/** Places that have a name. */
export const places: Record<string, Spot> = {
  Gatehouse: [52, 30],
  "The ledge": [137, 46],
  Chapel: [176, 24],
  Ford: [118, 72],
  Mill: [153, 95],
};

const smooth = (from: number, to: number, value: number) => {
  const share = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
};

/** How far a point is from the river's middle. */
function fromRiver(x: number, z: number): number {
  const middle = (x < 120 ? 108 - 0.305 * x : 71.4 - 0.08 * (x - 120)) + 3 * Math.sin(x / 23);
  return Math.abs(z - middle) * (0.8 + 0.35 * smooth(30, 90, x));
}

/** The height of the ground. */
export function heightAt(x: number, z: number): number {
  const rolling = 2.2 * Math.sin(x / 17 + 1) * Math.cos(z / 13) + 1.4 * Math.sin((x + z) / 11) + 0.6 * Math.sin(x / 5 - z / 7);
  const mountain = 26 * smooth(60, 0, Math.hypot((x - 178) * 0.7, z - 12)) + 14 * smooth(70, 0, Math.hypot(x - 8, z - 4));
  const bank = smooth(4, 22, fromRiver(x, z));
  return Math.round((1.5 + bank * (7 + rolling + mountain)) * 100) / 100;
}

/** A point of a way, after a share of it: a curve through its points. */
export function along(way: Spot[], share: number): Spot {
  const last = way.length - 1;
  const at = Math.max(0, Math.min(1, share)) * last;
  const i = Math.min(last - 1, Math.floor(at));
  const u = at - i;
  const point = (k: number): Spot => way[Math.max(0, Math.min(last, k))] ?? [0, 0];
  const [a, b, c, d] = [point(i - 1), point(i), point(i + 1), point(i + 2)];
  const blend = (p: number, q: number, r: number, s: number) =>
    0.5 * (2 * q + (r - p) * u + (2 * p - 5 * q + 4 * r - s) * u * u + (3 * q - p - 3 * r + s) * u * u * u);
  return [blend(a[0], b[0], c[0], d[0]), blend(a[1], b[1], c[1], d[1])];
}
