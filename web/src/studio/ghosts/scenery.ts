/** What ghosts run on and past: the ground, deaths on poles, stops as rings. */

import {
  BufferGeometry,
  CylinderGeometry,
  DoubleSide,
  Float32BufferAttribute,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  type Object3D,
  RingGeometry,
  Sprite,
  SpriteMaterial,
  CanvasTexture,
} from "three";

import type { Colours } from "../canvas/colours";
import { type Ground, heightOf } from "./ground";
import { colourOf, picture } from "./paint";
import type { Spot } from "./runs";

/** A picture of a level, with where it lies. */
export interface PlacedPicture {
  image: ImageBitmap;
  x: number;
  y: number;
  width: number;
  turn: number;
}

/** The guessed ground, fading where nobody walked, with its net and the level's picture on it. */
export function land(ground: Ground, placed: PlacedPicture | undefined, colours: Colours): Object3D[] {
  const { columns, rows, x0, z0, step, heights, sure } = ground;
  const [positions, shades, coordinates, faces]: [number[], number[], number[], number[]] = [[], [], [], []];
  const base = colourOf(colours("surface")).lerp(colourOf(colours("ridge")), 0.22);
  const depth = placed ? (placed.width * placed.image.height) / placed.image.width : 1;
  for (let at = 0; at < columns * rows; at++) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const [x, z] = [x0 + column * step, z0 + row * step];
    positions.push(x, heights[at] ?? 0, z);
    shades.push(base.r, base.g, base.b, fade(sure[at] ?? 0));
    coordinates.push((x - (placed?.x ?? 0)) / (placed?.width ?? 1), 1 - (z - (placed?.y ?? 0)) / depth);
    if (column + 1 < columns && row + 1 < rows) faces.push(at, at + columns, at + 1, at + 1, at + columns, at + columns + 1);
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
  geometry.setAttribute("color", new Float32BufferAttribute(shades, 4));
  geometry.setAttribute("uv", new Float32BufferAttribute(coordinates, 2));
  geometry.setIndex(faces);
  geometry.computeVertexNormals();
  const soil = new MeshLambertMaterial({ vertexColors: true, transparent: true, side: DoubleSide, depthWrite: false });
  const mesh = new Mesh(geometry, soil);
  mesh.renderOrder = -3;
  return [mesh, net(ground, colours), ...(placed && placed.turn === 0 ? [overlay(geometry, placed.image)] : [])];
}

function net({ columns, rows, x0, z0, step, heights, sure }: Ground, colours: Colours): LineSegments {
  const [positions, shades]: [number[], number[]] = [[], []];
  const ink = colourOf(colours("contour"));
  const line = (from: number, to: number) => {
    for (const at of [from, to]) {
      positions.push(x0 + (at % columns) * step, (heights[at] ?? 0) + 0.02 * step, z0 + Math.floor(at / columns) * step);
      shades.push(ink.r, ink.g, ink.b, fade(sure[at] ?? 0) * 0.7);
    }
  };
  for (let at = 0; at < columns * rows; at++) {
    if ((at % columns) + 1 < columns) line(at, at + 1);
    if (at + columns < columns * rows) line(at, at + columns);
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
  geometry.setAttribute("color", new Float32BufferAttribute(shades, 4));
  const lines = new LineSegments(geometry, new LineBasicMaterial({ vertexColors: true, transparent: true, depthWrite: false }));
  lines.renderOrder = -2;
  return lines;
}

/** The level's picture on the ground. */
function overlay(geometry: BufferGeometry, image: ImageBitmap): Mesh {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  const map = new CanvasTexture(canvas);
  map.anisotropy = 4;
  const mesh = new Mesh(geometry, new MeshBasicMaterial({ map, transparent: true, depthWrite: false, polygonOffset: true, polygonOffsetFactor: -2 }));
  mesh.renderOrder = -1;
  return mesh;
}

const fade = (sure: number) => Math.min(0.95, Math.max(0, (sure - 0.12) * 2.2));


/** A spot: deaths stand on a pole over it, stops are rings on the ground. `extent` is how wide all runs are together. */
export function spotMarks(spot: Spot, ground: Ground | undefined, extent: number, colours: Colours): Object3D[] {
  const [x, y, z] = spot.at;
  const height = Math.max(ground ? heightOf(ground, x, z) : y, y);
  const size = extent / 60;
  const isDeath = spot.kind === "death";
  const colour = colourOf(colours(isDeath ? "k-death" : "k-ghost"));
  const material = new MeshBasicMaterial({ color: colour, side: DoubleSide, transparent: true, opacity: 0.7 });
  const rings = (isDeath ? [0] : [0, 1, 2]).map((i) => {
    const radius = size * (0.9 + i * 0.6);
    const ring = new Mesh(new RingGeometry(radius, radius + size * 0.14, 40), material);
    ring.rotation.x = -Math.PI / 2;
    ring.position.set(x, height + size * 0.08, z);
    return ring;
  });
  if (!isDeath) return rings;
  const pole = new Mesh(new CylinderGeometry(size * 0.06, size * 0.06, size * 3.2, 6), material);
  pole.position.set(x, height + size * 1.6, z);
  const sign = new Sprite(new SpriteMaterial({ map: deathSign(colours), depthTest: false }));
  sign.position.set(x, height + size * 3.6, z);
  sign.scale.setScalar(size * 1.9);
  sign.renderOrder = 5;
  return [...rings, pole, sign];
}

function deathSign(colours: Colours): CanvasTexture {
  const [paper = "", ink = ""] = [colours("raised"), colours("k-death")].map((colour) => `rgb(${colour.join(",")})`);
  return picture(96, (g) => {
    g.fillStyle = paper;
    g.strokeStyle = ink;
    g.lineWidth = 6;
    g.beginPath();
    g.arc(48, 48, 42, 0, 7);
    g.fill();
    g.stroke();
    g.lineWidth = 10;
    g.beginPath();
    g.moveTo(32, 32);
    g.lineTo(64, 64);
    g.moveTo(64, 32);
    g.lineTo(32, 64);
    g.stroke();
  });
}
