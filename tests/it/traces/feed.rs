//! The feed of a world's changes: `/v1/changes`.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, Place, game_client::GameClient};

const WORLD: &str = "moss/climb/live";

fn message(text: &str) -> Value {
    json!({"kind": "message", "scope": "Ash Lake", "pos": [1.5, 2, -3], "text": [text]})
}

#[cairn_test]
async fn a_page_of_changes_ends_with_the_cursor_of_the_next(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    ann.leave_one(message("first")).await;
    let page = bob.get("/v1/changes").await;
    assert_eq!(
        (page["items"].as_array().unwrap().len(), &page["items"][0]["what"], &page["more"]),
        (1, &json!("left"), &json!(false))
    );
    let next = page["next"].as_str().unwrap().to_owned();
    assert_eq!(bob.get(&format!("/v1/changes?after={next}")).await["items"], json!([]));
}

#[cairn_test]
async fn a_long_poll_is_answered_when_a_change_is_made(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let first = ann.leave_one(message("first")).await;
    let next = bob.get("/v1/changes").await["next"].as_str().unwrap().to_owned();
    let path = format!("/v1/changes?after={next}&wait_s=20");
    let (waited, ()) = tokio::join!(bob.get(&path), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let change = json!({"revision": 1, "text": ["better"]});
        assert_eq!(ann.send(Method::PATCH, &format!("/v1/traces/{first}"), Some(change)).await.0, 200);
    });
    assert_eq!(
        (&waited["items"][0]["what"], &waited["items"][0]["trace"]["text"]),
        (&json!("changed"), &json!(["better"]))
    );
}

#[cairn_test]
async fn changes_come_in_order_and_of_one_scope_where_asked(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let first = ann.leave_one(message("first")).await;
    let before = bob.get("/v1/changes").await;
    let elsewhere = json!({"kind": "message", "scope": "a", "text": ["x"]});
    ann.leave_one(elsewhere).await;
    ann.send(Method::DELETE, &format!("/v1/traces/{first}"), None).await;
    let next = before["next"].as_str().unwrap();
    let page = bob.get(&format!("/v1/changes?after={next}")).await;
    let changes: Vec<(&str, Option<&str>)> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["what"].as_str().unwrap(), item["reason"].as_str()))
        .collect();
    assert_eq!(changes, [("left", None), ("gone", Some("withdrawn"))]);
    let of_scope = bob.get(&format!("/v1/changes?after={next}&scope=Ash+Lake&limit=1")).await;
    assert_eq!((&of_scope["items"][0]["what"], &of_scope["more"]), (&json!("gone"), &json!(false)));
}

#[cairn_test]
async fn a_cursor_that_the_log_does_not_know_is_refused(cairn: &Cairn) {
    let (_, bob) = GameClient::two(cairn).await;
    let (status, answer) = bob.send(Method::GET, "/v1/changes?after=999999", None).await;
    assert_eq!((status, &answer["code"]), (410, &json!("cursor_too_old")));
}

/// How many traces the followers follow, withdrawn ones too: the whole bar is 100,000.
fn followed() -> usize {
    std::env::var("CAIRN_TEST_FOLLOWED").map_or(2_000, |count| count.parse().unwrap())
}

#[cairn_test]
async fn subscribers_miss_no_change_and_see_none_twice(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_PLAYERS_PER_HOUR", "1000")]).await;
    let key = cairn.key(WORLD, KeyKind::Publishable, &[Permission::Read, Permission::Write]).await;
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let wide = json!({"kinds": [{"kind": "message", "quota_scope": 100_000, "quota_total": 100_000}]});
    let request = cairn.http.patch(format!("{}/v1/games/climb/settings", cairn.base)).header("X-API-Key", admin);
    assert_eq!(request.body(wide.to_string()).send().await.unwrap().status(), 200);
    let mut writers = Vec::new();
    for _ in 0..16 {
        writers.push(GameClient::with(&cairn, &key).await);
    }
    let follower = GameClient::with(&cairn, &key).await;
    let each = followed() / 16;
    let write = async |player: &GameClient<'_>, number: usize| {
        let mut left = 0;
        let mut withdrawn = 0;
        while left < each {
            let batch: Vec<Value> = (0..32.min(each - left))
                    .map(|at| json!({"kind": "message", "scope": format!("{}", at % 3), "text": [format!("{number}/{}", left + at)]}))
                    .collect();
            left += batch.len();
            let results = player.leave(Value::Array(batch)).await;
            let id = results[0]["id"].as_str().unwrap();
            assert_eq!(player.send(Method::DELETE, &format!("/v1/traces/{id}"), None).await.0, 204);
            withdrawn += 1;
        }
        withdrawn
    };
    let follow = async || {
        let (mut after, mut left, mut gone, mut last) = ("0".to_owned(), HashMap::new(), HashSet::new(), 0);
        loop {
            let page = follower.get(&format!("/v1/changes?after={after}&wait_s=2&limit=700")).await;
            let items = page["items"].as_array().unwrap();
            for item in items {
                let id: i64 = item["id"].as_str().unwrap().parse().unwrap();
                if item["what"] == "left" {
                    assert!(left.insert(id, item["trace"]["text"][0].clone()).is_none(), "{id} twice");
                    assert!(id > last, "order");
                    last = id;
                } else {
                    assert!(gone.insert(id), "{id} gone twice");
                }
            }
            after = page["next"].as_str().unwrap().to_owned();
            if items.is_empty() && gone.len() >= 16 * each.div_ceil(32) {
                return (left, gone);
            }
        }
    };
    let writing =
        futures_util::future::join_all(writers.iter().enumerate().map(|(number, player)| write(player, number)));
    let following = futures_util::future::join_all((0..4).map(|_| follow()));
    let (withdrawn, followers) = tokio::join!(writing, following);
    let withdrawn: usize = withdrawn.iter().sum();
    for (left, gone) in followers {
        let there: HashSet<i64> = left.keys().copied().filter(|id| !gone.contains(id)).collect();
        assert_eq!((gone.len(), there.len()), (withdrawn, each * 16 - withdrawn));
        let texts: HashSet<&Value> = left.values().collect();
        assert_eq!(texts.len(), left.len());
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_long_poll_is_answered_when_the_server_stops(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.key(WORLD, KeyKind::Publishable, &[Permission::Read]).await;
    let url = format!("{}/v1/changes?wait_s=30", cairn.base);
    let asked = tokio::spawn(cairn.http.get(url).header("X-API-Key", key).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = tokio::time::Instant::now();
    cairn.stop().await;
    let answer = asked.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap()["items"], json!([]));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}
