/** Which world the studio's pages are about: the studio and the game by the address, the environment by its search. */

import { useParams, useSearch } from "@tanstack/react-router";

import type { Schema } from "../api/client";

/** Where players play, or where the game's makers try things. */
export type Environment = Schema<"Environment">;

/** A world: one game in one environment. */
export interface World {
  studio: string;
  game: string;
  environment: Environment;
}

/** What the search of the studio's addresses may say. */
export interface StudioSearch {
  /** The environment, where it is not `live`. */
  env?: "dev" | undefined;
  /** On pages of a whole studio: the game that was looked at before. */
  game?: string | undefined;
  /** The scope that a map or the ghosts show. */
  scope?: string | undefined;
  /** A trace that is shown beside the map. */
  trace?: string | undefined;
}

/** Reads the search of an address. */
export function readSearch(search: Record<string, unknown>): StudioSearch {
  const text = (name: string) => (typeof search[name] === "string" || typeof search[name] === "number" ? String(search[name]) : undefined);
  return { env: search["env"] === "dev" ? "dev" : undefined, game: text("game"), scope: text("scope"), trace: text("trace") };
}

/** The search that keeps game and environment from one page of the studio to the next. */
export function searchOf({ environment }: { environment: Environment }): StudioSearch {
  return environment === "dev" ? { env: "dev" } : {};
}

/** What the address says, on any page of the studio. */
export function usePlace(): { studio: string | undefined; game: string | undefined; environment: Environment } {
  const params: { studio?: string; game?: string } = useParams({ strict: false });
  const search: StudioSearch = useSearch({ strict: false });
  return { studio: params.studio, game: params.game ?? search.game, environment: search.env ?? "live" };
}

/** The studio of the address. */
export function useStudio(): string {
  return usePlace().studio ?? "";
}

/** The world of the address, on a page of a game. */
export function useWorld(): World {
  const { studio = "", game = "", environment } = usePlace();
  return { studio, game, environment };
}

/** The name of a world for routes that take a key or `?game=`. */
export function worldName({ studio, game, environment }: World): string {
  return environment === "live" ? `${studio}/${game}` : `${studio}/${game}/${environment}`;
}
