//! What a game decides about its traces: shown, changed, known on every instance, moved with its studio.

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

#[cairn_test]
async fn a_change_is_of_what_it_names_in_one_environment(cairn: &Cairn) {
    let (key, game) = (admin(cairn, WORLD).await, cairn.game_key(WORLD).await);
    let others = [admin(cairn, "moss/climb/dev").await, admin(cairn, "tern/climb/live").await];
    let before = shown(cairn, &key, SETTINGS).await;
    assert_eq!(
        (&before["game"], &before["environment"], &before["decks"]),
        (&json!("climb"), &json!("live"), &json!(8))
    );
    assert_eq!((before.get("axes"), &before["max_body_bytes"]), (None, &json!(1_048_576)));
    let kinds: Vec<&Value> = before["kinds"].as_array().unwrap().iter().map(|kind| &kind["kind"]).collect();
    assert_eq!(kinds, ["object", "message", "phantom", "bloodstain"]);

    // As Unity and Godot write it: nulls and empties for what is not meant, 3.0 for 3.
    let message = json!({"kind": "message", "deck_size": 20.0, "on_quota": "reject", "keep": null, "expires_s": 3600});
    let body = json!({"decks": 3.0, "axes": "y up", "units": "", "public_reads": true, "content_version_min": 7, "kinds": [message]});
    let (status, after) = change(cairn, &key, body.to_string()).await;
    assert_eq!(status, 200, "{after}");
    let mut expected = before.clone();
    for (name, value) in
        [("decks", json!(3)), ("axes", json!("y up")), ("public_reads", json!(true)), ("content_version_min", json!(7))]
    {
        expected[name] = value;
    }
    for (name, value) in [("deck_size", json!(20)), ("on_quota", json!("reject")), ("expires_s", json!(3600))] {
        expected["kinds"][1][name] = value;
    }
    assert_eq!(after, expected);
    assert_eq!(shown(cairn, &key, SETTINGS).await, expected);

    let seen = shown(cairn, &game, "/v1/game").await;
    assert_eq!((&seen["content_version_min"], &seen["max_body_bytes"]), (&json!(7), &json!(1_048_576)));
    assert_eq!(
        of_kind(&seen, "message"),
        &json!({
            "kind": "message", "enabled": true, "deck_size": 20, "quota_scope": 10, "quota_total": 100, "on_quota": "reject",
            "expires_s": 3600,
        })
    );
    assert_eq!(of_kind(&seen, "object")["expires_s"], 0);
    for other in &others {
        let mut same = shown(cairn, other, SETTINGS).await;
        same["environment"] = json!("live");
        assert_eq!(same, before);
    }
}

#[cairn_test]
async fn what_is_wrong_is_told_and_nothing_is_changed(cairn: &Cairn) {
    let key = admin(cairn, WORLD).await;
    let before = shown(cairn, &key, SETTINGS).await;
    let wrong = json!({
        "decks": 0, "max_frames": 1.5, "deks": 1, "game": "climb",
        "kinds": [{"kind": "phantom", "pool": 10_001}, {"kind": "ghost"}, 7],
    });
    let (status, problem) = change(cairn, &key, wrong.to_string()).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid")));
    let mut told: Vec<String> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["pointer"].as_str().unwrap(), fault["detail"].as_str().unwrap()))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "/decks is 0; 1 to 64",
            "/deks is not known here",
            "/game is not known here",
            "/kinds/0/pool is 10001; 1 to 10000",
            "/kinds/1/kind must be one of object, message, phantom, bloodstain",
            "/kinds/2 must be an object",
            "/max_frames is 1.5; an integer of 1 to 100000",
        ]
    );
    for (body, answer) in [("{", 400), ("[]", 422), ("\"decks\"", 422)] {
        assert_eq!(change(cairn, &key, body).await.0, answer, "{body}");
    }
    assert_eq!(shown(cairn, &key, SETTINGS).await, before);
}

#[cairn_test]
async fn concurrent_changes_lose_nothing(cairn: &Cairn) {
    let key = admin(cairn, WORLD).await;
    let bodies =
        [json!({"decks": 2}), json!({"refresh_s": 20}), json!({"hidden_at_reports": 5}), json!({"axes": "z up"})];
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
        json!({"axes": "z up", "kinds": [{"kind": "phantom", "expires_s": 0}]}),
    ] {
        assert_eq!(change(&cairn, &key, body.to_string()).await.0, 200);
    }
    let by = format!("key:{}: game:climb live: ", id_of(&key));
    assert_eq!(
        audit_entries(place).await,
        [format!("{by}decks 8 -> 5"), format!("{by}axes \"\" -> \"z up\"; phantom.expires_s 2592000 -> 0"),]
    );
    cairn.stop().await;
}

#[cairn_test]
async fn the_command_line_shows_and_sets_and_a_moved_studio_keeps_its_rules(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let key = admin(&server, WORLD).await;
    let run = |arguments: &[&str], input: &str| {
        let mut child = cairn(place, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = if output.status.success() { output.stdout } else { output.stderr };
        (output.status.success(), String::from_utf8(said).unwrap())
    };
    let of = |studio| ["game", "settings", "show", studio, "climb", "live"];
    let before: Value = serde_json::from_str(&run(&of("moss"), "").1).unwrap();
    assert_eq!((&before["decks"], before.get("game")), (&json!(8), None));
    let set = ["game", "settings", "set", "moss", "climb", "live"];
    let (done, after) = run(&set, r#"{"decks": 2, "kinds": [{"kind": "object", "quota_total": 7}]}"#);
    assert!(done, "{after}");
    assert_eq!(run(&of("moss"), "").1, after);
    eventually("the server knows", async || shown(&server, &key, SETTINGS).await["decks"] == 2).await;
    let (done, told) = run(&set, r#"{"decks": 99, "x": 1}"#);
    assert!(!done && told.contains("/decks is 99; 1 to 64; /x is not known here"), "{told}");
    // What is shown can be set, on another environment say.
    let (done, dev) = run(&["game", "settings", "set", "moss", "climb", "dev"], &after);
    assert!(done && dev == after, "{dev}");

    let file = place.folder.with_extension("ndjson");
    let file = file.to_str().unwrap();
    server.stop().await;
    assert!(run(&["studio", "export", "moss", file], "").0);
    assert!(run(&["studio", "delete", "moss", "--confirm", "moss"], "").0);
    assert_eq!(place.control_texts("SELECT rules FROM game_rules").await.len(), 0);
    let (done, told) = run(&["studio", "import", "fern", file], "");
    std::fs::remove_file(file).unwrap();
    assert!(done, "{told}");
    assert_eq!(run(&of("fern"), "").1, after);
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

#[cairn_test]
async fn a_scope_keeps_what_its_game_decides_and_never_more_than_the_server_lets_it(place: &Place) {
    let small = [("CAIRN_SCOPE_MESSAGES", "300"), ("CAIRN_SCOPE_PHANTOMS", "40")];
    let server = Cairn::start(place, &small).await;
    let (key, game) = (admin(&server, WORLD).await, server.game_key(WORLD).await);
    let before = shown(&server, &key, SETTINGS).await;
    let keeps = |shown: &Value| {
        ["object", "message", "phantom", "bloodstain"].map(|kind| of_kind(shown, kind)["keep"].as_u64().unwrap())
    };
    assert_eq!(keeps(&before), [100_000, 300, 40, 40]);
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

    // Left by seed clients and under /v1, through another instance where there can be one.
    let other = if place.database_url.is_some() { Some(Cairn::start(place, &small).await) } else { None };
    let writing = other.as_ref().unwrap_or(&server);
    let ann = GameClient::with(writing, &game).await;
    let message = |number: usize| json!({"kind": "message", "scope": "", "text": [format!("v1 {number}")]});
    let changed = json!({"kinds": [{"kind": "message", "keep": 20, "quota_scope": 1000, "quota_total": 1000}]});
    assert_eq!(change(&server, &key, changed.to_string()).await.0, 200);
    let since = Instant::now();
    while shown(writing, &key, SETTINGS).await["kinds"][1]["keep"] != 20 {
        assert!(since.elapsed() < Duration::from_secs(1), "the other instance does not know yet");
    }
    for number in 0..12 {
        writing.leave_with(&game, &samples::all_three("climber", &format!("seed {number}"))).await;
        // The open world has decided nothing.
        if number < 2 {
            writing.leave(&samples::all_three("climber", "open")).await;
        }
    }
    let results = ann.leave(Value::Array((0..25).map(message).collect())).await;
    assert!(results.iter().all(|result| result["status"] == 201));
    // The game's world is the first of its studio, which is the second.
    let of_kind = async |kind: i16| {
        place.numbers_on(2, &format!("SELECT id FROM trace WHERE world = 1 AND kind = {kind} ORDER BY id")).await
    };
    eventually("the oldest messages have gone", async || of_kind(2).await.len() == 20).await;
    let newest: Vec<i64> = results[5..].iter().map(|result| result["id"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(of_kind(2).await, newest);
    assert_eq!((of_kind(1).await.len(), of_kind(3).await.len()), (12, 12));
    let told = ann.get("/v1/changes?limit=1000").await;
    let trimmed = told["items"].as_array().unwrap().iter().filter(|item| item["reason"] == "trimmed").count();
    assert_eq!(trimmed, 17);

    // What is there already goes too when the game keeps fewer.
    let fewer = json!({"kinds": [{"kind": "message", "keep": 3}, {"kind": "object", "keep": 4}]});
    assert_eq!(change(&server, &key, fewer.to_string()).await.0, 200);
    eventually("the others have gone", async || of_kind(2).await == newest[17..] && of_kind(1).await.len() == 4).await;
    eventually("seed clients see it", async || {
        ann.get("/get-objects").await["messages"].as_array().unwrap().len() == 3
    })
    .await;
    assert_eq!(place.numbers("SELECT count(*) FROM trace WHERE kind = 2").await, [2]);
    if let Some(other) = other {
        other.stop().await;
    }
    server.stop().await;

    // A server that lets scopes keep fewer than a game has decided.
    let smaller = Cairn::start(place, &[("CAIRN_SCOPE_OBJECTS", "200")]).await;
    let dev = admin(&smaller, "moss/climb/dev").await;
    assert_eq!(keeps(&shown(&smaller, &dev, SETTINGS).await), [200, 100_000, 1_000, 1_000]);
    assert_eq!(keeps(&shown(&smaller, &key, SETTINGS).await), [4, 3, 40, 40]);
    smaller.stop().await;
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
    let acts = async || server.figure(&metrics, "cairn_write_batch_jobs_sum").await;
    let before = acts().await;
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
    // What was left, twice; five times 200 and 5 that went, then 5. Had the first trimming gone on until it found nothing, that
    // would have been before the second began.
    eventually("all acts are counted", async || acts().await >= before + 9).await;
    // Each ten seconds one act looks for traces whose time is over.
    let looks = began.elapsed().as_secs() / 10;
    let acts = acts().await - before;
    assert!(acts <= 9 + looks, "{acts} acts, of which {looks} may have looked for what is over");
    server.stop().await;
}
