/** Where a map is looked at: which point is in the middle, and how many pixels a unit of the game is. */

/** A point of the map, in the game's units. */
export type Point = [x: number, y: number];

/** A rectangle of the map: its corners. */
export type Box = [x0: number, y0: number, x1: number, y1: number];

/** What is looked at. */
export interface View {
  middle: Point;
  /** Pixels a unit. */
  scale: number;
  /** Whether the second axis points up on the screen, as where a level is seen from the side. */
  isUp: boolean;
}

interface Size {
  width: number;
  height: number;
}

const sign = ({ isUp }: View) => (isUp ? -1 : 1);

/** The view that shows a whole box. */
export function viewOf([x0, y0, x1, y1]: Box, { width, height }: Size, isUp: boolean): View {
  const scale = Math.min(width / Math.max(1e-6, x1 - x0), height / Math.max(1e-6, y1 - y0)) * 0.94;
  return { middle: [(x0 + x1) / 2, (y0 + y1) / 2], scale: scale || 1, isUp };
}

/** Where a point of the map lies on the screen. */
export function toScreen(view: View, { width, height }: Size, [x, y]: Point): Point {
  return [(x - view.middle[0]) * view.scale + width / 2, (y - view.middle[1]) * view.scale * sign(view) + height / 2];
}

/** Which point of the map lies there on the screen. */
export function toMap(view: View, { width, height }: Size, [x, y]: Point): Point {
  return [(x - width / 2) / view.scale + view.middle[0], ((y - height / 2) / view.scale) * sign(view) + view.middle[1]];
}

/** The part of the map that is seen. */
export function seen(view: View, size: Size): Box {
  const [x0, y0] = toMap(view, size, [0, 0]);
  const [x1, y1] = toMap(view, size, [size.width, size.height]);
  return [x0, Math.min(y0, y1), x1, Math.max(y0, y1)];
}

/** Nearer or farther, with a point of the screen staying where it is. */
export function zoomed(view: View, size: Size, by: number, around: Point): View {
  const scale = Math.max(1e-4, Math.min(2000, view.scale * by));
  const [x, y] = toMap(view, size, around);
  const middle: Point = [x - (around[0] - size.width / 2) / scale, y - ((around[1] - size.height / 2) / scale) * sign(view)];
  return { ...view, middle, scale };
}

/** Moved by so many pixels. */
export function moved(view: View, [dx, dy]: Point): View {
  return { ...view, middle: [view.middle[0] - dx / view.scale, view.middle[1] - (dy / view.scale) * sign(view)] };
}

/** Whether a point lies within a line that closes. */
export function isWithin([x, y]: Point, line: Point[]): boolean {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [xi, yi] = line[i] ?? [0, 0];
    const [xj, yj] = line[j] ?? [0, 0];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The box around some points. */
export function boxAround(points: Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A step of 1, 2 or 5 times a power of ten, at least so large. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? 10 * power;
}
