//! Quotas: what counts against them is kept right, whatever adds or removes traces.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::decide;
use crate::support::{Cairn, Place, game_client::GameClient, keys, white_box::contradictions};

fn note(scope: &str) -> Value {
    json!({"kind": "message", "scope": scope, "text": ["x"]})
}

#[cairn_test]
async fn imported_traces_of_a_player_count_and_removed_ones_do_not(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let admin = keys::admin(&cairn, "moss/climb/live").await;
    decide(&cairn, json!({"kinds": [{"kind": "message", "quota_scope": 3, "quota_total": 5, "on_quota": "reject"}]}))
        .await;
    let line = |scope: &str| {
        json!({"kind": "message", "scope": scope, "author": ann.id, "text": ["x"], "minted": true}).to_string() + "\n"
    };
    let lines: String = ["a", "a", "b", "b"].map(line).concat();
    let import = cairn.http.post(format!("{}/v1/traces/import", cairn.base)).header("X-API-Key", &admin);
    let import = import.header("Content-Type", "application/x-ndjson").body(lines).send().await.unwrap();
    assert_eq!(import.status(), 200);
    assert_eq!(contradictions(place).await, [0; 5]);
    let statuses =
        |results: &[Value]| -> Vec<i64> { results.iter().map(|one| one["status"].as_i64().unwrap()).collect() };
    let left = ann.leave(json!([note("a"), note("a"), note("c")])).await;
    assert_eq!(statuses(&left), [201, 409, 409], "three in the scope, then five in all");
    assert_eq!(contradictions(place).await, [0; 5], "what was refused is not counted");
    let id = left[0]["id"].as_str().unwrap();
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{id}"), None).await.0, 204);
    assert_eq!(statuses(&ann.leave(json!([note("c"), note("d")])).await), [201, 409]);
    let remove = json!({"action": "wipe", "player_id": ann.id});
    let remove = cairn
        .http
        .post(format!("{}/v1/moderation/actions", cairn.base))
        .header("X-API-Key", &admin)
        .body(remove.to_string());
    assert_eq!(remove.header("Content-Type", "application/json").send().await.unwrap().status(), 200);
    assert_eq!(contradictions(place).await, [0; 5]);
    assert_eq!(place.numbers_on(2, "SELECT count(*) FROM own_count").await, [0], "counts of nothing are not kept");
    assert_eq!(statuses(&ann.leave(json!([note("a"), note("a"), note("a"), note("a")])).await), [201, 201, 201, 409]);
    cairn.stop().await;
}
