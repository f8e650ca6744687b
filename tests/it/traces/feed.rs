//! The feed of a world's changes: `/v1/changes`.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, Place, eventually, game_client::GameClient, keys::decide};

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

/// What has become of which trace.
fn brief(page: &Value) -> Vec<(String, String)> {
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(|item| (text(item, "what"), text(item, "id"))).collect()
}

fn became(what: &str, id: &str) -> (String, String) {
    (what.to_owned(), id.to_owned())
}

#[cairn_test]
async fn changes_of_several_scopes_come_in_one_order(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let mut left = Vec::new();
    for scope in ["a", "b", "c", "a"] {
        left.push(ann.leave_one(json!({"kind": "message", "scope": scope, "text": ["x"]})).await);
    }
    ann.send(Method::DELETE, &format!("/v1/traces/{}", left[1]), None).await;
    let page = bob.get("/v1/changes?scope=b&scope=a&scope=a&scope=nowhere").await;
    assert_eq!(brief(&page), [became("left", &left[0]), became("left", &left[3]), became("gone", &left[1])]);
    let nine = "scope=a&".repeat(9);
    assert_eq!(bob.send(Method::GET, &format!("/v1/changes?{nine}"), None).await.0, 422);
}

#[cairn_test]
async fn votes_are_told_once_for_each_trace_with_its_newest_counts(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let cat = GameClient::with(cairn, &bob.key).await;
    let first = ann.leave_one(message("first")).await;
    let elsewhere = ann.leave_one(json!({"kind": "message", "scope": "a", "text": ["x"]})).await;
    let vote = async |player: &GameClient<'_>, id: &str, vote: &str| {
        let body = json!({"vote": vote});
        assert_eq!(player.send(Method::PUT, &format!("/v1/traces/{id}/vote"), Some(body)).await.0, 200);
    };
    let from = bob.get("/v1/changes").await["next"].as_str().unwrap().to_owned();
    vote(&bob, &first, "good").await;
    vote(&bob, &elsewhere, "poor").await;
    vote(&cat, &first, "good").await;
    let page = bob.get(&format!("/v1/changes?after={from}")).await;
    assert_eq!(brief(&page), [became("rated", &elsewhere), became("rated", &first)], "folded, the newest last");
    let rated = &page["items"][1];
    assert_eq!((&rated["good"], &rated["poor"], &rated["uses"]), (&json!(2), &json!(0), &json!(0)));
    assert!(rated["score"].as_f64().unwrap() > 0.0 && rated.get("trace").is_none() && rated.get("reason").is_none());
    let of_scope = bob.get(&format!("/v1/changes?after={from}&scope=a")).await;
    assert_eq!(brief(&of_scope), [became("rated", &elsewhere)]);
    let next = page["next"].as_str().unwrap();
    assert_eq!(brief(&bob.get(&format!("/v1/changes?after={next}")).await), []);
    vote(&bob, &first, "good").await;
    assert_eq!(brief(&bob.get(&format!("/v1/changes?after={next}")).await), [], "the same vote again is no change");
    assert_eq!(bob.send(Method::DELETE, &format!("/v1/traces/{first}/vote"), None).await.0, 200);
    let page = bob.get(&format!("/v1/changes?after={next}")).await;
    assert_eq!((brief(&page), &page["items"][0]["good"]), (vec![became("rated", &first)], &json!(1)));
}

#[cairn_test]
async fn a_trace_that_a_page_shows_in_full_is_not_told_as_rated_too(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let first = ann.leave_one(message("first")).await;
    let from = bob.get("/v1/changes").await["next"].as_str().unwrap().to_owned();
    let vote = Some(json!({"vote": "good"}));
    assert_eq!(bob.send(Method::POST, &format!("/v1/traces/{first}/vote"), vote).await.0, 200);
    let page = bob.get("/v1/changes").await;
    assert_eq!((brief(&page), &page["items"][0]["trace"]["good"]), (vec![became("left", &first)], &json!(1)));
    let change = json!({"revision": 1, "pos": [4, 5, 6]});
    assert_eq!(ann.send(Method::PATCH, &format!("/v1/traces/{first}"), Some(change)).await.0, 200);
    let page = bob.get(&format!("/v1/changes?after={from}")).await;
    assert_eq!((brief(&page), &page["items"][0]["trace"]["good"]), (vec![became("changed", &first)], &json!(1)));
}

#[cairn_test]
async fn votes_take_no_rows_of_the_change_log_and_rebuild_nothing(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    decide(&cairn, WORLD, &json!({"refresh_s": 3600})).await;
    let first = ann.leave_one(message("first")).await;
    let deck = "/v1/deck?scope=Ash+Lake&deck=0";
    eventually("the trace is in the deck", async || bob.get(deck).await["traces"] != json!([])).await;
    let before = bob.get(deck).await;
    for vote in ["good", "poor", "good", "poor"] {
        let body = Some(json!({"vote": vote}));
        assert_eq!(bob.send(Method::PUT, &format!("/v1/traces/{first}/vote"), body).await.0, 200);
    }
    assert_eq!(place.numbers_on(2, "SELECT count(*) FROM change").await, [0]);
    assert_eq!(place.numbers_on(2, "SELECT count(*) FROM trace WHERE rated_seq IS NOT NULL").await, [1]);
    assert_eq!(bob.get(deck).await, before, "the deck is the same one");
    cairn.stop().await;
}

#[cairn_test]
async fn a_long_poll_is_answered_when_a_vote_is_given(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let first = ann.leave_one(message("first")).await;
    let next = bob.get("/v1/changes").await["next"].as_str().unwrap().to_owned();
    let path = format!("/v1/changes?after={next}&wait_s=60");
    let began = Instant::now();
    let (waited, ()) = tokio::join!(bob.get(&path), async {
        let body = Some(json!({"vote": "good"}));
        assert_eq!(bob.send(Method::PUT, &format!("/v1/traces/{first}/vote"), body).await.0, 200);
    });
    assert_eq!(brief(&waited), [became("rated", &first)]);
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(bob.send(Method::GET, "/v1/changes?wait_s=61", None).await.0, 422);
}

#[cairn_test]
async fn an_inbox_item_ends_the_wait_of_its_player(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let first = ann.leave_one(message("first")).await;
    let next = ann.get("/v1/changes").await["next"].as_str().unwrap().to_owned();
    let begin = ann.get(&format!("/v1/changes?after={next}&inbox_after=0")).await;
    assert_eq!(begin["inbox"], json!({"items": [], "next": "0", "more": false}));
    let path = format!("/v1/changes?after={next}&inbox_after=0&wait_s=60");
    let (waited, ()) = tokio::join!(ann.get(&path), async {
        assert_eq!(bob.send(Method::POST, &format!("/v1/traces/{first}/uses"), None).await.0, 204);
    });
    assert_eq!(waited["items"], json!([]), "a use changes no trace");
    let item = &waited["inbox"]["items"][0];
    assert_eq!((&item["what"], &item["trace_id"], &item["uses"]), (&json!("used"), &json!(first), &json!(1)));
    assert!(item["age_s"].as_i64().unwrap() < 60);
    let after = waited["inbox"]["next"].as_str().unwrap();
    let (_, inbox) = ann.send(Method::GET, &format!("/v1/inbox?after={after}"), None).await;
    assert_eq!(inbox["items"], json!([]), "the cursors are the same");
    assert!(ann.get("/v1/changes").await.get("inbox").is_none());
}

#[cairn_test]
async fn an_inbox_is_only_for_a_player_of_the_world(cairn: &Cairn) {
    let (_, bob) = GameClient::two(cairn).await;
    let path = "/v1/changes?inbox_after=0";
    let ask = cairn.http.get(format!("{}{path}", cairn.base)).header("X-API-Key", &bob.key);
    let answer = ask.again().send().await.unwrap();
    assert_eq!(
        (answer.status(), answer.json::<Value>().await.unwrap()["code"].clone()),
        (reqwest::StatusCode::UNAUTHORIZED, json!("player_token_needed"))
    );
    let other = cairn.key("tern/climb/live", KeyKind::Publishable, &[Permission::Read, Permission::Write]).await;
    let eve = GameClient::with(cairn, &other).await;
    let answer = ask.bearer_auth(&eve.token).send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let mine = cairn.http.get(format!("{}{path}", cairn.base)).header("X-API-Key", &bob.key).bearer_auth(&bob.token);
    let mine = mine.send().await.unwrap();
    assert_eq!(
        (mine.status(), &mine.headers()["cache-control"]),
        (reqwest::StatusCode::OK, &"private, no-cache".parse().unwrap())
    );
    let alone = cairn.http.get(format!("{}{path}", cairn.base)).bearer_auth(&bob.token).send().await.unwrap();
    assert_eq!(alone.status(), 401, "a token alone does not read the world");
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
