//! Entries: states with their history, scores, time, playthroughs.

use cairn::{identity::access::UserId, platform::clock};
use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::requests::{add, ann_and_games, ask, delete, get, library, post, put};
use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Person, refusal},
    white_box::record,
};

fn pointers((status, problem): (u16, Value)) -> (u16, Vec<String>) {
    let faults = problem["errors"].as_array().unwrap_or_else(|| panic!("no faults: {problem}")).iter();
    (status, faults.map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect())
}

#[cairn_test]
async fn an_entry_is_added_with_what_is_known_of_its_game(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let body = json!({"game": moss, "state": "wishlist", "score": 0, "target": {"minor": 999, "currency": "EUR"}});
    let (status, entry) = post(&ann, "/library", body).await;
    assert_eq!(status, 201, "{entry}");
    assert_eq!(
        entry["game"],
        json!({"id": moss, "name": "Moss Harbour", "year": 2010, "platforms": ["pc"], "genres": []})
    );
    assert_eq!(
        (&entry["state"], &entry["score"], &entry["audience"]),
        (&json!("wishlist"), &json!(0), &json!("friends"))
    );
    assert_eq!(entry["target"], json!({"minor": 999, "currency": "EUR"}));
    assert_eq!(get(&ann, &format!("/library/{moss}")).await, (200, entry));
    cairn.stop().await;
}

#[cairn_test]
async fn a_game_is_in_a_library_once_and_only_if_there_is_such_a_game(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    let again = post(&ann, "/library", json!({"game": moss})).await;
    assert_eq!(refusal(again), (409, "entry_exists".to_owned()));
    let other = post(&ann, "/library", json!({"game": "987654"})).await;
    assert_eq!(refusal(other), (404, "game_not_found".to_owned()));
    assert_eq!(refusal(get(&ann, "/library/987654").await), (404, "entry_not_found".to_owned()));
    assert_eq!(refusal(get(&ann, "/library/x").await), (404, "entry_not_found".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn a_game_that_awaits_approval_is_for_its_author_alone(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mailbox = Mailbox::in_data_of(place);
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    let facts = record("", &["A Game of Mine"], "2026", &["pc"]).facts;
    let title = cairn.titles().add(&UserId::stored(&ann_id), facts, Vec::new()).await.unwrap().id.to_string();
    let theirs = post(&bob, "/library", json!({"game": title})).await;
    assert_eq!(refusal(theirs), (404, "game_not_found".to_owned()));
    add(&ann, &title, "ongoing").await;
    // It goes with its author, and does not keep the account from being deleted.
    assert_eq!(ann.post("/delete", json!({"password": crate::support::person::PASSWORD})).await.0, 204);
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_wrong_in_a_body_is_named(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let body = json!({
        "game": "x", "state": "bought", "score": 101, "audience": "all", "time": "soon",
        "target": {"minor": -1, "currency": "eur"}, "stat": 1,
    });
    let wrong = ["/score", "/target/minor", "/target/currency", "/game", "/state", "/audience", "/time", "/stat"];
    let mut expected = wrong.map(str::to_owned).to_vec();
    let (status, mut found) = pointers(post(&ann, "/library", body).await);
    expected.sort();
    found.sort();
    assert_eq!((status, found), (422, expected));
    add(&ann, &moss, "ongoing").await;
    let path = format!("/library/{moss}/playthroughs");
    let late = json!({"started": "2026-03", "finished": "2025", "grade": "well", "platform": "!"});
    let (status, mut found) = pointers(post(&ann, &path, late).await);
    found.sort();
    assert_eq!((status, found), (422, ["/finished", "/grade", "/platform"].map(str::to_owned).to_vec()));
    cairn.stop().await;
}

#[cairn_test]
async fn every_change_of_state_is_kept_with_its_time(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let path = format!("/library/{moss}");
    for state in ["wishlist", "ongoing", "ongoing", "paused", "ongoing", "completed"] {
        let (status, entry) = put(&ann, &path, json!({"state": state})).await;
        assert_eq!((status, &entry["state"]), (200, &json!(state)));
    }
    let (_, entry) = get(&ann, &path).await;
    let history = entry["history"].as_array().unwrap();
    let states: Vec<&str> = history.iter().map(|change| change["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["wishlist", "ongoing", "paused", "ongoing", "completed"]);
    let times: Vec<i64> = history.iter().map(|change| clock::parse(change["at"].as_str().unwrap()).unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one < next), "{times:?}");
    assert_eq!(entry["since"], history[4]["at"]);
    assert_eq!(entry["added_at"], history[0]["at"]);
    cairn.stop().await;
}

#[cairn_test]
async fn of_an_entry_changes_what_is_named_and_null_removes_it(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let path = format!("/library/{moss}");
    let all = json!({"state": "ongoing", "score": 80, "audience": "private", "time": "2 h", "target": {"minor": 1, "currency": "RON"}});
    assert_eq!(put(&ann, &path, all).await.0, 200);
    let (_, entry) = put(&ann, &path, json!({"audience": "public"})).await;
    assert_eq!((&entry["score"], &entry["minutes"], &entry["audience"]), (&json!(80), &json!(120), &json!("public")));
    let (_, entry) = put(&ann, &path, json!({"score": null, "target": null})).await;
    assert_eq!((entry.get("score"), entry.get("target"), &entry["state"]), (None, None, &json!("ongoing")));
    cairn.stop().await;
}

#[cairn_test]
async fn time_is_added_subtracted_and_set(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    let path = format!("/library/{moss}/time");
    for (time, minutes) in [("1 h 34", 94), ("add 94 min", 188), ("subtract 1:28", 100), ("12 h", 720)] {
        let (status, entry) = post(&ann, &path, json!({"time": time})).await;
        assert_eq!((status, &entry["minutes"]), (200, &json!(minutes)), "{time}");
    }
    assert_eq!(pointers(post(&ann, &path, json!({"time": "subtract 13 h"})).await), (422, vec!["/time".to_owned()]));
    assert_eq!(refusal(post(&ann, "/library/987654/time", json!({"time": "1 h"})).await).1, "entry_not_found");
    cairn.stop().await;
}

#[cairn_test]
async fn an_entry_has_the_time_of_its_playthroughs_and_what_is_beside_them(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    let (path, runs) = (format!("/library/{moss}"), format!("/library/{moss}/playthroughs"));
    let first = json!({"platform": "PC (Windows)", "started": "2025", "finished": "2025-02-19", "time": "11 h 30", "grade": "story"});
    let (status, entry) = post(&ann, &runs, first).await;
    assert_eq!(status, 201, "{entry}");
    let shown = json!({"playthrough": 1, "platform": "pc", "started": "2025", "finished": "2025-02-19", "minutes": 690, "grade": "story"});
    assert_eq!(entry["playthroughs"], json!([shown]));
    assert_eq!(post(&ann, &runs, json!({"platform": "ps5", "time": "1 h"})).await.0, 201);
    let (_, entry) = post(&ann, &format!("{path}/time"), json!({"time": "add 10"})).await;
    assert_eq!((&entry["minutes"], &entry["loose_minutes"]), (&json!(760), &json!(10)));
    let (_, entry) = post(&ann, &format!("{path}/time"), json!({"time": "add 1 h", "playthrough": 2})).await;
    assert_eq!((&entry["minutes"], &entry["playthroughs"][1]["minutes"]), (&json!(820), &json!(120)));
    let less = post(&ann, &format!("{path}/time"), json!({"time": "800"})).await;
    assert_eq!(pointers(less), (422, vec!["/time".to_owned()]), "the playthroughs alone have more");
    let (_, entry) = put(&ann, &format!("{runs}/2"), json!({"platform": "ps5", "time": "subtract 100"})).await;
    assert_eq!((&entry["minutes"], &entry["playthroughs"][1]["minutes"]), (&json!(720), &json!(20)));
    let (_, entry) = delete(&ann, &format!("{runs}/1")).await;
    assert_eq!((&entry["minutes"], entry["playthroughs"].as_array().unwrap().len()), (&json!(30), 1));
    assert_eq!(refusal(delete(&ann, &format!("{runs}/1")).await), (404, "playthrough_not_found".to_owned()));
    assert_eq!(get(&ann, &path).await.1["minutes"], 30, "as it is stored");
    cairn.stop().await;
}

#[cairn_test]
async fn a_removed_game_comes_back_as_it_was(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let path = format!("/library/{moss}");
    put(&ann, &path, json!({"state": "wishlist", "target": {"minor": 5, "currency": "USD"}})).await;
    put(&ann, &path, json!({"state": "completed", "score": 90, "time": "10 min"})).await;
    post(&ann, &format!("{path}/playthroughs"), json!({"platform": "pc", "time": "1 h", "finished": "2025"})).await;
    let before = get(&ann, &path).await;
    let (status, edit) = delete(&ann, &path).await;
    assert_eq!((status, &edit["changed"]), (200, &json!(1)), "{edit}");
    assert_eq!(library(&ann).await, Vec::<Value>::new());
    let undo = format!("/library/edits/{}/undo", edit["edit_id"].as_str().unwrap());
    let undone = (200, json!({"restored": 1, "kept": 0}));
    assert_eq!(ask(&ann, &undo).await, undone);
    assert_eq!(get(&ann, &path).await, before);
    assert_eq!(ask(&ann, &undo).await, undone, "a second time");
    assert_eq!(get(&ann, &path).await, before);
    cairn.stop().await;
}

#[cairn_test]
async fn a_library_goes_with_its_account(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, glass, _]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    post(&ann, &format!("/library/{moss}/playthroughs"), json!({"platform": "pc", "time": "1 h"})).await;
    add(&ann, &glass, "ongoing").await;
    delete(&ann, &format!("/library/{glass}")).await;
    assert_eq!(ann.post("/delete", json!({"password": crate::support::person::PASSWORD})).await.0, 204);
    for table in ["library_entry", "playthrough", "state_change", "library_count", "library_edit", "library_edit_row"] {
        let left = place.control_texts(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await;
        assert_eq!(left, ["0"], "{table}");
    }
    cairn.stop().await;
}
