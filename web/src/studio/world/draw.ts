/** Draws a map: the level's picture or a grid, heat or points, the lasso, what is chosen. */

import { type Colours, css } from "../canvas/colours";
import { type Heat } from "../canvas/heat";
import { mark } from "../canvas/marks";
import { type Point, roundStep, seen, toScreen, type View } from "../canvas/view";
import type { MapPoint, ScopeMap } from "./map";

/** How traces are drawn. */
export type Look = "heat" | "points";

/** A picture that lies under a map. */
export interface Placed {
  image: ImageBitmap;
  x: number;
  y: number;
  width: number;
  turn: number;
}

/** All that is drawn. */
export interface Scene {
  view: View;
  width: number;
  height: number;
  colours: Colours;
  look: Look;
  map: ScopeMap | undefined;
  heat: Heat | undefined;
  points: MapPoint[] | undefined;
  picture: Placed | undefined;
  lasso: Point[];
  chosen: Point | undefined;
  /** Traces that a player would see, marked more strongly. */
  lit: ReadonlySet<string>;
  numberAt: (value: number) => string;
}

/** Draws a map on a canvas whose pixels were scaled to CSS ones. */
export function drawMap(g: CanvasRenderingContext2D, scene: Scene) {
  const { width, height, colours } = scene;
  g.fillStyle = css(colours("surface"));
  g.fillRect(0, 0, width, height);
  drawGrid(g, scene);
  if (scene.picture) drawPicture(g, scene, scene.picture);
  if (scene.map && scene.look === "heat" && scene.heat) drawHeat(g, scene, scene.map, scene.heat);
  if (scene.points) drawPoints(g, scene, scene.points);
  else if (scene.map && scene.look === "points") drawCells(g, scene, scene.map);
  drawLasso(g, scene);
  if (scene.chosen) drawChosen(g, scene, scene.chosen);
}

/** A grid of round coordinates, each fifth line stronger, with numbers at the edges. */
function drawGrid(g: CanvasRenderingContext2D, scene: Scene) {
  const { view, width, height, colours } = scene;
  const step = roundStep(26 / view.scale);
  const [x0, y0, x1, y1] = seen(view, scene);
  const line = (at: number, isAcross: boolean) => {
    const strong = Math.round(at / step) % 5 === 0;
    g.strokeStyle = css(colours("contour"), strong ? 0.55 : 0.22);
    g.lineWidth = 1;
    const [sx, sy] = toScreen(view, scene, isAcross ? [0, at] : [at, 0]);
    g.beginPath();
    g.moveTo(isAcross ? 0 : Math.round(sx) + 0.5, isAcross ? Math.round(sy) + 0.5 : 0);
    g.lineTo(isAcross ? width : Math.round(sx) + 0.5, isAcross ? Math.round(sy) + 0.5 : height);
    g.stroke();
    if (!strong) return;
    g.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    g.fillStyle = css(colours("ink-3"), 0.8);
    g.textAlign = isAcross ? "right" : "center";
    g.textBaseline = "alphabetic";
    if (isAcross) g.fillText(scene.numberAt(at + 0), width - 6, sy - 3);
    else g.fillText(scene.numberAt(at + 0), sx, height - 6);
  };
  // Plus 0: a ceiling may be -0, which would be written so.
  for (let x = Math.ceil(x0 / step) * step; x <= x1; x += step) line(x, false);
  for (let y = Math.ceil(y0 / step) * step; y <= y1; y += step) line(y, true);
}

function drawPicture(g: CanvasRenderingContext2D, scene: Scene, { image, x, y, width, turn }: Placed) {
  const [sx, sy] = toScreen(scene.view, scene, [x, y]);
  const scale = (width * scene.view.scale) / image.width;
  g.save();
  g.translate(sx, sy);
  g.rotate((turn * Math.PI) / 180);
  g.scale(scale, scene.view.isUp ? -scale : scale);
  g.imageSmoothingQuality = "high";
  g.drawImage(image, 0, 0);
  g.restore();
}

function drawHeat(g: CanvasRenderingContext2D, scene: Scene, map: ScopeMap, heat: Heat) {
  const [x0 = 0, y0 = 0] = map.bounds;
  const [sx, sy] = toScreen(scene.view, scene, [x0, y0]);
  const size = map.cell_size * scene.view.scale;
  g.save();
  g.translate(sx, sy);
  if (scene.view.isUp) g.scale(1, -1);
  g.imageSmoothingEnabled = true;
  g.imageSmoothingQuality = "high";
  g.drawImage(heat.picture, 0, 0, map.columns * size, map.rows * size);
  g.restore();
}

function drawPoints(g: CanvasRenderingContext2D, scene: Scene, points: MapPoint[]) {
  // Over heat only some are drawn, so that both can be read.
  const every = scene.look === "heat" ? Math.max(1, Math.ceil(points.length / 90)) : 1;
  const radius = points.length > 900 ? 4 : 5;
  points.forEach((point, i) => {
    const isLit = scene.lit.has(point.id);
    if (i % every !== 0) return;
    const [x, y] = toScreen(scene.view, scene, point.at);
    if (x < -9 || y < -9 || x > scene.width + 9 || y > scene.height + 9) return;
    mark(g, scene.colours, point.kind, x, y, isLit && scene.look === "points" ? radius + 1.5 : radius, point.hidden);
  });
}

/** Where traces are too many to be named: a dot for each cell and kind, larger where there are more. */
function drawCells(g: CanvasRenderingContext2D, scene: Scene, map: ScopeMap) {
  const [x0 = 0, y0 = 0] = map.bounds;
  const cell = map.cell_size * scene.view.scale;
  map.kinds.forEach((kind, k) => {
    kind.cells.forEach((at, i) => {
      const count = kind.counts[i] ?? 0;
      const shift = (k - 1.5) * 0.14;
      const [x, y] = toScreen(scene.view, scene, [
        x0 + ((at % map.columns) + 0.5 + shift) * map.cell_size,
        y0 + (Math.floor(at / map.columns) + 0.5 + shift) * map.cell_size,
      ]);
      if (x < -9 || y < -9 || x > scene.width + 9 || y > scene.height + 9) return;
      const radius = Math.min(Math.max(2.2, cell * 0.7), 2 + Math.log2(1 + count) * 1.1);
      mark(g, scene.colours, kind.kind, x, y, radius);
    });
  });
}

function drawLasso(g: CanvasRenderingContext2D, scene: Scene) {
  if (scene.lasso.length < 2) return;
  g.beginPath();
  for (const point of scene.lasso) g.lineTo(...toScreen(scene.view, scene, point));
  g.closePath();
  g.fillStyle = css(scene.colours("link"), 0.12);
  g.fill();
  g.setLineDash([5, 4]);
  g.strokeStyle = css(scene.colours("link"));
  g.lineWidth = 1.5;
  g.stroke();
  g.setLineDash([]);
}

function drawChosen(g: CanvasRenderingContext2D, scene: Scene, chosen: Point) {
  const [x, y] = toScreen(scene.view, scene, chosen);
  g.strokeStyle = css(scene.colours("surface"), 0.9);
  g.lineWidth = 5;
  g.beginPath();
  g.arc(x, y, 13, 0, 7);
  g.stroke();
  g.strokeStyle = css(scene.colours("ink"));
  g.lineWidth = 2;
  g.stroke();
}
