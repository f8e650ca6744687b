//! A player's own traces: their refs, what has become of them, their age; changing and withdrawing by POST.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{decide, message, statuses};
use crate::support::{Cairn, game_client::GameClient};

/// A message with a `ref`.
fn named(name: &str) -> Value {
    let mut trace = message(name);
    trace["ref"] = json!(name);
    trace
}

/// The id, `ref`, state and reason of each of a player's own traces.
async fn listed(player: &GameClient<'_>, query: &str) -> Vec<[Value; 4]> {
    let own = player.get(&format!("/v1/players/me/traces{query}")).await;
    let row = |item: &Value| ["id", "ref", "state", "reason"].map(|name| item[name].clone());
    own["items"].as_array().unwrap().iter().map(row).collect()
}

#[cairn_test]
async fn own_traces_carry_their_ref_and_state(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    decide(cairn, json!({"hidden_at_reports": 1})).await;
    let left = ann.leave(json!([named("a"), message("no ref"), named("c"), message("also none")])).await;
    let id = |at: usize| left[at]["id"].clone();
    let path = |at: usize| format!("/v1/traces/{}", left[at]["id"].as_str().unwrap());
    for at in [0, 1] {
        assert_eq!(ann.send(Method::DELETE, &path(at), None).await.0, 204);
    }
    let (status, answer) = bob.send(Method::PUT, &format!("{}/report", path(2)), Some(json!({"reason": "spam"}))).await;
    assert_eq!(status, 204, "{answer}");
    let (a, c, null) = (json!("a"), json!("c"), Value::Null);
    let withdrawn = json!("withdrawn");
    let expected = [
        [id(0), a, withdrawn.clone(), withdrawn.clone()],
        [id(1), null.clone(), withdrawn.clone(), withdrawn],
        [id(2), c, json!("hidden"), null.clone()],
        [id(3), null.clone(), json!("live"), null],
    ];
    assert_eq!(listed(&ann, "").await, expected);
    let next = format!("?limit=2&after={}", id(0).as_str().unwrap());
    assert_eq!(listed(&ann, &next).await, expected[1..3], "page by page");
    assert!(listed(&bob, "").await.is_empty(), "nobody else's");
}

#[cairn_test]
async fn a_withdrawn_trace_keeps_nothing_of_what_it_said(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let id = ann.leave_one(named("a")).await;
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{id}"), None).await.0, 204);
    let own = ann.get("/v1/players/me/traces").await;
    assert_eq!(own["items"], json!([{"id": id, "ref": "a", "state": "withdrawn", "reason": "withdrawn"}]));
    assert_eq!((&own["next"], &own["more"]), (&json!(id), &json!(false)));
}

#[cairn_test]
async fn an_evicted_trace_is_told_with_its_reason(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    decide(cairn, json!({"kinds": [{"kind": "message", "quota_scope": 1, "on_quota": "evict"}]})).await;
    let left = ann.leave(json!([named("a"), message("b")])).await;
    assert_eq!(statuses(&left), [201, 201]);
    let listed = listed(&ann, "").await;
    assert_eq!(listed[0], [left[0]["id"].clone(), json!("a"), json!("withdrawn"), json!("evicted")]);
    assert_eq!((listed.len(), &listed[1][2]), (2, &json!("live")));
}

#[cairn_test]
async fn answers_made_for_a_request_say_how_old_a_trace_is(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let hour_ago = cairn::platform::clock::format(cairn::platform::clock::now_ms() - 3_600_000);
    let mut old = message("old");
    (old["left_at"], old["expires_in_s"]) = (json!(hour_ago), json!(7200));
    let id = ann.leave_one(old).await;
    let own = ann.get("/v1/players/me/traces").await["items"][0].clone();
    let change = json!({"revision": 1, "data": "x"});
    let (_, changed) = ann.send(Method::PATCH, &format!("/v1/traces/{id}"), Some(change)).await;
    for (answer, trace) in [("own traces", &own), ("a change", &changed)] {
        let [age, left] = ["age_s", "expires_in_s"].map(|name| trace[name].as_i64().unwrap());
        assert!((3600..3660).contains(&age), "{answer}: {age}");
        assert!((3540..=3600).contains(&left), "{answer}: {left}");
    }
}

#[cairn_test]
async fn a_trace_is_changed_and_withdrawn_by_post(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let path = format!("/v1/traces/{}", ann.leave_one(message("try jumping")).await);
    let (change, withdraw) = (format!("{path}/change"), format!("{path}/withdraw"));
    let body = json!({"revision": 1, "text": ["don't jump"]});
    let (status, answer) = bob.send(Method::POST, &change, Some(body.clone())).await;
    assert_eq!((status, &answer["code"]), (403, &json!("not_yours")));
    let (status, changed) = ann.send(Method::POST, &change, Some(body.clone())).await;
    assert_eq!((status, &changed["text"], &changed["revision"]), (200, &json!(["don't jump"]), &json!(2)));
    let (status, answer) = ann.send(Method::POST, &change, Some(body)).await;
    assert_eq!(
        (status, &answer["code"], &answer["current"]["revision"]),
        (409, &json!("revision_conflict"), &json!(2))
    );
    assert_eq!(bob.send(Method::POST, &withdraw, None).await.0, 403);
    // Engines may send an empty object where there is no body.
    assert_eq!(ann.send(Method::POST, &withdraw, Some(json!({}))).await.0, 204);
    assert_eq!(ann.send(Method::POST, &withdraw, None).await.0, 404);
}
