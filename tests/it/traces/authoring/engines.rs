//! Bodies as Unity's `JsonUtility` writes them: all members of a class, empty where there is nothing.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::statuses;
use crate::support::{Cairn, game_client::GameClient};

/// A recording that is not there.
const NO_RECORDING: &str = r#"{"content_version":0,"complete":false,"look":"","t_ms":[],"pos":[],"rot":[],"state":[],"teleports":[],"event_ms":[],"event_code":[],"event_arg":[]}"#;

/// A trace of which only the first members are filled in.
fn trace(kind: &str, filled: &str, recording: &str) -> String {
    let empty = [
        ("ref", r#""""#),
        ("scope", r#""""#),
        ("pos", "[]"),
        ("rot", "[]"),
        ("type", r#""""#),
        ("text", "[]"),
        ("template", "0"),
        ("word", "0"),
        ("conjunction", "0"),
        ("template2", "0"),
        ("word2", "0"),
        ("gesture", "0"),
        ("data", r#""""#),
        ("content_version", "0"),
        ("rank_value", "0"),
        ("left_at", r#""""#),
        ("expires_in_s", "0"),
        ("group", r#""""#),
        ("recording_id", r#""""#),
    ];
    let is_filled = |name: &str| filled.contains(&format!("\"{name}\":"));
    let empty =
        empty.into_iter().filter(|(name, _)| !is_filled(name)).map(|(name, value)| format!(",\"{name}\":{value}"));
    format!(r#"{{"kind":"{kind}",{filled}{},"recording":{recording}}}"#, empty.collect::<String>())
}

fn read(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[cairn_test]
async fn a_class_with_all_members_is_accepted_for_each_kind(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let run = r#"{"content_version":0,"complete":true,"look":"","t_ms":[0,100],"pos":[0,0,0,1,0,0],"rot":[],"state":[],"teleports":[],"event_ms":[],"event_code":[],"event_arg":[]}"#;
    let traces = [
        trace("message", r#""template":3,"word":117"#, NO_RECORDING),
        trace("message", r#""text":["try jumping"],"pos":[1.5,0,-3]"#, NO_RECORDING),
        trace("object", r#""type":"torch","pos":[0,0,0]"#, NO_RECORDING),
        trace("bloodstain", r#""pos":[0,0,0]"#, NO_RECORDING),
        trace("phantom", r#""scope":"Ash Lake""#, run),
        trace("phantom", r#""rank_value":9.5"#, run),
    ];
    let body = read(&format!(r#"{{"traces":[{}]}}"#, traces.join(",")));
    let (status, answer) = ann.send(Method::POST, "/v1/traces", Some(body)).await;
    assert_eq!(status, 200, "{answer}");
    let results = answer["results"].as_array().unwrap();
    assert_eq!(statuses(results), [201; 6], "{answer}");
    let shown = async |at: usize| bob.get(&format!("/v1/traces/{}", results[at]["id"].as_str().unwrap())).await;
    let sentence = shown(0).await;
    assert_eq!((&sentence["template"], &sentence["word"]), (&json!(3), &json!(117)));
    for absent in ["pos", "text", "conjunction", "template2", "word2", "gesture", "data", "rank_value", "recording_id"]
    {
        assert_eq!(sentence.get(absent), None, "{absent}");
    }
    assert_eq!(shown(2).await["pos"], json!([0.0, 0.0, 0.0]), "a position of zeroes is one");
    assert_eq!(shown(4).await.get("rank_value"), None);
    assert_eq!(shown(5).await["rank_value"], json!(9.5));
}

#[cairn_test]
async fn a_change_with_all_members_changes_what_is_filled_in(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let id =
        ann.leave_one(json!({"kind": "message", "template": 3, "word": 7, "data": "kept", "pos": [1, 2, 3]})).await;
    let body = r#"{"revision":1,"text":[],"template":0,"word":8,"conjunction":0,"template2":0,"word2":0,"gesture":0,"data":"","pos":[],"rot":[],"type":""}"#;
    for (path, method) in [("", Method::PATCH), ("/change", Method::POST)] {
        let (_, before) = ann.send(Method::GET, &format!("/v1/traces/{id}"), None).await;
        let mut body = read(body);
        body["revision"] = before["revision"].clone();
        let (status, changed) = ann.send(method, &format!("/v1/traces/{id}{path}"), Some(body)).await;
        assert_eq!(status, 200, "{changed}");
        assert_eq!((&changed["template"], &changed["word"], &changed["data"]), (&json!(3), &json!(8), &json!("kept")));
        assert_eq!(changed["pos"], json!([1.0, 2.0, 3.0]));
    }
    let (status, answer) = ann.send(Method::PATCH, &format!("/v1/traces/{id}"), Some(json!({"revision": 0}))).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!("/revision")), "a revision of 0 is none");
}

#[cairn_test]
async fn a_sync_as_engines_write_it_is_accepted(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let id = ann.leave_one(json!({"kind": "message", "text": ["x"]})).await;
    let (status, synced) = ann.send(Method::POST, "/v1/traces/sync", Some(json!({"ids": [id]}))).await;
    assert_eq!((status, &synced["changed"][0]["id"]), (200, &json!(id)));
    let (status, answer) = ann.send(Method::POST, "/v1/traces/sync", Some(json!({"ids": []}))).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!("/ids")));
    let (status, answer) = ann.send(Method::POST, "/v1/traces/sync", Some(json!({"ids": [id], "idz": 1}))).await;
    assert_eq!((status, &answer["errors"][0]["detail"]), (422, &json!("is not known here; did you mean ids?")));
}
