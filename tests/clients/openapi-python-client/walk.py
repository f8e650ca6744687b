"""The walk (../walk.md) through the client that openapi-python-client makes."""

import importlib
import io
import json
import os
import re
from datetime import datetime, timedelta, timezone

from cairn_client import Client, models
from cairn_client.types import UNSET, File
from mail import code_from_mail

PASSWORD = "a pass phrase for the walk"
NEXT_PASSWORD = "another pass phrase for the walk"


def caller(key=None, token=None):
    """A client with the credentials of one caller."""
    headers = {"X-API-Key": key} if key else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return Client(base_url=os.environ["CAIRN_URL"], headers=headers, raise_on_unexpected_status=True)


def call(client, tag, operation, *path, see=lambda _: [], **arguments):
    """Sends a request and prints what its answer, or its problem, says. Returns the answer."""
    answer = None
    try:
        name = re.sub("([A-Z])", r"_\1", operation).lower()
        module = importlib.import_module(f"cairn_client.api.{tag}.{name}")
        answer = module.sync_detailed(*path, client=client, **arguments).parsed
        if isinstance(answer, models.RevisionConflict):
            seen = json.dumps([answer.status, answer.code])
        elif isinstance(answer, models.Problem):
            seen = json.dumps([answer.status, answer.code, *(fault.pointer for fault in answer.errors or [])])
        else:
            seen = json.dumps(see(answer), default=lambda value: None if value is UNSET else str(value))
    except Exception as error:  # whatever the client raises is what the test looks for
        seen = f"! {type(error).__name__}: {error}"
    print(operation, " ".join(seen.split()), flush=True)
    return answer


nobody = caller()
game = caller(key=os.environ["CAIRN_KEY"])
server = caller(key=os.environ["CAIRN_SECRET_KEY"])

call(nobody, "health", "health", see=lambda a: [a.status])
call(nobody, "health", "livez", see=lambda a: [a.status])
call(nobody, "health", "readyz", see=lambda a: [a.status, a.database, a.cache])

# Players
prefix = lambda a: [a.token.partition("_")[0]]
signed_in = call(game, "players", "signInPlayer", body=models.PlayerSignIn(), see=prefix)
device = models.PlayerSignIn(device_id="the-device-of-noor-0123456789abcdef")
noor_in = call(game, "players", "signInPlayer", body=device, see=prefix)
call(game, "players", "signInPlayer", body=device, see=lambda a: [a.player_id == noor_in.player_id])
mira_in = call(
    game,
    "players",
    "refreshPlayer",
    body=models.RefreshToken(signed_in.refresh_token),
    see=lambda a: [a.player_id == signed_in.player_id],
)
call(game, "players", "refreshPlayer", body=models.RefreshToken("rt_" + "0" * 64))
mira = caller(token=mira_in.token)
noor = caller(token=noor_in.token)
call(mira, "players", "getPlayer", see=lambda a: [a.player_id == mira_in.player_id, a.linked])
named = lambda a: [a.display_name]
call(mira, "players", "changePlayer", body=models.PlayerChange(display_name="Mira"), see=named)
call(mira, "players", "changePlayerByPost", body=models.PlayerChange(display_name="Mira of the lake"), see=named)
call(
    game,
    "players",
    "getPlayerNames",
    body=models.PlayerNamesQuery([mira_in.player_id, noor_in.player_id]),
    see=lambda a: [player.display_name for player in a.players],
)

# Traces and recordings
recording = models.Recording(
    content_version=3,
    complete=True,
    look="red cloak",
    t_ms=[0, 100, 200],
    pos=[0, 0, 0, 1, 0, 0, 2, 0, 0.5],
    rot=[0, 0, 0, 1] * 3,
    event_ms=[100],
    event_code=[7],
    event_arg=[-1],
)
uploaded = call(mira, "recordings", "uploadRecording", body=recording, see=lambda a: [a.frames, a.duration_ms])
message = models.NewTrace("message", ref="note-1", scope="Ash Lake", pos=[1, 2, 4], text=["Try climbing"])
traces = [
    models.NewTrace(
        "object",
        ref="lamp-1",
        scope="Ash Lake",
        pos=[1, 2, 3],
        rot=[0, 0, 0, 1],
        type_="lamp",
        data='{"lit":true}',
        left_at=datetime.now(timezone.utc) - timedelta(hours=1),
    ),
    message,
    models.NewTrace("phantom", ref="run-1", scope="Ash Lake", pos=[0, 0, 0], rank_value=41.5, recording=recording),
    models.NewTrace(
        "bloodstain",
        ref="fall-1",
        scope="Ash Lake",
        pos=[2, 0, 0.5],
        type_="fall",
        recording_id=uploaded.recording_id,
    ),
    models.NewTrace("message", ref="note-2", scope="Ash Lake", pos=[5, 2, 4], template=3, word=7),
]
left = call(
    mira,
    "traces",
    "leaveTraces",
    body=models.NewTraces(traces),
    idempotency_key="walk-1",
    see=lambda a: [a.failed, *(result.status for result in a.results)],
)
lamp, note, run, fall, sentence = (result.id for result in left.results)
call(
    mira,
    "traces",
    "leaveTraces",
    body=models.NewTraces([message]),
    see=lambda a: [a.failed, a.results[0].status, a.results[0].id == note],
)
call(
    mira,
    "traces",
    "leaveTraces",
    body=models.NewTraces([models.NewTrace("object", ref="lamp-2", scope="Ash Lake", type_="lamp")]),
    see=lambda a: [a.failed, a.results[0].status, a.results[0].code, a.results[0].pointer],
)
door = models.NewTrace("object", ref="door-1", scope="Mill", pos=[0, 0, 0], type_="door")
left = call(
    noor,
    "traces",
    "leaveTraces",
    body=models.NewTraces([door]),
    see=lambda a: [a.failed, a.results[0].status],
)
door = left.results[0].id
call(
    game,
    "traces",
    "getDeck",
    scope=["Ash Lake"],
    deck=0,
    see=lambda a: [a.scope, *sorted(trace.kind for trace in a.traces)],
)
call(
    game,
    "traces",
    "getDeck",
    scope=["Ash Lake", "Mill"],
    deck=0,
    see=lambda a: sorted({trace.scope for trace in a.traces}),
)
call(game, "traces", "getScopeDeck", "Mill", see=lambda a: [a.scope, *(trace.type_ for trace in a.traces)])
call(game, "traces", "getTrace", note, see=lambda a: [a.kind, a.scope, *a.text])
phantom = call(game, "traces", "getTrace", run, see=lambda a: [a.kind, a.rank_value, a.duration_ms])
call(game, "traces", "getTrace", "999999")
call(game, "recordings", "getRecording", phantom.recording_id, see=lambda a: [a.complete, a.look, *a.t_ms])


def search(**fields):
    return models.Search(scopes=["Ash Lake"], **fields)


size = lambda a: [len(a.items), a.more]
page = call(game, "traces", "queryTraces", body=search(mode="recent", limit=3), see=size)
call(game, "traces", "queryTraces", body=search(mode="recent", limit=3, after=page.next_), see=size)
kinds = lambda a: [trace.kind for trace in a.items]
call(game, "traces", "queryTraces", body=search(mode="near", near=[1, 2, 3], radius=1.5), see=kinds)
call(
    game,
    "traces",
    "queryTraces",
    body=search(mode="ahead", rank_value=60, ahead=5),
    see=lambda a: [trace.rank_value for trace in a.items],
)
both = caller(key=os.environ["CAIRN_KEY"], token=mira_in.token)
call(both, "traces", "queryTraces", body=search(mode="own"), see=kinds)
happened = lambda a: [a.more, *(item.what for item in a.items)]
feed = call(game, "traces", "getChanges", scope=["Ash Lake"], after="0", see=happened)
call(game, "traces", "getChanges", scope=["Ash Lake"], after=feed.next_, wait_s=1, see=happened)
call(mira, "traces", "listOwnTraces", limit=2, see=size)
change = models.TraceChange(1, text=["Try jumping"])
call(mira, "traces", "changeTrace", note, body=change, see=lambda a: [a.revision, *a.text])
call(mira, "traces", "changeTrace", note, body=change)
change = models.TraceChange(2, text=["Try swimming"])
call(mira, "traces", "changeTraceByPost", note, body=change, see=lambda a: [a.revision, *a.text])

# Votes and the inbox
good, poor = models.VoteRequest("good"), models.VoteRequest("poor")
count = lambda a: [a.vote, a.good, a.poor]
call(noor, "votes", "voteForTrace", note, body=good, see=count)
call(noor, "votes", "withdrawVote", note, see=count)
call(noor, "votes", "voteForTraceByPost", note, body=good, see=count)
call(noor, "votes", "withdrawVoteByPost", note, see=count)
call(noor, "votes", "voteForTrace", note, body=poor, see=count)
call(mira, "votes", "voteForTrace", note, body=good)
ballots = [models.Ballot(note, "good"), models.Ballot("999999", "good")]
call(
    noor,
    "votes",
    "voteForTraces",
    body=models.VoteBatch(ballots),
    see=lambda a: [a.failed, *(result.status for result in a.results), a.results[1].code],
)
call(noor, "votes", "recordTraceUse", run)
call(
    noor,
    "votes",
    "recordTraceUses",
    body=models.UseBatch([models.Use(run), models.Use(lamp)]),
    see=lambda a: [a.failed, *(result.status for result in a.results)],
)
report = models.Report("spam", note="again and again")
call(noor, "moderation", "reportTrace", sentence, body=report)
call(noor, "moderation", "reportTraceByPost", sentence, body=report)
call(mira, "votes", "getInbox", see=happened)
call(noor, "moderation", "hideAuthor", mira_in.player_id)
hidden = lambda a: [author.player_id == mira_in.player_id for author in a.items]
call(noor, "moderation", "listHiddenAuthors", see=hidden)
call(noor, "moderation", "showAuthor", mira_in.player_id)
call(noor, "moderation", "listHiddenAuthors", see=hidden)
call(noor, "moderation", "hideAuthorByPost", mira_in.player_id)
call(noor, "moderation", "showAuthorByPost", mira_in.player_id)
call(
    game,
    "studios",
    "getGame",
    see=lambda a: [a.game, a.environment, a.kind, *sorted(kind.kind for kind in a.kinds)],
)
call(nobody, "studios", "getGame")
call(mira, "traces", "withdrawTrace", lamp)
call(noor, "traces", "withdrawTraceByPost", door)
call(
    noor,
    "traces",
    "syncTraces",
    body=models.KnownTraces([lamp, note, run]),
    see=lambda a: [*(gone.reason for gone in a.gone), *(trace.revision for trace in a.changed)],
)
call(
    game,
    "traces",
    "getChanges",
    scope=["Ash Lake"],
    after=feed.next_,
    see=lambda a: [a.items[-1].what, a.items[-1].reason],
)

# Packed recordings
packed = call(
    game, "recordings", "getPackedRecording", phantom.recording_id, see=lambda a: list(a.payload.getvalue()[:4])
)
call(mira, "recordings", "uploadPackedRecording", body=packed, see=lambda a: [a.frames, a.duration_ms])

# A game's server
settings = lambda a: [a.game, a.decks, a.public_reads, len(a.kinds)]
call(server, "studios", "getStorage", see=lambda a: [a.world.max_scopes, a.studio.max_scopes])
call(server, "studios", "getGameSettings", "climb", see=settings)
kind = models.KindSettingsChange("object", deck_size=50)
call(
    server,
    "studios",
    "changeGameSettings",
    "climb",
    body=models.GameSettingsChange(axes="y_up_right", units="metres", kinds=[kind]),
    see=lambda a: [a.axes, a.units, next(kind.deck_size for kind in a.kinds if kind.kind == "object")],
)
call(server, "studios", "changeGameSettings", "climb", body=models.GameSettingsChange(kinds=[kind, kind]))
call(
    server,
    "moderation",
    "getModerationQueue",
    limit=10,
    see=lambda a: [a.more, *(reason for item in a.items for reason in item.reasons)],
)


def moderate(action, **fields):
    call(server, "moderation", "moderate", body=models.ModerationRequest(action, **fields), see=lambda a: [a.affected])


moderate("hide", trace_ids=[sentence], reason="spam")
moderate("restore", trace_ids=[sentence])
moderate("ban", player_id=noor_in.player_id, until=datetime.now(timezone.utc) + timedelta(days=1))
call(noor, "votes", "voteForTrace", note, body=good)
moderate("unban", player_id=noor_in.player_id)
moderate("hide")
call(server, "players", "bindLegacyName", mira_in.player_id, "walker")
call(server, "players", "listLegacyNames", mira_in.player_id, see=lambda a: a.seed_names)
call(server, "players", "unbindLegacyName", mira_in.player_id, "walker")
call(server, "studios", "listKeys", "climb", see=lambda a: sorted(key.kind for key in a.items))
exported = call(
    server,
    "traces",
    "exportTraces",
    see=lambda a: [len(a.payload.getvalue().splitlines()), a.payload.getvalue()[:1].decode()],
)
call(
    server,
    "traces",
    "importTraces",
    body=File(io.BytesIO(exported.payload.getvalue())),
    see=lambda a: [a.imported, a.there_already, a.rejected_count],
)

# v0
call(
    game,
    "traces",
    "addObject",
    body=models.AddObjectRequest(
        obj=models.V0Object(u_uuid="walker", o_type=5, o_pos="0,0,0", o_rot="0,0,0,1"),
        message=models.V0Message(u_uuid="walker", part1="Try", part2=7, part3="then view", m_pos="1,2,3"),
        phantom=models.V0Phantom(u_uuid="walker", data=[["0,0,0", "0,0,0,1"], ["1,0,0", "0,0,0,1"]]),
    ),
    see=lambda a: [a],
)
call(
    game,
    "traces",
    "getObjects",
    see=lambda a: [
        a.messages[0].part1,
        a.messages[0].part2,
        a.messages[0].part3,
        a.objects[0].o_type,
        *a.phantoms[0].data[1],
    ],
)

# Accounts and studios
account = lambda a: [a.email, a.administrator]
call(
    nobody,
    "accounts",
    "createFirstAdministrator",
    body=models.FirstAdministrator(code=os.environ["CAIRN_SETUP_CODE"], email="ada@example.org", password=PASSWORD),
    see=account,
)


def sign_in(email, password=PASSWORD):
    body = models.SignIn(email=email, password=password)
    return call(nobody, "accounts", "signIn", body=body, see=lambda a: [len(a.token)])


sign_in("ada@example.org", "not this one")
ada = caller(token=sign_in("ada@example.org").token)
call(ada, "accounts", "getAccount", see=account)
other = sign_in("ada@example.org")
call(ada, "accounts", "listSessions", see=lambda a: sorted(session.current for session in a.items))
call(ada, "accounts", "endSession", other.session_id)
membership = lambda a: [a.studio, a.role]
call(ada, "studios", "createStudio", body=models.NewStudio("fern"), see=membership)
call(ada, "studios", "listStudios", see=lambda a: sorted(studio.studio for studio in a.items))
call(ada, "studios", "registerGame", "fern", body=models.NewGame("dive"), see=lambda a: [a.game])
call(ada, "studios", "listGames", "fern", see=lambda a: [game.game for game in a.items])
issued = lambda a: [a.key.kind, a.key.environment, a.secret[:7]]
request = models.NewKey("dev", kind="secret", label="tool")
key = call(ada, "studios", "issueKey", "fern", "dive", body=request, see=issued)
call(ada, "studios", "listStudioKeys", "fern", "dive", see=lambda a: [key.label for key in a.items])
rotated = call(ada, "studios", "rotateKey", "fern", "dive", key.key.id, see=issued)
call(ada, "studios", "revokeKey", "fern", "dive", rotated.key.id)
call(ada, "studios", "getGameSettings", "dive", studio="fern", environment="dev", see=settings)
call(ada, "moderation", "getModerationQueue", studio="fern", game="dive", see=lambda a: [a.more, *a.items])
call(ada, "studios", "listMembers", "fern", see=lambda a: [member.role for member in a.items])


def invite(email):
    body = models.NewInvitation(email=email, role="viewer")
    return call(ada, "studios", "invite", "fern", body=body, see=lambda a: [a.email, a.role])


invite("bo@example.org")
invitation = invite("cy@example.org")
call(ada, "studios", "listInvitations", "fern", see=lambda a: sorted(invitation.email for invitation in a.items))
call(ada, "studios", "withdrawInvitation", "fern", invitation.invitation_id)
emailed = lambda a: [a.email]
call(nobody, "accounts", "register", body=models.EmailAddress("bo@example.org"), see=emailed)


def code_and_password(subject, password):
    return models.CodeAndPassword(code=code_from_mail("bo@example.org", subject), password=password)


bo_account = call(
    nobody,
    "accounts",
    "createAccount",
    body=code_and_password("Your code for a new account", PASSWORD),
    see=account,
)
bo = caller(token=sign_in("bo@example.org").token)
accept = models.InvitationCode(code_from_mail("bo@example.org", "You are invited into a studio"))
call(bo, "studios", "acceptInvitation", body=accept, see=membership)
call(
    ada,
    "studios",
    "changeRole",
    "fern",
    bo_account.user_id,
    body=models.RoleChange("developer"),
    see=lambda a: [a.email, a.role],
)
call(ada, "studios", "removeMember", "fern", bo_account.user_id)
call(ada, "studios", "listAuditEntries", "fern", limit=2, see=lambda a: [a.more, *(entry.action for entry in a.items)])
link = call(mira, "players", "createLinkCode", see=lambda a: [len(a.code)])
call(
    ada,
    "players",
    "linkPlayer",
    body=models.EnteredLinkCode(link.code),
    see=lambda a: [a.studio, a.game, a.environment],
)
call(ada, "players", "listPlayers", see=lambda a: [player.game for player in a.items])
call(
    ada,
    "accounts",
    "exportAccount",
    see=lambda a: [
        a.account.email,
        *(player.game for player in a.players),
        *(studio.studio for studio in a.memberships),
    ],
)
call(ada, "players", "unlinkPlayer", mira_in.player_id)
call(nobody, "accounts", "requestPasswordReset", body=models.EmailAddress("bo@example.org"), see=emailed)
call(nobody, "accounts", "resetPassword", body=code_and_password("Your code for a new password", NEXT_PASSWORD))
bo = caller(token=sign_in("bo@example.org", NEXT_PASSWORD).token)
change = models.PasswordChange(current=NEXT_PASSWORD, password=PASSWORD)
call(bo, "accounts", "changePassword", body=change)
bo = caller(token=sign_in("bo@example.org").token)
address = models.EmailChange(email="bob@example.org", password=PASSWORD)
call(bo, "accounts", "requestEmailChange", body=address, see=emailed)
confirm = models.EmailedCode(code_from_mail("bob@example.org", "Your code for a new address"))
call(bo, "accounts", "confirmEmailChange", body=confirm, see=account)
call(bo, "accounts", "signOutEverywhere")
bo = caller(token=sign_in("bob@example.org").token)
call(bo, "accounts", "deleteAccount", body=models.PasswordConfirmation(PASSWORD))
call(ada, "accounts", "signOut")
call(ada, "accounts", "getAccount")
