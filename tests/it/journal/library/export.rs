//! The export, which the import reads back.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::requests::{add, ann_and_games, counts, delete, entries, export, export_csv, import, post, put};
use crate::support::{Cairn, Place, mail::Mailbox, person::Person};

/// A library with all that an entry can have.
async fn full(person: &Person<'_>, [moss, glass, iron]: &[String; 3]) {
    let all =
        json!({"state": "wishlist", "score": 80, "audience": "public", "target": {"minor": 999, "currency": "EUR"}});
    put(person, &format!("/library/{moss}"), all).await;
    put(person, &format!("/library/{moss}"), json!({"state": "ongoing", "time": "10 min"})).await;
    put(person, &format!("/library/{moss}"), json!({"state": "completed"})).await;
    let run =
        json!({"platform": "pc", "started": "2025", "finished": "2025-02-19", "time": "11 h 30", "grade": "story"});
    post(person, &format!("/library/{moss}/playthroughs"), run).await;
    post(person, &format!("/library/{moss}/playthroughs"), json!({"platform": "ps5", "grade": "endless"})).await;
    add(person, glass, "dropped").await;
    put(person, &format!("/library/{iron}"), json!({"audience": "private"})).await;
}

/// Without what belongs to the store alone.
fn without_changes(mut entries: Vec<Value>) -> Vec<Value> {
    for entry in &mut entries {
        entry.as_object_mut().unwrap().remove("changed_at");
    }
    entries
}

#[cairn_test]
async fn an_export_imported_into_an_empty_account_gives_the_same_library(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, games) = ann_and_games(&cairn, place).await;
    full(&ann, &games).await;
    let (json, csv) = (export(&ann).await, export_csv(&ann).await);
    assert_eq!(json["entries"].as_array().unwrap().len(), 3);
    let mailbox = Mailbox::in_data_of(place);
    for (name, file) in [("json", json.to_string()), ("csv", csv.clone())] {
        let (other, _) = Person::signed_in(&cairn, &format!("{name}@example.org"), &mailbox).await;
        let applied = import(&other, "", file.clone()).await;
        assert_eq!((&applied["source"], counts(&applied)), (&json!("cairn"), [3, 0, 0, 0, 0]), "{name}");
        assert_eq!(export(&other).await, json, "{name}");
        assert_eq!(export_csv(&other).await, csv, "{name}");
        assert_eq!(without_changes(entries(&other).await), without_changes(entries(&ann).await), "{name}");
        let again = import(&other, "", file).await;
        assert_eq!(counts(&again), [0, 0, 3, 0, 0], "{name}: it says nothing new");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn an_export_restores_what_was_removed(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, games) = ann_and_games(&cairn, place).await;
    full(&ann, &games).await;
    let before = export(&ann).await;
    for game in &games {
        delete(&ann, &format!("/library/{game}")).await;
    }
    assert_eq!(export(&ann).await["entries"], json!([]));
    assert_eq!(export_csv(&ann).await.lines().count(), 1, "the names of the columns");
    import(&ann, "", before.to_string()).await;
    assert_eq!(export(&ann).await, before);
    cairn.stop().await;
}
