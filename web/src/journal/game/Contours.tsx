import { useEffect, useRef } from "react";

import { hash, random } from "../../ui/cover";

const STEP = 9;
const LEVELS = 13;

/** The heights of a land of its own for each name, drawn as contour lines. Only decoration. */
export function Contours({ name, className }: { name: string; className: string | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = () => drawLines(element, hash(name));
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", draw);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", draw);
      theme.disconnect();
    };
  }, [name]);
  return <canvas ref={canvas} className={className} aria-hidden="true" />;
}

function drawLines(element: HTMLCanvasElement, seed: number) {
  const [width, height] = [element.clientWidth, element.clientHeight];
  const pen = element.getContext("2d");
  if (!pen || width === 0) return;
  element.width = width * devicePixelRatio;
  element.height = height * devicePixelRatio;
  pen.scale(devicePixelRatio, devicePixelRatio);
  pen.strokeStyle = getComputedStyle(element).getPropertyValue("color");
  const [columns, rows] = [Math.ceil(width / STEP) + 1, Math.ceil(height / STEP) + 1];
  const at = land(seed);
  const heights = Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => at(x * STEP, y * STEP)));
  for (let level = 1; level < LEVELS; level++) {
    pen.globalAlpha = level % 4 === 0 ? 1 : 0.55;
    pen.lineWidth = level % 4 === 0 ? 1.2 : 0.8;
    pen.beginPath();
    for (let y = 0; y + 1 < rows; y++) for (let x = 0; x + 1 < columns; x++) cross(pen, heights, x, y, level / LEVELS);
    pen.stroke();
  }
}

/** Heights of 0 to 1: some waves whose directions and lengths a seed chooses. */
function land(seed: number): (x: number, y: number) => number {
  const next = random(seed);
  const waves = Array.from({ length: 6 }, (_, i) => {
    const angle = next() * Math.PI * 2;
    const length = 90 + next() * 260;
    return { x: Math.cos(angle) / length, y: Math.sin(angle) / length, shift: next() * 7, size: 1 / (1 + i * 0.35) };
  });
  const sum = waves.reduce((all, { size }) => all + size, 0);
  return (x, y) => 0.5 + waves.reduce((all, wave) => all + wave.size * Math.sin((x * wave.x + y * wave.y) * Math.PI * 2 + wave.shift), 0) / sum / 2;
}

/** The line of a level through one square of the grid (marching squares). */
function cross(pen: CanvasRenderingContext2D, heights: number[][], x: number, y: number, level: number) {
  const value = (dx: number, dy: number) => (heights[y + dy]?.[x + dx] ?? 0) - level;
  const corners = [value(0, 0), value(1, 0), value(1, 1), value(0, 1)] as const;
  const edges = [[0, 1, 0, 0, 1, 0], [1, 2, 1, 0, 0, 1], [2, 3, 1, 1, -1, 0], [3, 0, 0, 1, 0, -1]] as const;
  const points: [number, number][] = [];
  for (const [from, to, startX, startY, stepX, stepY] of edges) {
    const [a, b] = [corners[from], corners[to]];
    if (a < 0 === b < 0) continue;
    const share = a / (a - b);
    points.push([(x + startX + stepX * share) * STEP, (y + startY + stepY * share) * STEP]);
  }
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [from, to] = [points[i], points[i + 1]];
    if (!from || !to) continue;
    pen.moveTo(...from);
    pen.lineTo(...to);
  }
}
