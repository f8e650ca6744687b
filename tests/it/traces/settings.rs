//! The settings of a game: shown, changed, known on every instance, moved with its studio.

use std::{
    io::Write,
    process::Stdio,
    time::{Duration, Instant},
};

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place, eventually,
    game_client::GameClient,
    keys::{admin, id_of},
    process::cairn,
    proxy::Proxy,
    samples,
};

const WORLD: &str = "moss/climb/live";

const SETTINGS: &str = "/v1/games/climb/settings";

async fn shown(cairn: &Cairn, key: &str, path: &str) -> Value {
    let answer = cairn.get_with(key, path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

async fn change(cairn: &Cairn, key: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = cairn.http.patch(format!("{}{SETTINGS}", cairn.base)).header("X-API-Key", key).body(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The rules of one kind.
fn of_kind<'a>(shown: &'a Value, kind: &str) -> &'a Value {
    shown["kinds"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()
}

async fn audit_entries(place: &Place) -> Vec<String> {
    place
        .control_texts(
            "SELECT actor || ': ' || object || ': ' || detail FROM audit WHERE action = 'rules.changed' ORDER BY id",
        )
        .await
}

/// A change of some settings, as Unity and Godot write it: nulls and empties for what is not meant, 3.0 for 3.
fn some_settings() -> String {
    let message = json!({"kind": "message", "deck_size": 20.0, "on_quota": "reject", "keep": null, "expires_s": 3600});
    json!({"decks": 3.0, "axes": "y_up_left", "units": "", "refresh_s": 0, "public_reads": true, "content_version_min": 7, "kinds": [message]})
        .to_string()
}

#[cairn_test]
async fn a_new_game_has_the_default_settings(cairn: &Cairn) {
    let before = shown(cairn, &admin(cairn, WORLD).await, SETTINGS).await;
    assert_eq!(
        (&before["game"], &before["environment"], &before["decks"]),
        (&json!("climb"), &json!("live"), &json!(8))
    );
    assert_eq!((before.get("axes"), &before["max_body_bytes"]), (None, &json!(1_048_576)));
    let kinds: Vec<&Value> = before["kinds"].as_array().unwrap().iter().map(|kind| &kind["kind"]).collect();
    assert_eq!(kinds, ["object", "message", "phantom", "bloodstain"]);
}

#[cairn_test]
async fn a_change_sets_only_the_settings_that_it_names(cairn: &Cairn) {
    let key = admin(cairn, WORLD).await;
    let mut expected = shown(cairn, &key, SETTINGS).await;
    let (status, after) = change(cairn, &key, some_settings()).await;
    assert_eq!(status, 200, "{after}");
    for (name, value) in [
        ("decks", json!(3)),
        ("axes", json!("y_up_left")),
        ("public_reads", json!(true)),
        ("content_version_min", json!(7)),
    ] {
        expected[name] = value;
    }
    for (name, value) in [("deck_size", json!(20)), ("on_quota", json!("reject")), ("expires_s", json!(3600))] {
        expected["kinds"][1][name] = value;
    }
    assert_eq!(after, expected, "the answer to the change");
    assert_eq!(shown(cairn, &key, SETTINGS).await, expected, "read again");
}

#[cairn_test]
async fn a_change_does_not_affect_other_environments_and_games(cairn: &Cairn) {
    let key = admin(cairn, WORLD).await;
    let others = [admin(cairn, "moss/climb/dev").await, admin(cairn, "tern/climb/live").await];
    let before = shown(cairn, &key, SETTINGS).await;
    assert_eq!(change(cairn, &key, some_settings()).await.0, 200);
    for other in &others {
        let mut same = shown(cairn, other, SETTINGS).await;
        same["environment"] = json!("live");
        assert_eq!(same, before);
    }
}

#[cairn_test]
async fn a_game_client_sees_the_settings_that_it_needs(cairn: &Cairn) {
    let (key, game) = (admin(cairn, WORLD).await, cairn.game_key(WORLD).await);
    assert_eq!(change(cairn, &key, some_settings()).await.0, 200);
    let seen = shown(cairn, &game, "/v1/game").await;
    assert_eq!((&seen["content_version_min"], &seen["max_body_bytes"]), (&json!(7), &json!(1_048_576)));
    assert_eq!((&seen["axes"], seen.get("units"), &seen["refresh_s"]), (&json!("y_up_left"), None, &json!(10)));
    assert_eq!((&seen["max_wait_s"], &seen["max_batch"]), (&json!(60), &json!(32)));
    let recording = json!({"max_frames": 12_000, "max_bytes": 262_144, "max_duration_ms": 86_400_000});
    assert_eq!(seen["recording"], recording);
    assert_eq!(seen["scopes"], json!(["read", "write"]));
    let named = cairn.http.get(format!("{}/v1/game?game=moss/climb", cairn.base));
    let mut named_world = Value::Null;
    eventually("the game can be read by its name", async || {
        named_world = named.again().send().await.unwrap().json().await.unwrap();
        named_world["game"] == "climb"
    })
    .await;
    assert_eq!((named_world.get("scopes"), named_world.get("key")), (None, None), "without a key");
    assert_eq!(
        of_kind(&seen, "message"),
        &json!({
            "kind": "message", "enabled": true, "deck_size": 20, "quota_scope": 10, "quota_total": 100, "on_quota": "reject",
            "expires_s": 3600,
        })
    );
    assert_eq!(of_kind(&seen, "object")["expires_s"], 0, "objects never expire");
}

#[cairn_test]
async fn each_fault_of_a_change_is_named_and_nothing_is_changed(cairn: &Cairn) {
    let key = admin(cairn, WORLD).await;
    let before = shown(cairn, &key, SETTINGS).await;
    let wrong = json!({
        "decks": 65, "max_frames": 1.5, "deks": 1, "game": "climb",
        "kinds": [{"kind": "phantom", "pool": 10_001}, {"kind": "ghost"}, 7],
    });
    let (status, problem) = change(cairn, &key, wrong.to_string()).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid")));
    let mut errors: Vec<String> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["pointer"].as_str().unwrap(), fault["detail"].as_str().unwrap()))
        .collect();
    errors.sort();
    assert_eq!(
        errors,
        [
            "/decks is 65; 0 to 64",
            "/deks is not known here; did you mean decks?",
            "/game is not known here",
            "/kinds/0/pool is 10001; 0 to 10000",
            "/kinds/1/kind must be one of object, message, phantom, bloodstain",
            "/kinds/2 must be an object",
            "/max_frames is 1.5; an integer of 0 to 100000",
        ]
    );
    assert_eq!(shown(cairn, &key, SETTINGS).await, before);
}

#[cairn_test]
async fn a_change_that_is_not_an_object_is_refused_and_nothing_is_changed(cairn: &Cairn) {
    let key = admin(cairn, WORLD).await;
    let before = shown(cairn, &key, SETTINGS).await;
    for (body, answer) in [("{", 400), ("[]", 422), ("\"decks\"", 422)] {
        assert_eq!(change(cairn, &key, body).await.0, answer, "{body}");
    }
    assert_eq!(shown(cairn, &key, SETTINGS).await, before);
}

#[cairn_test]
async fn concurrent_changes_lose_nothing(cairn: &Cairn) {
    let key = admin(cairn, WORLD).await;
    let bodies =
        [json!({"decks": 2}), json!({"refresh_s": 20}), json!({"hidden_at_reports": 5}), json!({"axes": "z_up_right"})];
    let kinds =
        ["object", "message", "phantom", "bloodstain"].map(|kind| json!({"kinds": [{"kind": kind, "keep": 500}]}));
    let all = bodies.iter().chain(&kinds).map(|body| change(cairn, &key, body.to_string()));
    assert!(futures_util::future::join_all(all).await.iter().all(|(status, _)| *status == 200));
    let after = shown(cairn, &key, SETTINGS).await;
    assert_eq!([&after["decks"], &after["refresh_s"], &after["hidden_at_reports"]], [&json!(2), &json!(20), &json!(5)]);
    assert!(after["kinds"].as_array().unwrap().iter().all(|kind| kind["keep"] == 500), "{after}");
}

#[cairn_test]
async fn each_change_is_audited_with_its_actor(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = admin(&cairn, WORLD).await;
    for body in [
        json!({"decks": 5}),
        json!({"decks": 5}),
        json!({}),
        json!({"axes": "z_up_right", "kinds": [{"kind": "phantom", "expires_s": 0}]}),
    ] {
        assert_eq!(change(&cairn, &key, body.to_string()).await.0, 200);
    }
    let by = format!("key:{}: game:climb live: ", id_of(&key));
    assert_eq!(
        audit_entries(place).await,
        [format!("{by}decks 8 -> 5"), format!("{by}axes null -> \"z_up_right\"; phantom.expires_s 2592000 -> 0"),]
    );
    cairn.stop().await;
}

/// Runs a command with that input; whether it succeeded, and its output or its errors.
fn run(place: &Place, arguments: &[&str], input: &str) -> (bool, String) {
    let mut child =
        cairn(place, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(printed).unwrap())
}

const SHOW: [&str; 6] = ["game", "settings", "show", "moss", "climb", "live"];
const SET: [&str; 6] = ["game", "settings", "set", "moss", "climb", "live"];

#[cairn_test]
async fn the_command_line_shows_and_changes_settings(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let key = admin(&server, WORLD).await;
    let before: Value = serde_json::from_str(&run(place, &SHOW, "").1).unwrap();
    assert_eq!((&before["decks"], before.get("game")), (&json!(8), None));
    let (done, after) = run(place, &SET, r#"{"decks": 2, "kinds": [{"kind": "object", "quota_total": 7}]}"#);
    assert!(done, "{after}");
    assert_eq!(run(place, &SHOW, "").1, after);
    eventually("the server knows", async || shown(&server, &key, SETTINGS).await["decks"] == 2).await;
    server.stop().await;
}

#[cairn_test]
async fn the_command_line_names_each_fault_of_a_change(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    admin(&server, WORLD).await;
    let (done, errors) = run(place, &SET, r#"{"decks": 99, "x": 1}"#);
    assert!(!done && errors.contains("/decks is 99; 0 to 64; /x is not known here"), "{errors}");
    server.stop().await;
}

#[cairn_test]
async fn settings_shown_by_the_command_line_can_be_set_in_another_environment(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    admin(&server, WORLD).await;
    let (done, after) = run(place, &SET, r#"{"decks": 2, "kinds": [{"kind": "object", "quota_total": 7}]}"#);
    assert!(done, "{after}");
    let (done, dev) = run(place, &["game", "settings", "set", "moss", "climb", "dev"], &after);
    assert!(done && dev == after, "{dev}");
    server.stop().await;
}

#[cairn_test]
async fn a_moved_studio_keeps_its_settings(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let key = admin(&server, WORLD).await;
    let (done, after) = run(place, &SET, r#"{"decks": 2, "kinds": [{"kind": "object", "quota_total": 7}]}"#);
    assert!(done, "{after}");
    server.stop().await;
    let file = place.folder.with_extension("ndjson");
    let file = file.to_str().unwrap();
    assert!(run(place, &["studio", "export", "moss", file], "").0);
    assert!(run(place, &["studio", "delete", "moss", "--confirm", "moss"], "").0);
    assert_eq!(place.control_texts("SELECT rules FROM game_rules").await.len(), 0, "deleted with the studio");
    let (done, printed) = run(place, &["studio", "import", "fern", file], "");
    std::fs::remove_file(file).unwrap();
    assert!(done, "{printed}");
    assert_eq!(run(place, &["game", "settings", "show", "fern", "climb", "live"], "").1, after);
    let server = Cairn::start(place, &[]).await;
    assert_eq!(shown(&server, &key, SETTINGS).await["decks"], 2);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_instance_knows_within_a_second() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let one = Cairn::start(&place, &[]).await;
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let other = Cairn::start(&place, &[]).await;
    let key = admin(&one, WORLD).await;
    shown(&other, &key, SETTINGS).await;
    let known_after = async |decks: u8| {
        assert_eq!(change(&one, &key, json!({"decks": decks}).to_string()).await.0, 200);
        let changed = Instant::now();
        eventually("the other knows", async || shown(&other, &key, SETTINGS).await["decks"] == decks).await;
        changed.elapsed()
    };
    let mut worst = [Duration::ZERO; 2];
    for decks in 1..=10 {
        worst[0] = worst[0].max(known_after(decks).await);
    }
    proxy.cut();
    for decks in 11..=14 {
        worst[1] = worst[1].max(known_after(decks).await);
    }
    println!("known elsewhere after at most {:?}; with Redis away {:?}", worst[0], worst[1]);
    assert!(worst.iter().all(|took| *took < Duration::from_secs(1)), "{worst:?}");
    one.stop().await;
    other.stop().await;
    place.clear().await;
}

const SMALL: [(&str, &str); 2] = [("CAIRN_SCOPE_MESSAGES", "300"), ("CAIRN_SCOPE_PHANTOMS", "40")];

/// The `keep` of each kind.
fn keeps(shown: &Value) -> [u64; 4] {
    ["object", "message", "phantom", "bloodstain"].map(|kind| of_kind(shown, kind)["keep"].as_u64().unwrap())
}

#[cairn_test]
async fn a_scope_never_keeps_more_than_the_server_allows(place: &Place) {
    let server = Cairn::start(place, &SMALL).await;
    let key = admin(&server, WORLD).await;
    assert_eq!(keeps(&shown(&server, &key, SETTINGS).await), [100_000, 300, 40, 40]);
    let (status, problem) = change(
        &server,
        &key,
        json!({"kinds": [{"kind": "object", "keep": 500}, {"kind": "message", "keep": 301}]}).to_string(),
    )
    .await;
    assert_eq!(
        (status, &problem["errors"]),
        (
            422,
            &json!([{"pointer": "/kinds/1/keep", "detail": "is 301; 1 to 300, as many as this server lets a scope keep"}])
        )
    );
    server.stop().await;
}

#[cairn_test]
async fn the_limits_of_a_server_apply_to_games_without_settings_of_their_own(place: &Place) {
    let server = Cairn::start(place, &SMALL).await;
    let key = admin(&server, WORLD).await;
    let fewer = json!({"kinds": [{"kind": "message", "keep": 3}, {"kind": "object", "keep": 4}]});
    assert_eq!(change(&server, &key, fewer.to_string()).await.0, 200);
    server.stop().await;
    let smaller = Cairn::start(place, &[("CAIRN_SCOPE_OBJECTS", "200")]).await;
    let dev = admin(&smaller, "moss/climb/dev").await;
    assert_eq!(keeps(&shown(&smaller, &dev, SETTINGS).await), [200, 100_000, 1_000, 1_000]);
    assert_eq!(keeps(&shown(&smaller, &key, SETTINGS).await), [4, 3, 40, 40]);
    smaller.stop().await;
}

/// The ids of the game's traces of one kind. The game's world is the first of its studio, which is the second.
async fn stored(place: &Place, kind: i16) -> Vec<i64> {
    place.numbers_on(2, &format!("SELECT id FROM trace WHERE world = 1 AND kind = {kind} ORDER BY id")).await
}

/// Has a game keep 20 messages, and leaves 12 traces of each kind as a v0 client and 25 messages under `/v1` through
/// `writing`, another instance perhaps, and 2 messages in the open world. Returns the ids of the newest 20 messages.
async fn leave_more_than_is_kept(server: &Cairn, writing: &Cairn, ann: &GameClient<'_>) -> Vec<i64> {
    let key = admin(server, WORLD).await;
    let message = |number: usize| json!({"kind": "message", "scope": "", "text": [format!("v1 {number}")]});
    let changed = json!({"kinds": [{"kind": "message", "keep": 20, "quota_scope": 1000, "quota_total": 1000}]});
    assert_eq!(change(server, &key, changed.to_string()).await.0, 200);
    let since = Instant::now();
    while shown(writing, &key, SETTINGS).await["kinds"][1]["keep"] != 20 {
        assert!(since.elapsed() < Duration::from_secs(1), "the other instance does not know yet");
    }
    for number in 0..12 {
        writing.leave_with(&ann.key, &samples::all_three("climber", &format!("seed {number}"))).await;
        // The open world has no settings of its own.
        if number < 2 {
            writing.leave(&samples::all_three("climber", "open")).await;
        }
    }
    let results = ann.leave(Value::Array((0..25).map(message).collect())).await;
    assert!(results.iter().all(|result| result["status"] == 201));
    results[5..].iter().map(|result| result["id"].as_str().unwrap().parse().unwrap()).collect()
}

#[cairn_test]
async fn a_scope_keeps_the_newest_traces_that_its_game_decides(place: &Place) {
    let server = Cairn::start(place, &SMALL).await;
    let other = if place.database_url.is_some() { Some(Cairn::start(place, &SMALL).await) } else { None };
    let writing = other.as_ref().unwrap_or(&server);
    let ann = GameClient::with(writing, &server.game_key(WORLD).await).await;
    let newest = leave_more_than_is_kept(&server, writing, &ann).await;
    eventually("the oldest messages have gone", async || stored(place, 2).await.len() == 20).await;
    assert_eq!(stored(place, 2).await, newest);
    assert_eq!((stored(place, 1).await.len(), stored(place, 3).await.len()), (12, 12), "other kinds are kept");
    let changes = ann.get("/v1/changes?limit=1000").await;
    let trimmed = changes["items"].as_array().unwrap().iter().filter(|item| item["reason"] == "trimmed").count();
    assert_eq!(trimmed, 17);
    if let Some(other) = other {
        other.stop().await;
    }
    server.stop().await;
}

#[cairn_test]
async fn a_scope_is_trimmed_when_its_game_keeps_fewer(place: &Place) {
    let server = Cairn::start(place, &SMALL).await;
    let other = if place.database_url.is_some() { Some(Cairn::start(place, &SMALL).await) } else { None };
    let writing = other.as_ref().unwrap_or(&server);
    let ann = GameClient::with(writing, &server.game_key(WORLD).await).await;
    let newest = leave_more_than_is_kept(&server, writing, &ann).await;
    eventually("the oldest messages have gone", async || stored(place, 2).await.len() == 20).await;
    let fewer = json!({"kinds": [{"kind": "message", "keep": 3}, {"kind": "object", "keep": 4}]});
    assert_eq!(change(&server, &admin(&server, WORLD).await, fewer.to_string()).await.0, 200);
    eventually("the others have gone", async || {
        stored(place, 2).await == newest[17..] && stored(place, 1).await.len() == 4
    })
    .await;
    eventually("v0 clients see it", async || ann.get("/get-objects").await["messages"].as_array().unwrap().len() == 3)
        .await;
    assert_eq!(place.numbers("SELECT count(*) FROM trace WHERE kind = 2").await, [2], "the open world is not trimmed");
    if let Some(other) = other {
        other.stop().await;
    }
    server.stop().await;
}

#[cairn_test]
async fn trimming_ends_with_the_command_that_removes_few(place: &Place) {
    let metrics = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let began = Instant::now();
    let server = Cairn::start(place, &[("CAIRN_METRICS_LISTEN", &metrics), ("CAIRN_SCOPE_MESSAGES", "200")]).await;
    let ann = GameClient::with(&server, &server.game_key(WORLD).await).await;
    let world = server.world_key(WORLD).await.world();
    place.execute_on(2, &format!(
            "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 1200) \
             INSERT INTO trace (world, id, kind, scope, author, body, created_at_ms, minted, score, hidden, content_version) \
             SELECT {world}, id, 2, '', 'a', '{{}}', 1, TRUE, 0, FALSE, 0 FROM n"
        )).await;
    place.execute_on(2, &format!("UPDATE world SET seq = 1200 WHERE id = {world}")).await;
    let commands = async || server.figure(&metrics, "cairn_write_batch_jobs_sum").await;
    let before = commands().await;
    for _ in 0..2 {
        let five = ann.leave(Value::Array(vec![json!({"kind": "message", "text": ["x"]}); 5])).await;
        let last: i64 = five[4]["id"].as_str().unwrap().parse().unwrap();
        let there = format!("SELECT id FROM trace WHERE world = {world} AND kind = 2 ORDER BY id");
        eventually("the oldest have gone", async || {
            let there = place.numbers_on(2, &there).await;
            there.len() == 200 && there.last() == Some(&last)
        })
        .await;
    }
    // Two commands leave traces, six trim the first time (five of 200, one of 5), and one the second time. Had the first
    // trimming continued until nothing was left to trim, that would have happened before the second began.
    eventually("all commands are counted", async || commands().await >= before + 9).await;
    // Each ten seconds one command looks for expired traces.
    let expiries = began.elapsed().as_secs() / 10;
    let counted = commands().await - before;
    assert!(counted <= 9 + expiries, "{counted} commands, of which {expiries} may have looked for expired traces");
    server.stop().await;
}
