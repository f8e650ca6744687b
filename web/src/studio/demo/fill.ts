/** Fills a world with the demo level and what some weeks of players would leave in it. */

import { keepLevel } from "../world/levels";
import { type World, worldName } from "../place";
import { api, ok } from "../../api/client";
import { demoImage } from "./image";
import { SIZE } from "./level";
import { DEMO_SCOPE, demoLines } from "./world";

/** Leaves the demo traces in a world, and keeps the picture of the level; how many traces are new. */
export async function fillDemo(world: World): Promise<number> {
  const body = new Blob([demoLines().join("\n")], { type: "application/x-ndjson" });
  const { imported } = await ok(
    api.POST("/v1/traces/import", {
      params: { query: { ...world } },
      body: body as never,
      bodySerializer: (lines: unknown) => lines as Blob,
      headers: { "Content-Type": "application/x-ndjson" },
    }),
  );
  await keepLevel(worldName(world), DEMO_SCOPE, { image: await demoImage(), x: 0, y: 0, width: SIZE[0], turn: 0 });
  return imported;
}
