/** The demo level drawn from above: contours, the river, rooms and ways, in colours that stand on light and on dark. */

import { along, heightAt, rooms, SIZE, WATER, ways } from "./level";

const SCALE = 8;
const STEP = 1;

/** A picture of the demo level, `SCALE` pixels a metre. */
export async function demoImage(): Promise<Blob> {
  const canvas = new OffscreenCanvas(SIZE[0] * SCALE, SIZE[1] * SCALE);
  const g = canvas.getContext("2d");
  if (!g) throw new Error("this browser draws no pictures");
  g.scale(SCALE, SCALE);
  drawWater(g);
  for (let level = 4; level < 40; level += 1.5) contour(g, level, Math.round((level - 4) / 1.5) % 4 === 0);
  drawRooms(g);
  g.setLineDash([0.1, 1]);
  g.lineCap = "round";
  g.lineWidth = 0.28;
  g.strokeStyle = "rgba(120, 134, 134, .9)";
  for (const way of ways) {
    g.beginPath();
    for (let i = 0; i <= 160; i++) g.lineTo(...along(way, i / 160));
    g.stroke();
  }
  return await canvas.convertToBlob({ type: "image/png" });
}

function drawWater(g: OffscreenCanvasRenderingContext2D) {
  const grain = 0.25;
  for (let z = 0; z < SIZE[1]; z += grain) {
    for (let x = 0; x < SIZE[0]; x += grain) {
      const depth = Math.min(1, (WATER - heightAt(x, z)) / 0.25);
      if (depth <= 0) continue;
      g.fillStyle = `rgba(64, 134, 142, ${0.3 * depth})`;
      g.fillRect(x, z, grain, grain);
    }
  }
}

function drawRooms(g: OffscreenCanvasRenderingContext2D) {
  for (const [x, z, width, depth] of rooms) {
    g.fillStyle = "rgba(110, 128, 128, .16)";
    g.fillRect(x, z, width, depth);
    g.strokeStyle = "rgba(104, 122, 122, .95)";
    g.lineWidth = 0.4;
    g.setLineDash([width * 0.7, 1.6]);
    g.strokeRect(x, z, width, depth);
  }
  g.setLineDash([]);
}

/** A line of equal height, by marching squares. */
function contour(g: OffscreenCanvasRenderingContext2D, level: number, bold: boolean) {
  g.beginPath();
  for (let z = 0; z < SIZE[1]; z += STEP) {
    for (let x = 0; x < SIZE[0]; x += STEP) {
      const a = heightAt(x, z) - level;
      const b = heightAt(x + STEP, z) - level;
      const c = heightAt(x, z + STEP) - level;
      const d = heightAt(x + STEP, z + STEP) - level;
      const points: [number, number][] = [];
      if (a * b < 0) points.push([x + (STEP * a) / (a - b), z]);
      if (b * d < 0) points.push([x + STEP, z + (STEP * b) / (b - d)]);
      if (c * d < 0) points.push([x + (STEP * c) / (c - d), z + STEP]);
      if (a * c < 0) points.push([x, z + (STEP * a) / (a - c)]);
      const [from, to] = points;
      if (from && to) {
        g.moveTo(...from);
        g.lineTo(...to);
      }
    }
  }
  g.strokeStyle = `rgba(124, 140, 136, ${bold ? 0.6 : 0.32})`;
  g.lineWidth = bold ? 0.2 : 0.12;
  g.stroke();
}
