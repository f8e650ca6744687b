/** Colours and small pictures for the stage, and how what it held is given back. */

import { CanvasTexture, Color, LineSegments, Mesh, type Object3D, Sprite, type Texture } from "three";

import type { Rgb } from "../canvas/colours";

/** A colour of the theme as the stage takes it. */
export function colourOf([red, green, blue]: Rgb): Color {
  return new Color(`rgb(${red}, ${green}, ${blue})`);
}

/** A square picture, drawn. */
export function picture(size: number, draw: (g: CanvasRenderingContext2D) => void): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const g = canvas.getContext("2d");
  if (g) draw(g);
  return new CanvasTexture(canvas);
}

/** Gives back what a thing and its parts hold. */
export function release(thing: Object3D) {
  thing.traverse((part) => {
    if (!(part instanceof Mesh || part instanceof LineSegments || part instanceof Sprite)) return;
    part.geometry.dispose();
    for (const material of [part.material].flat()) {
      if ("map" in material && material.map) (material.map as Texture).dispose();
      material.dispose();
    }
  });
}
