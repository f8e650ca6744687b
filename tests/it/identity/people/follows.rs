//! Following people.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::Caller;
use crate::support::{Cairn, Place, person::refusal, white_box::Relations};

#[cairn_test]
async fn two_who_follow_each_other_are_friends(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    ann.set("/follows/Bob").await;
    ann.set("/follows/bob").await;
    assert_eq!(ann.usernames("/follows").await, ["bob"], "once");
    assert_eq!(bob.usernames("/follows?list=followers").await, ["ann"]);
    for who in [&ann, &bob] {
        assert!(who.usernames("/follows?list=friends").await.is_empty());
    }
    bob.set("/follows/ann").await;
    for who in [&ann, &bob] {
        assert_eq!(who.usernames("/follows?list=friends").await.len(), 1);
        for list in ["followed", "followers"] {
            assert_eq!(who.items(&format!("/follows?list={list}")).await[0]["friends"], true, "{list}");
        }
    }
    ann.unset("/follows/bob").await;
    ann.unset("/follows/bob").await;
    assert!(bob.usernames("/follows?list=friends").await.is_empty());
    assert_eq!(bob.items("/follows").await[0]["friends"], false);
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_follows_themselves_or_whom_they_do_not_see(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    bob.profile(json!({"audience": "private"})).await;
    let follow = async |name: &str| refusal(ann.call(Method::PUT, &format!("/follows/{name}"), None).await);
    assert_eq!(follow("ann").await, (409, "oneself".to_owned()));
    for name in ["bob", "nobody-at-all", "b", "b%2Fb"] {
        assert_eq!(follow(name).await, (404, "person_not_found".to_owned()), "{name}");
    }
    for name in ["bob", "nobody-at-all", "b"] {
        ann.unset(&format!("/follows/{name}")).await;
    }
    cairn.stop().await;
}

#[cairn_test]
async fn pages_of_follows_are_whole_and_in_order_also_where_many_began_at_once(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let people = Relations(place);
    let names: Vec<String> = ('a'..='g').map(|letter| format!("pal-{letter}x")).collect();
    for name in &names {
        people.add(name, cairn::identity::people::Audience::Public).await;
        people.follow("ann", name).await;
    }
    place.execute_control("UPDATE follow SET since_ms = 2 WHERE followed LIKE '%fx'").await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let (status, page) = ann.get(&format!("/follows?limit=3&after={after}")).await;
        assert_eq!(status, 200, "{page}");
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["username"].as_str().unwrap().to_owned()));
        after = page["next"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(seen.remove(0), "pal-fx", "the newest first");
    let mut rest: Vec<String> = names.into_iter().filter(|name| name != "pal-fx").collect();
    rest.reverse();
    assert_eq!(seen, rest);
    let (_, last) = ann.get(&format!("/follows?after={after}")).await;
    assert_eq!((&last["items"], &last["next"]), (&json!([]), &after.into()), "next stays where nothing follows");
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_follows_more_people_than_the_bound(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let _bob = Caller::signed_in(&cairn, place, "bob").await;
    let many = (0..5_000).map(|at| format!("('{at:032}', '{at}', '{at}', '', 0, 1, 1)")).collect::<Vec<_>>();
    for part in many.chunks(1_000) {
        let rows = part.join(", ");
        let insert =
            r#"INSERT INTO "user" (id, email, email_key, password, epoch, created_at_ms, password_at_ms) VALUES "#;
        place.execute_control(&format!("{insert}{rows}")).await;
    }
    let follow = format!(
        r#"INSERT INTO follow SELECT '{}', id, 1 FROM "user" WHERE password = '' AND email NOT LIKE '%@%'"#,
        Relations::user("ann")
    );
    place.execute_control(&follow).await;
    let refused = ann.call(Method::PUT, "/follows/bob", None).await;
    assert_eq!(refusal(refused), (409, "too_many_follows".to_owned()));
    place.execute_control("DELETE FROM follow WHERE followed LIKE '%4999'").await;
    ann.set("/follows/bob").await;
    cairn.stop().await;
}

#[cairn_test]
async fn lists_show_only_those_who_show_themselves(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    ann.set("/follows/bob").await;
    bob.profile(json!({"audience": "private"})).await;
    assert!(ann.usernames("/follows").await.is_empty());
    bob.profile(json!({"audience": "friends"})).await;
    assert!(ann.usernames("/follows").await.is_empty(), "he does not follow her");
    bob.set("/follows/ann").await;
    assert_eq!(ann.usernames("/follows").await, ["bob"]);
    assert_eq!(ann.usernames("/follows?list=followers").await, ["bob"]);
    cairn.stop().await;
}
