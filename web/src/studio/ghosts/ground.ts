/** The ground under runs, guessed from where they went: nobody sends us their levels. */

import type { Vec } from "./runs";

/** A grid of heights, and how sure each is: 1 where somebody walked, 0 far from everybody. */
export interface Ground {
  columns: number;
  rows: number;
  x0: number;
  z0: number;
  step: number;
  heights: Float32Array;
  sure: Float32Array;
}

const CELLS = 72;
/** How far, in cells, a walk tells of the ground beside it. */
const REACH = 7;

/** The ground under some positions. */
export function groundUnder(places: Vec[]): Ground | undefined {
  if (places.length < 2) return undefined;
  let [x0, x1, z0, z1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, , z] of places) [x0, x1, z0, z1] = [Math.min(x0, x), Math.max(x1, x), Math.min(z0, z), Math.max(z1, z)];
  const step = Math.max(x1 - x0, z1 - z0, 1) / (CELLS - 2 * REACH);
  [x0, z0] = [x0 - step * REACH, z0 - step * REACH];
  const columns = Math.ceil((x1 - x0) / step) + REACH;
  const rows = Math.ceil((z1 - z0) / step) + REACH;
  const sums = new Float64Array(columns * rows);
  const weights = new Float64Array(columns * rows);
  const lowest = lowestOfCells(places, { columns, rows, x0, z0, step });
  for (const [cell, height] of lowest) {
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    for (let dz = -REACH; dz <= REACH; dz++) {
      for (let dx = -REACH; dx <= REACH; dx++) {
        const [x, z] = [column + dx, row + dz];
        if (x < 0 || z < 0 || x >= columns || z >= rows) continue;
        const away = Math.hypot(dx, dz);
        if (away > REACH) continue;
        const weight = 1 / (0.35 + away * away);
        const at = z * columns + x;
        sums[at] = (sums[at] ?? 0) + height * weight;
        weights[at] = (weights[at] ?? 0) + weight;
      }
    }
  }
  const heights = new Float32Array(columns * rows);
  const sure = new Float32Array(columns * rows);
  const low = Math.min(...lowest.values());
  weights.forEach((weight, at) => {
    heights[at] = weight > 0 ? (sums[at] ?? 0) / weight : low;
    sure[at] = Math.min(1, weight * 1.4);
  });
  return { columns, rows, x0, z0, step, heights: smooth(heights, columns, rows), sure: smooth(sure, columns, rows) };
}

/** The lowest position in each cell: who jumps is above the ground. */
function lowestOfCells(places: Vec[], { columns, rows, x0, z0, step }: Pick<Ground, "columns" | "rows" | "x0" | "z0" | "step">): Map<number, number> {
  const lowest = new Map<number, number>();
  for (const [x, y, z] of places) {
    const column = Math.min(columns - 1, Math.max(0, Math.round((x - x0) / step)));
    const row = Math.min(rows - 1, Math.max(0, Math.round((z - z0) / step)));
    const cell = row * columns + column;
    lowest.set(cell, Math.min(lowest.get(cell) ?? Infinity, y));
  }
  return lowest;
}

function smooth(values: Float32Array, columns: number, rows: number): Float32Array {
  const smoothed = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [sum, count] = [0, 0];
      for (let dz = -1; dz <= 1; dz++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [x, z] = [column + dx, row + dz];
          if (x < 0 || z < 0 || x >= columns || z >= rows) continue;
          sum += values[z * columns + x] ?? 0;
          count += 1;
        }
      }
      smoothed[row * columns + column] = sum / count;
    }
  }
  return smoothed;
}

/** The height of the ground at a point. */
export function heightOf(ground: Ground, x: number, z: number): number {
  const column = Math.min(ground.columns - 1, Math.max(0, Math.round((x - ground.x0) / ground.step)));
  const row = Math.min(ground.rows - 1, Math.max(0, Math.round((z - ground.z0) / ground.step)));
  return ground.heights[row * ground.columns + column] ?? 0;
}
