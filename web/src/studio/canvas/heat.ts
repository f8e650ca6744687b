/** Heat: how many traces lie where, as one picture that is scaled over the map. */

import type { Colours, Rgb } from "./colours";

/** Counts in the cells of a grid. */
export interface Cells {
  columns: number;
  rows: number;
  counts: Float32Array;
}

/** The heat of some counts, and the count at which it is hottest. */
export interface Heat {
  picture: HTMLCanvasElement;
  most: number;
}

/** How far, in cells, a trace warms its neighbours. */
const RADIUS = 7;
/** Never denser than this: the level under it stays readable. */
const DENSEST = 0.76;

/** Smooths counts over their neighbours, so that the grid doesn't show. */
function smoothed({ columns, rows, counts }: Cells): Float32Array {
  const weights = Array.from({ length: RADIUS * 2 + 1 }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / 14));
  const across = (from: Float32Array, stepX: number, stepY: number) => {
    const to = new Float32Array(from.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let i = -RADIUS; i <= RADIUS; i++) {
          const x = column + i * stepX;
          const y = row + i * stepY;
          if (x >= 0 && y >= 0 && x < columns && y < rows) sum += (from[y * columns + x] ?? 0) * (weights[i + RADIUS] ?? 0);
        }
        to[row * columns + column] = sum;
      }
    }
    return to;
  };
  return across(across(counts, 1, 0), 0, 1);
}

const mixed = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** Paints the heat of some counts, a pixel for each cell. */
export function heatOf(cells: Cells, colours: Colours): Heat {
  const picture = document.createElement("canvas");
  picture.width = cells.columns;
  picture.height = cells.rows;
  const g = picture.getContext("2d");
  const values = smoothed(cells);
  // The hottest hundredth of what has anything is all of one heat: one heap doesn't cool the rest down.
  const some = Array.from(values.filter((value) => value > 0.05)).sort((a, b) => a - b);
  const hottest = Math.max(some[Math.floor(some.length * 0.985)] ?? 0, 6);
  const most = Math.max(...cells.counts, 1);
  if (!g) return { picture, most };
  const image = g.createImageData(cells.columns, cells.rows);
  const ramp = [0, 1, 2, 3].map((i) => colours(`heat-${i}`));
  values.forEach((value, at) => {
    const share = Math.min(1, (value / hottest) ** 0.62);
    if (share < 0.06) return;
    const step = Math.min(2.999, ((share - 0.06) / 0.94) * 3);
    const low = Math.floor(step);
    const colour = mixed(ramp[low] ?? [0, 0, 0], ramp[low + 1] ?? [0, 0, 0], step - low);
    image.data.set([...colour, 255 * Math.min(DENSEST, (share - 0.05) * 1.25)], at * 4);
  });
  g.putImageData(image, 0, 0);
  return { picture, most };
}
