/** What several of the studio's pages ask. */

import { queryOptions, useQuery } from "@tanstack/react-query";

import { api, ok, type Schema } from "../api/client";
import { type World, useStudio, worldName } from "./place";

/** What a member may do in a studio. */
export type Role = Schema<"Role">;

/** The roles, each of which may do what the ones before it may. */
export const roles: Role[] = ["viewer", "moderator", "developer", "owner"];

/** The studios of the signed-in person. */
export const studiosQuery = queryOptions({
  queryKey: ["studios"],
  queryFn: async () => (await ok(api.GET("/v1/studios"))).items,
});

/** The games of a studio. */
export const gamesQuery = (studio: string) =>
  queryOptions({
    queryKey: ["studio", studio, "games"],
    queryFn: async () => (await ok(api.GET("/v1/studios/{studio}/games", { params: { path: { studio } } }))).items,
  });

/** The members of a studio. */
export const membersQuery = (studio: string) =>
  queryOptions({
    queryKey: ["studio", studio, "members"],
    queryFn: async () => (await ok(api.GET("/v1/studios/{studio}/members", { params: { path: { studio } } }))).items,
  });

/** The keys of a game, in both environments. */
export const keysQuery = (studio: string, game: string) =>
  queryOptions({
    queryKey: ["studio", studio, "games", game, "keys"],
    queryFn: async () =>
      (await ok(api.GET("/v1/studios/{studio}/games/{game}/keys", { params: { path: { studio, game } } }))).items,
  });

/** What clients know of a world: the permissions, limits and axes. */
export const gameQuery = (world: World) =>
  queryOptions({
    queryKey: ["world", worldName(world), "game"],
    queryFn: () => ok(api.GET("/v1/game", { params: { query: { game: worldName(world) } } })),
  });

/** All settings of a world. */
export const settingsQuery = (world: World) =>
  queryOptions({
    queryKey: ["world", worldName(world), "settings"],
    queryFn: () =>
      ok(
        api.GET("/v1/games/{game}/settings", {
          params: { path: { game: world.game }, query: { studio: world.studio, environment: world.environment } },
        }),
      ),
  });

/** What a world and its studio store, and how much they may. */
export const storageQuery = (world: World) =>
  queryOptions({
    queryKey: ["world", worldName(world), "storage"],
    queryFn: () => ok(api.GET("/v1/storage", { params: { query: { ...world } } })),
  });

/** The traces of a world that wait for a moderator, or that are hidden. */
export const queueQuery = (world: World) =>
  queryOptions({
    queryKey: ["world", worldName(world), "queue"],
    queryFn: () => ok(api.GET("/v1/moderation/queue", { params: { query: { ...world, limit: 100 } } })),
    refetchInterval: 30_000,
  });

/** The signed-in person's role in the studio of the address; none for an administrator who is no member. */
export function useRole(): Role | undefined {
  const studio = useStudio();
  const { data } = useQuery(studiosQuery);
  return data?.find((membership) => membership.studio === studio)?.role;
}

/** Whether a role is at least as high as another. */
export function isAtLeast(role: Role | undefined, least: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(least);
}
