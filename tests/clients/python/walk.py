"""The walk (../walk.md) through the client that openapi-generator makes for Python."""

import json
import os
from datetime import datetime, timedelta, timezone

import cairn_client as cairn
from mail import code_from_mail

PASSWORD = "a pass phrase for the walk"
NEXT_PASSWORD = "another pass phrase for the walk"


class Caller:
    """The client's APIs with the credentials of one caller: `caller.traces` is its TracesApi."""

    def __init__(self, key=None, token=None):
        configuration = cairn.Configuration(host=os.environ["CAIRN_URL"], access_token=token)
        if key:
            configuration.api_key["ApiKey"] = key
        self.client = cairn.ApiClient(configuration)

    def __getattr__(self, tag):
        return getattr(cairn, f"{tag.title()}Api")(self.client)


def call(operation, send, see=lambda _: []):
    """Sends a request and prints what its answer, or its problem, says. Returns the answer."""
    answer = None
    try:
        answer = send()
        seen = json.dumps(see(answer))
    except cairn.ApiException as error:
        if isinstance(error.data, cairn.RevisionConflict):
            seen = json.dumps([error.data.status, error.data.code])
        elif isinstance(error.data, cairn.Problem):
            seen = json.dumps(
                [error.data.status, error.data.code, *(fault.pointer for fault in error.data.errors or [])]
            )
        else:
            seen = f"! status {error.status}, which the client can't read: {error.body or error.reason}"
    except Exception as error:  # whatever else the client raises is what the test looks for
        seen = f"! {type(error).__name__}: {error}"
    print(operation, " ".join(seen.split()), flush=True)
    return answer


nobody = Caller()
game = Caller(key=os.environ["CAIRN_KEY"])
server = Caller(key=os.environ["CAIRN_SECRET_KEY"])

call("health", lambda: nobody.health.health(), lambda a: [a.status])
call("livez", lambda: nobody.health.livez(), lambda a: [a.status])
call("readyz", lambda: nobody.health.readyz(), lambda a: [a.status, a.database, a.cache])

# Players
signed_in = call(
    "signInPlayer", lambda: game.players.sign_in_player(cairn.PlayerSignIn()), lambda a: [a.token.partition("_")[0]]
)
device = cairn.PlayerSignIn(device_id="the-device-of-noor-0123456789abcdef")
noor_in = call("signInPlayer", lambda: game.players.sign_in_player(device), lambda a: [a.token.partition("_")[0]])
call("signInPlayer", lambda: game.players.sign_in_player(device), lambda a: [a.player_id == noor_in.player_id])
mira_in = call(
    "refreshPlayer",
    lambda: game.players.refresh_player(cairn.RefreshToken(refresh_token=signed_in.refresh_token)),
    lambda a: [a.player_id == signed_in.player_id],
)
call("refreshPlayer", lambda: game.players.refresh_player(cairn.RefreshToken(refresh_token="rt_" + "0" * 64)))
mira = Caller(token=mira_in.token)
noor = Caller(token=noor_in.token)
call("getPlayer", lambda: mira.players.get_player(), lambda a: [a.player_id == mira_in.player_id, a.linked])
named = lambda a: [a.display_name]
call("changePlayer", lambda: mira.players.change_player(cairn.PlayerChange(display_name="Mira")), named)
lake = cairn.PlayerChange(display_name="Mira of the lake")
call("changePlayerByPost", lambda: mira.players.change_player_by_post(lake), named)
both_players = cairn.PlayerNamesQuery(player_ids=[mira_in.player_id, noor_in.player_id])
call(
    "getPlayerNames",
    lambda: game.players.get_player_names(both_players),
    lambda a: [player.display_name for player in a.players],
)

# Traces and recordings
recording = cairn.Recording(
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
uploaded = call(
    "uploadRecording", lambda: mira.recordings.upload_recording(recording), lambda a: [a.frames, a.duration_ms]
)
message = cairn.NewTrace(ref="note-1", kind="message", scope="Ash Lake", pos=[1, 2, 4], text=["Try climbing"])
traces = [
    cairn.NewTrace(
        ref="lamp-1",
        kind="object",
        scope="Ash Lake",
        pos=[1, 2, 3],
        rot=[0, 0, 0, 1],
        type="lamp",
        data='{"lit":true}',
        left_at=datetime.now(timezone.utc) - timedelta(hours=1),
    ),
    message,
    cairn.NewTrace(ref="run-1", kind="phantom", scope="Ash Lake", pos=[0, 0, 0], rank_value=41.5, recording=recording),
    cairn.NewTrace(
        ref="fall-1",
        kind="bloodstain",
        scope="Ash Lake",
        pos=[2, 0, 0.5],
        type="fall",
        recording_id=uploaded.recording_id,
    ),
    cairn.NewTrace(ref="note-2", kind="message", scope="Ash Lake", pos=[5, 2, 4], template=3, word=7),
]


def leave(caller, *traces):
    return caller.traces.leave_traces(cairn.NewTraces(traces=list(traces)))


left = call(
    "leaveTraces",
    lambda: mira.traces.leave_traces(cairn.NewTraces(traces=traces), idempotency_key="walk-1"),
    lambda a: [a.failed, *(result.status for result in a.results)],
)
lamp, note, run, fall, sentence = (result.id for result in left.results)
call("leaveTraces", lambda: leave(mira, message), lambda a: [a.failed, a.results[0].status, a.results[0].id == note])
call(
    "leaveTraces",
    lambda: leave(mira, cairn.NewTrace(ref="lamp-2", kind="object", scope="Ash Lake", type="lamp")),
    lambda a: [a.failed, a.results[0].status, a.results[0].code, a.results[0].pointer],
)
left = call(
    "leaveTraces",
    lambda: leave(noor, cairn.NewTrace(ref="door-1", kind="object", scope="Mill", pos=[0, 0, 0], type="door")),
    lambda a: [a.failed, a.results[0].status],
)
door = left.results[0].id
call(
    "getDeck",
    lambda: game.traces.get_deck(scope=["Ash Lake"], deck=0),
    lambda a: [a.scope, *sorted(trace.kind for trace in a.traces)],
)
call(
    "getDeck",
    lambda: game.traces.get_deck(scope=["Ash Lake", "Mill"], deck=0),
    lambda a: sorted({trace.scope for trace in a.traces}),
)
call(
    "getScopeDeck",
    lambda: game.traces.get_scope_deck("Mill"),
    lambda a: [a.scope, *(trace.type for trace in a.traces)],
)
call("getTrace", lambda: game.traces.get_trace(note), lambda a: [a.kind, a.scope, *a.text])
phantom = call("getTrace", lambda: game.traces.get_trace(run), lambda a: [a.kind, a.rank_value, a.duration_ms])
call("getTrace", lambda: game.traces.get_trace("999999"))
call(
    "getRecording",
    lambda: game.recordings.get_recording(phantom.recording_id),
    lambda a: [a.complete, a.look, *a.t_ms],
)


def query(caller, **search):
    return caller.traces.query_traces(cairn.Search(scopes=["Ash Lake"], **search))


page = call("queryTraces", lambda: query(game, mode="recent", limit=3), lambda a: [len(a.items), a.more])
call(
    "queryTraces",
    lambda: query(game, mode="recent", limit=3, after=page.next),
    lambda a: [len(a.items), a.more],
)
call(
    "queryTraces",
    lambda: query(game, mode="near", near=[1, 2, 3], radius=1.5),
    lambda a: [trace.kind for trace in a.items],
)
call(
    "queryTraces",
    lambda: query(game, mode="ahead", rank_value=60, ahead=5),
    lambda a: [trace.rank_value for trace in a.items],
)
both = Caller(key=os.environ["CAIRN_KEY"], token=mira_in.token)
call("queryTraces", lambda: query(both, mode="own"), lambda a: [trace.kind for trace in a.items])
feed = call(
    "getChanges",
    lambda: game.traces.get_changes(scope=["Ash Lake"], after="0"),
    lambda a: [a.more, *(item.what for item in a.items)],
)
call(
    "getChanges",
    lambda: game.traces.get_changes(scope=["Ash Lake"], after=feed.next, wait_s=1),
    lambda a: [a.more, *(item.what for item in a.items)],
)
call("listOwnTraces", lambda: mira.traces.list_own_traces(limit=2), lambda a: [len(a.items), a.more])
change = cairn.TraceChange(revision=1, text=["Try jumping"])
call("changeTrace", lambda: mira.traces.change_trace(note, change), lambda a: [a.revision, *a.text])
call("changeTrace", lambda: mira.traces.change_trace(note, change))
change = cairn.TraceChange(revision=2, text=["Try swimming"])
call("changeTraceByPost", lambda: mira.traces.change_trace_by_post(note, change), lambda a: [a.revision, *a.text])

# Votes and the inbox
good, poor = cairn.VoteRequest(vote="good"), cairn.VoteRequest(vote="poor")
count = lambda a: [a.vote, a.good, a.poor]
call("voteForTrace", lambda: noor.votes.vote_for_trace(note, good), count)
call("withdrawVote", lambda: noor.votes.withdraw_vote(note), count)
call("voteForTraceByPost", lambda: noor.votes.vote_for_trace_by_post(note, good), count)
call("withdrawVoteByPost", lambda: noor.votes.withdraw_vote_by_post(note), count)
call("voteForTrace", lambda: noor.votes.vote_for_trace(note, poor), count)
call("voteForTrace", lambda: mira.votes.vote_for_trace(note, good))
ballots = [cairn.Ballot(trace_id=note, vote="good"), cairn.Ballot(trace_id="999999", vote="good")]
call(
    "voteForTraces",
    lambda: noor.votes.vote_for_traces(cairn.VoteBatch(votes=ballots)),
    lambda a: [a.failed, *(result.status for result in a.results), a.results[1].code],
)
call("recordTraceUse", lambda: noor.votes.record_trace_use(run))
uses = [cairn.Use(trace_id=run), cairn.Use(trace_id=lamp)]
call(
    "recordTraceUses",
    lambda: noor.votes.record_trace_uses(cairn.UseBatch(uses=uses)),
    lambda a: [a.failed, *(result.status for result in a.results)],
)
report = cairn.Report(reason="spam", note="again and again")
call("reportTrace", lambda: noor.moderation.report_trace(sentence, report))
call("reportTraceByPost", lambda: noor.moderation.report_trace_by_post(sentence, report))
call("getInbox", lambda: mira.votes.get_inbox(), lambda a: [a.more, *(item.what for item in a.items)])
call("hideAuthor", lambda: noor.moderation.hide_author(mira_in.player_id))
hidden = lambda a: [author.player_id == mira_in.player_id for author in a.items]
call("listHiddenAuthors", lambda: noor.moderation.list_hidden_authors(), hidden)
call("showAuthor", lambda: noor.moderation.show_author(mira_in.player_id))
call("listHiddenAuthors", lambda: noor.moderation.list_hidden_authors(), hidden)
call("hideAuthorByPost", lambda: noor.moderation.hide_author_by_post(mira_in.player_id))
call("showAuthorByPost", lambda: noor.moderation.show_author_by_post(mira_in.player_id))
call(
    "getGame",
    lambda: game.studios.get_game(),
    lambda a: [a.game, a.environment, a.kind, *sorted(kind.kind for kind in a.kinds)],
)
call("getGame", lambda: nobody.studios.get_game())
call("withdrawTrace", lambda: mira.traces.withdraw_trace(lamp))
call("withdrawTraceByPost", lambda: noor.traces.withdraw_trace_by_post(door))
call(
    "syncTraces",
    lambda: noor.traces.sync_traces(cairn.KnownTraces(ids=[lamp, note, run])),
    lambda a: [*(gone.reason for gone in a.gone), *(trace.revision for trace in a.changed)],
)
call(
    "getChanges",
    lambda: game.traces.get_changes(scope=["Ash Lake"], after=feed.next),
    lambda a: [a.items[-1].what, a.items[-1].reason],
)

# Packed recordings
packed = call(
    "getPackedRecording",
    lambda: game.recordings.get_packed_recording(phantom.recording_id),
    lambda a: list(a[:4]),
)
call(
    "uploadPackedRecording",
    lambda: mira.recordings.upload_packed_recording(bytes(packed)),
    lambda a: [a.frames, a.duration_ms],
)

# A game's server
call(
    "getStorage",
    lambda: server.studios.get_storage(),
    lambda a: [a.world.max_scopes, a.studio.max_scopes],
)
call(
    "getGameSettings",
    lambda: server.studios.get_game_settings("climb"),
    lambda a: [a.game, a.decks, a.public_reads, len(a.kinds)],
)
kind = cairn.KindSettingsChange(kind="object", deck_size=50)
call(
    "changeGameSettings",
    lambda: server.studios.change_game_settings(
        "climb", cairn.GameSettingsChange(axes="y_up_right", units="metres", kinds=[kind])
    ),
    lambda a: [a.axes, a.units, next(kind.deck_size for kind in a.kinds if kind.kind == "object")],
)
call(
    "changeGameSettings",
    lambda: server.studios.change_game_settings("climb", cairn.GameSettingsChange(kinds=[kind, kind])),
)
call(
    "getModerationQueue",
    lambda: server.moderation.get_moderation_queue(limit=10),
    lambda a: [a.more, *(reason for item in a.items for reason in item.reasons)],
)


def moderate(**action):
    return lambda: server.moderation.moderate(cairn.ModerationRequest(**action))


affected = lambda a: [a.affected]
until = datetime.now(timezone.utc) + timedelta(days=1)
call("moderate", moderate(action="hide", trace_ids=[sentence], reason="spam"), affected)
call("moderate", moderate(action="restore", trace_ids=[sentence]), affected)
call("moderate", moderate(action="ban", player_id=noor_in.player_id, until=until), affected)
call("voteForTrace", lambda: noor.votes.vote_for_trace(note, good))
call("moderate", moderate(action="unban", player_id=noor_in.player_id), affected)
call("moderate", moderate(action="hide"))
call("bindLegacyName", lambda: server.players.bind_legacy_name(mira_in.player_id, "walker"))
call("listLegacyNames", lambda: server.players.list_legacy_names(mira_in.player_id), lambda a: a.seed_names)
call("unbindLegacyName", lambda: server.players.unbind_legacy_name(mira_in.player_id, "walker"))
call("listKeys", lambda: server.studios.list_keys("climb"), lambda a: sorted(key.kind for key in a.items))
exported = call(
    "exportTraces", lambda: server.traces.export_traces(), lambda a: [len(bytes(a).splitlines()), bytes(a)[:1].decode()]
)
call(
    "importTraces",
    lambda: server.traces.import_traces(bytes(exported)),
    lambda a: [a.imported, a.there_already, a.rejected_count],
)

# v0
call(
    "addObject",
    lambda: game.traces.add_object(
        cairn.AddObjectRequest(
            obj=cairn.V0Object(u_uuid="walker", o_type=5, o_pos="0,0,0", o_rot="0,0,0,1"),
            message=cairn.V0Message(
                u_uuid="walker",
                part1=cairn.TextOrInteger("Try"),
                part2=cairn.TextOrInteger(7),
                part3=cairn.TextOrInteger("then view"),
                m_pos="1,2,3",
            ),
            phantom=cairn.V0Phantom(u_uuid="walker", data=[["0,0,0", "0,0,0,1"], ["1,0,0", "0,0,0,1"]]),
        )
    ),
    lambda a: [a],
)
call(
    "getObjects",
    lambda: game.traces.get_objects(),
    lambda a: [
        *(part.actual_instance for part in (a.messages[0].part1, a.messages[0].part2, a.messages[0].part3)),
        a.objects[0].o_type,
        *a.phantoms[0].data[1],
    ],
)

# Accounts and studios
call(
    "createFirstAdministrator",
    lambda: nobody.accounts.create_first_administrator(
        cairn.FirstAdministrator(code=os.environ["CAIRN_SETUP_CODE"], email="ada@example.org", password=PASSWORD)
    ),
    lambda a: [a.email, a.administrator],
)


def sign_in(email, password=PASSWORD):
    return nobody.accounts.sign_in(cairn.SignIn(email=email, password=password))


signed = lambda a: [len(a.token)]
call("signIn", lambda: sign_in("ada@example.org", "not this one"))
ada = Caller(token=call("signIn", lambda: sign_in("ada@example.org"), signed).token)
call("getAccount", lambda: ada.accounts.get_account(), lambda a: [a.email, a.administrator])
other = call("signIn", lambda: sign_in("ada@example.org"), signed)
call("listSessions", lambda: ada.accounts.list_sessions(), lambda a: sorted(session.current for session in a.items))
call("endSession", lambda: ada.accounts.end_session(other.session_id))
call("createStudio", lambda: ada.studios.create_studio(cairn.NewStudio(name="fern")), lambda a: [a.studio, a.role])
call("listStudios", lambda: ada.studios.list_studios(), lambda a: sorted(studio.studio for studio in a.items))
call("registerGame", lambda: ada.studios.register_game("fern", cairn.NewGame(game="dive")), lambda a: [a.game])
call("listGames", lambda: ada.studios.list_games("fern"), lambda a: [game.game for game in a.items])
issued = lambda a: [a.key.kind, a.key.environment, a.secret[:7]]
key = call(
    "issueKey",
    lambda: ada.studios.issue_key("fern", "dive", cairn.NewKey(environment="dev", kind="secret", label="tool")),
    issued,
)
call(
    "listStudioKeys",
    lambda: ada.studios.list_studio_keys("fern", "dive"),
    lambda a: [key.label for key in a.items],
)
rotated = call("rotateKey", lambda: ada.studios.rotate_key("fern", "dive", key.key.id), issued)
call("revokeKey", lambda: ada.studios.revoke_key("fern", "dive", rotated.key.id))
call(
    "getGameSettings",
    lambda: ada.studios.get_game_settings("dive", studio="fern", environment="dev"),
    lambda a: [a.game, a.decks, a.public_reads, len(a.kinds)],
)
call(
    "getModerationQueue",
    lambda: ada.moderation.get_moderation_queue(studio="fern", game="dive"),
    lambda a: [a.more, *a.items],
)
call("listMembers", lambda: ada.studios.list_members("fern"), lambda a: [member.role for member in a.items])


def invite(email):
    return lambda: ada.studios.invite("fern", cairn.NewInvitation(email=email, role="viewer"))


invited = lambda a: [a.email, a.role]
call("invite", invite("bo@example.org"), invited)
invitation = call("invite", invite("cy@example.org"), invited)
call(
    "listInvitations",
    lambda: ada.studios.list_invitations("fern"),
    lambda a: sorted(invitation.email for invitation in a.items),
)
call("withdrawInvitation", lambda: ada.studios.withdraw_invitation("fern", invitation.invitation_id))
emailed = lambda a: [a.email]
call("register", lambda: nobody.accounts.register(cairn.EmailAddress(email="bo@example.org")), emailed)


def code_and_password(subject, password):
    return cairn.CodeAndPassword(code=code_from_mail("bo@example.org", subject), password=password)


bo_account = call(
    "createAccount",
    lambda: nobody.accounts.create_account(code_and_password("Your code for a new account", PASSWORD)),
    lambda a: [a.email, a.administrator],
)
bo = Caller(token=call("signIn", lambda: sign_in("bo@example.org"), signed).token)
call(
    "acceptInvitation",
    lambda: bo.studios.accept_invitation(
        cairn.InvitationCode(code=code_from_mail("bo@example.org", "You are invited into a studio"))
    ),
    lambda a: [a.studio, a.role],
)
call(
    "changeRole",
    lambda: ada.studios.change_role("fern", bo_account.user_id, cairn.RoleChange(role="developer")),
    lambda a: [a.email, a.role],
)
call("removeMember", lambda: ada.studios.remove_member("fern", bo_account.user_id))
call(
    "listAuditEntries",
    lambda: ada.studios.list_audit_entries("fern", limit=2),
    lambda a: [a.more, *(entry.action for entry in a.items)],
)
link = call("createLinkCode", lambda: mira.players.create_link_code(), lambda a: [len(a.code)])
call(
    "linkPlayer",
    lambda: ada.players.link_player(cairn.EnteredLinkCode(code=link.code)),
    lambda a: [a.studio, a.game, a.environment],
)
call("listPlayers", lambda: ada.players.list_players(), lambda a: [player.game for player in a.items])
call(
    "exportAccount",
    lambda: ada.accounts.export_account(),
    lambda a: [a.account.email, *(player.game for player in a.players), *(studio.studio for studio in a.memberships)],
)
call("unlinkPlayer", lambda: ada.players.unlink_player(mira_in.player_id))
call(
    "requestPasswordReset",
    lambda: nobody.accounts.request_password_reset(cairn.EmailAddress(email="bo@example.org")),
    emailed,
)
call(
    "resetPassword",
    lambda: nobody.accounts.reset_password(code_and_password("Your code for a new password", NEXT_PASSWORD)),
)
bo = Caller(token=call("signIn", lambda: sign_in("bo@example.org", NEXT_PASSWORD), signed).token)
call(
    "changePassword",
    lambda: bo.accounts.change_password(cairn.PasswordChange(current=NEXT_PASSWORD, password=PASSWORD)),
)
bo = Caller(token=call("signIn", lambda: sign_in("bo@example.org"), signed).token)
call(
    "requestEmailChange",
    lambda: bo.accounts.request_email_change(cairn.EmailChange(email="bob@example.org", password=PASSWORD)),
    emailed,
)
call(
    "confirmEmailChange",
    lambda: bo.accounts.confirm_email_change(
        cairn.EmailedCode(code=code_from_mail("bob@example.org", "Your code for a new address"))
    ),
    lambda a: [a.email, a.administrator],
)
call("signOutEverywhere", lambda: bo.accounts.sign_out_everywhere())
bo = Caller(token=call("signIn", lambda: sign_in("bob@example.org"), signed).token)
call("deleteAccount", lambda: bo.accounts.delete_account(cairn.PasswordConfirmation(password=PASSWORD)))
call("signOut", lambda: ada.accounts.sign_out())
call("getAccount", lambda: ada.accounts.get_account())
