//! Edits of many entries, and undoing them.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::requests::{add, ann_and_games, ask, entries, get, library, post, put};
use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Person, refusal},
};

fn undo(edit: &Value) -> String {
    format!("/library/edits/{}/undo", edit["edit_id"].as_str().unwrap())
}

#[cairn_test]
async fn a_whole_edit_is_undone(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, glass, iron]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    put(&ann, &format!("/library/{glass}"), json!({"state": "wishlist", "score": 40, "audience": "public"})).await;
    let before = entries(&ann).await;
    let change = json!({"state": "completed", "score": 70, "audience": "private"});
    let (status, edit) = post(&ann, "/library/bulk", json!({"games": [moss, glass, iron], "change": change})).await;
    assert_eq!((status, &edit["changed"], &edit["missing"]), (200, &json!(2), &json!([iron])), "{edit}");
    for entry in library(&ann).await {
        assert_eq!(
            (&entry["state"], &entry["score"], &entry["audience"]),
            (&json!("completed"), &json!(70), &json!("private"))
        );
    }
    assert_eq!(ask(&ann, &undo(&edit)).await, (200, json!({"restored": 2, "kept": 0})));
    assert_eq!(entries(&ann).await, before);
    cairn.stop().await;
}

#[cairn_test]
async fn what_was_changed_since_an_edit_stays(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, glass, iron]) = ann_and_games(&cairn, place).await;
    for game in [&moss, &glass, &iron] {
        add(&ann, game, "ongoing").await;
    }
    let (_, edit) = post(&ann, "/library/bulk", json!({"games": [moss, glass, iron], "delete": true})).await;
    assert_eq!((&edit["changed"], library(&ann).await.len()), (&json!(3), 0));
    add(&ann, &glass, "wishlist").await;
    assert_eq!(ask(&ann, &undo(&edit)).await, (200, json!({"restored": 2, "kept": 1})));
    let states: Vec<Value> = library(&ann).await.iter().map(|entry| entry["state"].clone()).collect();
    assert_eq!(states, ["wishlist", "ongoing", "ongoing"], "by name: Glass Rally, Ironwood, Moss Harbour");
    cairn.stop().await;
}

#[cairn_test]
async fn edits_are_undone_one_after_the_other(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    let before = entries(&ann).await;
    let (_, first) = post(&ann, "/library/bulk", json!({"games": [moss], "change": {"score": 10}})).await;
    let (_, second) = post(&ann, "/library/bulk", json!({"games": [moss], "change": {"score": 20}})).await;
    assert_eq!(ask(&ann, &undo(&first)).await.1, json!({"restored": 0, "kept": 1}), "it was changed since");
    let (_, third) = post(&ann, "/library/bulk", json!({"games": [moss], "change": {"state": "dropped"}})).await;
    for edit in [&third, &second] {
        assert_eq!(ask(&ann, &undo(edit)).await.1, json!({"restored": 1, "kept": 0}));
    }
    let (_, entry) = get(&ann, &format!("/library/{moss}")).await;
    assert_eq!((&entry["score"], &entry["state"]), (&json!(10), &before[0]["state"]));
    cairn.stop().await;
}

#[cairn_test]
async fn an_edit_is_undone_by_whoever_made_it_and_for_a_while(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &Mailbox::in_data_of(place)).await;
    add(&ann, &moss, "ongoing").await;
    let (_, edit) = post(&ann, "/library/bulk", json!({"games": [moss], "delete": true})).await;
    assert_eq!(refusal(ask(&bob, &undo(&edit)).await), (404, "edit_not_found".to_owned()));
    place.execute_control("UPDATE library_edit SET expires_ms = 1").await;
    assert_eq!(refusal(ask(&ann, &undo(&edit)).await), (404, "edit_not_found".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn an_edit_has_its_bounds(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    let many: Vec<String> = (1..=201).map(|id| id.to_string()).collect();
    for (body, pointer) in [
        (json!({"games": many, "delete": true}), "/games"),
        (json!({"games": [], "delete": true}), "/games"),
        (json!({"games": [moss, moss], "delete": true}), "/games"),
        (json!({"games": [moss], "delete": true, "change": {"score": 1}}), "/change"),
        (json!({"games": [moss]}), "/change"),
        (json!({"games": [moss], "change": {"score": 101}}), "/change/score"),
        (json!({"games": [moss], "change": {"scores": 1}}), "/change/scores"),
    ] {
        let (status, problem) = post(&ann, "/library/bulk", body.clone()).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}: {problem}");
    }
    let (status, edit) = post(&ann, "/library/bulk", json!({"games": [moss], "change": {"state": "ongoing"}})).await;
    assert_eq!((status, &edit["changed"], edit.get("edit_id")), (200, &json!(0), None), "nothing is different");
    cairn.stop().await;
}
