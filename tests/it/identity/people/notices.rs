//! `/api/notices`: what users are told.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::Caller;
use crate::support::{Cairn, Place, person::refusal};

/// The kinds and people of notices, the newest first.
fn kinds_and_people(items: &[Value]) -> Vec<(&str, &str)> {
    items.iter().map(|item| (item["kind"].as_str().unwrap(), item["person"]["username"].as_str().unwrap())).collect()
}

#[cairn_test]
async fn who_is_followed_is_told_once_for_each_person(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    let cyd = Caller::signed_in(&cairn, place, "cyd").await;
    bob.set("/follows/ann").await;
    let (_, first) = ann.get("/notices").await;
    assert_eq!(
        (kinds_and_people(first["items"].as_array().unwrap()), &first["unread"]),
        (vec![("followed", "bob")], &1.into())
    );
    bob.unset("/follows/ann").await;
    bob.set("/follows/ann").await;
    cyd.set("/follows/ann").await;
    ann.set("/follows/bob").await;
    let items = ann.items("/notices").await;
    assert_eq!(kinds_and_people(&items), [("followed", "cyd"), ("followed", "bob")], "again is not anew");
    assert_eq!(items[1]["times"], 2);
    assert_eq!(kinds_and_people(&bob.items("/notices").await), [("befriended", "ann")]);
    cairn.stop().await;
}

#[cairn_test]
async fn notices_are_marked_as_read_and_deleted(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let others = ["bob", "cyd", "dan"];
    for name in others {
        Caller::signed_in(&cairn, place, name).await.set("/follows/ann").await;
    }
    let unread = async || ann.get("/notices").await.1["unread"].clone();
    let items = ann.items("/notices").await;
    let id = |at: usize| items[at]["notice_id"].as_str().unwrap().to_owned();
    assert_eq!(ann.post("/notices/read", json!({"notice_ids": [id(0), "999999"]})).await, (204, Value::Null));
    assert_eq!(unread().await, 2);
    assert_eq!(ann.items("/notices").await[0]["read"], true);
    assert_eq!(kinds_and_people(&ann.items("/notices?show=unread").await), [("followed", "cyd"), ("followed", "bob")]);
    assert_eq!(ann.post("/notices/read", json!({"all": true})).await, (204, Value::Null));
    assert_eq!(unread().await, 0);
    ann.unset(&format!("/notices/{}", id(1))).await;
    assert_eq!(kinds_and_people(&ann.items("/notices").await), [("followed", "dan"), ("followed", "bob")]);
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_reaches_the_notices_of_others(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    bob.set("/follows/ann").await;
    let id = ann.items("/notices").await[0]["notice_id"].as_str().unwrap().to_owned();
    assert!(bob.items("/notices").await.is_empty());
    for other in [id.as_str(), "999999", "x"] {
        let refused = bob.call(Method::DELETE, &format!("/notices/{other}"), None).await;
        assert_eq!(refusal(refused), (404, "notice_not_found".to_owned()), "{other}");
    }
    bob.post("/notices/read", json!({"notice_ids": [id]})).await;
    bob.post("/notices/read", json!({"all": true})).await;
    assert_eq!(ann.get("/notices").await.1["unread"], 1);
    cairn.stop().await;
}

#[cairn_test]
async fn a_request_to_mark_says_which(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let many: Vec<String> = (0..501).map(|at| at.to_string()).collect();
    for body in
        [json!({}), json!({"notice_ids": []}), json!({"notice_ids": ["1"], "all": true}), json!({"notice_ids": many})]
    {
        let (status, problem) = ann.post("/notices/read", body.clone()).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/notice_ids".into()), "{body}");
    }
    let wrong = ann.post("/notices/read", json!({"notice_ids": ["x"]})).await.1;
    assert_eq!(wrong["errors"][0]["pointer"], "/notice_ids/0");
    cairn.stop().await;
}

#[cairn_test]
async fn notices_come_in_pages(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    for name in ["bob", "cyd", "dan"] {
        Caller::signed_in(&cairn, place, name).await.set("/follows/ann").await;
    }
    place.execute_control("UPDATE notice SET at_ms = 7").await;
    let (_, first) = ann.get("/notices?limit=2").await;
    let (_, last) = ann.get(&format!("/notices?limit=2&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((&first["more"], &last["more"], &last["unread"]), (&true.into(), &false.into(), &3.into()));
    let all = [first["items"].as_array().unwrap().clone(), last["items"].as_array().unwrap().clone()].concat();
    assert_eq!(kinds_and_people(&all), [("followed", "dan"), ("followed", "cyd"), ("followed", "bob")]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_user_chooses_which_kinds_they_want(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    let kinds = ann.items("/notices/settings").await;
    assert!(
        kinds.iter().any(|kind| kind["kind"] == "followed" && kind["app"] == true && kind["mail"] == false),
        "{kinds:?}"
    );
    let set = json!({"app": false, "mail": false});
    let (status, setting) = ann.put("/notices/settings/followed", set).await;
    assert_eq!((status, &setting["app"]), (200, &false.into()));
    bob.set("/follows/ann").await;
    assert!(ann.items("/notices").await.is_empty());
    ann.put("/notices/settings/followed", json!({"app": true, "mail": true})).await;
    let kinds = ann.items("/notices/settings").await;
    assert!(kinds.iter().any(|kind| kind["kind"] == "followed" && kind["mail"] == true), "{kinds:?}");
    bob.unset("/follows/ann").await;
    bob.set("/follows/ann").await;
    assert_eq!(ann.items("/notices").await.len(), 1);
    let unknown = ann.put("/notices/settings/nothing", json!({"app": true})).await;
    assert_eq!(refusal(unknown), (404, "notice_kind_not_found".to_owned()));
    let by_mail_alone = ann.put("/notices/settings/followed", json!({"mail": true})).await;
    assert_eq!(refusal(by_mail_alone), (422, "invalid".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn what_a_hidden_person_did_is_not_shown(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    bob.set("/follows/ann").await;
    bob.profile(json!({"audience": "private"})).await;
    let (_, page) = ann.get("/notices").await;
    assert_eq!((&page["items"], &page["unread"]), (&json!([]), &0.into()));
    bob.profile(json!({"audience": "friends"})).await;
    assert_eq!(ann.items("/notices").await.len(), 1, "he follows her, and so shows himself");
    cairn.stop().await;
}
