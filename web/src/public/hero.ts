/**
 * The picture of the front page: a level in the fog. A trail climbs past what players left; the ghost of a run walks it. The world is
 * a fixed one that ships with the program: nothing in it was written by a user.
 */

import { along, clamp, type Colour, css, glow, hills, mix, type Point, random, roles, smooth, stone } from "./paint";

/** The trail, in the level: x from left to right, z from the ridge (0) to the reader (1). */
const TRAIL: readonly Point[] = [
  [0.3, 1.02],
  [0.42, 0.9],
  [0.6, 0.79],
  [0.52, 0.66],
  [0.7, 0.55],
  [0.82, 0.44],
  [0.72, 0.34],
  [0.9, 0.24],
  [0.97, 0.16],
];

type Kind = "stone" | "cairn" | "hut" | "bridge";

interface Thing {
  kind: Kind;
  at: Point;
  isLit: boolean;
}

/** What stands in the level. */
const THINGS: readonly Thing[] = (
  [
    ["stone", 0.475, 0.845, true],
    ["stone", 0.66, 0.715, true],
    ["cairn", 0.575, 0.615, true],
    ["hut", 0.755, 0.775, false],
    ["stone", 0.785, 0.5, false],
    ["cairn", 0.665, 0.36, true],
    ["bridge", 0.41, 0.735, false],
    ["stone", 0.9, 0.37, true],
    ["cairn", 0.985, 0.15, true],
    ["stone", 0.28, 0.8, false],
    ["stone", 0.78, 0.87, true],
    ["hut", 0.2, 0.6, false],
  ] as const
).map(([kind, x, z, isLit]) => ({ kind, at: [x, z], isLit }));

const WHITE: Colour = [255, 255, 255];
const ROLES = ["bg", "sky", "fog", "ground", "ridge", "glow", "k-ghost", "ink"] as const;

/** Rows of the ground, from far to near. */
const ROWS = 74;

/** Rows over which banks of fog lie, as shares. */
const FOG_AT = [0.2, 0.38, 0.58];

/** Milliseconds in which the ghost walks the trail. */
const WALK_MS = 52_000;

/** Where the ghost stands when nothing moves. */
const BEST_MOMENT = 0.47;

/** A painted level, at a size and in a theme. */
export class Hero {
  readonly #g: CanvasRenderingContext2D;
  readonly #colours: Record<(typeof ROLES)[number], Colour>;
  readonly #width: number;
  readonly #height: number;
  readonly #isNight: boolean;
  readonly #horizon: number;
  readonly #columns: number;
  readonly #samples: readonly Point[];
  readonly #rows: Point[][];

  constructor(canvas: HTMLCanvasElement, g: CanvasRenderingContext2D) {
    const { width, height } = canvas.getBoundingClientRect();
    const density = Math.min(2, devicePixelRatio || 1);
    [this.#width, this.#height] = [Math.max(1, width), Math.max(1, height)];
    canvas.width = this.#width * density;
    canvas.height = this.#height * density;
    g.scale(density, density);
    this.#g = g;
    this.#colours = roles(ROLES);
    this.#isNight = this.#colours.bg[0] < 60;
    this.#horizon = this.#height * 0.34;
    this.#columns = this.#width < 700 ? 90 : 150;
    this.#samples = Array.from({ length: 240 }, (_, i) => along(TRAIL, i / 239));
    this.#rows = Array.from({ length: ROWS + 1 }, (_, row) => this.#ground(row / ROWS));
  }

  /** Where a place of the level is in the picture. */
  place([x, z]: Point): Point {
    const across = ((x - 0.5) / (1.5 - 0.85 * z) + 0.5) * this.#width;
    return [across, this.#down(this.#steepness([x, z]) - 0.02, z)];
  }

  /** Paints the level `ms` after its start; without a time, its best moment. */
  paint(ms: number | undefined) {
    const [g, { bg, glow: lantern }] = [this.#g, this.#colours];
    this.#paintSky();
    const share = ms === undefined ? BEST_MOMENT : (ms / WALK_MS + BEST_MOMENT) % 1;
    const ghost = along(TRAIL, share);
    this.#rows.forEach((row, index) => {
      const [before, z] = [(index - 1) / ROWS, index / ROWS];
      const isHere = ([, at]: Point) => at > before && at <= z;
      this.#paintGround(row, index);
      for (const sample of this.#samples.filter(isHere)) this.#paintStep(sample);
      for (const thing of THINGS.filter(({ at }) => isHere(at))) this.#paintThing(thing, true);
      if (isHere(ghost)) this.#paintGhost(share, ghost);
      if (FOG_AT.some((at) => Math.floor(ROWS * at) === index)) this.#paintFog(row, index, ms ?? 0);
    });
    for (const thing of THINGS.filter(({ kind, isLit }) => isLit || kind === "hut")) {
      const [x, y] = this.place(thing.at);
      g.save();
      g.translate(x, y);
      g.scale(1, 0.36);
      glow(g, [0, 0], size(thing.at) * 4.2, lantern, this.#isNight ? 0.3 : 0.2);
      g.restore();
      this.#paintThing(thing, false);
    }
    const end = g.createLinearGradient(0, this.#height * 0.86, 0, this.#height);
    end.addColorStop(0, css(bg, 0));
    end.addColorStop(1, css(bg));
    g.fillStyle = end;
    g.fillRect(0, this.#height * 0.86, this.#width, this.#height * 0.15);
  }

  #steepness([x, z]: Point): number {
    const right = smooth(0.42, 1.05, x) * smooth(0.62, 0.06, z) * 0.84;
    const left = smooth(0.35, -0.3, x) * smooth(0.5, 0.1, z) * 0.34;
    return hills(x * 3.1 + 4, z * 4.2) * 0.62 + (right + left) * (0.5 + 0.7 * hills(x * 5.2, z * 5 + 9));
  }

  #down(height: number, z: number): number {
    const [h, top] = [this.#height, this.#horizon];
    return top + z ** 1.35 * (h - top) * 1.12 + h * 0.1 - height * h * (0.4 - 0.14 * z);
  }

  /** A row of the ground, pressed down a little where the trail runs. */
  #ground(z: number): Point[] {
    return Array.from({ length: this.#columns + 1 }, (_, column) => {
      const across = (column / this.#columns) * this.#width * 1.04 - this.#width * 0.02;
      const x = 0.5 + (across / this.#width - 0.5) * (1.5 - 0.85 * z);
      const worn = z > 0.1 ? smooth(0.055, 0, this.#toTrail([x, z])) * 0.025 : 0;
      return [across, this.#down(this.#steepness([x, z]) - worn, z)];
    });
  }

  #toTrail([x, z]: Point): number {
    return Math.min(...this.#samples.map((sample) => Math.hypot(sample[0] - x, (sample[1] - z) * 0.8)));
  }

  #paintSky() {
    const [g, width, height, { bg, sky, fog, glow: lantern, ink }] = [this.#g, this.#width, this.#height, this.#colours];
    g.clearRect(0, 0, width, height);
    const above = g.createLinearGradient(0, 0, 0, height);
    above.addColorStop(0, css(bg));
    above.addColorStop(0.45, css(sky));
    above.addColorStop(1, css(sky));
    g.fillStyle = above;
    g.fillRect(0, 0, width, height);
    if (this.#isNight) {
      const next = random(5);
      for (let star = 0; star < 70; star++) {
        const y = next() ** 1.6 * height * 0.42;
        const x = next() * width;
        g.fillStyle = css(ink, 0.12 + next() * 0.32);
        g.fillRect(x, y, 1.2, 1.2);
      }
    }
    const haze = this.#isNight ? mix(fog, lantern, 0.16) : WHITE;
    glow(g, [width * 0.8, this.#horizon + height * 0.03], height * 0.52, haze, this.#isNight ? 0.8 : 0.95);
  }

  #paintGround(row: readonly Point[], index: number) {
    const [g, { sky, fog, ground, ridge }] = [this.#g, this.#colours];
    const z = index / ROWS;
    const nearness = z ** 0.85;
    const line = () => row.forEach(([x, y], i) => (i === 0 ? g.moveTo(x, y) : g.lineTo(x, y)));
    g.beginPath();
    line();
    g.lineTo(this.#width * 1.02, this.#height + 4);
    g.lineTo(-this.#width * 0.02, this.#height + 4);
    g.closePath();
    g.fillStyle = css(mix(mix(sky, fog, 0.75), ground, nearness));
    g.fill();
    g.beginPath();
    line();
    g.strokeStyle = css(mix(fog, ridge, 0.25 + 0.75 * nearness), this.#isNight ? 0.3 + 0.4 * z : 0.55);
    g.lineWidth = index % 6 === 0 ? 1.05 : 0.55;
    g.stroke();
  }

  #paintStep(sample: Point) {
    const [g, { ridge, glow: lantern, ink, ground }] = [this.#g, this.#colours];
    const [x, y] = this.place(sample);
    const radius = 0.8 + sample[1] * 1.9;
    g.fillStyle = css(this.#isNight ? mix(ridge, lantern, 0.45) : mix(ink, ground, 0.2), 0.45 + 0.5 * sample[1]);
    g.beginPath();
    g.ellipse(x, y, radius, radius * 0.55, 0, 0, 7);
    g.fill();
  }

  /** The ghost: some echoes behind, the last one brightest. */
  #paintGhost(share: number, ghost: Point) {
    const [g, tone] = [this.#g, mix(this.#colours["k-ghost"], WHITE, this.#isNight ? 0.35 : 0)];
    for (let echo = 14; echo >= 0; echo--) {
      const at = along(TRAIL, share - echo * 0.0085);
      if (echo > 0 && at[1] < ghost[1] - 0.001) continue;
      const [x, y] = this.place(at);
      const tall = 8 + at[1] * 22;
      g.fillStyle = css(tone, (echo > 0 ? 0.2 : 0.92) * (1 - echo / 15));
      g.beginPath();
      g.roundRect(x - tall * 0.16, y - tall * 0.95, tall * 0.32, tall * 0.95, tall * 0.16);
      g.arc(x, y - tall * 1.16, tall * 0.17, 0, 7);
      g.fill();
      if (echo === 0) glow(g, [x, y - tall * 0.6], tall * 3, this.#colours["k-ghost"], this.#isNight ? 0.5 : 0.35);
    }
  }

  #paintFog(row: readonly Point[], index: number, ms: number) {
    const [g, width] = [this.#g, this.#width];
    for (let bank = 0; bank < 5; bank++) {
      const x = (((bank * 0.27 + index * 0.13 + ms / 130_000) % 1.4) - 0.2) * width;
      const [, y] = row[Math.floor(this.#columns * clamp(x / width))] as Point;
      g.save();
      g.translate(x, y + 16);
      g.scale(1, 0.17);
      const tone = mix(this.#colours.fog, WHITE, this.#isNight ? 0.06 : 0.7);
      glow(g, [0, 0], width * 0.24, tone, this.#isNight ? 0.6 : 0.75);
      g.restore();
    }
  }

  #paintThing({ kind, at, isLit }: Thing, withHalo: boolean) {
    const [g, [x, y], s, night] = [this.#g, this.place(at), size(at), this.#isNight];
    const { ridge, ground, glow: lantern, ink } = this.#colours;
    const lightBody = mix(mix(ridge, ground, 0.25), lantern, 0.16);
    const nightBody = isLit || kind === "hut" ? lightBody : mix(ground, ridge, 0.75);
    const body = night ? nightBody : mix(ridge, ink, 0.55);
    const edge = night ? mix(ridge, [255, 240, 210], 0.35) : mix(ridge, WHITE, 0.3);
    if (isLit && withHalo) glow(g, [x, y - s * 0.55], s * (night ? 2.5 : 1.7), lantern, night ? 0.42 : 0.34);
    if (kind === "stone") {
      stone(g, [x, y + 2], s * 0.55, s * 1.02, body);
      g.fillStyle = css(isLit ? lantern : edge, isLit ? 1 : 0.6);
      diamond(g, [x + s * 0.02, y - s * 0.5], s * 0.13);
    } else if (kind === "cairn") {
      const top = cairn(g, [x, y + 2], s * 0.95, body, edge);
      g.fillStyle = css(lantern);
      g.beginPath();
      g.arc(x, top - s * 0.1, s * 0.1, 0, 7);
      g.fill();
    } else if (kind === "hut") {
      tent(g, [x, y + 2], s, body, css(lantern, 0.9));
      if (withHalo) glow(g, [x, y - s * 0.2], s * 1.7, lantern, night ? 0.4 : 0.2);
    } else {
      bridge(g, [x, y], s, css(body));
    }
  }
}

/** How large what stands there is. */
const size = ([, z]: Point) => 9 + z * 27;

function diamond(g: CanvasRenderingContext2D, [x, y]: Point, radius: number) {
  g.beginPath();
  g.moveTo(x, y - radius);
  g.lineTo(x + radius, y);
  g.lineTo(x, y + radius);
  g.lineTo(x - radius, y);
  g.closePath();
  g.fill();
}

/** Four stones on each other; returns where the last one ends. */
function cairn(g: CanvasRenderingContext2D, [x, y]: Point, s: number, body: Colour, edge: Colour): number {
  let top = y;
  for (let i = 0; i < 4; i++) {
    const height = s * (0.36 - i * 0.035);
    stone(g, [x + (i % 2 ? 0.07 : -0.04) * s, top], s * (1 - i * 0.2), height, mix(body, edge, i * 0.09));
    top -= height * 0.94;
  }
  return top;
}

function tent(g: CanvasRenderingContext2D, [x, y]: Point, s: number, body: Colour, light: string) {
  const triangle = (fill: string, left: number, peak: Point, right: number) => {
    g.fillStyle = fill;
    g.beginPath();
    g.moveTo(x + left * s, y);
    g.lineTo(x + peak[0] * s, y + peak[1] * s);
    g.lineTo(x + right * s, y);
    g.closePath();
    g.fill();
  };
  triangle(css(body), -0.9, [-0.1, -0.95], 0.8);
  triangle(light, -0.22, [-0.06, -0.42], 0.16);
}

function bridge(g: CanvasRenderingContext2D, [x, y]: Point, s: number, colour: string) {
  g.strokeStyle = colour;
  g.lineWidth = s * 0.09;
  g.beginPath();
  g.moveTo(x - s * 1.1, y);
  g.quadraticCurveTo(x, y + s * 0.28, x + s * 1.1, y - s * 0.1);
  for (let post = -1; post <= 1; post += 0.4) {
    g.moveTo(x + s * post, y + s * 0.1);
    g.lineTo(x + s * post, y - s * 0.4);
  }
  g.moveTo(x - s * 1.1, y - s * 0.42);
  g.quadraticCurveTo(x, y - s * 0.12, x + s * 1.1, y - s * 0.5);
  g.stroke();
}
