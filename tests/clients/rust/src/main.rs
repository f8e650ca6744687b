//! The walk (`../walk.md`) through the client that openapi-generator makes for Rust.

mod support;

use cairn_client::{
    apis::{
        Error, accounts_api as accounts, health_api as health, moderation_api as moderation, players_api as players,
        recordings_api as recordings, studios_api as studios, traces_api as traces, votes_api as votes,
    },
    models,
};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use support::{Seen, body, call, caller, code_from_mail, nothing, ordered, refused, variable};

const SCOPE: &str = "Ash Lake";
const PASSWORD: &str = "a pass phrase for the walk";
const NEXT_PASSWORD: &str = "another pass phrase for the walk";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let nobody = caller(None, None);
    let game = caller(Some(&variable("CAIRN_KEY")), None);
    let server = caller(Some(&variable("CAIRN_SECRET_KEY")), None);

    call("health", health::health(&nobody), |a| json!([a.status])).await?;
    call("livez", health::livez(&nobody), |a| json!([a.status])).await?;
    call("readyz", health::readyz(&nobody), |a| json!([a.status, a.database, a.cache])).await?;

    // Players
    let prefix = |a: &models::PlayerTokens| json!([a.token.split('_').next()]);
    let device = || body::<models::PlayerSignIn>(json!({"device_id": "the-device-of-noor-0123456789abcdef"}));
    let signed_in = call("signInPlayer", players::sign_in_player(&game, body(json!({}))), prefix).await?;
    let noor_in = call("signInPlayer", players::sign_in_player(&game, device()), prefix).await?;
    let same = |id: String| move |a: &models::PlayerTokens| json!([a.player_id == id]);
    call("signInPlayer", players::sign_in_player(&game, device()), same(noor_in.player_id.clone())).await?;
    let refresh = |token: &str| body::<models::RefreshToken>(json!({"refresh_token": token}));
    let refreshed = players::refresh_player(&game, refresh(&signed_in.refresh_token));
    let mira_in = call("refreshPlayer", refreshed, same(signed_in.player_id.clone())).await?;
    let unknown = format!("rt_{}", "0".repeat(64));
    refused("refreshPlayer", players::refresh_player(&game, refresh(&unknown))).await?;
    let mira = caller(None, Some(&mira_in.token));
    let noor = caller(None, Some(&noor_in.token));
    call("getPlayer", players::get_player(&mira), |a| json!([a.player_id == mira_in.player_id, a.linked])).await?;
    let name = |name: &str| body::<models::PlayerChange>(json!({"display_name": name}));
    let named = |a: &models::Player| json!([a.display_name]);
    call("changePlayer", players::change_player(&mira, name("Mira")), named).await?;
    call("changePlayerByPost", players::change_player_by_post(&mira, name("Mira of the lake")), named).await?;
    let ids = body(json!({"player_ids": [mira_in.player_id, noor_in.player_id]}));
    call("getPlayerNames", players::get_player_names(&game, ids, None), |a| {
        a.players.iter().map(|player| json!(player.display_name)).collect()
    })
    .await?;

    // Traces and recordings
    let recording = json!({
        "content_version": 3,
        "complete": true,
        "look": "red cloak",
        "t_ms": [0, 100, 200],
        "pos": [0, 0, 0, 1, 0, 0, 2, 0, 0.5],
        "rot": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
        "event_ms": [100],
        "event_code": [7],
        "event_arg": [-1],
    });
    let upload = recordings::upload_recording(&mira, body(recording.clone()), None);
    let uploaded = call("uploadRecording", upload, |a| json!([a.frames, a.duration_ms])).await?;
    let scope = SCOPE;
    let message =
        json!({"ref": "note-1", "kind": "message", "scope": scope, "pos": [1, 2, 4], "text": ["Try climbing"]});
    let five = json!([
        {
            "ref": "lamp-1",
            "kind": "object",
            "scope": scope,
            "pos": [1, 2, 3],
            "rot": [0, 0, 0, 1],
            "type": "lamp",
            "data": "{\"lit\":true}",
            "left_at": Utc::now() - TimeDelta::hours(1),
        },
        message,
        {"ref": "run-1", "kind": "phantom", "scope": scope, "pos": [0, 0, 0], "rank_value": 41.5, "recording": recording},
        {
            "ref": "fall-1",
            "kind": "bloodstain",
            "scope": scope,
            "pos": [2, 0, 0.5],
            "type": "fall",
            "recording_id": uploaded.recording_id,
        },
        {"ref": "note-2", "kind": "message", "scope": scope, "pos": [5, 2, 4], "template": 3, "word": 7},
    ]);
    let leave = |traces: Value| body::<models::NewTraces>(json!({"traces": traces}));
    let statuses = |a: &models::Results| {
        let statuses = a.results.iter().map(|result| json!(result.status));
        [json!(a.failed)].into_iter().chain(statuses).collect()
    };
    let left = call("leaveTraces", traces::leave_traces(&mira, leave(five), Some("walk-1")), statuses).await?;
    let ids: Vec<String> = left.results.iter().filter_map(|result| result.id.clone()).collect();
    let [lamp, note, run, _, sentence] = ids.as_slice() else { return Err("not five ids".into()) };
    call("leaveTraces", traces::leave_traces(&mira, leave(json!([message])), None), |a| {
        json!([a.failed, a.results[0].status, a.results[0].id.as_ref() == Some(note)])
    })
    .await?;
    let nowhere = leave(json!([{"ref": "lamp-2", "kind": "object", "scope": scope, "type": "lamp"}]));
    call("leaveTraces", traces::leave_traces(&mira, nowhere, None), |a| {
        json!([a.failed, a.results[0].status, a.results[0].code, a.results[0].pointer])
    })
    .await?;
    let door = json!([{"ref": "door-1", "kind": "object", "scope": "Mill", "pos": [0, 0, 0], "type": "door"}]);
    let left = call("leaveTraces", traces::leave_traces(&noor, leave(door), None), statuses).await?;
    let door = left.results.first().and_then(|result| result.id.as_deref()).unwrap_or_default();
    let one = Some(vec![scope.to_owned()]);
    call("getDeck", traces::get_deck(&game, None, None, one, Some(0), None, None, None), |a| {
        let kinds = ordered(a.traces.iter().map(|trace| json!(trace.kind)));
        [json!(a.scope)].into_iter().chain(kinds).collect()
    })
    .await?;
    let two = Some(vec![scope.to_owned(), "Mill".to_owned()]);
    call("getDeck", traces::get_deck(&game, None, None, two, Some(0), None, None, None), |a| {
        let mut scopes = ordered(a.traces.iter().map(|trace| json!(trace.scope)));
        scopes.dedup();
        scopes.into_iter().collect()
    })
    .await?;
    call("getScopeDeck", traces::get_scope_deck(&game, "Mill", None, None, None, None, None, None), |a| {
        [json!(a.scope)].into_iter().chain(a.traces.iter().map(|trace| json!(trace.r#type))).collect()
    })
    .await?;
    call("getTrace", traces::get_trace(&game, note, None), |a| {
        let texts = a.text.iter().flatten().map(|text| json!(text));
        [json!(a.kind), json!(a.scope)].into_iter().chain(texts).collect()
    })
    .await?;
    let phantom = traces::get_trace(&game, run, None);
    let phantom = call("getTrace", phantom, |a| json!([a.kind, a.rank_value, a.duration_ms])).await?;
    refused("getTrace", traces::get_trace(&game, "999999", None)).await?;
    let recording_id = phantom.recording_id.unwrap_or_default();
    call("getRecording", recordings::get_recording(&game, &recording_id, None, None, None), |a| {
        [json!(a.complete), json!(a.look)].into_iter().chain(a.t_ms.iter().map(|time| json!(time))).collect()
    })
    .await?;
    let search = |mut fields: Value| {
        fields["scopes"] = json!([scope]);
        body::<models::Search>(fields)
    };
    let size = |a: &models::SearchPage| json!([a.items.len(), a.more]);
    let kinds = |a: &models::SearchPage| a.items.iter().map(|trace| json!(trace.kind)).collect();
    let recent = search(json!({"mode": "recent", "limit": 3}));
    let page = call("queryTraces", traces::query_traces(&game, recent, None), size).await?;
    let rest = search(json!({"mode": "recent", "limit": 3, "after": page.next}));
    call("queryTraces", traces::query_traces(&game, rest, None), size).await?;
    let near = search(json!({"mode": "near", "near": [1, 2, 3], "radius": 1.5}));
    call("queryTraces", traces::query_traces(&game, near, None), kinds).await?;
    let ahead = search(json!({"mode": "ahead", "rank_value": 60, "ahead": 5}));
    call("queryTraces", traces::query_traces(&game, ahead, None), |a| {
        a.items.iter().map(|trace| json!(trace.rank_value)).collect()
    })
    .await?;
    let both = caller(Some(&variable("CAIRN_KEY")), Some(&mira_in.token));
    call("queryTraces", traces::query_traces(&both, search(json!({"mode": "own"})), None), kinds).await?;
    let happened =
        |a: &models::FeedPage| [json!(a.more)].into_iter().chain(a.items.iter().map(|item| json!(item.what))).collect();
    let from_start = changes(&game, "0", None);
    let feed = call("getChanges", from_start, happened).await?;
    let waiting = changes(&game, &feed.next, Some(1));
    call("getChanges", waiting, happened).await?;
    call("listOwnTraces", traces::list_own_traces(&mira, None, Some(2)), |a| json!([a.items.len(), a.more])).await?;
    let change = || body::<models::TraceChange>(json!({"revision": 1, "text": ["Try jumping"]}));
    let texts = |a: &models::Trace| {
        [json!(a.revision)].into_iter().chain(a.text.iter().flatten().map(|text| json!(text))).collect()
    };
    call("changeTrace", traces::change_trace(&mira, note, change()), texts).await?;
    refused("changeTrace", traces::change_trace(&mira, note, change())).await?;
    let third = body(json!({"revision": 2, "text": ["Try swimming"]}));
    call("changeTraceByPost", traces::change_trace_by_post(&mira, note, third), texts).await?;

    // Votes and the inbox
    let vote = |vote: &str| body::<models::VoteRequest>(json!({"vote": vote}));
    let count = |a: &models::VoteCount| json!([a.vote, a.good, a.poor]);
    call("voteForTrace", votes::vote_for_trace(&noor, note, vote("good"), None), count).await?;
    call("withdrawVote", votes::withdraw_vote(&noor, note, None), count).await?;
    call("voteForTraceByPost", votes::vote_for_trace_by_post(&noor, note, vote("good"), None), count).await?;
    call("withdrawVoteByPost", votes::withdraw_vote_by_post(&noor, note, None), count).await?;
    call("voteForTrace", votes::vote_for_trace(&noor, note, vote("poor"), None), count).await?;
    refused("voteForTrace", votes::vote_for_trace(&mira, note, vote("good"), None)).await?;
    let ballots = body(json!({"votes": [{"trace_id": note, "vote": "good"}, {"trace_id": "999999", "vote": "good"}]}));
    call("voteForTraces", votes::vote_for_traces(&noor, ballots), |a| {
        let statuses = a.results.iter().map(|result| json!(result.status));
        [json!(a.failed)].into_iter().chain(statuses).chain([json!(a.results[1].code)]).collect()
    })
    .await?;
    call("recordTraceUse", votes::record_trace_use(&noor, run, None), nothing).await?;
    let uses = body(json!({"uses": [{"trace_id": run}, {"trace_id": lamp}]}));
    call("recordTraceUses", votes::record_trace_uses(&noor, uses), |a| {
        [json!(a.failed)].into_iter().chain(a.results.iter().map(|result| json!(result.status))).collect()
    })
    .await?;
    let spam = || body::<models::Report>(json!({"reason": "spam", "note": "again and again"}));
    call("reportTrace", moderation::report_trace(&noor, sentence, spam(), None), nothing).await?;
    call("reportTraceByPost", moderation::report_trace_by_post(&noor, sentence, spam(), None), nothing).await?;
    call("getInbox", votes::get_inbox(&mira, None, None), |a| {
        [json!(a.more)].into_iter().chain(a.items.iter().map(|item| json!(item.what))).collect()
    })
    .await?;
    let hidden =
        |a: &models::HiddenAuthors| a.items.iter().map(|author| json!(author.player_id == mira_in.player_id)).collect();
    call("hideAuthor", moderation::hide_author(&noor, &mira_in.player_id), nothing).await?;
    call("listHiddenAuthors", moderation::list_hidden_authors(&noor, None, None), hidden).await?;
    call("showAuthor", moderation::show_author(&noor, &mira_in.player_id), nothing).await?;
    call("listHiddenAuthors", moderation::list_hidden_authors(&noor, None, None), hidden).await?;
    call("hideAuthorByPost", moderation::hide_author_by_post(&noor, &mira_in.player_id), nothing).await?;
    call("showAuthorByPost", moderation::show_author_by_post(&noor, &mira_in.player_id), nothing).await?;
    call("getGame", studios::get_game(&game, None), |a| {
        let kinds = ordered(a.kinds.iter().map(|kind| json!(kind.kind)));
        [json!(a.game), json!(a.environment), json!(a.kind)].into_iter().chain(kinds).collect()
    })
    .await?;
    refused("getGame", studios::get_game(&nobody, None)).await?;
    call("withdrawTrace", traces::withdraw_trace(&mira, lamp), nothing).await?;
    call("withdrawTraceByPost", traces::withdraw_trace_by_post(&noor, door), nothing).await?;
    let known = body(json!({"ids": [lamp, note, run]}));
    call("syncTraces", traces::sync_traces(&noor, known), |a| {
        let reasons = a.gone.iter().map(|gone| json!(gone.reason));
        reasons.chain(a.changed.iter().map(|trace| json!(trace.revision))).collect()
    })
    .await?;
    let since = changes(&game, &feed.next, None);
    call("getChanges", since, |a| a.items.last().map_or_else(|| json!([]), |item| json!([item.what, item.reason])))
        .await?;

    // Packed recordings
    let packed = async {
        let answer = recordings::get_packed_recording(&game, &recording_id, None, None).await?;
        answer.bytes().await.map_err(Error::from)
    };
    let packed = call("getPackedRecording", packed, |a| json!(a[..4])).await?;
    let file = std::env::temp_dir().join(format!("cairn-walk-{}.cairn", std::process::id()));
    std::fs::write(&file, packed)?;
    let upload = recordings::upload_packed_recording(&mira, file.clone(), None);
    call("uploadPackedRecording", upload, |a| json!([a.frames, a.duration_ms])).await?;
    std::fs::remove_file(file)?;

    // A game's server
    let settings = |a: &models::GameSettings| json!([a.game, a.decks, a.public_reads, a.kinds.len()]);
    call("getStorage", studios::get_storage(&server, None, None, None), |a| {
        json!([a.world.max_scopes, a.studio.max_scopes])
    })
    .await?;
    call("getGameSettings", studios::get_game_settings(&server, "climb", None, None), settings).await?;
    let objects = json!({"kind": "object", "deck_size": 50});
    let wanted = body(json!({"axes": "y_up_right", "units": "metres", "kinds": [objects]}));
    call("changeGameSettings", studios::change_game_settings(&server, "climb", wanted, None, None), |a| {
        let objects = a.kinds.iter().find(|kind| json!(kind.kind) == "object");
        json!([a.axes, a.units, objects.map(|kind| kind.deck_size)])
    })
    .await?;
    let twice = body(json!({"kinds": [objects, objects]}));
    refused("changeGameSettings", studios::change_game_settings(&server, "climb", twice, None, None)).await?;
    call("getModerationQueue", moderation::get_moderation_queue(&server, None, None, None, None, Some(10)), |a| {
        let reasons = a.items.iter().flat_map(|item| &item.reasons).map(|reason| json!(reason));
        [json!(a.more)].into_iter().chain(reasons).collect()
    })
    .await?;
    let moderate = |action: Value| moderation::moderate(&server, body(action), None, None, None);
    let affected = |a: &models::Affected| json!([a.affected]);
    let until = Utc::now() + TimeDelta::days(1);
    let hide = moderate(json!({"action": "hide", "trace_ids": [sentence], "reason": "spam"}));
    call("moderate", hide, affected).await?;
    call("moderate", moderate(json!({"action": "restore", "trace_ids": [sentence]})), affected).await?;
    let ban = moderate(json!({"action": "ban", "player_id": noor_in.player_id, "until": until}));
    call("moderate", ban, affected).await?;
    refused("voteForTrace", votes::vote_for_trace(&noor, note, vote("good"), None)).await?;
    call("moderate", moderate(json!({"action": "unban", "player_id": noor_in.player_id})), affected).await?;
    refused("moderate", moderate(json!({"action": "hide"}))).await?;
    let player_id = &mira_in.player_id;
    call("bindLegacyName", players::bind_legacy_name(&server, player_id, "walker"), nothing).await?;
    call("listLegacyNames", players::list_legacy_names(&server, player_id), |a| json!(a.seed_names)).await?;
    call("unbindLegacyName", players::unbind_legacy_name(&server, player_id, "walker"), nothing).await?;
    call("listKeys", studios::list_keys(&server, "climb", None, None), |a| {
        ordered(a.items.iter().map(|key| json!(key.kind))).into_iter().collect()
    })
    .await?;
    let lines = traces::export_traces(&server, None, None, None).await?.text().await?;
    println!("exportTraces {}", json!([lines.lines().count(), &lines[..1]]));
    let file = std::path::PathBuf::from(variable("CAIRN_MAIL")).with_file_name("export.ndjson");
    std::fs::write(&file, lines)?;
    call("importTraces", traces::import_traces(&server, file, None, None, None), |a| {
        json!([a.imported, a.there_already, a.rejected_count])
    })
    .await?;

    // v0
    let posted = body(json!({
        "obj": {"u_uuid": "walker", "o_type": 5, "o_pos": "0,0,0", "o_rot": "0,0,0,1"},
        "message": {"u_uuid": "walker", "part1": "Try", "part2": 7, "part3": "then view", "m_pos": "1,2,3"},
        "phantom": {"u_uuid": "walker", "data": [["0,0,0", "0,0,0,1"], ["1,0,0", "0,0,0,1"]]},
    }));
    call("addObject", traces::add_object(&game, posted, None), |a| json!([a])).await?;
    call("getObjects", traces::get_objects(&game, None, None), |a| {
        let message = &a.messages[0];
        let parts = [json!(message.part1), json!(message.part2), json!(message.part3), json!(a.objects[0].o_type)];
        parts.into_iter().chain(a.phantoms[0].data[1].iter().map(|field| json!(field))).collect()
    })
    .await?;

    accounts_and_studios(&mira, player_id).await
}

/// What has changed in the scope of the walk.
async fn changes(
    caller: &support::Caller,
    after: &str,
    wait_s: Option<i32>,
) -> Result<models::FeedPage, Error<traces::GetChangesError>> {
    let scopes = Some(vec![SCOPE.to_owned()]);
    traces::get_changes(caller, None, scopes, wait_s, None, Some(after), None).await
}

/// The part of the walk that needs an account.
async fn accounts_and_studios(mira: &support::Caller, player_id: &str) -> Result<(), Box<dyn std::error::Error>> {
    let nobody = caller(None, None);
    let account = |a: &models::Account| json!([a.email, a.administrator]);
    let setup = json!({"code": variable("CAIRN_SETUP_CODE"), "email": "ada@example.org", "password": PASSWORD});
    call("createFirstAdministrator", accounts::create_first_administrator(&nobody, body(setup)), account).await?;
    let sign_in = async |email: &str, password: &str| {
        let body = body(json!({"email": email, "password": password}));
        let length = |a: &models::OpenedSession| json!([a.token.as_ref().map(String::len)]);
        let session = call("signIn", accounts::sign_in(&nobody, body), length).await?;
        Seen::Ok((caller(None, session.token.as_deref()), session.session_id))
    };
    let wrong = body(json!({"email": "ada@example.org", "password": "not this one"}));
    refused("signIn", accounts::sign_in(&nobody, wrong)).await?;
    let (ada, _) = sign_in("ada@example.org", PASSWORD).await?;
    call("getAccount", accounts::get_account(&ada), account).await?;
    let (_, session_id) = sign_in("ada@example.org", PASSWORD).await?;
    call("listSessions", accounts::list_sessions(&ada), |a| {
        ordered(a.items.iter().map(|session| json!(session.current))).into_iter().collect()
    })
    .await?;
    call("endSession", accounts::end_session(&ada, &session_id), nothing).await?;
    let membership = |a: &models::Membership| json!([a.studio, a.role]);
    call("createStudio", studios::create_studio(&ada, body(json!({"name": "fern"}))), membership).await?;
    call("listStudios", studios::list_studios(&ada), |a| {
        ordered(a.items.iter().map(|studio| json!(studio.studio))).into_iter().collect()
    })
    .await?;
    let dive = body(json!({"game": "dive"}));
    call("registerGame", studios::register_game(&ada, "fern", dive), |a| json!([a.game])).await?;
    call("listGames", studios::list_games(&ada, "fern"), |a| a.items.iter().map(|game| json!(game.game)).collect())
        .await?;
    let issued = |a: &models::IssuedKey| json!([a.key.kind, a.key.environment, &a.secret[..7]]);
    let request = body(json!({"environment": "dev", "kind": "secret", "label": "tool"}));
    let key = call("issueKey", studios::issue_key(&ada, "fern", "dive", request), issued).await?;
    call("listStudioKeys", studios::list_studio_keys(&ada, "fern", "dive"), |a| {
        a.items.iter().map(|key| json!(key.label)).collect()
    })
    .await?;
    let rotated = call("rotateKey", studios::rotate_key(&ada, "fern", "dive", &key.key.id), issued).await?;
    call("revokeKey", studios::revoke_key(&ada, "fern", "dive", &rotated.key.id), nothing).await?;
    call("getGameSettings", studios::get_game_settings(&ada, "dive", Some("fern"), Some("dev")), |a| {
        json!([a.game, a.decks, a.public_reads, a.kinds.len()])
    })
    .await?;
    let queue = moderation::get_moderation_queue(&ada, Some("fern"), Some("dive"), None, None, None);
    call("getModerationQueue", queue, |a| {
        [json!(a.more)].into_iter().chain(a.items.iter().map(|item| json!(item.trace.id))).collect()
    })
    .await?;
    call("listMembers", studios::list_members(&ada, "fern"), |a| {
        a.items.iter().map(|member| json!(member.role)).collect()
    })
    .await?;
    let invite = |email: &str| studios::invite(&ada, "fern", body(json!({"email": email, "role": "viewer"})));
    let invited = |a: &models::Invitation| json!([a.email, a.role]);
    call("invite", invite("bo@example.org"), invited).await?;
    let invitation = call("invite", invite("cy@example.org"), invited).await?;
    call("listInvitations", studios::list_invitations(&ada, "fern"), |a| {
        ordered(a.items.iter().map(|invitation| json!(invitation.email))).into_iter().collect()
    })
    .await?;
    let withdraw = studios::withdraw_invitation(&ada, "fern", &invitation.invitation_id);
    call("withdrawInvitation", withdraw, nothing).await?;
    let emailed = |a: &models::EmailSent| json!([a.email]);
    let address = || body::<models::EmailAddress>(json!({"email": "bo@example.org"}));
    call("register", accounts::register(&nobody, address()), emailed).await?;
    let code = code_from_mail("bo@example.org", "Your code for a new account").await;
    let create = accounts::create_account(&nobody, body(json!({"code": code, "password": PASSWORD})));
    let created = call("createAccount", create, account).await?;
    let (bo, _) = sign_in("bo@example.org", PASSWORD).await?;
    let code = code_from_mail("bo@example.org", "You are invited into a studio").await;
    call("acceptInvitation", studios::accept_invitation(&bo, body(json!({"code": code}))), membership).await?;
    let change = studios::change_role(&ada, "fern", &created.user_id, body(json!({"role": "developer"})));
    call("changeRole", change, |a| json!([a.email, a.role])).await?;
    call("removeMember", studios::remove_member(&ada, "fern", &created.user_id), nothing).await?;
    call("listAuditEntries", studios::list_audit_entries(&ada, "fern", None, Some(2)), |a| {
        [json!(a.more)].into_iter().chain(a.items.iter().map(|entry| json!(entry.action))).collect()
    })
    .await?;
    let link = call("createLinkCode", players::create_link_code(mira), |a| json!([a.code.len()])).await?;
    call("linkPlayer", players::link_player(&ada, body(json!({"code": link.code}))), |a| {
        json!([a.studio, a.game, a.environment])
    })
    .await?;
    call("listPlayers", players::list_players(&ada), |a| a.items.iter().map(|player| json!(player.game)).collect())
        .await?;
    call("exportAccount", accounts::export_account(&ada), |a| {
        let games = a.players.iter().map(|player| json!(player.game));
        let studios = a.memberships.iter().map(|studio| json!(studio.studio));
        [json!(a.account.email)].into_iter().chain(games).chain(studios).collect()
    })
    .await?;
    call("unlinkPlayer", players::unlink_player(&ada, player_id), nothing).await?;
    call("requestPasswordReset", accounts::request_password_reset(&nobody, address()), emailed).await?;
    let code = code_from_mail("bo@example.org", "Your code for a new password").await;
    let reset = accounts::reset_password(&nobody, body(json!({"code": code, "password": NEXT_PASSWORD})));
    call("resetPassword", reset, nothing).await?;
    let (bo, _) = sign_in("bo@example.org", NEXT_PASSWORD).await?;
    let passwords = body(json!({"current": NEXT_PASSWORD, "password": PASSWORD}));
    call("changePassword", accounts::change_password(&bo, passwords), nothing).await?;
    let (bo, _) = sign_in("bo@example.org", PASSWORD).await?;
    let next = body(json!({"email": "bob@example.org", "password": PASSWORD}));
    call("requestEmailChange", accounts::request_email_change(&bo, next), emailed).await?;
    let code = code_from_mail("bob@example.org", "Your code for a new address").await;
    call("confirmEmailChange", accounts::confirm_email_change(&bo, body(json!({"code": code}))), account).await?;
    call("signOutEverywhere", accounts::sign_out_everywhere(&bo), nothing).await?;
    let (bo, _) = sign_in("bob@example.org", PASSWORD).await?;
    call("deleteAccount", accounts::delete_account(&bo, body(json!({"password": PASSWORD}))), nothing).await?;
    call("signOut", accounts::sign_out(&ada), nothing).await?;
    refused("getAccount", accounts::get_account(&ada)).await?;
    Ok(())
}
