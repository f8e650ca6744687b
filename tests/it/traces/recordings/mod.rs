//! Recordings: sent in columns or packed, kept for a trace to come, fetched by id, and read by others' decoders.

mod decoders;
mod waiting;

use cairn::{
    identity::access::{KeyKind, Permission},
    platform::codec::{
        deflate::{Compressor, Content, Member},
        hex,
    },
};
use cairn_test_macros::cairn_test;
use reqwest::{Response, header::HeaderMap};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::decoders::same;
use crate::support::{Cairn, OPENAPI, Place, each, white_box::take_frames_away};

const PACKED: &str = "application/vnd.cairn.recording";

fn gzip(raw: &[u8]) -> Vec<u8> {
    let mut member = Member::with_capacity(0);
    member.segment(&Compressor::default().segment(raw.to_vec().into(), Content::Text));
    member.finish().0.to_vec()
}

/// A player who uploads recordings.
struct Runner<'a> {
    cairn: &'a Cairn,
    key: String,
    token: String,
}

impl<'a> Runner<'a> {
    async fn sign_in(cairn: &'a Cairn, world: &str) -> Self {
        let key = cairn.game_key(world).await;
        let url = format!("{}/v1/players", cairn.base);
        let answer = cairn.http.post(url).header("X-API-Key", &key).json(&json!({})).send().await.unwrap();
        let signed: Value = answer.json().await.unwrap();
        let token = signed["token"].as_str().unwrap().to_owned();
        Self { cairn, key, token }
    }

    async fn send(&self, headers: &[(&str, &str)], body: Vec<u8>) -> (u16, Value) {
        self.send_to("/v1/recordings", headers, body).await
    }

    async fn send_to(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> (u16, Value) {
        let url = format!("{}{path}", self.cairn.base);
        let mut request = self.cairn.http.post(url).bearer_auth(&self.token).body(body);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn keep(&self, columns: &Value) -> Value {
        let (status, kept) = self.send(&[("Content-Type", "application/json")], columns.to_string().into()).await;
        assert_eq!(status, 201, "{kept}");
        kept
    }

    /// Fetches a recording as `json`, or as `packed` bytes.
    async fn fetch(&self, kept: &Value, format: &str, headers: &[(&str, &str)]) -> Response {
        let path = if format == "packed" { "/packed" } else { "" };
        self.fetch_at(kept, path, headers).await
    }

    async fn fetch_at(&self, kept: &Value, path: &str, headers: &[(&str, &str)]) -> Response {
        let path = format!("/v1/recordings/{}{path}", text(kept, "recording_id"));
        let mut request = self.cairn.get_with(&self.key, &path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        request.send().await.unwrap()
    }

    async fn status(&self, kept: &Value) -> u16 {
        self.fetch(kept, "json", &[]).await.status().as_u16()
    }

    /// Attaches a recording to the trace of that id; whether it could be.
    async fn attach(&self, kept: &Value, trace: i64) -> bool {
        self.cairn.attach_recording(&self.token, text(kept, "recording_id"), trace).await
    }
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap()
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, text(&answer.1, "code"))
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// A walk through 40 frames in an arc, with everything that a recording may have.
fn walk() -> Value {
    let frames = || (0..40).map(f64::from);
    let turns = frames().map(|at| at * 0.15);
    json!({
        "content_version": 7,
        "complete": true,
        "look": "fox 🦊",
        "t_ms": (0..40).map(|at| at * 33 + at % 3).collect::<Vec<_>>(),
        "pos": frames().flat_map(|at| [at * 0.31, (at * 0.2).sin(), -at * 0.17]).collect::<Vec<_>>(),
        "rot": turns.flat_map(|turn: f64| [0.0, (turn / 2.0).sin(), 0.0, (turn / 2.0).cos()]).collect::<Vec<_>>(),
        "state": (0..40).map(|at| at / 20).collect::<Vec<_>>(),
        "teleports": [21],
        "event_ms": [0, 500, 500],
        "event_code": [1, 2, 3],
        "event_arg": [-5, 0, i32::MAX],
    })
}

fn cache_headers(headers: &HeaderMap) -> (&str, &str) {
    (headers["cache-control"].to_str().unwrap(), headers["etag"].to_str().unwrap())
}

#[cairn_test]
async fn a_recording_comes_back_within_the_documented_error(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let sent = walk();
    let kept = runner.keep(&sent).await;
    assert_eq!((&kept["frames"], &kept["duration_ms"]), (&json!(40), &json!(39 * 33)));

    let answer = runner.fetch(&kept, "json", &[]).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    let got: Value = answer.json().await.unwrap();
    for exact in
        ["content_version", "complete", "look", "t_ms", "state", "teleports", "event_ms", "event_code", "event_arg"]
    {
        assert_eq!(got[exact], sent[exact], "{exact}");
    }
    let off = |name: &str| {
        let pairs = numbers(&got[name]).into_iter().zip(numbers(&sent[name]));
        pairs.map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
    };
    assert!(off("pos") <= 0.001 && off("rot") <= 0.001, "{} {}", off("pos"), off("rot"));
}

#[cairn_test]
async fn a_packed_recording_has_the_stated_size_and_digest(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let answer = runner.fetch(&kept, "packed", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(
        (answer.headers()["content-type"].to_str().unwrap(), answer.headers().get("content-encoding")),
        (PACKED, None)
    );
    let packed = answer.bytes().await.unwrap();
    assert_eq!(json!(packed.len()), kept["size_bytes"]);
    assert_eq!(hex::of_bytes(&Sha256::digest(&packed)), text(&kept, "sha256"));
}

#[cairn_test]
async fn a_packed_recording_is_stored_as_it_is_sent(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let packed = runner.fetch(&kept, "packed", &[]).await.bytes().await.unwrap();
    for (headers, body) in [
        (&[("Content-Type", PACKED)][..], packed.to_vec()),
        (&[("Content-Type", PACKED), ("Content-Encoding", "gzip")], gzip(&packed)),
    ] {
        let (status, again) = runner.send(headers, body).await;
        assert_eq!((status, &again["sha256"]), (201, &kept["sha256"]), "{headers:?}");
        assert_ne!(again["recording_id"], kept["recording_id"], "{headers:?}");
    }
}

#[cairn_test]
async fn packed_recordings_have_paths_of_their_own(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let packed = runner.fetch_at(&kept, "/packed", &[]).await.bytes().await.unwrap().to_vec();
    // A body that does not say its type is taken for what the path is for.
    for headers in [&[("Content-Type", PACKED)][..], &[]] {
        let (status, again) = runner.send_to("/v1/recordings/packed", headers, packed.clone()).await;
        assert_eq!((status, &again["sha256"]), (201, &kept["sha256"]), "{headers:?}");
    }
    let json = [("Content-Type", "application/json")];
    let refused = runner.send_to("/v1/recordings/packed", &json, walk().to_string().into()).await;
    assert_eq!(code(&refused), (415, "unsupported_media_type"));
    assert_eq!(refused.1["detail"], format!("The body must be {PACKED}."));
    let nowhere = json!({"recording_id": "01936b30-1f2a-7c40-8e11-9a0b1c2d3e4f"});
    assert_eq!(runner.fetch_at(&nowhere, "/packed", &[]).await.status(), 404);
}

#[cairn_test]
async fn the_first_form_of_the_packed_path_still_answers(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    // What the description leaves out, a client that checks it would refuse.
    let url = format!("{}/v1/recordings/{}?format=cairn", cairn.base, text(&kept, "recording_id"));
    let first = reqwest::Client::new().get(url).header("X-API-Key", &runner.key).send().await.unwrap();
    let now = runner.fetch(&kept, "packed", &[]).await;
    assert_eq!(first.headers()["content-type"], PACKED);
    assert_eq!(first.headers()["etag"], now.headers()["etag"]);
    assert!(first.bytes().await.unwrap() == now.bytes().await.unwrap());
    for query in ["?format=json", "?format="] {
        let columns = runner.fetch_at(&kept, query, &[]).await;
        assert_eq!(columns.headers()["content-type"], "application/json", "{query}");
    }
}

#[cairn_test]
async fn the_documented_recording_is_the_worked_example(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let description: Value = serde_json::from_str(OPENAPI).unwrap();
    let example = |name: &str| description["components"]["schemas"][name]["example"].clone();
    let mut kept = runner.keep(&example("Recording")).await;
    assert!(same(&runner.fetch(&kept, "json", &[]).await.json().await.unwrap(), &example("Recording")));
    let packed = runner.fetch(&kept, "packed", &[]).await.bytes().await.unwrap();
    assert!(packed == include_bytes!("../../../fixtures/recordings/worked-example.cairn")[..]);
    kept["recording_id"] = example("UploadedRecording")["recording_id"].clone();
    assert_eq!(kept, example("UploadedRecording"));
}

#[cairn_test]
async fn a_recording_is_cached_for_ever_and_revalidated(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let mut tags = Vec::new();
    for (format, encoding) in [("json", "identity"), ("json", "gzip"), ("packed", "gzip")] {
        let answer = runner.fetch(&kept, format, &[("Accept-Encoding", encoding)]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["vary"], "Accept-Encoding, X-API-Key");
        assert_eq!(answer.headers().contains_key("content-encoding"), (format, encoding) == ("json", "gzip"));
        let (cached, tag) = cache_headers(answer.headers());
        assert_eq!(cached, "private, max-age=31536000, immutable");
        let tag = tag.to_owned();
        let again = runner.fetch(&kept, format, &[("Accept-Encoding", encoding), ("If-None-Match", &tag)]).await;
        assert_eq!((again.status().as_u16(), cache_headers(again.headers())), (304, (cached, tag.as_str())));
        assert!(again.bytes().await.unwrap().is_empty());
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3, "each form has an ETag of its own: {tags:?}");
}

#[cairn_test]
async fn an_unknown_format_of_a_recording_is_refused(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    assert_eq!(runner.fetch_at(&kept, "?format=xml", &[]).await.status(), 422);
}

#[cairn_test]
async fn a_recording_of_another_world_or_none_is_not_found(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    for world in ["moss/climb/dev", "moss/dive/live", "tern/climb/live"] {
        let other = Runner::sign_in(cairn, world).await;
        assert_eq!(other.status(&kept).await, 404, "{world}");
    }
    for id in ["01936b30-1f2a-7c40-8e11-9a0b1c2d3e4f", "7"] {
        assert_eq!(runner.status(&json!({"recording_id": id})).await, 404, "{id}");
    }
}

#[cairn_test]
async fn columns_are_accepted_as_engines_write_them(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let plain = r#"{"t_ms":[0,16,33],"pos":[0,1,2,0,1,2,0,1,2]}"#;
    let (_, want) = runner.send(&[("Content-Type", "application/json")], plain.into()).await;
    let godot = r#"{"t_ms":[0.0,16.0,33.0],"pos":[0,1.0,2,0,1,2,0,1,2],"content_version":0.0,"event_ms":[]}"#;
    let unity = r#"{"content_version":0,"complete":false,"look":"","t_ms":[0,16,33],"pos":[0,1,2,0,1,2,0,1,2],"rot":[],
            "state":[],"teleports":[],"event_ms":[],"event_code":null,"event_arg":[]}"#;
    for (headers, body) in [
        (&[("Content-Type", "application/json; charset=utf-8")][..], godot.into()),
        (&[("Content-Type", "application/json")], unity.into()),
        (&[], plain.into()),
        (&[("Content-Type", "application/json"), ("Content-Encoding", "gzip")], gzip(plain.as_bytes())),
    ] {
        let (status, kept) = runner.send(headers, body).await;
        assert_eq!((status, &kept["sha256"]), (201, &want["sha256"]), "{kept}");
    }
    let got: Value = runner.fetch(&want, "json", &[]).await.json().await.unwrap();
    assert_eq!(
        got,
        json!({"content_version": 0, "complete": false, "t_ms": [0, 16, 33], "pos": [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0]})
    );
}

#[cairn_test]
async fn each_fault_in_columns_is_named(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let with = |name: &str, value: Value| {
        let mut columns = walk();
        columns[name] = value;
        columns
    };
    let at = |name: &str, at: usize, value: Value| {
        let mut columns = walk();
        columns[name][at] = value;
        columns
    };
    let many = json!({"t_ms": (0..12_001).collect::<Vec<_>>(), "pos": vec![0; 36_003]});
    for (body, pointer) in [
        (with("t_ms", Value::Null), "/t_ms"),
        (with("pos", json!([1.0])), "/pos"),
        (with("rot", json!([0, 0, 0, 1])), "/rot"),
        (with("state", json!([0])), "/state"),
        (with("event_code", json!([])), "/event_code"),
        (at("t_ms", 3, json!(5)), "/t_ms/3"),
        (at("t_ms", 3, json!(3.5)), "/t_ms/3"),
        (at("t_ms", 39, json!(86_400_001)), "/t_ms/39"),
        (at("pos", 4, json!(10_000_000.5)), "/pos/4"),
        (at("pos", 4, json!("1")), "/pos/4"),
        (with("rot", json!(vec![0; 160])), "/rot/0"),
        (at("rot", 3, json!(1.5)), "/rot/0"),
        (at("state", 5, json!(1_i64 << 31)), "/state/5"),
        (at("teleports", 0, json!(0)), "/teleports/0"),
        (with("teleports", json!([3, 3])), "/teleports/1"),
        (with("teleports", json!([40])), "/teleports/0"),
        (at("event_ms", 0, json!(501)), "/event_ms/1"),
        (at("event_ms", 2, json!(2000)), "/event_ms/2"),
        (with("content_version", json!(-1)), "/content_version"),
        (with("complete", json!(1)), "/complete"),
        (with("look", json!("x".repeat(1025))), "/look"),
        (many, "/t_ms"),
    ] {
        let answer = runner.send(&[("Content-Type", "application/json")], body.to_string().into()).await;
        assert_eq!(code(&answer), (422, "invalid"), "{pointer}");
        assert_eq!(text(&answer.1["errors"][0], "pointer"), pointer, "{}", answer.1);
    }
}

#[cairn_test]
async fn a_body_without_columns_is_refused(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    for (body, status) in [
        ("{\"t_ms\":[0],\"pos\":[NaN,0,0]}", 400),
        ("{\"t_ms\":[0],\"pos\":[1e999,0,0]}", 422),
        ("[]", 422),
        ("", 400),
        ("{\"look\":\"\\u0000\"}", 400),
    ] {
        let (answered, problem) = runner.send(&[("Content-Type", "application/json")], body.into()).await;
        assert_eq!(answered, status, "{body}: {problem}");
    }
}

#[cairn_test]
async fn a_recording_of_another_media_type_is_refused(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let other = runner.send(&[("Content-Type", "text/plain")], walk().to_string().into()).await;
    assert_eq!(code(&other), (415, "unsupported_media_type"));
    assert!(text(&other.1, "detail").contains(PACKED));
}

#[cairn_test]
async fn a_recording_over_the_body_limit_is_refused(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    assert_eq!(runner.send(&[], vec![b' '; 1_100_000]).await.0, 413);
}

#[cairn_test]
async fn unreadable_recordings_are_refused(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let packed = runner.fetch(&kept, "packed", &[]).await.bytes().await.unwrap().to_vec();
    let mut newer = packed.clone();
    newer[4] = 2;
    let mut longer = packed.clone();
    longer[8] += 1;
    let bomb = [&packed[..8], &2_000_000_u32.to_le_bytes(), &Compressor::default().zlib(&vec![0; 2_000_000])].concat();
    for (body, refused) in [
        (Vec::new(), (400, "recording_unreadable")),
        (walk().to_string().into(), (400, "recording_unreadable")),
        (newer, (400, "recording_unreadable")),
        (longer, (400, "recording_unreadable")),
        (packed[..packed.len() - 1].to_vec(), (400, "recording_unreadable")),
        ([&packed[..], b"x"].concat(), (400, "recording_unreadable")),
        (bomb, (422, "recording_too_long")),
    ] {
        let answer = runner.send(&[("Content-Type", PACKED)], body).await;
        assert_eq!(code(&answer), refused);
    }
}

#[cairn_test]
async fn a_damaged_recording_is_refused_or_the_same(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let packed = runner.fetch(&kept, "packed", &[]).await.bytes().await.unwrap().to_vec();
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..100 {
        let mut damaged = packed.clone();
        damaged[random.usize(..packed.len())] ^= 1 << random.u8(..8);
        let (status, answer) = runner.send(&[("Content-Type", PACKED)], damaged).await;
        assert!([400, 422].contains(&status) || answer["sha256"] == kept["sha256"], "{status} {answer}");
    }
}

impl Runner<'_> {
    async fn change_settings(&self, admin: &str, change: &Value) {
        let url = format!("{}/v1/games/climb/settings", self.cairn.base);
        let changed = self.cairn.http.patch(url).header("X-API-Key", admin).json(change).send().await.unwrap();
        assert_eq!(changed.status(), 200);
    }

    /// The body is stored under the default settings, and refused with that under `change`.
    async fn is_refused_after(&self, admin: &str, change: &Value, limit: u32, body: &Value, refused: (u16, &str)) {
        self.change_settings(admin, &json!({"max_frames": 12_000, "max_recording_bytes": 262_144})).await;
        let answer = self.send(&[], body.to_string().into()).await;
        assert_eq!(answer.0, 201, "{}", answer.1);
        self.change_settings(admin, change).await;
        let answer = self.send(&[], body.to_string().into()).await;
        assert_eq!(answer.0, refused.0, "{}", answer.1);
        assert_eq!(code(&answer), refused);
        assert!(text(&answer.1, "detail").contains(&limit.to_string()), "{}", answer.1);
    }
}

#[cairn_test]
async fn a_game_limits_the_frames_of_recordings(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let packed = runner.fetch(&kept, "packed", &[]).await.bytes().await.unwrap();
    let admin = cairn.key("moss/climb/live", KeyKind::Secret, &Permission::ALL).await;
    runner.is_refused_after(&admin, &json!({"max_frames": 39}), 39, &walk(), (422, "invalid")).await;
    let answer = runner.send(&[("Content-Type", PACKED)], packed.to_vec()).await;
    assert_eq!(code(&answer), (422, "recording_too_long"), "packed");
    assert_eq!(runner.status(&kept).await, 200, "one that was stored before is shown all the same");
}

#[cairn_test]
async fn a_game_limits_the_bytes_of_recordings(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let kept = runner.keep(&walk()).await;
    let admin = cairn.key("moss/climb/live", KeyKind::Secret, &Permission::ALL).await;
    let mut random = fastrand::Rng::with_seed(5);
    let noise: Vec<f64> = (0..3000).map(|_| random.f64() * 1000.0).collect();
    let noise = json!({"t_ms": (0..1000).collect::<Vec<_>>(), "pos": noise});
    let change = json!({"max_recording_bytes": 1024});
    runner.is_refused_after(&admin, &change, 1024, &noise, (413, "recording_too_large")).await;
    assert_eq!(runner.status(&kept).await, 200, "one that was stored before is shown all the same");
}

#[cairn_test]
async fn v0_clients_see_a_phantom_with_an_uploaded_recording(place: &Place) {
    // Without recent traces the server reads what the test changes in the database.
    let cairn = Box::pin(Cairn::start(place, &[("CAIRN_RECENT_BYTES", "0")])).await;
    let runner = Runner::sign_in(&cairn, "moss/climb/live").await;
    let phantom = json!({"u_uuid": "a", "data": [["0,0,0", "0,0,0,1"]]});
    cairn
        .leave_with(
            &runner.key,
            &json!({"message": {"u_uuid": "a", "part1": "1", "part2": "2", "part3": "3"}, "phantom": phantom}),
        )
        .await;
    // As if the phantom were the player's, and named a recording in place of its frames.
    let kept =
        runner.keep(&json!({"t_ms": [5, 10], "pos": [1, 2.5, 3, 4, 5, 6], "rot": [0, 1, 0, 0, 0, 1, 0, 0]})).await;
    let trace = take_frames_away(&cairn, &runner.token).await;
    assert!(runner.attach(&kept, trace).await);
    let seen = cairn.get_with(&runner.key, "/get-objects").send().await.unwrap();
    let world: Value = seen.json().await.unwrap();
    assert_eq!(each(&world, "phantoms", "data")[0], &json!([["1,2.5,3", "0,1,0,0"], ["4,5,6", "0,1,0,0"]]));
    cairn.stop().await;
}
