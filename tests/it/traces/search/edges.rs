//! Edge cases of searches: ends of pages, traces that are not visible, limits of distance.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    WORLD, ids, items, message,
    rows::{Row, put},
};
use crate::support::{
    Cairn, Place,
    game_client::GameClient,
    keys::{admin, decide},
};

/// The same query, after a page.
fn next_page(question: &Value, page: &Value) -> Value {
    let mut question = question.clone();
    question["after"] = page["next"].clone();
    question
}

#[cairn_test]
async fn a_hidden_trace_is_gone_for_all_but_its_author(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let id = ann.leave_one(message("rude", [0.0; 3])).await;
    let (own, recent) = (json!({"mode": "own"}), json!({"scopes": ["a"]}));
    let (mine, seen) = (ann.ask(&own).await, bob.ask(&recent).await);
    let hide = json!({"action": "hide", "trace_ids": [id], "reason": "rude"}).to_string();
    let request =
        cairn.http.post(format!("{}/v1/moderation/actions", cairn.base)).header("X-API-Key", admin(cairn, WORLD).await);
    assert_eq!(request.header("Content-Type", "application/json").body(hide).send().await.unwrap().status(), 200);
    assert_eq!(bob.ask(&next_page(&recent, &seen)).await["gone"], json!([id]));
    assert_eq!(ann.ask(&next_page(&own, &mine)).await["gone"], json!([]));
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{id}"), None).await.0, 204);
    assert_eq!(ann.ask(&next_page(&own, &mine)).await["gone"], json!([id]));
}

#[cairn_test]
async fn removed_traces_are_listed_page_by_page_each_once(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, bob) = GameClient::two(&cairn).await;
    put(&cairn, place, &(1..=3).map(|id| Row::new(id, 1)).collect::<Vec<_>>()).await;
    let question = json!({"scopes": ["a"]});
    let mut page = bob.ask(&question).await;
    assert_eq!(items(&page), [3, 2, 1]);
    let world = cairn.world_key(WORLD).await.world();
    place.execute_on(2, &format!(
            "WITH RECURSIVE n(seq) AS (SELECT 4 UNION ALL SELECT seq + 1 FROM n WHERE seq < 2503) \
             INSERT INTO change (world, seq, trace, reason, scope, at_ms) SELECT {world}, seq, seq + 10000, 3, 'a', 1 FROM n"
        )).await;
    place.execute_on(2, &format!("UPDATE world SET seq = 2503 WHERE id = {world}")).await;
    let mut gone: Vec<i64> = Vec::new();
    for (count, more) in [(1000, true), (1000, true), (500, false)] {
        page = bob.ask(&next_page(&question, &page)).await;
        // After the last trace a cursor stays at the end.
        assert_eq!((items(&page), &page["more"]), (vec![], &json!(more)));
        let listed = page["gone"].as_array().unwrap();
        assert_eq!(listed.len(), count);
        gone.extend(listed.iter().map(|id| id.as_str().unwrap().parse::<i64>().unwrap()));
    }
    assert_eq!(gone, (10_004..=12_503).collect::<Vec<_>>());
    cairn.stop().await;
}

#[cairn_test]
async fn traces_after_many_invisible_ones_are_found(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let row = |id| Row { over: (4..=397).contains(&id), score: 0.5, ..Row::new(id, 1) };
    put(&cairn, place, &(1..=400).map(row).collect::<Vec<_>>()).await;
    for mode in ["recent", "top"] {
        let found = ids(&ann.walk(&json!({"scopes": ["a"], "mode": mode}), || 5).await);
        assert_eq!(found, [400, 399, 398, 3, 2, 1], "{mode}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn content_older_than_the_game_shows_is_in_no_answer(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let row = |id| {
        let version = i32::try_from(id).unwrap() - 1;
        Row { version, score: 0.5, rank: Some(1.0), pos: Some([0.0; 3]), ..Row::new(id, 2) }
    };
    put(&cairn, place, &(1..=4).map(row).collect::<Vec<_>>()).await;
    decide(&cairn, WORLD, &json!({"content_version_min": 2})).await;
    for question in [
        json!({"mode": "recent"}),
        json!({"mode": "top"}),
        json!({"mode": "near", "near": [0, 0, 0], "radius": 1}),
        json!({"mode": "ahead", "rank_value": 2, "ahead": 10}),
    ] {
        for (asked, seen) in [(0, vec![3, 4]), (1, vec![3, 4]), (3, vec![4])] {
            let mut question = question.clone();
            (question["scopes"], question["version_min"]) = (json!(["a"]), json!(asked));
            let mut found = items(&ann.ask(&question).await);
            found.sort_unstable();
            assert_eq!(found, seen, "{question}");
        }
    }
    cairn.stop().await;
}

#[cairn_test]
async fn traces_at_the_centre_and_at_the_radius_are_near(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let row = |(id, x)| Row { pos: Some([x, 0.0, 0.0]), ..Row::new(id, 1) };
    put(&cairn, place, &[(1, 10.0), (2, 12.0), (3, 8.0), (4, 12.5), (5, 7.5)].map(row)).await;
    let near = json!({"mode": "near", "scopes": ["a"], "near": [10, 0, 0], "radius": 2});
    assert_eq!(ids(&ann.walk(&near, || 1).await), [1, 2, 3]);
    cairn.stop().await;
}
