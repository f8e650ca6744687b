/** Moderators' decisions about traces and players. */

import { api, ok, type Schema } from "../api/client";
import type { World } from "./place";

/** As many traces as one action may name. */
const MOST = 500;

/** Carries out a decision; how many traces or players it changed. */
export async function decide(world: World, body: Schema<"ModerationRequest">): Promise<number> {
  const { affected } = await ok(api.POST("/v1/moderation/actions", { params: { query: { ...world } }, body }));
  return affected;
}

/** The same for any number of traces, in turns. */
export async function decideAll(world: World, action: "hide" | "restore" | "wipe", ids: string[], reason: string): Promise<number> {
  let affected = 0;
  for (let at = 0; at < ids.length; at += MOST) {
    affected += await decide(world, { action, trace_ids: ids.slice(at, at + MOST), reason });
  }
  return affected;
}
