//! Profiles: what people tell about themselves, and who sees it.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::Caller;
use crate::support::{Cairn, Place, person::refusal};

#[cairn_test]
async fn a_profile_is_replaced_as_a_whole_but_for_the_username(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let all = json!({
        "display_name": "Ann of Moss", "bio": "One line.\nAnother.", "languages": ["ro", "pt-BR"], "audience": "friends",
        "found_by": {"name": true, "place": true, "statistics": true},
        "preferences": {"theme": "dark", "language": "ro", "currency": "RON", "mail": "weekly"},
    });
    let me = ann.profile(all.clone()).await;
    for (name, value) in all.as_object().unwrap() {
        assert_eq!(&me[name], value, "{name}");
    }
    let (status, shown) = ann.get("/users").await;
    assert_eq!((status, &shown), (200, &me));
    let empty = ann.profile(json!({})).await;
    assert_eq!((&empty["username"], &empty["audience"]), (&"ann".into(), &"public".into()));
    assert_eq!((&empty["bio"], &empty["languages"]), (&Value::Null, &json!([])));
    assert_eq!(empty["found_by"], json!({"name": false, "place": false, "statistics": false}));
    assert_eq!(empty["preferences"], json!({"theme": "system", "mail": "never"}));
    cairn.stop().await;
}

#[cairn_test]
async fn each_fault_of_a_profile_is_named_with_its_bound(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    for (body, pointer, part) in [
        (json!({"username": "a"}), "/username", "3 to 32"),
        (json!({"username": "admin"}), "/username", "reserved"),
        (json!({"display_name": "x".repeat(33)}), "/display_name", "1 to 32"),
        (json!({"bio": "x".repeat(501)}), "/bio", "500"),
        (json!({"languages": ["english"]}), "/languages/0", "tag"),
        (json!({"languages": ["aa", "ab", "ac", "ad", "ae", "af", "ag", "ah", "ai"]}), "/languages", "at most 8"),
        (json!({"audience": "everybody"}), "/audience", "public, friends, private"),
        (json!({"found_by": {"nmae": true}}), "/found_by/nmae", "name"),
        (json!({"preferences": {"theme": "pink"}}), "/preferences/theme", "system, light, dark"),
        (json!({"preferences": {"currency": "lei"}}), "/preferences/currency", "EUR"),
        (json!({"avatar": "x"}), "/avatar", "not known"),
    ] {
        let (status, problem) = ann.put("/users", body.clone()).await;
        let fault = &problem["errors"][0];
        assert_eq!((status, &fault["pointer"]), (422, &pointer.into()), "{body}");
        assert!(fault["detail"].as_str().unwrap().contains(part), "{fault}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_username_changes_once_a_month_and_the_former_one_is_kept_from_others(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    place.execute_control("UPDATE profile SET username_at_ms = 0").await;
    let me = ann.profile(json!({"username": "anna"})).await;
    assert_eq!((&me["username"], me["username_changes_at"].is_string()), (&"anna".into(), true));
    assert_eq!(refusal(bob.get("/users/ann").await), (404, "person_not_found".to_owned()));
    assert_eq!(bob.get("/users/anna").await.0, 200);
    assert_eq!(ann.profile(json!({"username": "anna", "bio": "Same."})).await["bio"], "Same.", "no change");
    let late = ann.request(Method::PUT, "/users").body(r#"{"username":"annie"}"#).send().await.unwrap();
    let wait: u64 = late.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!(late.status() == 429 && (29 * 86_400..=30 * 86_400).contains(&wait), "{wait}");
    assert_eq!(refusal(bob.put("/users", json!({"username": "ann"})).await), (409, "username_taken".to_owned()));
    let a_month_ago = "UPDATE profile SET username_at_ms = username_at_ms - 2592000000 WHERE username = 'anna'";
    place.execute_control(a_month_ago).await;
    assert_eq!(ann.profile(json!({"username": "ann"})).await["username"], "ann", "their own former one");
    place.execute_control("UPDATE former_username SET until_ms = 1").await;
    assert_eq!(bob.profile(json!({"username": "anna"})).await["username"], "anna", "after a month");
    cairn.stop().await;
}

#[cairn_test]
async fn two_who_want_one_username_at_once_are_told_who_has_it(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    place.execute_control("UPDATE profile SET username_at_ms = 0").await;
    let wish = || json!({"username": "zoe"});
    let (one, other) = tokio::join!(ann.put("/users", wish()), bob.put("/users", wish()));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_person_is_shown_by_username_as_far_as_the_viewer_sees_the_profile(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    let nobody = Caller::nobody(&cairn);
    let profile =
        |audience: &str| json!({"display_name": "Ann", "bio": "Hello.", "languages": ["ro"], "audience": audience});
    ann.profile(profile("public")).await;
    let public = json!({"username": "ann", "display_name": "Ann", "bio": "Hello.", "languages": ["ro"]});
    assert_eq!(nobody.get("/users/Ann").await, (200, public.clone()));
    let mut to_bob = public.clone();
    to_bob["followed"] = false.into();
    to_bob["follows_you"] = false.into();
    assert_eq!(bob.get("/users/ann").await, (200, to_bob));
    assert_eq!(ann.get("/users/ann").await, (200, public), "oneself");
    ann.profile(profile("friends")).await;
    let hidden = || (404, "person_not_found".to_owned());
    assert_eq!(refusal(nobody.get("/users/ann").await), hidden());
    assert_eq!(refusal(bob.get("/users/ann").await), hidden());
    ann.set("/follows/bob").await;
    let card =
        json!({"username": "ann", "display_name": "Ann", "languages": [], "followed": false, "follows_you": true});
    assert_eq!(bob.get("/users/ann").await, (200, card), "so that he can follow her back");
    bob.set("/follows/ann").await;
    assert_eq!(bob.get("/users/ann").await.1["bio"], "Hello.", "a friend");
    ann.profile(profile("private")).await;
    assert_eq!(refusal(bob.get("/users/ann").await), hidden());
    cairn.stop().await;
}

#[cairn_test]
async fn who_has_a_profile_need_not_get_it_again(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    for path in ["/users", "/users/ann"] {
        let tag = async || ann.request(Method::GET, path).send().await.unwrap().headers()["etag"].clone();
        let first = tag().await;
        let again = ann.request(Method::GET, path).header("If-None-Match", first.as_bytes());
        assert_eq!(again.send().await.unwrap().status(), 304, "{path}");
        ann.profile(json!({"bio": format!("of {path}")})).await;
        assert_ne!(tag().await, first, "{path}");
    }
    cairn.stop().await;
}
