//! Import and export of whole worlds over HTTP, with the fields that only `/v1` has.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use cairn::{
    identity::access::{KeyKind, Permission},
    platform::codec::deflate::{Compressor, Content, Member},
};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::{Backend, Cairn, Place, each, eventually, game_client::GameClient, process::cairn, samples};

const WORLD: &str = "moss/climb/live";

const LINES: &str = "application/x-ndjson";

fn said(place: &Place, arguments: &[&str]) -> String {
    let output = cairn(place, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn gzip(raw: &[u8]) -> Vec<u8> {
    let mut member = Member::with_capacity(0);
    member.segment(&Compressor::default().segment(raw.to_vec().into(), Content::Text));
    member.finish().0.to_vec()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A run that turns, stops to do something, and jumps.
fn run() -> Value {
    let frames = 0..60;
    let t_ms: Vec<i32> = frames.clone().map(|frame| frame * 33).collect();
    let pos: Vec<f64> =
        frames.clone().flat_map(|frame| [f64::from(frame) / 7.0, 0.1, if frame > 30 { 500.3 } else { 0.0 }]).collect();
    let turned = |frame: i32| {
        let angle = f64::from(frame) / 9.0;
        [0.0, angle.sin(), 0.0, angle.cos()]
    };
    let rot: Vec<f64> = frames.clone().flat_map(turned).collect();
    let state: Vec<i32> = frames.map(|frame| frame / 20).collect();
    json!({"t_ms": t_ms, "pos": pos, "rot": rot, "state": state, "event_ms": [40, 41], "event_code": [7, 8], "event_arg": [-1, 0], "complete": true, "look": "red", "content_version": 2})
}

async fn export(cairn: &Cairn, key: &str) -> String {
    let answer = cairn.get_with(key, "/v1/traces/export").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, LINES));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.text().await.unwrap()
}

async fn import(cairn: &Cairn, key: &str, coding: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = cairn.http.post(format!("{}/v1/traces/import", cairn.base)).header("X-API-Key", key);
    let request = request.header("Content-Type", LINES).header("Content-Encoding", coding).body(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Without what is another in each world.
fn shown(mut trace: Value) -> Value {
    for name in ["id", "recording_id"] {
        trace.as_object_mut().unwrap().remove(name);
    }
    trace
}

/// A world with each kind of trace in the scope `Ash Lake`, one of them hidden, and three traces of a v0 client.
struct FullWorld<'a> {
    ann: GameClient<'a>,
    bob: GameClient<'a>,
    admin: String,
}

impl<'a> FullWorld<'a> {
    async fn new(server: &'a Cairn) -> Self {
        let (ann, bob) = GameClient::two(server).await;
        let left = ann.leave(json!([
                {"kind": "message", "scope": "Ash Lake", "pos": [1.5, 2, -3], "rot": [0, 0.6, 0, 0.8], "text": ["é\"", "b"], "data": "{\"a\": 1}"},
                {"kind": "message", "scope": "Ash Lake", "template": 3, "word": 7, "conjunction": 1, "template2": 2, "word2": 9, "gesture": 4, "content_version": 5, "group": "the four of us"},
                {"kind": "object", "scope": "Ash Lake", "pos": [1, 2, 3], "type": "torch", "expires_in_s": 100_000},
                {"kind": "object", "scope": "Ash Lake", "pos": [1, 2, 3], "type": "17"},
                {"kind": "bloodstain", "scope": "Ash Lake", "pos": [0, 0, 0], "recording": run()},
                {"kind": "bloodstain", "scope": "Ash Lake", "pos": [0, 0, 0]},
                {"kind": "phantom", "scope": "Ash Lake", "rank_value": 9.25, "recording": run()},
                {"kind": "message", "scope": "Ash Lake", "text": ["rude"]},
            ])).await;
        assert!(left.iter().all(|one| one["status"] == 201), "{left:?}");
        server.leave_with(&ann.key, &samples::all_three("climber", "1,2,3")).await;
        let admin = server.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
        let hide = json!({"action": "hide", "trace_ids": [left[7]["id"]], "reason": "rude"}).to_string();
        let request = server.http.post(format!("{}/v1/moderation/actions", server.base)).header("X-API-Key", &admin);
        assert_eq!(request.header("Content-Type", "application/json").body(hide).send().await.unwrap().status(), 200);
        Self { ann, bob, admin }
    }
}

/// Imports an export into a new store on each backend.
async fn in_other_stores(place: &Place, export: &str, check: impl AsyncFn(&Cairn)) {
    fs::create_dir_all(&place.folder).unwrap();
    let file = place.folder.join("out.ndjson").to_str().unwrap().to_owned();
    fs::write(&file, export).unwrap();
    for backend in [Backend::Embedded, Backend::Server] {
        let Some(other) = Place::make(backend).await else { continue };
        let second = Cairn::start(&other, &[]).await;
        second.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
        let printed = said(&other, &["import", &file, "--world", WORLD]);
        assert!(printed.starts_with("11 new, 0 already present, 0 rejected"), "{printed}");
        check(&second).await;
        second.stop().await;
        other.clear().await;
    }
}

const ASH_LAKE: &str = "/v1/deck?scope=Ash+Lake&deck=0";

#[cairn_test]
async fn an_export_over_http_is_that_of_the_command_line(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let world = FullWorld::new(&server).await;
    assert_eq!(export(&server, &world.admin).await, said(place, &["export", "--world", WORLD]));
    server.stop().await;
}

#[cairn_test]
async fn an_export_holds_the_fields_that_only_v1_has(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let FullWorld { ann, admin, .. } = FullWorld::new(&server).await;
    let lines = lines(&export(&server, &admin).await);
    assert_eq!(lines.len(), 11);
    assert_eq!((&lines[0]["author"], &lines[0]["minted"], lines[0].get("body")), (&json!(ann.id), &json!(true), None));
    assert_eq!((&lines[1]["group_key"].as_str().unwrap().len(), &lines[1]["gesture"]), (&64, &json!(4)));
    assert_eq!(
        (&lines[7]["hidden"], lines[0].get("hidden"), &lines[6]["rank_value"]),
        (&json!(true), None, &json!(9.25))
    );
    assert!(lines[8].get("minted").is_none() && lines[8]["body"].is_object(), "of a v0 client");
    server.stop().await;
}

#[cairn_test]
async fn an_imported_world_exports_the_same_lines_and_is_imported_once(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let world = FullWorld::new(&server).await;
    let out = export(&server, &world.admin).await;
    in_other_stores(place, &out, async |second| {
        let admin = second.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
        assert_eq!(export(second, &admin).await, out);
        let (status, again) = import(second, &admin, "identity", out.clone()).await;
        assert_eq!(
            (status, again),
            (200, json!({"imported": 0, "there_already": 11, "rejected_count": 0, "rejected": []}))
        );
    })
    .await;
    server.stop().await;
}

#[cairn_test]
async fn an_imported_world_has_the_same_decks(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let FullWorld { bob, admin, .. } = FullWorld::new(&server).await;
    let decks = async |player: &GameClient<'_>| {
        let deck = player.get(ASH_LAKE).await;
        let traces = deck["traces"].as_array().unwrap().iter().cloned();
        traces.map(|trace| shown(trace).to_string()).collect::<BTreeSet<_>>()
    };
    in_other_stores(place, &export(&server, &admin).await, async |second| {
        let cleo = GameClient::with(second, &second.game_key(WORLD).await).await;
        assert_eq!(decks(&cleo).await, decks(&bob).await);
    })
    .await;
    server.stop().await;
}

#[cairn_test]
async fn an_imported_world_has_the_same_recordings(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let FullWorld { bob, admin, .. } = FullWorld::new(&server).await;
    let recording = async |player: &GameClient<'_>| {
        let deck = player.get(ASH_LAKE).await;
        let phantom = deck["traces"].as_array().unwrap().iter().find(|one| one["kind"] == "phantom").unwrap();
        player.get(&format!("/v1/recordings/{}", phantom["recording_id"].as_str().unwrap())).await
    };
    let original = recording(&bob).await;
    in_other_stores(place, &export(&server, &admin).await, async |second| {
        let cleo = GameClient::with(second, &second.game_key(WORLD).await).await;
        let same = recording(&cleo).await;
        assert_eq!((&original, &original["teleports"], &original["look"]), (&same, &json!([31]), &json!("red")));
        let v0 = cleo.get("/get-objects?scope=Ash+Lake").await;
        assert_eq!(v0["phantoms"][0]["data"].as_array().unwrap().len(), 60, "for v0 clients");
    })
    .await;
    server.stop().await;
}

#[cairn_test]
async fn an_exported_line_holds_all_fields_of_a_trace(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&server).await;
    let admin = server.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let sentence = json!({"template": 3, "word": 7, "conjunction": 1, "template2": 2, "word2": 9, "gesture": 4});
    let mut message = json!({"kind": "message", "scope": "Ash Lake", "pos": [1.5, 2.0, -3.0], "rot": [0.0, 0.6, 0.0, 0.8], "text": ["a"], "data": "{}", "content_version": 5, "expires_in_s": 100_000});
    message.as_object_mut().unwrap().extend(sentence.as_object().unwrap().clone());
    ann.leave_one(message.clone()).await;
    let (sent, line) = (message.as_object_mut().unwrap(), lines(&export(&server, &admin).await).remove(0));
    sent.remove("expires_in_s");
    for (name, value) in sent {
        assert_eq!(&line[name.as_str()], value, "{name}");
    }
    let at = |name: &str| cairn::platform::clock::parse(line[name].as_str().unwrap()).unwrap();
    assert_eq!(at("expires_at") - at("created_at"), 100_000_000, "100,000 seconds");
    server.stop().await;
}

#[cairn_test]
async fn a_finished_import_leaves_no_progress_behind(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&server).await;
    let admin = server.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    ann.leave_one(json!({"kind": "message", "scope": "Ash Lake", "text": ["a"]})).await;
    let line = lines(&export(&server, &admin).await).remove(0);
    assert_eq!(import(&server, &admin, "identity", line.to_string()).await.0, 200);
    assert_eq!(place.numbers_on(2, "SELECT count(*) FROM import").await, [0]);
    server.stop().await;
}

#[cairn_test]
async fn ghosts_from_elsewhere_come_in_columns(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let admin = server.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let reader = GameClient::with(&server, &server.game_key(WORLD).await).await;
    let line = json!({"kind": "phantom", "scope": "hill", "author": "kart", "rank_value": 61.5, "recording": {"columns": run()}, "source_id": "stk-1"});
    let own = json!({"kind": "message", "scope": "hill", "author": "npc", "text": ["Look left"], "group": "guild"});
    let (status, taken) = import(&server, &admin, "identity", format!("{line}\n{own}")).await;
    assert_eq!((status, &taken["imported"]), (200, &json!(2)));
    let deck = reader.get("/v1/deck?scope=hill&deck=0").await;
    assert_eq!(
        (deck["traces"].as_array().unwrap().len(), &deck["traces"][0]["rank_value"], &deck["traces"][0]["duration_ms"]),
        (1, &json!(61.5), &json!(1947))
    );
    assert_eq!(reader.get("/v1/deck?scope=hill&deck=0&group=guild").await["traces"][0]["text"], json!(["Look left"]));
    let one = reader.get(&format!("/v1/recordings/{}", deck["traces"][0]["recording_id"].as_str().unwrap())).await;
    assert_eq!((&one["event_code"], &one["complete"]), (&json!([7, 8]), &json!(true)));
    server.stop().await;
}

/// Some megabytes of lines, more than any other body may have: 5,995 messages, an empty line, and four bad lines.
fn many_lines() -> String {
    let message = |number: usize| {
        json!({"kind": "message", "scope": "hill", "author": "a", "pos": [number, 0, 0], "body": {"part1": number.to_string(), "part2": "0", "part3": "x".repeat(600)}}).to_string()
    };
    let mut many: Vec<String> = (0..6_000).map(message).collect();
    many[1] = r#"{"kind":"message","author":"a","body":{"part1":"x"},"pos":[1,2,3]}"#.to_owned();
    many[2] = String::new();
    many[3] = "no json".to_owned();
    many[4] = format!(r#"{{"kind":"message","author":"{}"}}"#, "x".repeat(9 * 1024 * 1024));
    many[5] = r#"{"kind":"message","author":"a","pos":[1,2,2e7],"body":{}}"#.to_owned();
    many.join("\n")
}

#[cairn_test]
async fn an_import_of_some_megabytes_names_each_bad_line(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let body = many_lines();
    let wrong = |line: u64, pointer: Option<&str>, detail: &str| {
        let mut fault = BTreeMap::from([("line", json!(line)), ("detail", json!(detail))]);
        fault.extend(pointer.map(|pointer| ("pointer", json!(pointer))));
        json!(fault)
    };
    for (body, coding) in [(body.clone().into_bytes(), "identity"), (gzip(body.as_bytes()), "gzip")] {
        let (status, taken) = import(cairn, &admin, coding, body).await;
        assert_eq!((status, &taken["imported"], &taken["rejected_count"]), (200, &json!(5_995), &json!(4)), "{taken}");
        let rejected = taken["rejected"].as_array().unwrap();
        assert_eq!(
            (&rejected[0]["line"], &rejected[0]["pointer"], &rejected[1]["line"]),
            (&json!(2), &json!("/body"), &json!(4)),
            "{coding}"
        );
        assert_eq!(rejected[2], wrong(5, None, "is longer than 8388608 bytes"), "{coding}");
        assert_eq!(rejected[3], wrong(6, Some("/pos/2"), "is beyond ±1e7"), "{coding}");
    }
    assert_eq!(export(cairn, &admin).await.lines().count(), 2 * 5_995, "without source ids lines are imported twice");
    let reader = cairn.game_key(WORLD).await;
    eventually("players see it", async || {
        let answer = cairn.get_with(&reader, "/get-objects?scope=hill").send().await.unwrap();
        each(&answer.json().await.unwrap(), "messages", "part1").first() == Some(&&json!("5999"))
    })
    .await;
}

#[cairn_test]
async fn an_import_names_a_hundred_bad_lines_at_most_and_counts_all(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let (status, taken) = import(cairn, &admin, "identity", "no json\n".repeat(150)).await;
    assert_eq!(
        (status, &taken["rejected_count"], taken["rejected"].as_array().unwrap().len()),
        (200, &json!(150), 100)
    );
}

#[cairn_test]
async fn an_empty_import_imports_nothing(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let (status, taken) = import(cairn, &admin, "identity", "").await;
    assert_eq!((status, &taken["imported"]), (200, &json!(0)));
}

#[cairn_test]
async fn an_import_that_cannot_be_decompressed_is_refused(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let (status, problem) = import(cairn, &admin, "gzip", "no gzip").await;
    assert_eq!((status, &problem["code"]), (400, &json!("malformed")), "{problem}");
    let (status, problem) = import(cairn, &admin, "br", "x").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (415, &json!("Content-Encoding")));
}

/// Messages with source ids, a line each.
fn numbered(numbers: std::ops::Range<usize>) -> String {
    let line = |number: usize| {
        let body = json!({"part1": "1", "part2": "0", "part3": "0"});
        let line =
            json!({"kind": "message", "scope": "hill", "author": "a", "body": body, "source_id": number.to_string()});
        format!("{line}\n")
    };
    numbers.map(line).collect()
}

#[cairn_test]
async fn zeros_after_gzip_are_padding(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let padded = [gzip(numbered(0..2_500).as_bytes()), vec![0; 8], gzip(b"\n\n"), vec![0; 600]].concat();
    let (status, taken) = import(cairn, &admin, "gzip", padded).await;
    assert_eq!((status, &taken["imported"]), (200, &json!(2_500)), "{taken}");
    assert_eq!(export(cairn, &admin).await.lines().count(), 2_500);
}

#[cairn_test]
async fn a_broken_import_stores_every_whole_line_before_and_says_how_many(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let whole = gzip(numbered(0..2_500).as_bytes());
    let more = gzip(numbered(2_500..2_600).as_bytes());
    let bad_line = gzip(b"no json\n");
    for (body, stored, known) in [
        ([&whole[..], b"\0\0garbage"].concat(), 2_500, 0),
        ([&whole[..], &bad_line, &more[..more.len() - 1]].concat(), 100, 2_500),
        ([&whole[..], b"\x1f\x8b\x08"].concat(), 0, 2_500),
    ] {
        let before = export(cairn, &admin).await.lines().count();
        let (status, problem) = import(cairn, &admin, "gzip", body).await;
        assert_eq!((status, &problem["code"]), (400, &json!("malformed")), "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(&format!(" {stored} were imported, {known} were there, ")), "{detail}");
        assert_eq!(export(cairn, &admin).await.lines().count(), before + stored, "{detail}");
    }
}

#[cairn_test]
async fn byte_order_marks_and_integers_with_a_point_are_no_faults(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let lines = "\u{feff}{\"kind\":\"object\",\"scope\":\"f\",\"author\":\"a\",\"body\":{\"o_type\":1.0,\"o_pos\":\"\",\"o_rot\":\"\"},\"pos\":[1.0,2.0,3.0]}\r\n\
                 {\"kind\":\"message\",\"scope\":\"f\",\"author\":\"a\",\"body\":{\"part1\":7.0,\"part2\":1,\"part3\":2}}\r\n\
                 \u{feff}\r\n\
                 {\"kind\":\"message\",\"scope\":\"f\",\"author\":\"a\",\"template\":3.0,\"word\":1.0}";
    let (status, taken) = import(cairn, &admin, "identity", lines).await;
    assert_eq!((status, &taken["imported"], &taken["rejected_count"]), (200, &json!(3), &json!(0)), "{taken}");
    let reader = cairn.game_key(WORLD).await;
    eventually("players see it", async || {
        let answer = cairn.get_with(&reader, "/get-objects?scope=f").send().await.unwrap();
        let world: Value = answer.json().await.unwrap();
        each(&world, "objects", "o_type") == [&json!(1)] && each(&world, "messages", "part1").contains(&&json!(7))
    })
    .await;
    let (status, taken) = import(cairn, &admin, "identity", b"\xff\xfe{\0}\0".to_vec()).await;
    assert_eq!((status, &taken["rejected"][0]["detail"]), (200, &json!("is UTF-16; lines are UTF-8")));
}

#[cairn_test]
async fn an_interrupted_import_stores_whole_lines(cairn: &Cairn) {
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let some = numbered(0..2_500);
    let mut connection = tokio::net::TcpStream::connect(cairn.address()).await.unwrap();
    let length = some.len() + 1000;
    let head = format!(
        "POST /v1/traces/import HTTP/1.1\r\nHost: a\r\nX-API-Key: {admin}\r\nContent-Type: {LINES}\r\nContent-Length: {length}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(some.as_bytes()).await.unwrap();
    eventually("the first batch is there", async || export(cairn, &admin).await.lines().count() >= 2_000).await;
    drop(connection);
    let (status, taken) = import(cairn, &admin, "identity", some).await;
    let counts = ["imported", "there_already"].map(|name| taken[name].as_u64().unwrap());
    // The server may have noticed before or after it read the last lines.
    assert!(status == 200 && counts.iter().sum::<u64>() == 2_500 && counts[1] >= 2_000, "{taken}");
    assert_eq!(export(cairn, &admin).await.lines().count(), 2_500);
    let request =
        cairn.http.request(Method::HEAD, format!("{}/v1/traces/export", cairn.base)).header("X-API-Key", &admin);
    assert_eq!(request.send().await.unwrap().status(), 200);
}
