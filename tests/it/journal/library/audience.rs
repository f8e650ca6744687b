//! Who sees what of somebody's library: in lists, pages and statistics alike.

use cairn_test_macros::cairn_test;
use serde_json::json;

use super::requests::{ann_and_games, get, names, put};
use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Person, refusal},
};

/// Who looks at the library, and the games of it that they see: one is public, one for friends, one private.
const VIEWERS: [(&str, &[&str]); 7] = [
    ("owner", &["Glass Rally", "Ironwood, Part 2", "Moss Harbour"]),
    ("friend", &["Glass Rally", "Moss Harbour"]),
    ("follower", &["Moss Harbour"]),
    ("followed", &["Moss Harbour"]),
    ("stranger", &["Moss Harbour"]),
    ("signed out", &["Moss Harbour"]),
    ("blocked", &[]),
];

async fn profile(place: &Place, user: &str, name: &str) {
    let sql = format!(
        "INSERT INTO profile (user_id, username, username_key, username_at_ms, audience, created_at_ms) VALUES ('{user}', '{name}', '{name}', 1, 0, 1)"
    );
    place.execute_control(&sql).await;
}

async fn follow(place: &Place, follower: &str, whom: &str) {
    place.execute_control(&format!("INSERT INTO follow VALUES ('{follower}', '{whom}', 1)")).await;
}

#[cairn_test]
async fn lists_pages_and_statistics_show_what_the_viewer_may_see(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mailbox = Mailbox::in_data_of(place);
    let (owner, [moss, glass, iron]) = ann_and_games(&cairn, place).await;
    for (game, audience, time) in [(&moss, "public", "1 h"), (&glass, "friends", "2 h"), (&iron, "private", "4 h")] {
        let body = json!({"state": "completed", "audience": audience, "time": time, "score": 50, "target": {"minor": 1, "currency": "EUR"}});
        assert_eq!(put(&owner, &format!("/library/{game}"), body).await.0, 200);
    }
    let owner_id = owner.get("").await.1["user_id"].as_str().unwrap().to_owned();
    profile(place, &owner_id, "ann").await;
    let mut people = vec![("owner", owner)];
    for name in ["friend", "follower", "followed", "stranger", "blocked"] {
        let (person, id) = Person::signed_in(&cairn, &format!("{name}@example.org"), &mailbox).await;
        profile(place, &id, name).await;
        if ["friend", "follower", "blocked"].contains(&name) {
            follow(place, &id, &owner_id).await;
        }
        if ["friend", "followed", "blocked"].contains(&name) {
            follow(place, &owner_id, &id).await;
        }
        if name == "blocked" {
            place.execute_control(&format!("INSERT INTO block VALUES ('{owner_id}', '{id}', 1)")).await;
        }
        people.push((name, person));
    }
    people.push(("signed out", Person::new(&cairn)));
    for (name, seen) in VIEWERS {
        let viewer = &people.iter().find(|(known, _)| *known == name).unwrap().1;
        let list = get(viewer, "/users/ann/library?sort=name").await;
        let statistics = get(viewer, "/users/ann/statistics").await;
        if seen.is_empty() {
            assert_eq!(refusal(list), (404, "person_not_found".to_owned()), "{name}");
            assert_eq!(refusal(statistics), (404, "person_not_found".to_owned()), "{name}");
            continue;
        }
        assert_eq!((list.0, names(&list.1)), (200, seen.to_vec()), "{name}");
        assert!(list.1["items"].as_array().unwrap().iter().all(|item| item.get("target").is_none()), "{name}");
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let (_, page) = get(viewer, &format!("/users/ann/library?sort=name&limit=1&after={after}")).await;
            paged.extend(names(&page).into_iter().map(str::to_owned));
            page["next"].as_str().unwrap().clone_into(&mut after);
            if page["more"] == false {
                break;
            }
        }
        assert_eq!(paged, seen, "{name}: pages");
        let hours: i64 = seen
            .iter()
            .map(|game| {
                if *game == "Moss Harbour" {
                    1
                } else if *game == "Glass Rally" {
                    2
                } else {
                    4
                }
            })
            .sum();
        let (status, statistics) = statistics;
        let numbers = ["entries", "completed", "scored", "minutes"].map(|name| statistics[name].as_i64().unwrap());
        let count = i64::try_from(seen.len()).unwrap();
        assert_eq!((status, numbers), (200, [count, count, count, hours * 60]), "{name}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn nothing_is_shown_to_more_people_than_the_profile(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    put(&ann, &format!("/library/{moss}"), json!({"state": "completed", "audience": "public"})).await;
    let id = ann.get("").await.1["user_id"].as_str().unwrap().to_owned();
    let nobody = Person::new(&cairn);
    assert_eq!(refusal(get(&nobody, "/users/ann/library").await), (404, "person_not_found".to_owned()));
    profile(place, &id, "ann").await;
    assert_eq!(get(&nobody, "/users/ANN/library").await.1["items"].as_array().unwrap().len(), 1);
    place.execute_control("UPDATE profile SET audience = 2").await;
    for path in ["/users/ann/library", "/users/ann/statistics"] {
        assert_eq!(refusal(get(&nobody, path).await), (404, "person_not_found".to_owned()), "{path}");
        assert_eq!(get(&ann, path).await.0, 200, "{path}");
    }
    cairn.stop().await;
}
