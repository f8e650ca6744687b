//! Batches of which one item is wrong: it alone is refused, with its place, whatever is wrong with it.

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, game_client::GameClient};

/// Sends a body that need not be JSON.
async fn send(player: &GameClient<'_>, path: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = player.cairn.http.post(format!("{}{path}", player.cairn.base)).bearer_auth(&player.token);
    let request = request.header("X-API-Key", &player.key).header("Content-Type", "application/json").body(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A body with a list of three items, the middle one wrong. The item is bytes, since it need not be text.
fn batch(list: &str, before: &str, wrong: &[u8], after: &str) -> Vec<u8> {
    [format!(r#"{{"{list}":[{before},"#).as_bytes(), wrong, format!(",{after}]}}").as_bytes()].concat()
}

/// The results of a batch whose middle item alone is refused as invalid; the place of what is wrong with it.
fn refused_alone(list: &str, wrong: &[u8], (status, answer): &(u16, Value)) -> String {
    let item = wrong.escape_ascii();
    assert_eq!((*status, &answer["failed"]), (200, &json!(1)), "{list} with {item}: {answer}");
    let results = answer["results"].as_array().unwrap();
    let statuses: Vec<i64> = results.iter().map(|result| result["status"].as_i64().unwrap()).collect();
    assert!(matches!(statuses[..], [200..=299, 422, 200..=299]), "{list} with {item}: {answer}");
    assert_eq!(results[1]["code"], "invalid", "{list} with {item}: {answer}");
    let pointer = results[1]["pointer"].as_str().or_else(|| results[1]["errors"][0]["pointer"].as_str());
    pointer.unwrap_or_else(|| panic!("{list} with {item}: {answer}")).to_owned()
}

/// What is wrong with an item: its members, and the place of the fault in it.
fn wrong_values() -> Vec<(Vec<u8>, String)> {
    let nested = format!(r#""m":{}{}"#, "[".repeat(70), "]".repeat(70));
    let mut wrong: Vec<(Vec<u8>, String)> = [
        (r#""m":1e99999"#, "/m"),
        (r#""m":{"a":[0,-1e400]}"#, "/m/a/1"),
        (r#""m":NaN"#, "/m"),
        (r#""m":[Infinity]"#, "/m/0"),
        (r#""m":"a\u0000b""#, "/m"),
        (r#""m":"a\ud83d""#, "/m"),
        (r#""m":"\ude00\ud83d""#, "/m"),
        (r#""\u0000":1"#, ""),
        (r#""\udc00":1"#, ""),
        (r#""m":1,"m":2"#, "/m"),
        (r#""m":{"n":1,"n":1}"#, "/m/n"),
        (r#""m":"\q""#, "/m"),
        ("\"m\":\"line\nbreak\"", "/m"),
        ("\"m\":\"\0\"", "/m"),
    ]
    .map(|(members, place)| (members.as_bytes().to_vec(), place.to_owned()))
    .to_vec();
    wrong.push((b"\"m\":\"\xff\"".to_vec(), "/m".to_owned()));
    wrong.push((nested.into_bytes(), format!("/m{}", "/0".repeat(61))));
    wrong
}

/// An item with these members besides its own, and with one of them in place of its own of the name `of`.
fn items(own: &[(&str, &str)], wrong: &[u8], of: &str) -> Vec<Vec<u8>> {
    let member = |(name, value): &(&str, &str)| format!("\"{name}\":{value}").into_bytes();
    let replaced = String::from_utf8_lossy(wrong).contains("\"m\":");
    let beside: Vec<Vec<u8>> = own.iter().map(member).chain([wrong.to_vec()]).collect();
    let mut made = vec![[b"{", &beside.join(&b","[..])[..], b"}"].concat()];
    if replaced {
        let name = format!("\"{of}\":").into_bytes();
        let wrong: Vec<u8> = wrong
            .split(|byte| *byte == b',')
            .map(|part| match part.strip_prefix(b"\"m\":") {
                Some(rest) => [&name[..], rest].concat(),
                None => part.to_vec(),
            })
            .collect::<Vec<_>>()
            .join(&b","[..]);
        let others = own.iter().filter(|(own, _)| *own != of).map(member);
        made.push([b"{", &others.chain([wrong]).collect::<Vec<_>>().join(&b","[..])[..], b"}"].concat());
    }
    made
}

#[cairn_test]
async fn a_wrong_value_in_one_of_many_traces_refuses_that_one(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let good = r#"{"kind":"message","text":["x"]}"#;
    let own = [("kind", r#""message""#), ("text", r#"["x"]"#), ("data", r#""d""#)];
    for (wrong, place) in wrong_values() {
        for (item, name) in items(&own, &wrong, "data").into_iter().zip(["/m", "/data"]) {
            let answer = send(&ann, "/v1/traces", batch("traces", good, &item, good)).await;
            let expected = format!("/traces/1{}", place.replacen("/m", name, 1));
            assert_eq!(refused_alone("traces", &item, &answer), expected);
        }
    }
    let recording = br#"{"kind":"phantom","recording":{"t_ms":[0,1],"pos":[0,0,0,1e99999,0,0]}}"#;
    let answer = send(&ann, "/v1/traces", batch("traces", good, recording, good)).await;
    assert_eq!(refused_alone("traces", recording, &answer), "/traces/1/recording/pos/3");
}

#[cairn_test]
async fn an_item_that_is_no_object_is_refused_alone(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let trace = ann.leave_one(json!({"kind": "message", "scope": "hill", "text": ["x"]})).await;
    let vote = format!(r#"{{"trace_id":"{trace}","vote":"good"}}"#);
    let good = r#"{"kind":"message","text":["x"]}"#;
    for wrong in ["7", "null", "[]", r#""x""#, "1e999", r#""\ud83d""#] {
        let answer = send(&ann, "/v1/traces", batch("traces", good, wrong.as_bytes(), good)).await;
        assert_eq!(refused_alone("traces", wrong.as_bytes(), &answer), "/traces/1");
        let answer = send(&bob, "/v1/votes", batch("votes", &vote, wrong.as_bytes(), &vote)).await;
        assert_eq!(refused_alone("votes", wrong.as_bytes(), &answer), "/votes/1");
    }
}

#[cairn_test]
async fn a_wrong_value_in_one_of_many_votes_or_uses_refuses_that_one(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let trace = ann.leave_one(json!({"kind": "message", "text": ["x"]})).await;
    let id = format!("\"{trace}\"");
    for (list, own) in
        [("votes", vec![("trace_id", id.as_str()), ("vote", r#""good""#)]), ("uses", vec![("trace_id", &id)])]
    {
        let members: Vec<String> = own.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let good = format!("{{{}}}", members.join(","));
        for (wrong, place) in wrong_values() {
            for (item, name) in items(&own, &wrong, "trace_id").into_iter().zip(["/m", "/trace_id"]) {
                let answer = send(&bob, &format!("/v1/{list}"), batch(list, &good, &item, &good)).await;
                let expected = format!("/{list}/1{}", place.replacen("/m", name, 1));
                assert_eq!(refused_alone(list, &item, &answer), expected);
            }
        }
    }
}

#[cairn_test]
async fn what_is_wrong_beside_the_items_refuses_the_batch(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let good = r#"{"kind":"message","text":["x"]}"#;
    for (body, status, code, said) in [
        (format!(r#"{{"traces":[{good}],"other":"\u0000"}}"#), 400, "malformed", "/other"),
        (format!(r#"{{"traces":[{good}],"other":["\ud83d"]}}"#), 400, "malformed", "/other/0"),
        (format!(r#"{{"traces":[{good}],"other":1e99999}}"#), 422, "invalid", "/other"),
        (format!(r#"{{"traces":[{good}],"traces":[{good}]}}"#), 422, "invalid", "/traces"),
        (format!(r#"{{"traces":[{good},{{"kind":}}]}}"#), 400, "malformed", "not JSON"),
        (format!(r#"{{"traces":[{good},]}}"#), 400, "malformed", "not JSON"),
    ] {
        let (answered, problem) = send(&ann, "/v1/traces", body.clone()).await;
        assert_eq!((answered, &problem["code"]), (status, &json!(code)), "{body}: {problem}");
        assert!(problem.to_string().contains(said), "{body}: {problem}");
    }
    assert_eq!(ann.get("/v1/players/me/traces").await["items"], json!([]), "nothing was stored");
}

#[cairn_test]
async fn a_time_that_utc_can_not_write_refuses_its_item_alone(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let good = r#"{"kind":"message","text":["x"]}"#;
    for time in ["9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+00:01"] {
        let item = format!(r#"{{"kind":"message","text":["x"],"left_at":"{time}"}}"#);
        let answer = send(&ann, "/v1/traces", batch("traces", good, item.as_bytes(), good)).await;
        assert_eq!(refused_alone("traces", item.as_bytes(), &answer), "/traces/1/left_at", "{time}");
    }
    let admin = cairn.key("moss/climb/live", KeyKind::Secret, &Permission::ALL).await;
    let post = async |path: &str, media: &str, body: String| {
        let request = cairn.http.post(format!("{}{path}", cairn.base)).header("X-API-Key", &admin);
        let answer = request.header("Content-Type", media).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let ban = |until: &str| json!({"action": "ban", "player_id": ann.id, "until": until, "reason": "x"}).to_string();
    let (status, problem) = post("/v1/moderation/actions", "application/json", ban("9999-12-31T23:59:59-01:00")).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/until")), "{problem}");
    let (status, done) = post("/v1/moderation/actions", "application/json", ban("9999-12-31T22:59:59-01:00")).await;
    assert_eq!(status, 200, "{done}");
    let line = |time: &str| {
        json!({"kind": "message", "author": "a", "body": {"part1": "1", "part2": "2", "part3": "3"}, "expires_at": time, "created_at": "0001-01-01T00:00:00Z"}).to_string()
    };
    let lines = ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "2999-01-01T00:00:00+14:00"].map(line).join("\n");
    let (status, imported) = post("/v1/traces/import", "application/x-ndjson", lines).await;
    assert_eq!((status, &imported["imported"]), (200, &json!(2)), "{imported}");
    assert_eq!(
        (&imported["rejected"][0]["line"], &imported["rejected"][0]["pointer"]),
        (&json!(2), &json!("/expires_at"))
    );
    let answer = cairn.get_with(&admin, "/v1/traces/export").send().await.unwrap().text().await.unwrap();
    let times: Vec<Value> = answer
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["author"] == "a")
        .map(|line| json!([line["expires_at"], line["created_at"]]))
        .collect();
    assert_eq!(
        times,
        [
            json!(["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]),
            json!(["2998-12-31T10:00:00Z", "0001-01-01T00:00:00Z"])
        ]
    );
}

#[cairn_test]
async fn a_rotation_of_four_zeros_turns_nothing(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let id = ann.leave_one(json!({"kind": "object", "type": "7", "pos": [1, 2, 3], "rot": [0, 0, 0, 0]})).await;
    let trace = ann.get(&format!("/v1/traces/{id}")).await;
    assert_eq!(trace["rot"], json!([0.0, 0.0, 0.0, 1.0]));
    let body = json!({"revision": trace["revision"], "rot": [0.5, 0.5, 0.5, 0.5]});
    let (_, turned) = ann.send(Method::PATCH, &format!("/v1/traces/{id}"), Some(body)).await;
    assert_eq!(turned["rot"], json!([0.5, 0.5, 0.5, 0.5]));
    let body = json!({"revision": turned["revision"], "rot": [0.0, -0.0, 0, 0]});
    let (_, turned) = ann.send(Method::PATCH, &format!("/v1/traces/{id}"), Some(body)).await;
    assert_eq!(turned["rot"], json!([0.0, 0.0, 0.0, 1.0]));
}

#[cairn_test]
async fn a_byte_order_mark_before_a_body_is_skipped(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let body = "\u{feff}{\"traces\":[{\"kind\":\"message\",\"text\":[\"x\"]}]}";
    let (status, answer) = send(&ann, "/v1/traces", body).await;
    assert_eq!((status, &answer["results"][0]["status"]), (200, &json!(201)), "{answer}");
    let recording = "\u{feff}{\"t_ms\":[0,100],\"pos\":[0,0,0,1,0,0]}";
    let (status, answer) = send(&ann, "/v1/recordings", recording).await;
    assert_eq!(status, 201, "{answer}");
}
