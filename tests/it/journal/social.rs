//! The feed, and the first page.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::Gamer;
use crate::support::{Cairn, Place, plans};

/// Ann, whom Bob follows, and a game.
async fn ann_and_bob<'a>(cairn: &'a Cairn, place: &Place) -> (Gamer<'a>, Gamer<'a>, i64) {
    let (ann, bob) = (Gamer::new(cairn, place, "ann").await, Gamer::new(cairn, place, "bob").await);
    bob.follow(place, &ann).await;
    (ann, bob, cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await)
}

/// What happened, in the words of the feed.
fn whats(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["what"].as_str().unwrap()).collect()
}

async fn set_state(gamer: &Gamer<'_>, game: i64, state: &str) {
    let (status, entry) = gamer
        .send(Method::PUT, &format!("/library/{game}"), None, Some(json!({"state": state, "audience": "public"})))
        .await;
    assert_eq!(status, 200, "{entry}");
}

#[cairn_test]
async fn the_feed_has_what_those_did_whom_one_follows_the_newest_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = ann_and_bob(&cairn, place).await;
    let carl = Gamer::new(&cairn, place, "carl").await;
    carl.think(game, "of a stranger", "public").await;
    set_state(&ann, game, "ongoing").await;
    let id = ann.think(game, "It **ends** ||well||.", "public").await;
    set_state(&ann, game, "completed").await;
    ann.follow(place, &carl).await;
    let (status, page) = bob.get("/feed").await;
    assert_eq!((status, whats(&page)), (200, vec!["state", "thought", "state", "follow"]), "{page}");
    let items = page["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["by"]["username"] == "ann"), "{page}");
    assert_eq!((&items[0]["state"], &items[2]["state"]), (&"completed".into(), &"ongoing".into()));
    assert_eq!(items[3]["followed"]["username"], "carl");
    assert_eq!((&items[1]["thought_id"], &items[1]["excerpt"]), (&id.as_str().into(), &"It ends […].".into()));
    assert_eq!(items[1]["game"]["name"], "Outer Wilds");
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let (_, page) = bob.get(&format!("/feed?limit=1&after={after}")).await;
        paged.extend(page["items"].as_array().unwrap().clone());
        page["next"].as_str().unwrap().clone_into(&mut after);
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(&paged, items, "one by one");
    assert_eq!(whats(&ann.get("/feed").await.1), ["thought"], "hers has what Carl did, and nothing of her own");
    assert_eq!(bob.get("/feed?after=x").await.0, 422);
    assert_eq!(Gamer::stranger(&cairn).get("/feed").await.0, 401);
    cairn.stop().await;
}

#[cairn_test]
async fn many_things_of_one_moment_are_each_on_one_page(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = ann_and_bob(&cairn, place).await;
    for number in 0..7 {
        ann.think(game, &format!("number {number}"), "public").await;
    }
    place.execute_control("UPDATE thought SET created_at_ms = 5").await;
    let (mut paged, mut after) = (Vec::new(), String::new());
    for _ in 0..4 {
        let (_, page) = bob.get(&format!("/feed?limit=2&after={after}")).await;
        paged.extend(page["items"].as_array().unwrap().iter().map(|item| item["excerpt"].to_string()));
        page["next"].as_str().unwrap().clone_into(&mut after);
    }
    paged.sort();
    paged.dedup();
    assert_eq!(paged.len(), 7, "{paged:?}");
    cairn.stop().await;
}

#[cairn_test]
async fn a_page_is_full_though_much_of_the_newest_is_hidden(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = ann_and_bob(&cairn, place).await;
    ann.think(game, "the oldest", "public").await;
    place.execute_control("UPDATE thought SET created_at_ms = 5").await;
    // Those whom Ann follows, the newest last; all but three are hidden from Bob.
    for number in 0..60 {
        let (user, audience) = (format!("followed {number}"), if [3, 4, 40].contains(&number) { 0 } else { 2 });
        place
            .execute_control(&format!(
                r#"INSERT INTO "user" (id, email, email_key, password, epoch, created_at_ms, password_at_ms)
                   VALUES ('{user}', '{user}', '{user}', '', 0, 1, 1);
                   INSERT INTO profile (user_id, username, username_key, username_at_ms, audience, created_at_ms)
                   VALUES ('{user}', 'fan{number}', 'fan{number}', 1, {audience}, 1);
                   INSERT INTO follow VALUES ('{}', '{user}', {})"#,
                ann.user,
                10 + number
            ))
            .await;
    }
    let (_, first) = bob.get("/feed?limit=2").await;
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["followed"]["username"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!((names(&first), &first["more"]), (vec!["fan40".to_owned(), "fan4".to_owned()], &true.into()), "{first}");
    let (_, last) = bob.get(&format!("/feed?limit=2&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((names(&last), &last["more"]), (vec!["fan3".to_owned(), String::new()], &false.into()), "{last}");
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_taken_back_is_in_no_feed_any_more(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = ann_and_bob(&cairn, place).await;
    let spoiler = json!({"game": game.to_string(), "text": "He did it.", "spoiler": true});
    let (_, thought) = ann.post("/thoughts", spoiler).await;
    let path = format!("/thoughts/{}", thought["id"].as_str().unwrap());
    let (_, page) = bob.get("/feed").await;
    assert_eq!((whats(&page), page["items"][0].get("excerpt")), (vec!["thought"], None), "a spoiler has no excerpt");
    let private = json!({"text": "He did it.", "audience": "private"});
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(private)).await.0, 200);
    assert_eq!(whats(&bob.get("/feed").await.1).len(), 0, "it is private now");
    ann.think(game, "another", "public").await;
    set_state(&ann, game, "ongoing").await;
    assert_eq!(whats(&bob.get("/feed").await.1), ["state", "thought"]);
    // As an import leaves it.
    let imported = cairn.new_title("steam:3", "Tunic", "2022", &["pc"]).await;
    place
        .execute_control(&format!(
            r#"INSERT INTO library_entry ("user", title, state, since_ms, added_ms, changed_ms, revision, audience, loose_minutes, written)
               VALUES ('{}', {imported}, 1, 4000000000000, 1, 1, 1, 0, 0, 0)"#,
            ann.user
        ))
        .await;
    assert_eq!(whats(&bob.get("/feed").await.1), ["state", "thought"], "an import is no news");
    place.execute_control("UPDATE library_entry SET audience = 2").await;
    assert_eq!(whats(&bob.get("/feed").await.1), ["thought"], "the entry is private now");
    place.execute_control(&format!("DELETE FROM follow WHERE follower = '{}'", bob.user)).await;
    assert_eq!(whats(&bob.get("/feed").await.1).len(), 0, "he follows her no more");
    cairn.stop().await;
}

#[cairn_test]
async fn a_first_page_is_one_call_and_six_statements_at_most(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = ann_and_bob(&cairn, place).await;
    ann.think(game, "good", "public").await;
    let wish = cairn.new_title("steam:2", "Silksong", "2025", &["pc"]).await;
    set_state(&bob, game, "ongoing").await;
    set_state(&bob, wish, "wishlist").await;
    let bobs = bob.think(game, "mine", "public").await;
    assert_eq!(ann.post(&format!("/thoughts/{bobs}/comments"), json!({"text": "and mine"})).await.0, 201);
    let (status, home) = bob.get("/home").await;
    assert_eq!((status, &home["me"]["username"], &home["unread_notices"]), (200, &"bob".into(), &1.into()), "{home}");
    let counts = json!({"wishlist": 1, "ongoing": 1, "completed": 0, "paused": 0, "dropped": 0});
    assert_eq!(home["library"], counts);
    assert_eq!(
        (&home["ongoing"][0]["game"]["name"], &home["wishlist"][0]["game"]["name"]),
        (&"Outer Wilds".into(), &"Silksong".into())
    );
    assert_eq!((home["ongoing"].as_array().unwrap().len(), home["wishlist"].as_array().unwrap().len()), (1, 1));
    assert_eq!(whats(&home["feed"]), ["thought"]);
    // Background work has statements of its own, now and then.
    let mut fewest = usize::MAX;
    for _ in 0..5 {
        let before = plans::times("");
        bob.get("/home").await;
        fewest = fewest.min(plans::times("") - before);
    }
    assert!(fewest <= 6, "{fewest} statements");
    assert_eq!(Gamer::stranger(&cairn).get("/home").await.0, 401);
    cairn.stop().await;
}
