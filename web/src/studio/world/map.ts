/** The map of a scope, as the API counts it. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import type { Point } from "../canvas/view";
import { type Kind, kinds } from "../kinds";
import { type World, worldName } from "../place";

/** A map, with its traces counted in cells. */
export type ScopeMap = Schema<"ScopeMap">;

/** From which side a map is seen. */
export type Plane = "xz" | "xy" | "zy";

/** Which traces a map shows. */
export interface Filter {
  kinds: Kind[];
  plane: Plane;
  shown: "visible" | "hidden" | "all";
  version: number | undefined;
  /** Only those of the last days. */
  days: number | undefined;
  goodMin: number;
}

/** What is shown first: everything that players see. */
export const everything: Filter = { kinds, plane: "xz", shown: "visible", version: undefined, days: undefined, goodMin: 0 };

/** How many filters narrow a map, beside the kinds. */
export function narrowing(filter: Filter): number {
  return [filter.shown !== "visible", filter.version !== undefined, filter.days !== undefined, filter.goodMin > 0].filter(Boolean)
    .length;
}

/** The times between which traces were left: shares of the histogram, 0 to 1. */
export type Times = [from: number, to: number];

const DAY_MS = 86_400_000;
/** The finest grid, and up to how many traces are named. */
const CELLS = 192;
const POINTS = 2000;

/** Which part is counted: rounded outwards, so that small moves ask nothing anew. Absent: all of it. */
export type Part = [x0: number, y0: number, x1: number, y1: number] | undefined;

/** The map of a scope. `from` and `to` are RFC 3339. */
export const mapQuery = (world: World, scope: string, filter: Filter, part: Part, from: string | undefined, to: string | undefined) =>
  queryOptions({
    queryKey: ["world", worldName(world), "map", scope, filter, part ?? null, from ?? null, to ?? null],
    queryFn: ({ signal }) => {
      const since = filter.days === undefined ? undefined : new Date(Date.now() - filter.days * DAY_MS).toISOString();
      const query: Record<string, unknown> = {
        studio: world.studio,
        environment: world.environment,
        scope,
        plane: filter.plane,
        cells: CELLS,
        points: POINTS,
        shown: filter.shown,
        good_min: filter.goodMin,
        ...(filter.kinds.length === kinds.length ? {} : { kind: filter.kinds }),
        ...(filter.version === undefined ? {} : { content_version_min: filter.version, content_version_max: filter.version }),
        ...(part === undefined ? {} : { bounds: part.join(",") }),
        ...((from ?? since) ? { from: [from, since].filter(Boolean).sort().at(-1) } : {}),
        ...(to ? { to } : {}),
      };
      return ok(api.GET("/v1/games/{game}/map", { params: { path: { game: world.game }, query }, signal }));
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** The scopes of a world. */
export const scopesQuery = (world: World) =>
  queryOptions({
    queryKey: ["world", worldName(world), "scopes"],
    queryFn: async () => {
      const { studio, game, environment } = world;
      const answer = await ok(api.GET("/v1/games/{game}/scopes", { params: { path: { game }, query: { studio, environment, limit: 100 } } }));
      return answer.items.toSorted((a, b) => countOf(b) - countOf(a));
    },
  });

/** How many traces a scope has. */
export function countOf({ message, object, phantom, bloodstain }: Schema<"ScopeTraces">): number {
  return message + object + phantom + bloodstain;
}

/** A cell with how many traces it has, of all kinds. */
export interface FullCell {
  middle: Point;
  count: number;
}

/** All cells that have traces, the fullest first. */
export function fullest(map: ScopeMap): FullCell[] {
  const counts = new Map<number, number>();
  for (const kind of map.kinds) kind.cells.forEach((cell, i) => counts.set(cell, (counts.get(cell) ?? 0) + (kind.counts[i] ?? 0)));
  const [x0 = 0, y0 = 0] = map.bounds;
  return [...counts]
    .map(([cell, count]) => {
      const middle: Point = [
        x0 + ((cell % map.columns) + 0.5) * map.cell_size,
        y0 + (Math.floor(cell / map.columns) + 0.5) * map.cell_size,
      ];
      return { middle, count };
    })
    .sort((a, b) => b.count - a.count);
}

/** A trace that a map names. */
export interface MapPoint {
  id: string;
  kind: Kind;
  at: Point;
  hidden: boolean;
}

/** The traces that a map names, if it names any. */
export function pointsOf(map: ScopeMap): MapPoint[] | undefined {
  const { points } = map;
  if (!points) return undefined;
  const hidden = new Set(points.hidden);
  return points.ids.map((id, i) => ({
    id,
    kind: map.kinds[points.kinds[i] ?? 0]?.kind ?? "message",
    at: [points.x[i] ?? 0, points.y[i] ?? 0],
    hidden: hidden.has(i),
  }));
}

/** Where a position lies on a map. */
export function onPlane([x = 0, y = 0, z = 0]: number[], plane: Plane): Point {
  return plane === "xz" ? [x, z] : plane === "xy" ? [x, y] : [z, y];
}
