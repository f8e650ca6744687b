/** The walk (../walk.md) through the client that openapi-generator makes for TypeScript with fetch. */
import {
  AccountsApi,
  Configuration,
  HealthApi,
  ModerationApi,
  PlayersApi,
  ProblemFromJSON,
  RecordingsApi,
  ResponseError,
  StudiosApi,
  TracesApi,
  VotesApi,
} from "./client";
import type { ModerationRequest, Recording, Search, NewTrace } from "./client";
import { codeFromMail, variable } from "./mail";

const PASSWORD = "a pass phrase for the walk";
const NEXT_PASSWORD = "another pass phrase for the walk";

/** The client's APIs with the credentials of one caller. */
function caller(credentials: { apiKey?: string; accessToken?: string }) {
  const configuration = new Configuration({ basePath: variable("CAIRN_URL"), ...credentials });
  return {
    accounts: new AccountsApi(configuration),
    health: new HealthApi(configuration),
    moderation: new ModerationApi(configuration),
    players: new PlayersApi(configuration),
    recordings: new RecordingsApi(configuration),
    studios: new StudiosApi(configuration),
    traces: new TracesApi(configuration),
    votes: new VotesApi(configuration),
  };
}

function print(operation: string, seen: string) {
  console.log(operation, seen.replace(/\s+/g, " "));
}

/** Sends a request and prints what its answer says. */
async function call<A>(operation: string, send: () => Promise<A>, see: (answer: A) => unknown[] = () => []): Promise<A> {
  const answer = await send().catch(async (error: unknown) => {
    const said = error instanceof ResponseError ? `${error.response.status} ${await error.response.text()}` : error;
    print(operation, `! ${said}`);
    throw error;
  });
  print(operation, JSON.stringify(see(answer)));
  return answer;
}

/** Sends a request that is refused and prints what the problem says. */
async function refused(operation: string, send: () => Promise<unknown>) {
  try {
    print(operation, `! not refused: ${JSON.stringify(await send())}`);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const problem = ProblemFromJSON(await error.response.json());
    print(operation, JSON.stringify([problem.status, problem.code, ...(problem.errors ?? []).map((fault) => fault.pointer)]));
  }
}

async function walk() {
  const nobody = caller({});
  const game = caller({ apiKey: variable("CAIRN_KEY") });
  const server = caller({ apiKey: variable("CAIRN_SECRET_KEY") });

  await call("health", () => nobody.health.health(), (a) => [a.status]);
  await call("livez", () => nobody.health.livez(), (a) => [a.status]);
  await call("readyz", () => nobody.health.readyz(), (a) => [a.status, a.database, a.cache]);

  // Players
  const signInPlayer = (deviceId?: string) => () => game.players.signInPlayer({ playerSignIn: { deviceId } });
  const device = "the-device-of-noor-0123456789abcdef";
  const signedIn = await call("signInPlayer", signInPlayer(), (a) => [a.token.split("_")[0]]);
  const noorIn = await call("signInPlayer", signInPlayer(device), (a) => [a.token.split("_")[0]]);
  await call("signInPlayer", signInPlayer(device), (a) => [a.playerId === noorIn.playerId]);
  const refreshPlayer = (refreshToken: string) => () => game.players.refreshPlayer({ refreshToken: { refreshToken } });
  const miraIn = await call("refreshPlayer", refreshPlayer(signedIn.refreshToken), (a) => [a.playerId === signedIn.playerId]);
  await refused("refreshPlayer", refreshPlayer("rt_" + "0".repeat(64)));
  const mira = caller({ accessToken: miraIn.token });
  const noor = caller({ accessToken: noorIn.token });
  await call("getPlayer", () => mira.players.getPlayer(), (a) => [a.playerId === miraIn.playerId, a.linked]);
  const change = (displayName: string) => ({ playerChange: { displayName } });
  const named = (a: { displayName?: string }) => [a.displayName];
  await call("changePlayer", () => mira.players.changePlayer(change("Mira")), named);
  await call("changePlayerByPost", () => mira.players.changePlayerByPost(change("Mira of the lake")), named);
  await call(
    "getPlayerNames",
    () => game.players.getPlayerNames({ playerNamesQuery: { playerIds: [miraIn.playerId, noorIn.playerId] } }),
    (a) => a.players.map((player) => player.displayName),
  );

  // Traces and recordings
  const recording: Recording = {
    contentVersion: 3,
    complete: true,
    look: "red cloak",
    tMs: [0, 100, 200],
    pos: [0, 0, 0, 1, 0, 0, 2, 0, 0.5],
    rot: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
    eventMs: [100],
    eventCode: [7],
    eventArg: [-1],
  };
  const uploaded = await call(
    "uploadRecording",
    () => mira.recordings.uploadRecording({ recording }),
    (a) => [a.frames, a.durationMs],
  );
  const scope = "Ash Lake";
  const message: NewTrace = { ref: "note-1", kind: "message", scope, pos: [1, 2, 4], text: ["Try climbing"] };
  const traces: NewTrace[] = [
    {
      ref: "lamp-1",
      kind: "object",
      scope,
      pos: [1, 2, 3],
      rot: [0, 0, 0, 1],
      type: "lamp",
      data: '{"lit":true}',
      leftAt: new Date(Date.now() - 3_600_000),
    },
    message,
    { ref: "run-1", kind: "phantom", scope, pos: [0, 0, 0], rankValue: 41.5, recording },
    { ref: "fall-1", kind: "bloodstain", scope, pos: [2, 0, 0.5], type: "fall", recordingId: uploaded.recordingId },
    { ref: "note-2", kind: "message", scope, pos: [5, 2, 4], template: 3, word: 7 },
  ];
  const left = await call(
    "leaveTraces",
    () => mira.traces.leaveTraces({ newTraces: { traces }, idempotencyKey: "walk-1" }),
    (a) => [a.failed, ...a.results.map((result) => result.status)],
  );
  const [lamp = "", note = "", run = "", , sentence = ""] = left.results.map((result) => result.id);
  await call(
    "leaveTraces",
    () => mira.traces.leaveTraces({ newTraces: { traces: [message] } }),
    (a) => [a.failed, a.results[0]?.status, a.results[0]?.id === note],
  );
  await call(
    "leaveTraces",
    () => mira.traces.leaveTraces({ newTraces: { traces: [{ ref: "lamp-2", kind: "object", scope, type: "lamp" }] } }),
    (a) => [a.failed, a.results[0]?.status, a.results[0]?.code, a.results[0]?.pointer],
  );
  const door: NewTrace = { ref: "door-1", kind: "object", scope: "Mill", pos: [0, 0, 0], type: "door" };
  const leftByNoor = await call(
    "leaveTraces",
    () => noor.traces.leaveTraces({ newTraces: { traces: [door] } }),
    (a) => [a.failed, a.results[0]?.status],
  );
  await call(
    "getDeck",
    () => game.traces.getDeck({ scope: [scope], deck: 0 }),
    (a) => [a.scope, ...a.traces.map((trace) => trace.kind).sort()],
  );
  await call(
    "getDeck",
    () => game.traces.getDeck({ scope: [scope, "Mill"], deck: 0 }),
    (a) => [...new Set(a.traces.map((trace) => trace.scope))].sort(),
  );
  await call(
    "getScopeDeck",
    () => game.traces.getScopeDeck({ scope: "Mill" }),
    (a) => [a.scope, ...a.traces.map((trace) => trace.type)],
  );
  await call("getTrace", () => game.traces.getTrace({ traceId: note }), (a) => [a.kind, a.scope, ...(a.text ?? [])]);
  const phantom = await call(
    "getTrace",
    () => game.traces.getTrace({ traceId: run }),
    (a) => [a.kind, a.rankValue, a.durationMs],
  );
  await refused("getTrace", () => game.traces.getTrace({ traceId: "999999" }));
  await call(
    "getRecording",
    () => game.recordings.getRecording({ recordingId: phantom.recordingId ?? "" }),
    (a) => [a.complete, a.look, ...a.tMs],
  );
  const search = (fields: Search, by = game) => () =>
    by.traces.queryTraces({ search: { scopes: [scope], ...fields } });
  const size = (a: { items: unknown[]; more: boolean }) => [a.items.length, a.more];
  const kinds = (a: { items: { kind: string }[] }) => a.items.map((trace) => trace.kind);
  const page = await call("queryTraces", search({ mode: "recent", limit: 3 }), size);
  await call("queryTraces", search({ mode: "recent", limit: 3, after: page.next }), size);
  await call("queryTraces", search({ mode: "near", near: [1, 2, 3], radius: 1.5 }), kinds);
  await call("queryTraces", search({ mode: "ahead", rankValue: 60, ahead: 5 }), (a) =>
    a.items.map((trace) => trace.rankValue),
  );
  const both = caller({ apiKey: variable("CAIRN_KEY"), accessToken: miraIn.token });
  await call("queryTraces", search({ mode: "own" }, both), kinds);
  const happened = (a: { more: boolean; items: { what: string }[] }) => [a.more, ...a.items.map((item) => item.what)];
  const feed = await call("getChanges", () => game.traces.getChanges({ scope: [scope], after: "0" }), happened);
  await call("getChanges", () => game.traces.getChanges({ scope: [scope], after: feed.next, waitS: 1 }), happened);
  await call("listOwnTraces", () => mira.traces.listOwnTraces({ limit: 2 }), size);
  const changeTrace = () =>
    mira.traces.changeTrace({ traceId: note, traceChange: { revision: 1, text: ["Try jumping"] } });
  const changeTraceByPost = () =>
    mira.traces.changeTraceByPost({ traceId: note, traceChange: { revision: 2, text: ["Try swimming"] } });
  await call("changeTrace", changeTrace, (a) => [a.revision, ...(a.text ?? [])]);
  await refused("changeTrace", changeTrace);
  await call("changeTraceByPost", changeTraceByPost, (a) => [a.revision, ...(a.text ?? [])]);

  // Votes and the inbox
  const vote = (by: typeof noor, vote: "good" | "poor") => () =>
    by.votes.voteForTrace({ traceId: note, voteRequest: { vote } });
  const count = (a: { vote?: string; good: number; poor: number }) => [a.vote, a.good, a.poor];
  await call("voteForTrace", vote(noor, "good"), count);
  await call("withdrawVote", () => noor.votes.withdrawVote({ traceId: note }), count);
  await call(
    "voteForTraceByPost",
    () => noor.votes.voteForTraceByPost({ traceId: note, voteRequest: { vote: "good" } }),
    count,
  );
  await call("withdrawVoteByPost", () => noor.votes.withdrawVoteByPost({ traceId: note }), count);
  await call("voteForTrace", vote(noor, "poor"), count);
  await refused("voteForTrace", vote(mira, "good"));
  const ballots = [note, "999999"].map((traceId) => ({ traceId, vote: "good" as const }));
  await call(
    "voteForTraces",
    () => noor.votes.voteForTraces({ voteBatch: { votes: ballots } }),
    (a) => [a.failed, ...a.results.map((result) => result.status), a.results[1]?.code],
  );
  await call("recordTraceUse", () => noor.votes.recordTraceUse({ traceId: run }));
  await call(
    "recordTraceUses",
    () => noor.votes.recordTraceUses({ useBatch: { uses: [{ traceId: run }, { traceId: lamp }] } }),
    (a) => [a.failed, ...a.results.map((result) => result.status)],
  );
  const report = { traceId: sentence, report: { reason: "spam", note: "again and again" } } as const;
  await call("reportTrace", () => noor.moderation.reportTrace(report));
  await call("reportTraceByPost", () => noor.moderation.reportTraceByPost(report));
  await call("getInbox", () => mira.votes.getInbox(), happened);
  const hidden = (a: { items: { playerId: string }[] }) => a.items.map((author) => author.playerId === miraIn.playerId);
  await call("hideAuthor", () => noor.moderation.hideAuthor({ playerId: miraIn.playerId }));
  await call("listHiddenAuthors", () => noor.moderation.listHiddenAuthors(), hidden);
  await call("showAuthor", () => noor.moderation.showAuthor({ playerId: miraIn.playerId }));
  await call("listHiddenAuthors", () => noor.moderation.listHiddenAuthors(), hidden);
  await call("hideAuthorByPost", () => noor.moderation.hideAuthorByPost({ playerId: miraIn.playerId }));
  await call("showAuthorByPost", () => noor.moderation.showAuthorByPost({ playerId: miraIn.playerId }));
  await call(
    "getGame",
    () => game.studios.getGame(),
    (a) => [a.game, a.environment, a.kind, ...a.kinds.map((kind) => kind.kind).sort()],
  );
  await refused("getGame", () => nobody.studios.getGame());
  await call("withdrawTrace", () => mira.traces.withdrawTrace({ traceId: lamp }));
  const traceId = leftByNoor.results[0]?.id ?? "";
  await call("withdrawTraceByPost", () => noor.traces.withdrawTraceByPost({ traceId }));
  await call(
    "syncTraces",
    () => noor.traces.syncTraces({ knownTraces: { ids: [lamp, note, run] } }),
    (a) => [...a.gone.map((gone) => gone.reason), ...a.changed.map((trace) => trace.revision)],
  );
  await call(
    "getChanges",
    () => game.traces.getChanges({ scope: [scope], after: feed.next }),
    (a) => [a.items.at(-1)?.what, a.items.at(-1)?.reason],
  );

  // Packed recordings
  const packed = await call(
    "getPackedRecording",
    async () => (await game.recordings.getPackedRecording({ recordingId: phantom.recordingId ?? "" })).arrayBuffer(),
    (a) => [...new Uint8Array(a.slice(0, 4))],
  );
  await call(
    "uploadPackedRecording",
    () => mira.recordings.uploadPackedRecording({ body: new Blob([packed]) }),
    (a) => [a.frames, a.durationMs],
  );

  // A game's server
  const uUuid = "walker";
  await call(
    "getStorage",
    () => server.studios.getStorage(),
    (a) => [a.world.maxScopes, a.studio.maxScopes],
  );
  await call(
    "getGameSettings",
    () => server.studios.getGameSettings({ game: "climb" }),
    (a) => [a.game, a.decks, a.publicReads, a.kinds.length],
  );
  const kind = { kind: "object", deckSize: 50 } as const;
  await call(
    "changeGameSettings",
    () =>
      server.studios.changeGameSettings({
        game: "climb",
        gameSettingsChange: { axes: "y_up_right", units: "metres", kinds: [kind] },
      }),
    (a) => [a.axes, a.units, a.kinds.find((kind) => kind.kind === "object")?.deckSize],
  );
  await refused("changeGameSettings", () =>
    server.studios.changeGameSettings({ game: "climb", gameSettingsChange: { kinds: [kind, kind] } }),
  );
  await call(
    "getModerationQueue",
    () => server.moderation.getModerationQueue({ limit: 10 }),
    (a) => [a.more, ...a.items.flatMap((item) => item.reasons)],
  );
  const moderate = (moderationRequest: ModerationRequest) => () => server.moderation.moderate({ moderationRequest });
  const affected = (a: { affected: number }) => [a.affected];
  const until = new Date(Date.now() + 86_400_000);
  await call("moderate", moderate({ action: "hide", traceIds: [sentence], reason: "spam" }), affected);
  await call("moderate", moderate({ action: "restore", traceIds: [sentence] }), affected);
  await call("moderate", moderate({ action: "ban", playerId: noorIn.playerId, until }), affected);
  await refused("voteForTrace", vote(noor, "good"));
  await call("moderate", moderate({ action: "unban", playerId: noorIn.playerId }), affected);
  await refused("moderate", moderate({ action: "hide" }));
  const playerId = miraIn.playerId;
  await call("bindLegacyName", () => server.players.bindLegacyName({ playerId, uUuid }));
  await call("listLegacyNames", () => server.players.listLegacyNames({ playerId }), (a) => a.seedNames);
  await call("unbindLegacyName", () => server.players.unbindLegacyName({ playerId, uUuid }));
  await call(
    "listKeys",
    () => server.studios.listKeys({ game: "climb" }),
    (a) => a.items.map((key) => key.kind).sort(),
  );
  const lines = await (await server.traces.exportTraces()).text();
  await call("exportTraces", async () => lines, (a) => [a.trimEnd().split("\n").length, a[0]]);
  await call(
    "importTraces",
    () => server.traces.importTraces({ body: new Blob([lines]) }),
    (a) => [a.imported, a.thereAlready, a.rejectedCount],
  );

  // v0
  await call(
    "addObject",
    () =>
      game.traces.addObject({
        addObjectRequest: {
          obj: { uUuid, oType: 5, oPos: "0,0,0", oRot: "0,0,0,1" },
          message: { uUuid, part1: "Try", part2: 7, part3: "then view", mPos: "1,2,3" },
          phantom: { uUuid, data: [["0,0,0", "0,0,0,1"], ["1,0,0", "0,0,0,1"]] },
        },
      }),
    (a) => [a],
  );
  await call(
    "getObjects",
    () => game.traces.getObjects(),
    (a) => [
      a.messages[0]?.part1,
      a.messages[0]?.part2,
      a.messages[0]?.part3,
      a.objects[0]?.oType,
      ...(a.phantoms[0]?.data[1] ?? []),
    ],
  );

  // Accounts and studios
  const account = (a: { email: string; administrator: boolean }) => [a.email, a.administrator];
  await call(
    "createFirstAdministrator",
    () =>
      nobody.accounts.createFirstAdministrator({
        firstAdministrator: { code: variable("CAIRN_SETUP_CODE"), email: "ada@example.org", password: PASSWORD },
      }),
    account,
  );
  const signIn = (email: string, password = PASSWORD) => () => nobody.accounts.signIn({ signIn: { email, password } });
  const signed = async (email: string, password = PASSWORD) => {
    const session = await call("signIn", signIn(email, password), (a) => [a.token?.length]);
    return { ...session, ...caller({ accessToken: session.token }) };
  };
  await refused("signIn", signIn("ada@example.org", "not this one"));
  const ada = await signed("ada@example.org");
  await call("getAccount", () => ada.accounts.getAccount(), account);
  const { sessionId } = await signed("ada@example.org");
  await call("listSessions", () => ada.accounts.listSessions(), (a) => a.items.map((session) => session.current).sort());
  await call("endSession", () => ada.accounts.endSession({ sessionId }));
  const membership = (a: { studio: string; role?: string }) => [a.studio, a.role];
  const studio = "fern";
  await call("createStudio", () => ada.studios.createStudio({ newStudio: { name: studio } }), membership);
  await call("listStudios", () => ada.studios.listStudios(), (a) => a.items.map((studio) => studio.studio).sort());
  await call("registerGame", () => ada.studios.registerGame({ studio, newGame: { game: "dive" } }), (a) => [a.game]);
  await call("listGames", () => ada.studios.listGames({ studio }), (a) => a.items.map((game) => game.game));
  const issued = (a: { secret: string; key: { kind: string; environment: string } }) => [
    a.key.kind,
    a.key.environment,
    a.secret.slice(0, 7),
  ];
  const key = await call(
    "issueKey",
    () =>
      ada.studios.issueKey({
        studio,
        game: "dive",
        newKey: { environment: "dev", kind: "secret", label: "tool" },
      }),
    issued,
  );
  await call(
    "listStudioKeys",
    () => ada.studios.listStudioKeys({ studio, game: "dive" }),
    (a) => a.items.map((key) => key.label),
  );
  const rotated = await call("rotateKey", () => ada.studios.rotateKey({ studio, game: "dive", key: key.key.id }), issued);
  await call("revokeKey", () => ada.studios.revokeKey({ studio, game: "dive", key: rotated.key.id }));
  await call(
    "getGameSettings",
    () => ada.studios.getGameSettings({ game: "dive", studio, environment: "dev" }),
    (a) => [a.game, a.decks, a.publicReads, a.kinds.length],
  );
  await call(
    "getModerationQueue",
    () => ada.moderation.getModerationQueue({ studio, game: "dive" }),
    (a) => [a.more, ...a.items],
  );
  await call("listMembers", () => ada.studios.listMembers({ studio }), (a) => a.items.map((member) => member.role));
  const invite = (email: string) => () =>
    ada.studios.invite({ studio, newInvitation: { email, role: "viewer" } });
  const invited = (a: { email: string; role: string }) => [a.email, a.role];
  await call("invite", invite("bo@example.org"), invited);
  const { invitationId } = await call("invite", invite("cy@example.org"), invited);
  await call("listInvitations", () => ada.studios.listInvitations({ studio }), (a) => a.items.map((item) => item.email).sort());
  await call("withdrawInvitation", () => ada.studios.withdrawInvitation({ studio, invitationId }));
  const emailed = (a: { email: string }) => [a.email];
  const emailAddress = { email: "bo@example.org" };
  await call("register", () => nobody.accounts.register({ emailAddress }), emailed);
  const codeAndPassword = async (subject: string, password: string) => ({
    code: await codeFromMail("bo@example.org", subject),
    password,
  });
  const created = await codeAndPassword("Your code for a new account", PASSWORD);
  const { userId } = await call(
    "createAccount",
    () => nobody.accounts.createAccount({ codeAndPassword: created }),
    account,
  );
  let bo = await signed("bo@example.org");
  const invitation = await codeFromMail("bo@example.org", "You are invited into a studio");
  await call("acceptInvitation", () => bo.studios.acceptInvitation({ invitationCode: { code: invitation } }), membership);
  await call(
    "changeRole",
    () => ada.studios.changeRole({ studio, userId, roleChange: { role: "developer" } }),
    (a) => [a.email, a.role],
  );
  await call("removeMember", () => ada.studios.removeMember({ studio, userId }));
  await call(
    "listAuditEntries",
    () => ada.studios.listAuditEntries({ studio, limit: 2 }),
    (a) => [a.more, ...a.items.map((entry) => entry.action)],
  );
  const link = await call("createLinkCode", () => mira.players.createLinkCode(), (a) => [a.code.length]);
  await call(
    "linkPlayer",
    () => ada.players.linkPlayer({ enteredLinkCode: { code: link.code } }),
    (a) => [a.studio, a.game, a.environment],
  );
  await call("listPlayers", () => ada.players.listPlayers(), (a) => a.items.map((player) => player.game));
  await call(
    "exportAccount",
    () => ada.accounts.exportAccount(),
    (a) => [a.account.email, ...a.players.map((player) => player.game), ...a.memberships.map((studio) => studio.studio)],
  );
  await call("unlinkPlayer", () => ada.players.unlinkPlayer({ playerId }));
  await call("requestPasswordReset", () => nobody.accounts.requestPasswordReset({ emailAddress }), emailed);
  const reset = await codeAndPassword("Your code for a new password", NEXT_PASSWORD);
  await call("resetPassword", () => nobody.accounts.resetPassword({ codeAndPassword: reset }));
  bo = await signed("bo@example.org", NEXT_PASSWORD);
  await call("changePassword", () =>
    bo.accounts.changePassword({ passwordChange: { current: NEXT_PASSWORD, password: PASSWORD } }),
  );
  bo = await signed("bo@example.org");
  await call(
    "requestEmailChange",
    () => bo.accounts.requestEmailChange({ emailChange: { email: "bob@example.org", password: PASSWORD } }),
    emailed,
  );
  const address = await codeFromMail("bob@example.org", "Your code for a new address");
  await call("confirmEmailChange", () => bo.accounts.confirmEmailChange({ emailedCode: { code: address } }), account);
  await call("signOutEverywhere", () => bo.accounts.signOutEverywhere());
  bo = await signed("bob@example.org");
  await call("deleteAccount", () => bo.accounts.deleteAccount({ passwordConfirmation: { password: PASSWORD } }));
  await call("signOut", () => ada.accounts.signOut());
  await refused("getAccount", () => ada.accounts.getAccount());
}

walk().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
