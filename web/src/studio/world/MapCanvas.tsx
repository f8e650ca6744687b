import { useEffect, useMemo, useRef, useState } from "react";

import { useSpeech } from "../../words";
import { useColours } from "../canvas/colours";
import { heatOf } from "../canvas/heat";
import { useSize } from "../canvas/useSize";
import { type Box, moved, type Point, toMap, toScreen, type View, viewOf, zoomed } from "../canvas/view";
import { drawMap, type Look, type Placed, type Scene } from "./draw";
import type { MapPoint, ScopeMap } from "./map";
import styles from "./WorldPage.module.css";

interface Size {
  width: number;
  height: number;
}

/** What a drag on the map does. */
export type Tool = "move" | "lasso";

/** A map to move about in, by pointer, wheel and keys. */
export function MapCanvas({
  map,
  points,
  look,
  picture,
  tool,
  view,
  lasso,
  chosen,
  lit,
  isUp,
  label,
  onView,
  onLasso,
  onChoose,
  onEscape,
}: {
  map: ScopeMap | undefined;
  points: MapPoint[] | undefined;
  look: Look;
  picture: Placed | undefined;
  tool: Tool;
  view: View | undefined;
  lasso: Point[];
  chosen: Point | undefined;
  lit: ReadonlySet<string>;
  isUp: boolean;
  label: string;
  onView: (view: View, size: Size) => void;
  onLasso: (line: Point[], isDone: boolean) => void;
  onChoose: (point: MapPoint | undefined) => void;
  onEscape: () => void;
}) {
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const colours = useColours();
  const s = useSpeech();
  const heat = useMemo(() => (map ? heatOf(cellsOf(map), colours) : undefined), [map, colours]);
  const shown = view ?? (map && size.width > 0 ? viewOf(map.bounds as Box, size, isUp) : undefined);

  useEffect(() => {
    if (!view && shown) onView(shown, size);
  });

  usePainting(canvas, shown && { view: shown, ...size, colours, look, map, heat, points, picture, lasso, chosen, lit, numberAt: s.number });

  const at = (event: { clientX: number; clientY: number }): Point => {
    const { left, top } = canvas.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
    return [event.clientX - left, event.clientY - top];
  };
  const dragging = useDragging({ at, view: shown, size, tool, lasso, onView, onLasso, onTap: (spot) => onChoose(shown && points && nearest(points, spot, shown, size)) });

  useWheel(canvas, (event) => {
    if (shown) onView(zoomed(shown, size, Math.exp(-event.deltaY * 0.0016), at(event)), size);
  });

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") onEscape();
    const next = shown && afterKey(event.key, shown, size);
    if (!next) return;
    event.preventDefault();
    onView(next, size);
  };

  return (
    <figure className="canvas">
      <div ref={setBox} className={styles["box"]}>
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label={label}
          className={tool === "lasso" ? styles["isLasso"] : styles["isMove"]}
          onKeyDown={onKeyDown}
          {...dragging}
        />
      </div>
    </figure>
  );
}

/** Paints a scene at the next frame, whenever it is drawn anew. */
function usePainting(canvas: React.RefObject<HTMLCanvasElement | null>, scene: Scene | undefined) {
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext("2d");
    if (!element || !g || !scene || scene.width === 0) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    const frame = requestAnimationFrame(() => {
      element.width = scene.width * ratio;
      element.height = scene.height * ratio;
      g.scale(ratio, ratio);
      drawMap(g, scene);
    });
    return () => cancelAnimationFrame(frame);
  });
}

/** How near, in pixels, one has to point at a trace. */
const NEAR = 14;

/** The trace that lies nearest to a spot of the screen, if one is near. */
function nearest(points: MapPoint[], spot: Point, view: View, size: Size): MapPoint | undefined {
  let found: MapPoint | undefined;
  let least = NEAR;
  for (const point of points) {
    const [x, y] = toScreen(view, size, point.at);
    const away = Math.hypot(x - spot[0], y - spot[1]);
    if (away < least) [found, least] = [point, away];
  }
  return found;
}

const STEP = 60;
const ZOOM = 1.3;

/** What is looked at after a key, if the key does something. */
function afterKey(key: string, view: View, size: Size): View | undefined {
  const middle: Point = [size.width / 2, size.height / 2];
  if (key === "+" || key === "=") return zoomed(view, size, ZOOM, middle);
  if (key === "-") return zoomed(view, size, 1 / ZOOM, middle);
  const ways: Record<string, Point> = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
  const way = ways[key];
  return way && moved(view, way);
}

/** The counts of all kinds in the cells of a map. */
function cellsOf(map: ScopeMap) {
  const counts = new Float32Array(map.columns * map.rows);
  for (const kind of map.kinds) kind.cells.forEach((cell, i) => (counts[cell] = (counts[cell] ?? 0) + (kind.counts[i] ?? 0)));
  return { columns: map.columns, rows: map.rows, counts };
}

/** Turns of the wheel; not passive, so that the page doesn't scroll with the map. */
function useWheel(canvas: React.RefObject<HTMLCanvasElement | null>, turn: (event: WheelEvent) => void) {
  const latest = useRef(turn);
  latest.current = turn;
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [canvas]);
}

/** Drags with one pointer, and zooms with two. */
function useDragging({
  at,
  view,
  size,
  tool,
  lasso,
  onView,
  onLasso,
  onTap,
}: {
  at: (event: React.PointerEvent) => Point;
  view: View | undefined;
  size: Size;
  tool: Tool;
  lasso: Point[];
  onView: (view: View, size: Size) => void;
  onLasso: (line: Point[], isDone: boolean) => void;
  onTap: (spot: Point) => void;
}) {
  const pointers = useRef(new Map<number, Point>());
  const travelled = useRef(0);
  return {
    onPointerDown: (event: React.PointerEvent) => {
      if (event.button !== 0 || !view) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const spot = at(event);
      pointers.current.set(event.pointerId, spot);
      travelled.current = 0;
      if (tool === "lasso" && pointers.current.size === 1) onLasso([toMap(view, size, spot)], false);
    },
    onPointerMove: (event: React.PointerEvent) => {
      const before = pointers.current.get(event.pointerId);
      if (!before || !view) return;
      const spot = at(event);
      const others = [...pointers.current].filter(([id]) => id !== event.pointerId);
      const [other] = others;
      pointers.current.set(event.pointerId, spot);
      travelled.current += Math.hypot(spot[0] - before[0], spot[1] - before[1]);
      if (other) {
        const apart = (from: Point) => Math.hypot(from[0] - other[1][0], from[1] - other[1][1]);
        onView(zoomed(view, size, apart(spot) / Math.max(1, apart(before)), other[1]), size);
      } else if (tool === "lasso") onLasso([...lasso, toMap(view, size, spot)], false);
      else onView(moved(view, [spot[0] - before[0], spot[1] - before[1]]), size);
    },
    onPointerUp: (event: React.PointerEvent) => {
      if (!pointers.current.delete(event.pointerId)) return;
      if (travelled.current < 5) {
        if (tool === "lasso") onLasso([], true);
        onTap(at(event));
      } else if (tool === "lasso") onLasso(lasso, true);
    },
    onPointerCancel: (event: React.PointerEvent) => void pointers.current.delete(event.pointerId),
  };
}
