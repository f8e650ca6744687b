/**
 * The cover of a title that has none: drawn from its name, so that the same name always gives the same picture. Flat layers of
 * ridges, one light, one motif.
 */

/** The colours of a cover: sky, three ridges from far to near, the light, and the letters. */
type Palette = readonly [sky: string, far: string, middle: string, near: string, light: string, letters: string];

const palettes: readonly Palette[] = [
  ["#33616a", "#28505a", "#1b3d46", "#11282f", "#f1b353", "#f8f0df"],
  ["#7f8fbd", "#5d6e9f", "#3e4d79", "#222c45", "#f6e6c4", "#10172a"],
  ["#cddabd", "#98b383", "#5d8050", "#2c4530", "#fffaf0", "#1d2e1a"],
  ["#dd937a", "#b85c45", "#7f3829", "#431f19", "#fbe2b4", "#2a0f0a"],
  ["#d3dcdb", "#a9b8b8", "#718586", "#3b4d50", "#ffffff", "#1a282a"],
  ["#f0c47c", "#d1943f", "#8f5b1c", "#472b0f", "#fff4da", "#2a1703"],
  ["#223047", "#293b56", "#182334", "#0b121c", "#e8ecf8", "#e8ecf8"],
  ["#9acfd0", "#56a0a5", "#27727a", "#12414a", "#fdf1d8", "#0b2d32"],
];

/** A shape of a cover: a path in the near ridge's colour or the light's, filled or as a line. */
export interface Shape {
  d: string;
  colour: string;
  line?: boolean;
}

/** All that a cover is drawn of. */
export interface Cover {
  sky: string;
  light: { x: number; y: number; r: number; colour: string };
  shapes: Shape[];
  letters: { colour: string; size: number; lines: { text: string; y: number }[] };
}

const WIDTH = 150;
const HEIGHT = 200;

/** FNV-1a of the name's code points. */
export function hash(text: string): number {
  let hash = 2166136261;
  for (const symbol of text) hash = Math.imul(hash ^ (symbol.codePointAt(0) ?? 0), 16777619);
  return hash >>> 0;
}

/** The random numbers of a seed, from 0 to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const disc = (x: number, y: number, r: number) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0-${2 * r} 0z`;

/** The motifs at a place: what is dark, and what is lit. */
const motifs: readonly ((x: number, y: number) => { dark: string; lit: string; line?: boolean })[] = [
  (x, y) => ({
    dark: `M${x - 17} ${y}q-3-9 9-10 20-2 26 3 3 5-2 7zM${x - 11} ${y - 9}q-2-8 8-8 14 0 15 4 1 4-3 4zM${x - 6} ${y - 16}q-1-6 6-7 8 0 8 4 0 3-2 3z`,
    lit: disc(x + 1, y - 27, 3),
  }),
  (x, y) => ({
    dark: `M${x - 9} ${y}l2-44h-3v-6h4v3h3v-3h6v3h3v-3h4v6h-3l2 44z`,
    lit: `M${x - 2} ${y - 34}h4v7h-4z`,
  }),
  (x, y) => ({
    dark: `M${x - 24} ${y - 7}h48l-7 9h-34zM${x - 1} ${y - 44}h2v36h-2zM${x + 3} ${y - 42}q16 14 15 31h-15z`,
    lit: disc(x, y - 46, 2.5),
  }),
  (x, y) => ({ dark: [-24, -8, 7, 22].map((at, i) => fir(x + at, y, 26 + ((i * 13) % 17))).join(""), lit: "" }),
  (x, y) => ({
    dark: `M${x - 26} ${y}v-24a26 26 0 0 1 52 0v24h-11v-22a15 15 0 0 0-30 0v22z`,
    lit: disc(x, y - 20, 3),
  }),
  (x, y) => ({
    dark: [-30, -12, 6, 24].map((at, i) => `M${x + at} ${y + 2}v-${34 - i * 4}h2v${34 - i * 4}z`).join(""),
    lit: [-30, -12, 6, 24].map((at, i) => disc(x + at + 1, y - 34 + i * 4, 4 - i * 0.5)).join(""),
  }),
  (x, y) => ({
    dark: `M${x} ${y - 34}q-8-18-32-16 2 20 20 22-12 3-12 16 16 2 24-14 8 16 24 14 0-13-12-16 18-2 20-22-24-2-32 16z`,
    lit: disc(x, y - 34, 2.5),
  }),
  (x, y) => ({
    dark: `M${x - 3} ${y - 38}L${x - 34} ${y + 24}M${x + 3} ${y - 38}L${x + 34} ${y + 24}M${x - 7} ${y - 26}h14M${x - 13} ${y - 14}h26M${x - 20} ${y}h40`,
    lit: "",
    line: true,
  }),
];

const fir = (x: number, y: number, height: number) => `M${x - 9} ${y + 2}l9-${height} 9 ${height}z`;

/** A text in lines of at most so many symbols, broken between words. */
function broken(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The cover of a name. Without letters (too small to read) the light stands higher. */
export function cover(name: string, withLetters: boolean): Cover {
  const seed = hash(name);
  const next = random(seed);
  const palette = palettes[(seed >>> 9) % palettes.length] as Palette;
  const [sky, far, middle, near, light, letters] = palette;
  const ridge = (base: number, height: number, steps: number) => {
    let d = `M0 ${HEIGHT}V${Math.round(base + (next() - 0.5) * height)}`;
    for (let step = 1; step <= steps; step++) {
      const bend = step === 1 ? `Q${Math.round((WIDTH / steps) * 0.5)} ${Math.round(base - height * next())} ` : "T";
      d += `${bend}${Math.round((WIDTH / steps) * step)} ${Math.round(base + (next() - 0.5) * height)}`;
    }
    return `${d}V${HEIGHT}z`;
  };
  const x = Math.round(28 + next() * 94);
  const r = Math.round(11 + next() * 13);
  const motifX = Math.round(48 + next() * 54);
  const lines = broken(name, 11).slice(0, 4);
  const longest = Math.max(7.6, ...lines.map((line) => line.length));
  const size = Math.min(25, Math.floor(205 / longest));
  const first = 14 + size * 0.78;
  const end = withLetters ? first + (lines.length - 1) * size * 1.04 : 40;
  const motif = (motifs[(seed >>> 14) % motifs.length] as (typeof motifs)[number])(motifX, 166);
  const shapes: Shape[] = [
    { d: ridge(122, 34, 3), colour: far },
    { d: ridge(146, 26, 4), colour: middle },
    { d: motif.dark, colour: near, line: motif.line ?? false },
    { d: motif.lit, colour: light },
    { d: ridge(171, 12, 3), colour: near },
  ];
  return {
    sky,
    light: { x, y: Math.round(Math.max(end + r + 14, 84)), r, colour: light },
    shapes: shapes.filter(({ d }) => d !== ""),
    letters: {
      colour: letters,
      size,
      lines: withLetters ? lines.map((text, i) => ({ text, y: Math.round(first + i * size * 1.04) })) : [],
    },
  };
}
