/** The walk (../walk.md) through openapi-fetch, with the types that openapi-typescript makes. */
import createClient from "openapi-fetch";
import { codeFromMail, variable } from "./mail.js";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
type Answer<D> = Promise<{ data?: D; error?: Schemas["Problem"]; response: Response }>;

const PASSWORD = "a pass phrase for the walk";
const NEXT_PASSWORD = "another pass phrase for the walk";

/** A client with the credentials of one caller. */
function caller(credentials: { key?: string; token?: string | undefined }) {
  const headers: Record<string, string> = {};
  if (credentials.key) headers["X-API-Key"] = credentials.key;
  if (credentials.token) headers["Authorization"] = `Bearer ${credentials.token}`;
  return createClient<paths>({ baseUrl: variable("CAIRN_URL"), headers });
}

function print(operation: string, seen: unknown[]) {
  console.log(operation, JSON.stringify(seen));
}

/** Prints what an answer says. */
async function call<D>(operation: string, answer: Answer<D>, see: (data: D) => unknown[] = () => []): Promise<D> {
  const { data, error, response } = await answer;
  if (error !== undefined) {
    console.log(operation, `! ${response.status} ${JSON.stringify(error)}`);
    throw new Error(`${operation} was refused`);
  }
  print(operation, see(data as D));
  return data as D;
}

/** Prints what the problem says with which a request is refused. */
async function refused(operation: string, answer: Answer<unknown>) {
  const { data, error } = await answer;
  if (error === undefined) console.log(operation, `! not refused: ${JSON.stringify(data)}`);
  else print(operation, [error.status, error.code, ...(error.errors ?? []).map((fault) => fault.pointer)]);
}

const nobody = caller({});
const game = caller({ key: variable("CAIRN_KEY") });
const server = caller({ key: variable("CAIRN_SECRET_KEY") });

await call("health", nobody.GET("/health"), (a) => [a.status]);
await call("livez", nobody.GET("/livez"), (a) => [a.status]);
const ready = await nobody.GET("/readyz");
print("readyz", [ready.data?.status, ready.data?.database, ready.data?.cache]);

// Players
const signInPlayer = (body: Schemas["PlayerSignIn"]) => game.POST("/v1/players", { body });
const device = { device_id: "the-device-of-noor-0123456789abcdef" };
const signedIn = await call("signInPlayer", signInPlayer({}), (a) => [a.token.split("_")[0]]);
const noorIn = await call("signInPlayer", signInPlayer(device), (a) => [a.token.split("_")[0]]);
await call("signInPlayer", signInPlayer(device), (a) => [a.player_id === noorIn.player_id]);
const refreshPlayer = (refresh_token: string) => game.POST("/v1/players/refresh", { body: { refresh_token } });
const miraIn = await call("refreshPlayer", refreshPlayer(signedIn.refresh_token), (a) => [
  a.player_id === signedIn.player_id,
]);
await refused("refreshPlayer", refreshPlayer("rt_" + "0".repeat(64)));
const mira = caller({ token: miraIn.token });
const noor = caller({ token: noorIn.token });
await call("getPlayer", mira.GET("/v1/players/me"), (a) => [a.player_id === miraIn.player_id, a.linked]);
const named = (a: Schemas["Player"]) => [a.display_name];
await call("changePlayer", mira.PATCH("/v1/players/me", { body: { display_name: "Mira" } }), named);
await call(
  "changePlayerByPost",
  mira.POST("/v1/players/me/change", { body: { display_name: "Mira of the lake" } }),
  named,
);
await call(
  "getPlayerNames",
  game.POST("/v1/players/names", { body: { player_ids: [miraIn.player_id, noorIn.player_id] } }),
  (a) => a.players.map((player) => player.display_name),
);

// Traces and recordings
const recording: Schemas["Recording"] = {
  content_version: 3,
  complete: true,
  look: "red cloak",
  t_ms: [0, 100, 200],
  pos: [0, 0, 0, 1, 0, 0, 2, 0, 0.5],
  rot: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
  event_ms: [100],
  event_code: [7],
  event_arg: [-1],
};
const uploaded = await call("uploadRecording", mira.POST("/v1/recordings", { body: recording }), (a) => [
  a.frames,
  a.duration_ms,
]);
const scope = "Ash Lake";
const message: Schemas["NewTrace"] = {
  ref: "note-1",
  kind: "message",
  scope,
  pos: [1, 2, 4],
  text: ["Try climbing"],
};
const traces: Schemas["NewTrace"][] = [
  {
    ref: "lamp-1",
    kind: "object",
    scope,
    pos: [1, 2, 3],
    rot: [0, 0, 0, 1],
    type: "lamp",
    data: '{"lit":true}',
    left_at: new Date(Date.now() - 3_600_000).toISOString(),
  },
  message,
  { ref: "run-1", kind: "phantom", scope, pos: [0, 0, 0], rank_value: 41.5, recording },
  { ref: "fall-1", kind: "bloodstain", scope, pos: [2, 0, 0.5], type: "fall", recording_id: uploaded.recording_id },
  { ref: "note-2", kind: "message", scope, pos: [5, 2, 4], template: 3, word: 7 },
];
const left = await call(
  "leaveTraces",
  mira.POST("/v1/traces", { params: { header: { "Idempotency-Key": "walk-1" } }, body: { traces } }),
  (a) => [a.failed, ...a.results.map((result) => result.status)],
);
const [lamp = "", note = "", run = "", , sentence = ""] = left.results.map((result) => result.id);
const leave = (by: typeof mira, trace: Schemas["NewTrace"]) => by.POST("/v1/traces", { body: { traces: [trace] } });
await call("leaveTraces", leave(mira, message), (a) => [a.failed, a.results[0]?.status, a.results[0]?.id === note]);
await call("leaveTraces", leave(mira, { ref: "lamp-2", kind: "object", scope, type: "lamp" }), (a) => [
  a.failed,
  a.results[0]?.status,
  a.results[0]?.code,
  a.results[0]?.pointer,
]);
const leftByNoor = await call(
  "leaveTraces",
  leave(noor, { ref: "door-1", kind: "object", scope: "Mill", pos: [0, 0, 0], type: "door" }),
  (a) => [a.failed, a.results[0]?.status],
);
const getDeck = (scope: string[]) => game.GET("/v1/deck", { params: { query: { scope, deck: 0 } } });
await call("getDeck", getDeck([scope]), (a) => [a.scope, ...a.traces.map((trace) => trace.kind).sort()]);
await call("getDeck", getDeck([scope, "Mill"]), (a) => [...new Set(a.traces.map((trace) => trace.scope))].sort());
await call(
  "getScopeDeck",
  game.GET("/v1/scopes/{scope}/traces", { params: { path: { scope: "Mill" } } }),
  (a) => [a.scope, ...a.traces.map((trace) => trace.type)],
);
const getTrace = (trace_id: string) => game.GET("/v1/traces/{trace_id}", { params: { path: { trace_id } } });
await call("getTrace", getTrace(note), (a) => [a.kind, a.scope, ...(a.text ?? [])]);
const phantom = await call("getTrace", getTrace(run), (a) => [a.kind, a.rank_value, a.duration_ms]);
await refused("getTrace", getTrace("999999"));
await call(
  "getRecording",
  game.GET("/v1/recordings/{recording_id}", { params: { path: { recording_id: phantom.recording_id ?? "" } } }),
  (a) => (typeof a === "string" ? [a] : [a.complete, a.look, ...a.t_ms]),
);
const search = (fields: Schemas["Search"], by = game) =>
  by.POST("/v1/traces/query", { body: { scopes: [scope], ...fields } });
const size = (a: { items: unknown[]; more: boolean }) => [a.items.length, a.more];
const kinds = (a: { items: { kind: string }[] }) => a.items.map((trace) => trace.kind);
const page = await call("queryTraces", search({ mode: "recent", limit: 3 }), size);
await call("queryTraces", search({ mode: "recent", limit: 3, after: page.next }), size);
await call("queryTraces", search({ mode: "near", near: [1, 2, 3], radius: 1.5 }), kinds);
await call("queryTraces", search({ mode: "ahead", rank_value: 60, ahead: 5 }), (a) =>
  a.items.map((trace) => trace.rank_value),
);
const both = caller({ key: variable("CAIRN_KEY"), token: miraIn.token });
await call("queryTraces", search({ mode: "own" }, both), kinds);
const happened = (a: { more: boolean; items: { what: string }[] }) => [a.more, ...a.items.map((item) => item.what)];
const getChanges = (query: { after: string; wait_s?: number }) =>
  game.GET("/v1/changes", { params: { query: { scope: [scope], ...query } } });
const feed = await call("getChanges", getChanges({ after: "0" }), happened);
await call("getChanges", getChanges({ after: feed.next, wait_s: 1 }), happened);
await call("listOwnTraces", mira.GET("/v1/players/me/traces", { params: { query: { limit: 2 } } }), size);
const changeTrace = () =>
  mira.PATCH("/v1/traces/{trace_id}", {
    params: { path: { trace_id: note } },
    body: { revision: 1, text: ["Try jumping"] },
  });
await call("changeTrace", changeTrace(), (a) => [a.revision, ...(a.text ?? [])]);
await refused("changeTrace", changeTrace());
await call(
  "changeTraceByPost",
  mira.POST("/v1/traces/{trace_id}/change", {
    params: { path: { trace_id: note } },
    body: { revision: 2, text: ["Try swimming"] },
  }),
  (a) => [a.revision, ...(a.text ?? [])],
);

// Votes and the inbox
const the = (trace_id: string) => ({ params: { path: { trace_id } } });
const vote = (by: typeof noor, vote: "good" | "poor") =>
  by.PUT("/v1/traces/{trace_id}/vote", { ...the(note), body: { vote } });
const count = (a: { vote?: string; good: number; poor: number }) => [a.vote, a.good, a.poor];
await call("voteForTrace", vote(noor, "good"), count);
await call("withdrawVote", noor.DELETE("/v1/traces/{trace_id}/vote", the(note)), count);
await call(
  "voteForTraceByPost",
  noor.POST("/v1/traces/{trace_id}/vote", { ...the(note), body: { vote: "good" } }),
  count,
);
await call("withdrawVoteByPost", noor.POST("/v1/traces/{trace_id}/vote/withdraw", the(note)), count);
await call("voteForTrace", vote(noor, "poor"), count);
await refused("voteForTrace", vote(mira, "good"));
const ballots = [note, "999999"].map((trace_id) => ({ trace_id, vote: "good" as const }));
await call("voteForTraces", noor.POST("/v1/votes", { body: { votes: ballots } }), (a) => [
  a.failed,
  ...a.results.map((result) => result.status),
  a.results[1]?.code,
]);
await call("recordTraceUse", noor.POST("/v1/traces/{trace_id}/uses", the(run)));
await call(
  "recordTraceUses",
  noor.POST("/v1/uses", { body: { uses: [{ trace_id: run }, { trace_id: lamp }] } }),
  (a) => [a.failed, ...a.results.map((result) => result.status)],
);
const report = { ...the(sentence), body: { reason: "spam", note: "again and again" } } as const;
await call("reportTrace", noor.PUT("/v1/traces/{trace_id}/report", report));
await call("reportTraceByPost", noor.POST("/v1/traces/{trace_id}/report", report));
await call("getInbox", mira.GET("/v1/inbox"), happened);
const player = { params: { path: { player_id: miraIn.player_id } } };
const hidden = (a: Schemas["HiddenAuthors"]) => a.items.map((author) => author.player_id === miraIn.player_id);
await call("hideAuthor", noor.PUT("/v1/players/me/hidden/{player_id}", player));
await call("listHiddenAuthors", noor.GET("/v1/players/me/hidden"), hidden);
await call("showAuthor", noor.DELETE("/v1/players/me/hidden/{player_id}", player));
await call("listHiddenAuthors", noor.GET("/v1/players/me/hidden"), hidden);
await call("hideAuthorByPost", noor.POST("/v1/players/me/hidden/{player_id}", player));
await call("showAuthorByPost", noor.POST("/v1/players/me/hidden/{player_id}/remove", player));
await call("getGame", game.GET("/v1/game"), (a) => [
  a.game,
  a.environment,
  a.kind,
  ...a.kinds.map((kind) => kind.kind).sort(),
]);
await refused("getGame", nobody.GET("/v1/game"));
await call("withdrawTrace", mira.DELETE("/v1/traces/{trace_id}", the(lamp)));
const door = leftByNoor.results[0]?.id ?? "";
await call("withdrawTraceByPost", noor.POST("/v1/traces/{trace_id}/withdraw", the(door)));
await call("syncTraces", noor.POST("/v1/traces/sync", { body: { ids: [lamp, note, run] } }), (a) => [
  ...a.gone.map((gone) => gone.reason),
  ...a.changed.map((trace) => trace.revision),
]);
await call("getChanges", getChanges({ after: feed.next }), (a) => [a.items.at(-1)?.what, a.items.at(-1)?.reason]);

// Packed recordings. The types have bytes as strings.
const packed = await call(
  "getPackedRecording",
  game.GET("/v1/recordings/{recording_id}/packed", {
    params: { path: { recording_id: phantom.recording_id ?? "" } },
    parseAs: "arrayBuffer",
  }),
  (a) => [...new Uint8Array(a.slice(0, 4))],
);
await call(
  "uploadPackedRecording",
  mira.POST("/v1/recordings/packed", {
    headers: { "Content-Type": "application/vnd.cairn.recording" },
    body: "",
    bodySerializer: () => packed,
  }),
  (a) => [a.frames, a.duration_ms],
);

// A game's server
const u_uuid = "walker";
const settings = (a: Schemas["GameSettings"]) => [a.game, a.decks, a.public_reads, a.kinds.length];
const climb = { params: { path: { game: "climb" } } };
await call("getStorage", server.GET("/v1/storage"), (a) => [a.world.max_scopes, a.studio.max_scopes]);
await call("getGameSettings", server.GET("/v1/games/{game}/settings", climb), settings);
const kind = { kind: "object", deck_size: 50 } as const;
await call(
  "changeGameSettings",
  server.PATCH("/v1/games/{game}/settings", { ...climb, body: { axes: "y_up_right", units: "metres", kinds: [kind] } }),
  (a) => [a.axes, a.units, a.kinds.find((kind) => kind.kind === "object")?.deck_size],
);
await refused(
  "changeGameSettings",
  server.PATCH("/v1/games/{game}/settings", { ...climb, body: { kinds: [kind, kind] } }),
);
await call("getModerationQueue", server.GET("/v1/moderation/queue", { params: { query: { limit: 10 } } }), (a) => [
  a.more,
  ...a.items.flatMap((item) => item.reasons),
]);
const moderate = (body: Schemas["ModerationRequest"]) => server.POST("/v1/moderation/actions", { body });
const affected = (a: Schemas["Affected"]) => [a.affected];
const until = new Date(Date.now() + 86_400_000).toISOString();
await call("moderate", moderate({ action: "hide", trace_ids: [sentence], reason: "spam" }), affected);
await call("moderate", moderate({ action: "restore", trace_ids: [sentence] }), affected);
await call("moderate", moderate({ action: "ban", player_id: noorIn.player_id, until }), affected);
await refused("voteForTrace", vote(noor, "good"));
await call("moderate", moderate({ action: "unban", player_id: noorIn.player_id }), affected);
await refused("moderate", moderate({ action: "hide" }));
const name = { params: { path: { player_id: miraIn.player_id, u_uuid } } };
await call("bindLegacyName", server.PUT("/v1/players/{player_id}/v0-names/{u_uuid}", name));
await call("listLegacyNames", server.GET("/v1/players/{player_id}/v0-names", player), (a) => a.seed_names);
await call("unbindLegacyName", server.DELETE("/v1/players/{player_id}/v0-names/{u_uuid}", name));
await call("listKeys", server.GET("/v1/games/{game}/keys", climb), (a) => a.items.map((key) => key.kind).sort());
const lines = await call("exportTraces", server.GET("/v1/traces/export", { parseAs: "text" }), (a) => [
  a.trimEnd().split("\n").length,
  a[0],
]);
await call(
  "importTraces",
  server.POST("/v1/traces/import", {
    body: lines,
    bodySerializer: (body) => body,
    headers: { "Content-Type": "application/x-ndjson" },
  }),
  (a) => [a.imported, a.there_already, a.rejected_count],
);

// v0
await call(
  "addObject",
  game.POST("/add-object", {
    body: {
      obj: { u_uuid, o_type: 5, o_pos: "0,0,0", o_rot: "0,0,0,1" },
      message: { u_uuid, part1: "Try", part2: 7, part3: "then view", m_pos: "1,2,3" },
      phantom: { u_uuid, data: [["0,0,0", "0,0,0,1"], ["1,0,0", "0,0,0,1"]] },
    },
    parseAs: "text",
  }),
  (a) => [a],
);
await call("getObjects", game.GET("/get-objects"), (a) => [
  a.messages[0]?.part1,
  a.messages[0]?.part2,
  a.messages[0]?.part3,
  a.objects[0]?.o_type,
  ...(a.phantoms[0]?.data[1] ?? []),
]);

// Accounts and studios
const account = (a: Schemas["Account"]) => [a.email, a.administrator];
await call(
  "createFirstAdministrator",
  nobody.POST("/v1/setup", {
    body: { code: variable("CAIRN_SETUP_CODE"), email: "ada@example.org", password: PASSWORD },
  }),
  account,
);
const signIn = (email: string, password = PASSWORD) =>
  nobody.POST("/v1/account/sessions", { body: { email, password } });
const signed = (a: Schemas["OpenedSession"]) => [a.token?.length];
await refused("signIn", signIn("ada@example.org", "not this one"));
const ada = caller({ token: (await call("signIn", signIn("ada@example.org"), signed)).token });
await call("getAccount", ada.GET("/v1/account"), account);
const { session_id } = await call("signIn", signIn("ada@example.org"), signed);
await call("listSessions", ada.GET("/v1/account/sessions"), (a) => a.items.map((session) => session.current).sort());
await call("endSession", ada.DELETE("/v1/account/sessions/{session_id}", { params: { path: { session_id } } }));
const membership = (a: Schemas["Membership"]) => [a.studio, a.role];
const studio = "fern";
const fern = { params: { path: { studio } } };
const dive = { params: { path: { studio, game: "dive" } } };
await call("createStudio", ada.POST("/v1/studios", { body: { name: studio } }), membership);
await call("listStudios", ada.GET("/v1/studios"), (a) => a.items.map((studio) => studio.studio).sort());
await call("registerGame", ada.POST("/v1/studios/{studio}/games", { ...fern, body: { game: "dive" } }), (a) => [a.game]);
await call("listGames", ada.GET("/v1/studios/{studio}/games", fern), (a) => a.items.map((game) => game.game));
const issued = (a: Schemas["IssuedKey"]) => [a.key.kind, a.key.environment, a.secret.slice(0, 7)];
const key = await call(
  "issueKey",
  ada.POST("/v1/studios/{studio}/games/{game}/keys", {
    ...dive,
    body: { environment: "dev", kind: "secret", label: "tool" },
  }),
  issued,
);
await call("listStudioKeys", ada.GET("/v1/studios/{studio}/games/{game}/keys", dive), (a) =>
  a.items.map((key) => key.label),
);
const keyOfDive = (key: string) => ({ params: { path: { studio, game: "dive", key } } });
const rotated = await call(
  "rotateKey",
  ada.POST("/v1/studios/{studio}/games/{game}/keys/{key}/rotate", keyOfDive(key.key.id)),
  issued,
);
await call("revokeKey", ada.DELETE("/v1/studios/{studio}/games/{game}/keys/{key}", keyOfDive(rotated.key.id)));
await call(
  "getGameSettings",
  ada.GET("/v1/games/{game}/settings", { params: { path: { game: "dive" }, query: { studio, environment: "dev" } } }),
  settings,
);
await call("getModerationQueue", ada.GET("/v1/moderation/queue", { params: { query: { studio, game: "dive" } } }), (a) => [
  a.more,
  ...a.items,
]);
await call("listMembers", ada.GET("/v1/studios/{studio}/members", fern), (a) => a.items.map((member) => member.role));
const invite = (email: string) =>
  ada.POST("/v1/studios/{studio}/invitations", { ...fern, body: { email, role: "viewer" } });
const invited = (a: Schemas["Invitation"]) => [a.email, a.role];
await call("invite", invite("bo@example.org"), invited);
const { invitation_id } = await call("invite", invite("cy@example.org"), invited);
await call("listInvitations", ada.GET("/v1/studios/{studio}/invitations", fern), (a) =>
  a.items.map((invitation) => invitation.email).sort(),
);
await call(
  "withdrawInvitation",
  ada.DELETE("/v1/studios/{studio}/invitations/{invitation_id}", { params: { path: { studio, invitation_id } } }),
);
const emailed = (a: Schemas["EmailSent"]) => [a.email];
const email = "bo@example.org";
await call("register", nobody.POST("/v1/account/register", { body: { email } }), emailed);
const created = await codeFromMail(email, "Your code for a new account");
const { user_id } = await call(
  "createAccount",
  nobody.POST("/v1/account", { body: { code: created, password: PASSWORD } }),
  account,
);
let bo = caller({ token: (await call("signIn", signIn(email), signed)).token });
const invitation = await codeFromMail(email, "You are invited into a studio");
await call("acceptInvitation", bo.POST("/v1/invitations/accept", { body: { code: invitation } }), membership);
const member = { params: { path: { studio, user_id } } };
await call(
  "changeRole",
  ada.PATCH("/v1/studios/{studio}/members/{user_id}", { ...member, body: { role: "developer" } }),
  (a) => [a.email, a.role],
);
await call("removeMember", ada.DELETE("/v1/studios/{studio}/members/{user_id}", member));
await call(
  "listAuditEntries",
  ada.GET("/v1/studios/{studio}/audit", { params: { path: { studio }, query: { limit: 2 } } }),
  (a) => [a.more, ...a.items.map((entry) => entry.action)],
);
const link = await call("createLinkCode", mira.POST("/v1/players/me/link-code"), (a) => [a.code.length]);
await call("linkPlayer", ada.POST("/v1/account/players", { body: { code: link.code } }), (a) => [
  a.studio,
  a.game,
  a.environment,
]);
await call("listPlayers", ada.GET("/v1/account/players"), (a) => a.items.map((player) => player.game));
await call("exportAccount", ada.GET("/v1/account/export"), (a) => [
  a.account.email,
  ...a.players.map((player) => player.game),
  ...a.memberships.map((studio) => studio.studio),
]);
await call("unlinkPlayer", ada.DELETE("/v1/account/players/{player_id}", player));
await call("requestPasswordReset", nobody.POST("/v1/account/password/forgotten", { body: { email } }), emailed);
const reset = await codeFromMail(email, "Your code for a new password");
await call(
  "resetPassword",
  nobody.POST("/v1/account/password/reset", { body: { code: reset, password: NEXT_PASSWORD } }),
);
bo = caller({ token: (await call("signIn", signIn(email, NEXT_PASSWORD), signed)).token });
await call(
  "changePassword",
  bo.POST("/v1/account/password/change", { body: { current: NEXT_PASSWORD, password: PASSWORD } }),
);
bo = caller({ token: (await call("signIn", signIn(email), signed)).token });
const next = "bob@example.org";
await call(
  "requestEmailChange",
  bo.POST("/v1/account/email/change", { body: { email: next, password: PASSWORD } }),
  emailed,
);
const address = await codeFromMail(next, "Your code for a new address");
await call("confirmEmailChange", bo.POST("/v1/account/email/confirm", { body: { code: address } }), account);
await call("signOutEverywhere", bo.DELETE("/v1/account/sessions"));
bo = caller({ token: (await call("signIn", signIn(next), signed)).token });
await call("deleteAccount", bo.POST("/v1/account/delete", { body: { password: PASSWORD } }));
await call("signOut", ada.DELETE("/v1/account/sessions/current"));
await refused("getAccount", ada.GET("/v1/account"));
