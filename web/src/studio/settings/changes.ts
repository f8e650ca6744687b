/** What of a world's settings was changed on the page. */

import type { Schema } from "../../api/client";

/** All settings of a world. */
export type Settings = Schema<"GameSettings">;
type Change = Schema<"GameSettingsChange">;

const names = [
  "content_version_min",
  "decks",
  "refresh_s",
  "public_reads",
  "hidden_at_reports",
  "v0",
  "text",
  "templates",
  "words",
  "conjunctions",
  "gestures",
  "max_frames",
  "max_recording_bytes",
  "axes",
  "units",
] as const;

/** The settings that differ, as the API takes them; nothing where none does. */
export function changesOf(before: Settings, now: Settings): Change | undefined {
  const changed = names.filter((name) => before[name] !== now[name]);
  const kinds = now.kinds.flatMap((kind, i) => {
    const old = before.kinds[i];
    const fields = Object.entries(kind).filter(([name, value]) => old?.[name as keyof typeof kind] !== value);
    return fields.length === 0 ? [] : [{ kind: kind.kind, ...Object.fromEntries(fields) }];
  });
  if (changed.length === 0 && kinds.length === 0) return undefined;
  return { ...Object.fromEntries(changed.map((name) => [name, now[name]])), ...(kinds.length === 0 ? {} : { kinds }) };
}
