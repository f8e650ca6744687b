// A studio with a game in use, for tests and screenshots: the demo level with what some weeks of players left there, players who
// have left more, and reports that wait. All of it by HTTP; nobody real wrote any of it.
import { runnerImport } from "vite";

/** Names of invented players. */
const players = ["rook_and_run", "skinz4u_88", "brumble", "halfmoth", "zeph", "oioi", "grn_tk", "dunnock", "Înșelătorul", "the very long name of somebody"];

/** What they left, and why it was reported; `by` is how many reported it. */
const reported = [
  ["the miller is the kestrel, you’re welcome, save yourself 20 hours", "other", "This is the ending. It stands in level two.", 9],
  ["come to my stream for free skins, link in name", "spam", "", 7],
  ["34 planks across the chapel door", "cheating", "blocks the way", 5],
  ["whoever built this bridge is an idiot", "abuse", "It is meant to hurt.", 3],
  ["LEFT LEFT LEFT LEFT LEFT LEFT", "spam", "", 2],
  ["free coins at the mill, ask for Ivo", "spam", "", 2],
  ["nobody likes fenna", "abuse", "she is my friend", 2],
  ["skip the chapel, everyone who plays it is dumb", "abuse", "", 2],
  ["buy gold buy gold buy gold", "spam", "again the same one", 2],
  ["try jumping (do it, trust me)", "other", "", 1],
  ["the code of the vault is 1-9-4-4", "other", "spoiler", 1],
  ["look at my profile", "spam", "", 1],
];

/** Where they left it, on the map. */
const around = (i) => [137 + ((i * 7) % 11) - 5, 12, 46 + ((i * 5) % 9) - 4];

/** A studio of a person with a game that is in use; `reports` is how many traces wait for a moderator. */
export async function fillStudio(cairn, owner, { studio = "low-lantern", game = "kestrel-below", reports = 24 } = {}) {
  await cairn.call("POST", "/v1/studios", { name: studio, display_name: "Low Lantern" }, owner);
  await cairn.call("POST", `/v1/studios/${studio}/games`, { game, display_name: "Kestrel Below" }, owner);
  const world = `studio=${studio}&game=${game}`;
  const settings = { axes: "y_up_right", units: "m", kinds: [{ kind: "message", quota_scope: 100, quota_total: 1000 }] };
  await cairn.call("PATCH", `/v1/games/${game}/settings?studio=${studio}`, settings, owner);
  const { secret } = await cairn.call("POST", `/v1/studios/${studio}/games/${game}/keys`, { environment: "live", label: "in the game since 1.4" }, owner);
  const lines = await demoLines();
  await cairn.call("POST", `/v1/traces/import?${world}`, new TextEncoder().encode(lines.join("\n")), owner, { "Content-Type": "application/x-ndjson" });

  const key = { "X-API-Key": secret };
  const signIn = (name) => cairn.call("POST", "/v1/players", { device_id: `demo-device-of-${name}-0123456789`, display_name: name }, undefined, key);
  const authors = await Promise.all(players.map(signIn));
  const reporters = await Promise.all(Array.from({ length: 9 }, (_, i) => signIn(`reporter ${i + 1}`)));
  const left = [];
  for (let i = 0; i < reports; i++) {
    const [text] = reported[i % reported.length];
    const trace = { ref: `demo-${i}`, kind: "message", scope: "low-weir", pos: around(i), text: [text], content_version: 142 };
    const { results } = await cairn.call("POST", "/v1/traces", { traces: [trace] }, authors[i % authors.length], key);
    left.push(results[0].id);
  }
  for (const [i, id] of left.entries()) {
    const [, reason, note, by] = reported[i % reported.length];
    for (const reporter of reporters.slice(0, by)) {
      const body = { reason, ...(note && reporter === reporters[0] ? { note } : {}) };
      await cairn.call("PUT", `/v1/traces/${id}/report`, body, reporter, key);
    }
  }
  return { studio, game, secret, reported: left };
}

/** The lines of the pages' own demo world. */
export async function demoLines(traces) {
  const { module } = await runnerImport("./src/studio/demo/world.ts", { configFile: false, root: new URL("..", import.meta.url).pathname, logLevel: "error" });
  return module.demoLines(traces);
}
