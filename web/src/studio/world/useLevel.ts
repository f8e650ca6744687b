/** The picture of a scope's level, kept in this browser. */

import { useQuery, useQueryClient } from "@tanstack/react-query";

import { type World, worldName } from "../place";
import type { Placed } from "./draw";
import { forgetLevel, keepLevel, type Level, levelOf } from "./levels";

/** The picture of a scope, and the ways to keep another or none. */
export function useLevel(world: World, scope: string) {
  const queries = useQueryClient();
  const name = worldName(world);
  const queryKey = ["level", name, scope];
  const { data } = useQuery({
    queryKey,
    queryFn: async (): Promise<{ level: Level; placed: Placed } | null> => {
      const level = await levelOf(name, scope);
      if (!level) return null;
      const { x, y, width, turn } = level;
      return { level, placed: { image: await createImageBitmap(level.image), x, y, width, turn } };
    },
    staleTime: Infinity,
  });
  const again = () => queries.invalidateQueries({ queryKey });
  return {
    level: data?.level,
    picture: data?.placed,
    keep: async (level: Level) => {
      await keepLevel(name, scope, level);
      await again();
    },
    forget: async () => {
      await forgetLevel(name, scope);
      await again();
    },
  };
}
