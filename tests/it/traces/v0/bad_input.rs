//! Bad input: each fault is named with its place and its limit, nothing is stored, and the connection stays open.

use cairn_test_macros::cairn_test;
use serde_json::json;

use crate::support::{Cairn, raw::Connection, samples};

const JSON: &str = "Content-Type: application/json\r\n";

/// A bad request, the status of the answer, and a text that must be in it: the pointer, or the limit.
struct Case {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    headers: String,
    body: Vec<u8>,
    status: u16,
    expected: &'static str,
}

fn case(name: &'static str, body: impl Into<Vec<u8>>, status: u16, expected: &'static str) -> Case {
    Case { name, method: "POST", path: "/add-object", headers: JSON.to_owned(), body: body.into(), status, expected }
}

/// A good body with `member` of `part` set to that JSON text.
fn with(part: &str, member: &str, json: &str) -> String {
    let mut body = samples::all_three("a", "x");
    let marked = if part.is_empty() { &mut body } else { &mut body[part] };
    marked[member] = "@".into();
    body.to_string().replace("\"@\"", json)
}

fn without(part: &str, member: &str) -> String {
    let mut body = samples::all_three("a", "x");
    let parent = if part.is_empty() { &mut body } else { &mut body[part] };
    parent.as_object_mut().unwrap().remove(member).unwrap();
    body.to_string()
}

fn gzip(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = flate2::read::GzEncoder::new(raw, flate2::Compression::best());
    std::io::Read::read_to_end(&mut encoder, &mut out).unwrap();
    out
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let gzipped = format!("{JSON}Content-Encoding: gzip\r\n");
    let good = samples::all_three("a", "x").to_string();
    let numbers = |count: usize| json!(vec![vec!["1,2,3", "0,0,0,1"]; count]).to_string();
    vec![
        // 400: not JSON, or not text.
        case("empty", "", 400, "not JSON"),
        case("cut off", &good[..good.len() - 1], 400, "EOF"),
        case("no JSON", "obj=1", 400, "not JSON"),
        case("trailing", format!("{good}}}"), 400, "trailing"),
        case("NaN", with("obj", "o_type", "NaN"), 400, "not JSON"),
        case(
            "invalid UTF-8",
            with("obj", "o_pos", "\"@\"")
                .replace('@', "\u{fffd}")
                .into_bytes()
                .iter()
                .map(|byte| if *byte == 0xef { 0xff } else { *byte })
                .collect::<Vec<_>>(),
            400,
            "not JSON",
        ),
        case("byte order mark", format!("\u{feff}{good}"), 400, "not JSON"),
        case("NUL", with("obj", "o_pos", r#""a\u0000b""#), 400, "/obj/o_pos has a NUL"),
        case("raw NUL", with("obj", "o_pos", "\"a\0b\""), 400, "control character"),
        case("NUL in a frame", with("phantom", "data", r#"[["\u0000",""]]"#), 400, "/phantom/data/0/0 has a NUL"),
        case("lone surrogate", with("message", "part1", r#""\ud800""#), 400, "/message/part1"),
        case("lone low surrogate", with("message", "part1", r#""\udc00x""#), 400, "/message/part1"),
        case("NUL in what is ignored", with("", "later", r#""\u0000""#), 400, "NUL"),
        case("NUL in a name that is ignored", with("", "later", r#"{"\u0000":1}"#), 400, "NUL"),
        case("lone surrogate in what is ignored", with("", "later", r#"[{"x":"\udc00"}]"#), 400, "surrogate"),
        case("too deep", format!("{}{}", "[".repeat(65), "]".repeat(65)), 400, "64 levels"),
        case("much too deep", "[".repeat(100_000), 400, "64 levels"),
        case(
            "deep in what is ignored",
            with("", "later", &format!("{}{}", "[".repeat(64), "]".repeat(64))),
            400,
            "64 levels",
        ),
        Case { headers: gzipped.clone(), ..case("not gzip", good.clone(), 400, "not valid gzip") },
        Case { headers: gzipped.clone(), ..case("gzip cut off", &gzip(good.as_bytes())[..40], 400, "not valid gzip") },
        // 404, 405, 415.
        Case { path: "/add-objects", ..case("unknown route", good.clone(), 404, "route_not_found") },
        Case { method: "PUT", ..case("wrong method", good.clone(), 405, "method_not_allowed") },
        Case { path: "/get-objects", ..case("wrong method on reading", good.clone(), 405, "method_not_allowed") },
        Case { path: "/docs", ..case("wrong method on a page", good.clone(), 405, "method_not_allowed") },
        Case {
            headers: "Content-Type: text/plain\r\n".into(),
            ..case("wrong type", good.clone(), 415, "application/json")
        },
        Case { headers: format!("{JSON}Content-Encoding: br\r\n"), ..case("wrong coding", good.clone(), 415, "gzip") },
        // 413.
        case("too large", vec![b' '; 1_048_577], 413, "1048576 bytes"),
        Case {
            headers: gzipped,
            ..case("gzip bomb", gzip(&vec![b' '; 200_000_000]), 413, "1048576 bytes when decompressed")
        },
        // 422: shape.
        case("no object", "[]", 422, "must be an object"),
        case("a number", "7", 422, "must be an object"),
        case("null", "null", 422, "must be an object"),
        case("nothing in it", "{}", 422, "neither obj nor message"),
        case("phantom missing", without("", "phantom"), 422, "/phantom"),
        case("phantom null", with("", "phantom", "null"), 422, "/phantom"),
        case(
            "both missing",
            json!({"phantom": samples::phantom("a", "x")}).to_string(),
            422,
            "neither obj nor message",
        ),
        case(
            "both null",
            json!({"obj": null, "message": null, "phantom": samples::phantom("a", "x")}).to_string(),
            422,
            "neither",
        ),
        case("object is a text", with("", "obj", "\"x\""), 422, "/obj"),
        case("message is an array", with("", "message", "[1]"), 422, "/message"),
        case("author missing", without("obj", "u_uuid"), 422, "/obj/u_uuid"),
        case("type missing", without("obj", "o_type"), 422, "/obj/o_type"),
        case("part missing", without("message", "part3"), 422, "/message/part3"),
        case("data missing", without("phantom", "data"), 422, "/phantom/data"),
        case("author is a number", with("obj", "u_uuid", "5"), 422, "/obj/u_uuid"),
        case("author is null", with("phantom", "u_uuid", "null"), 422, "/phantom/u_uuid"),
        case("type is a text", with("obj", "o_type", "\"1\""), 422, "/obj/o_type"),
        case("type is true", with("obj", "o_type", "true"), 422, "/obj/o_type"),
        case("part is an object", with("message", "part2", "{}"), 422, "/message/part2"),
        case("position is an array", with("obj", "o_pos", "[1,2,3]"), 422, "/obj/o_pos"),
        case("data is a text", with("phantom", "data", "\"x\""), 422, "/phantom/data"),
        case("frame is a text", with("phantom", "data", "[[\"a\"],\"b\"]"), 422, "/phantom/data/1"),
        case("frame holds a number", with("phantom", "data", "[[\"a\",1]]"), 422, "/phantom/data/0/1"),
        case("scope is a number", with("", "scope", "1"), 422, "/scope"),
        case("twice the same member", good.replacen("\"obj\":", "\"obj\":null,\"obj\":", 1), 422, "more than once"),
        case("twice an inner member", good.replacen("\"o_type\":", "\"o_type\":1,\"o_type\":", 1), 422, "/obj/o_type"),
        // 422: range.
        case("type has a fraction", with("obj", "o_type", "1.5"), 422, "/obj/o_type"),
        case("type beyond 64 bits", with("obj", "o_type", "9223372036854775808"), 422, "9223372036854775807"),
        case("type far below", with("obj", "o_type", "-99999999999999999999"), 422, "/obj/o_type"),
        case("type not finite", with("obj", "o_type", "1e999"), 422, "/obj/o_type"),
        case("part beyond 64 bits", with("message", "part1", "18446744073709551616"), 422, "/message/part1"),
        case("author empty", with("obj", "u_uuid", "\"\""), 422, "1 to 64 bytes"),
        case("author too long", with("phantom", "u_uuid", &format!("\"{}\"", "a".repeat(65))), 422, "at most 64"),
        case("part too long", with("message", "part1", &format!("\"{}\"", "é".repeat(513))), 422, "at most 1024"),
        case("position too long", with("obj", "o_pos", &format!("\"{}\"", "1".repeat(257))), 422, "at most 256"),
        case("scope too long", with("", "scope", &format!("\"{}\"", "a".repeat(65))), 422, "at most 64"),
        case("scope with a line end", with("", "scope", r#""a\nb""#), 422, "control character"),
        case(
            "frame too long",
            with("phantom", "data", &format!("[[\"{}\"]]", "1".repeat(257))),
            422,
            "/phantom/data/0/0",
        ),
        case("frame of too many", with("phantom", "data", &json!([vec!["1"; 9]]).to_string()), 422, "at most 8"),
        case("too many frames", with("phantom", "data", &numbers(12_001)), 422, "at most 12000"),
        case("recording too large", with("phantom", "data", &noise().to_string()), 422, "at most 262144"),
        Case {
            headers: format!("{JSON}Idempotency-Key: two words\r\n"),
            ..case("bad idempotency key", good.clone(), 422, "Idempotency-Key")
        },
        Case {
            headers: format!("{JSON}Idempotency-Key: é\r\n"),
            ..case("idempotency key that is no ASCII", good.clone(), 422, "Idempotency-Key")
        },
        Case {
            headers: format!("{JSON}Idempotency-Key: a\r\nIdempotency-Key: b\r\n"),
            ..case("two idempotency keys", good, 422, "more than once")
        },
    ]
}

/// Frames that no codec makes small.
fn noise() -> serde_json::Value {
    let mut random = fastrand::Rng::with_seed(7);
    let frames = (0..5000).map(|_| (0..100).map(|_| random.alphanumeric()).collect::<String>());
    frames.map(|text| [text]).collect::<Vec<_>>().into()
}

#[cairn_test]
async fn every_bad_body_is_refused_and_nothing_is_stored(cairn: &Cairn) {
    let mut connection = Connection::open(cairn.address()).await;
    for Case { name, method, path, headers, body, status, expected } in cases() {
        let answer = connection.request(method, path, &headers, &body).await;
        assert_eq!(answer.status, status, "{name}: {}", String::from_utf8_lossy(&answer.body));
        let problem = answer.problem().to_string();
        assert!(problem.contains(expected), "{name}: {problem}");
        if status == 405 {
            let allow = answer.header("allow").unwrap_or_default();
            assert_eq!(allow, if path == "/add-object" { "POST" } else { "GET, HEAD" }, "{name}");
        }
        let next = connection.request("GET", "/health", "", b"").await;
        assert_eq!((next.status, next.body.as_slice()), (200, &br#"{"status":"healthy"}"#[..]), "after {name}");
    }
    assert_eq!(cairn.world().await, json!({"objects": [], "messages": [], "phantoms": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_scope_in_a_query_is_refused() {
    crate::support::run(crate::support::Backend::Embedded, async |cairn| {
        for (scope, expected) in [
            ("a".repeat(65), "at most 64"),
            ("a%0Ab".to_owned(), "control character"),
            ("%ff".to_owned(), "not UTF-8"),
            ("a&scope=b".to_owned(), "more than once"),
        ] {
            let answer = cairn.get(&format!("/get-objects?scope={scope}")).send().await.unwrap();
            assert_eq!(answer.status(), 422);
            let problem = answer.text().await.unwrap();
            assert!(problem.contains("?scope") && problem.contains(expected), "{problem}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_far_over_the_limit_is_refused_unread() {
    crate::support::run(crate::support::Backend::Embedded, async |cairn| {
        let mut connection = Connection::open(cairn.address()).await;
        let head = format!("POST /add-object HTTP/1.1\r\nHost: a\r\n{JSON}Content-Length: 10000000000\r\n\r\n");
        connection.send(head.as_bytes()).await;
        let answer = connection.answer(true).await.unwrap();
        assert_eq!(answer.status, 413);
        assert!(answer.problem().to_string().contains("1048576"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_too_slowly_is_refused() {
    let place = crate::support::Place::make(crate::support::Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[("CAIRN_BODY_SECS", "1")]).await;
    let mut connection = Connection::open(cairn.address()).await;
    connection
        .send(format!("POST /add-object HTTP/1.1\r\nHost: a\r\n{JSON}Content-Length: 100\r\n\r\n{{").as_bytes())
        .await;
    let answer = connection.answer(true).await.unwrap();
    assert_eq!(answer.status, 408);
    answer.problem();
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_does_not_wait_for_what_comes_after_the_request() {
    crate::support::run(crate::support::Backend::Embedded, async |cairn| {
        let mut connection = Connection::open(cairn.address()).await;
        let body = samples::all_three("a", "x").to_string();
        let length = body.len();
        let request =
            format!("POST /add-object HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}\r\nGET /li");
        connection.send(request.as_bytes()).await;
        assert_eq!(connection.answer(true).await.unwrap().status, 201);
        connection.send(b"vez HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert_eq!(connection.answer(true).await.unwrap().status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unread_large_body_ends_the_connection_and_the_answer_says_so() {
    crate::support::run(crate::support::Backend::Embedded, async |cairn| {
        let mut connection = Connection::open(cairn.address()).await;
        let head = format!("POST /nowhere HTTP/1.1\r\nHost: a\r\n{JSON}Content-Length: 900000\r\n\r\n");
        connection.send(head.as_bytes()).await;
        let answer = connection.answer(true).await.unwrap();
        assert_eq!((answer.status, answer.header("connection")), (404, Some("close")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_being_read_share_a_memory_limit() {
    let place = crate::support::Place::make(crate::support::Backend::Embedded).await.unwrap();
    // A network may have a quarter of what it leaves free: 16 MiB.
    let bounds = [("CAIRN_BODIES_BYTES", "83886080"), ("CAIRN_BODY_LIMIT", "16777216")];
    let cairn = Cairn::start(&place, &bounds).await;
    let sent = vec![b' '; 16_777_215];
    let head = format!("POST /add-object HTTP/1.1\r\nHost: a\r\n{JSON}Content-Length: 16777216\r\n\r\n");
    let head = [head.into_bytes(), sent].concat();
    let leave = async || cairn.post(samples::all_three("a", "x").to_string()).send().await.unwrap();
    let mut slow = Connection::open(cairn.address()).await;
    slow.send(&head).await;
    crate::support::eventually("there is no room", async || {
        if leave().await.status() == 503 {
            return true;
        }
        // The small body was first, so the large one was refused: again.
        slow = Connection::open(cairn.address()).await;
        slow.send(&head).await;
        false
    })
    .await;
    let answer = leave().await;
    assert_eq!(answer.headers()["retry-after"], "1");
    assert!(answer.text().await.unwrap().contains("too_many_bodies"));
    drop(slow);
    crate::support::eventually("there is room again", async || leave().await.status() == 201).await;
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_its_response_is_disconnected() {
    let place = crate::support::Place::make(crate::support::Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[("CAIRN_WRITE_SECS", "1"), ("CAIRN_CONNECTIONS", "1")]).await;
    let mut lazy = Connection::open(cairn.address()).await;
    // More answers than the system's buffers hold.
    lazy.send(&b"GET /redoc HTTP/1.1\r\nHost: a\r\n\r\n".repeat(40)).await;
    // There is one place, and it is given to the next in time; meanwhile there is no other.
    let statuses = std::sync::Mutex::new(Vec::new());
    crate::support::eventually("there is a place", async || {
        let status = cairn.get("/get-objects").send().await.unwrap().status().as_u16();
        statuses.lock().unwrap().push(status);
        status == 200
    })
    .await;
    assert_eq!(statuses.lock().unwrap()[0], 503);
    cairn.stop().await;
    place.clear().await;
}
