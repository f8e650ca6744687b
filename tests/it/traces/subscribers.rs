//! Followers of `/v1/changes`: each is woken by what it is shown, and a page costs what it shows.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, game_client::GameClient, plans};

/// A fragment of the statement with which each look at the feed begins.
const LOOK: &str = r#"SELECT "seq", "forgotten" FROM"#;

async fn leave(player: &GameClient<'_>, scope: &str) -> String {
    player.leave_one(json!({"kind": "message", "scope": scope, "text": ["x"]})).await
}

async fn next(player: &GameClient<'_>) -> String {
    player.get("/v1/changes").await["next"].as_str().unwrap().to_owned()
}

fn happened(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["what"].as_str().unwrap()).collect()
}

#[cairn_test]
async fn writes_elsewhere_in_the_world_wake_no_follower_of_a_scope(cairn: &Cairn) {
    const FOLLOWERS: usize = 20;
    let (ann, bob) = GameClient::two(cairn).await;
    leave(&ann, "busy").await;
    let after = next(&bob).await;
    let before = plans::times(LOOK);
    let path = format!("/v1/changes?after={after}&scope=quiet&wait_s=3");
    let waiting = futures_util::future::join_all((0..FOLLOWERS).map(|_| bob.get(&path)));
    let (pages, ()) = tokio::join!(waiting, async {
        for _ in 0..20 {
            let id = leave(&ann, "busy").await;
            assert_eq!(
                bob.send(Method::PUT, &format!("/v1/traces/{id}/vote"), Some(json!({"vote": "good"}))).await.0,
                200
            );
        }
    });
    let looks = plans::times(LOOK) - before;
    assert!(
        looks <= FOLLOWERS * 3,
        "{looks} looks of {FOLLOWERS} followers, which look at the beginning and at the end"
    );
    let end = next(&bob).await;
    for page in pages {
        assert_eq!((&page["items"], &page["next"]), (&json!([]), &json!(end)), "its cursor does not stay behind");
    }
}

#[cairn_test]
async fn a_vote_ends_the_wait_for_its_scope(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let id = leave(&ann, "quiet").await;
    let path = format!("/v1/changes?after={}&scope=quiet&scope=other&wait_s=60", next(&bob).await);
    let (page, ()) = tokio::join!(bob.get(&path), async {
        assert_eq!(bob.send(Method::PUT, &format!("/v1/traces/{id}/vote"), Some(json!({"vote": "good"}))).await.0, 200);
    });
    assert_eq!(happened(&page), ["rated"]);
}

#[cairn_test]
async fn news_in_an_inbox_end_the_wait_for_another_scope(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let id = leave(&ann, "quiet").await;
    let path = format!("/v1/changes?after={}&scope=other&inbox_after=0&wait_s=60", next(&ann).await);
    let (page, ()) = tokio::join!(ann.get(&path), async {
        assert_eq!(bob.send(Method::POST, &format!("/v1/traces/{id}/uses"), None).await.0, 204);
    });
    assert_eq!((happened(&page), &page["inbox"]["items"][0]["what"]), (vec![], &json!("used")));
}

#[cairn_test]
async fn a_page_of_what_a_follower_may_not_see_is_empty_and_has_more(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    for _ in 0..3 {
        ann.leave_one(json!({"kind": "message", "scope": "a", "text": ["x"], "group": "ours"})).await;
    }
    let shown = leave(&ann, "a").await;
    for scope in ["", "&scope=a"] {
        let first = bob.get(&format!("/v1/changes?limit=2{scope}")).await;
        assert_eq!((&first["items"], &first["more"]), (&json!([]), &json!(true)));
        let after = first["next"].as_str().unwrap();
        let second = bob.get(&format!("/v1/changes?limit=2&after={after}{scope}")).await;
        assert_eq!((&second["items"][0]["id"], &second["more"]), (&json!(shown), &json!(false)));
    }
}
