//! Statistics: always what the entries come to, whoever has changed them and how.

use std::collections::BTreeMap;

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::requests::{ann_and_games, api, ask, delete, get, import, library, post, put};
use crate::support::{Cairn, Place, mail::Mailbox, person::Person};

type Numbers = BTreeMap<String, [i64; 3]>;

fn add(numbers: &mut Numbers, key: &str, of: [i64; 3]) {
    let number = numbers.entry(key.to_owned()).or_default();
    for (sum, one) in number.iter_mut().zip(of) {
        *sum += one;
    }
}

/// What the entries of a library come to, counted from the list: by state, genre and platform, and in all with the scores.
async fn counted(person: &Person<'_>) -> Value {
    let (mut states, mut genres, mut platforms) = (Numbers::new(), Numbers::new(), Numbers::new());
    let (mut total, mut scores) = ([0; 3], Vec::new());
    for entry in library(person).await {
        let minutes = entry["minutes"].as_i64().unwrap();
        let of = [1, i64::from(entry["state"] == "completed"), minutes];
        total.iter_mut().zip(of).for_each(|(sum, one)| *sum += one);
        scores.extend(entry.get("score").map(|score| score.as_i64().unwrap()));
        add(&mut states, entry["state"].as_str().unwrap(), of);
        for genre in entry["game"]["genres"].as_array().unwrap() {
            add(&mut genres, genre.as_str().unwrap(), of);
        }
        for run in entry["playthroughs"].as_array().unwrap() {
            if let Some(platform) = run["platform"].as_str() {
                let of = [1, i64::from(run.get("finished").is_some()), run["minutes"].as_i64().unwrap_or_default()];
                add(&mut platforms, platform, of);
            }
        }
    }
    json!({"total": total, "scores": [scores.len(), scores.iter().sum::<i64>()], "states": states, "genres": genres, "platforms": platforms})
}

/// The same as the statistics say it.
async fn said(person: &Person<'_>) -> Value {
    let (status, said) = get(person, "/library/statistics").await;
    assert_eq!(status, 200, "{said}");
    let list = |name: &str, key: &str, numbers: [&str; 3]| -> Numbers {
        let rows = said[name].as_array().unwrap().iter();
        let numbers = |row: &Value| numbers.map(|name| row[name].as_i64().unwrap_or_default());
        rows.map(|row| (row[key].as_str().unwrap().to_owned(), numbers(row))).collect()
    };
    let mut by_state = list("states", "state", ["entries", "", "minutes"]);
    by_state.retain(|_, numbers| numbers[0] > 0);
    for (state, numbers) in &mut by_state {
        numbers[1] = if state == "completed" { numbers[0] } else { 0 };
    }
    let scored = said["scored"].as_i64().unwrap();
    let mean = said["mean_score"].as_f64().unwrap_or_default();
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a few scores"
    )]
    let sum = (mean * scored as f64).round() as i64;
    let total = ["entries", "completed", "minutes"].map(|name| said[name].as_i64().unwrap());
    json!({
        "total": total,
        "scores": [scored, sum],
        "states": by_state,
        "genres": list("genres", "genre", ["entries", "completed", "minutes"]),
        "platforms": list("platforms", "platform", ["playthroughs", "finished", "minutes"]),
    })
}

async fn genre(place: &Place, game: &str, genre: &str, is_there: bool) {
    let sql = if is_there {
        format!(
            "INSERT INTO title_genre (title, genre, name_key) SELECT id, '{genre}', name_key FROM title WHERE id = {game} ON CONFLICT DO NOTHING"
        )
    } else {
        format!("DELETE FROM title_genre WHERE title = {game} AND genre = '{genre}'")
    };
    place.execute_control(&sql).await;
    // What cards show.
    let list = format!("SELECT coalesce(string_agg(genre, ','), '') FROM title_genre WHERE title = {game}");
    let list =
        if place.database_url.is_some() { list } else { list.replace("string_agg(genre, ',')", "group_concat(genre)") };
    place.execute_control(&format!("UPDATE title SET genres = ({list}) WHERE id = {game}")).await;
}

#[cairn_test]
async fn statistics_are_what_the_entries_come_to_after_every_change(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, games) = ann_and_games(&cairn, place).await;
    for (game, word) in games.iter().zip(["adventure", "racing", "adventure"]) {
        genre(place, game, word, true).await;
    }
    let states = ["wishlist", "ongoing", "completed", "paused", "dropped"];
    let (mut random, mut edits) = (fastrand::Rng::with_seed(7), Vec::<String>::new());
    for step in 0..60 {
        let game = games[random.usize(..3)].clone();
        let (path, state) = (format!("/library/{game}"), states[random.usize(..5)]);
        let audience = ["public", "friends", "private"][random.usize(..3)];
        let score = random.u8(..=100);
        let what = random.usize(..11);
        match what {
            0..=2 => {
                put(&ann, &path, json!({"state": state, "score": score, "audience": audience})).await;
            }
            3 => {
                put(&ann, &path, json!({"score": null, "time": format!("add {score}")})).await;
            }
            4 | 5 => {
                let platform = ["pc", "ps2"][random.usize(..2)];
                let run = json!({"platform": platform, "time": score.to_string(), "finished": if random.bool() { json!("2025") } else { Value::Null }});
                post(&ann, &format!("{path}/playthroughs"), run).await;
            }
            6 => {
                put(&ann, &format!("{path}/playthroughs/1"), json!({"platform": "switch", "time": "add 5"})).await;
            }
            7 => {
                delete(&ann, &format!("{path}/playthroughs/1")).await;
            }
            8 => {
                let (_, edit) = delete(&ann, &path).await;
                edits.extend(edit["edit_id"].as_str().map(str::to_owned));
            }
            9 => {
                if let Some(edit) = edits.pop() {
                    ask(&ann, &format!("/library/edits/{edit}/undo")).await;
                }
            }
            _ => genre(place, &game, "rpg", random.bool()).await,
        }
        assert_eq!(said(&ann).await, counted(&ann).await, "after step {step}, {what}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn imports_and_merged_games_are_counted_too(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, glass, iron]) = ann_and_games(&cairn, place).await;
    genre(place, &moss, "adventure", true).await;
    genre(place, &glass, "racing", true).await;
    let file =
        "Title,Rating,Status,Backlog\nMoss Harbour,4.5,Completed,\nGlass Rally,,,Yes\nIronwood Part 2,3,Shelved,Yes\n";
    let applied = import(&ann, "", file).await;
    assert_eq!(said(&ann).await, counted(&ann).await, "applied");
    let (status, _) = ask(&ann, &format!("/library/import/{}/undo", applied["import_id"].as_str().unwrap())).await;
    assert_eq!((status, said(&ann).await), (200, counted(&ann).await), "undone");
    assert_eq!(said(&ann).await["total"], json!([0, 0, 0]));
    put(&ann, &format!("/library/{iron}"), json!({"state": "completed", "time": "3 h"})).await;
    place.execute_control(&format!("UPDATE title SET merged_into = {moss} WHERE id = {iron}")).await;
    assert_eq!(get(&ann, &format!("/library/{moss}")).await.1["minutes"], 180, "the entry has gone over");
    assert_eq!(said(&ann).await, counted(&ann).await, "merged");
    assert_eq!(api(&ann, reqwest::Method::DELETE, &format!("/library/{moss}"), None).await.0, 200);
    let left = place.control_texts("SELECT CAST(count(*) AS text) FROM library_count").await;
    assert_eq!(left, ["0"], "nothing is left of nothing");
    cairn.stop().await;
}

#[cairn_test]
async fn people_are_found_by_what_everybody_sees_of_their_libraries(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, glass, _]) = ann_and_games(&cairn, place).await;
    genre(place, &moss, "role-playing", true).await;
    let found_by = |statistics: bool| json!({"statistics": statistics});
    let people =
        [("much", "public", true), ("hidden", "friends", true), ("shy", "public", false), ("little", "public", true)];
    for (name, audience, is_found) in people {
        let (person, _) = Person::signed_in(&cairn, &format!("{name}@example.org"), &Mailbox::in_data_of(place)).await;
        assert_eq!(put_any(&person, "/users", json!({"username": name, "found_by": found_by(is_found)})).await, 200);
        if name == "little" {
            assert_eq!(
                put(&person, &format!("/library/{glass}"), json!({"state": "ongoing", "time": "2 h"})).await.0,
                200
            );
            continue;
        }
        let body = json!({"state": "completed", "audience": audience});
        assert_eq!(put(&person, &format!("/library/{moss}"), body).await.0, 200);
        let run = json!({"platform": "ps5", "time": "10 h", "finished": "2020"});
        assert_eq!(post(&person, &format!("/library/{moss}/playthroughs"), run).await.0, 201);
    }
    let found = async |query: &str| {
        let (status, page) = get(&ann, &format!("/people?{query}")).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for query in [
        "completed_min=1",
        "minutes_min=600&minutes_max=600",
        "completed_min=1&genre=role-playing",
        "completed_min=1&genre=Role%20Playing",
        "minutes_min=600&platform=ps5",
        "minutes_min=600&platform=PlayStation%205",
    ] {
        assert_eq!(found(query).await, ["much"], "{query}");
    }
    for query in ["completed_min=2", "minutes_min=601", "completed_min=1&genre=racing", "minutes_min=1&platform=pc"] {
        assert!(found(query).await.is_empty(), "{query}");
    }
    cairn.stop().await;
}

/// A PUT of what the caller has seen, whatever that is.
async fn put_any(person: &Person<'_>, path: &str, body: Value) -> u16 {
    let request =
        person.cairn.http.request(Method::PUT, format!("{}/api{path}", person.cairn.base)).header("If-Match", "*");
    let request = request.bearer_auth(person.token.as_ref().unwrap()).header("Content-Type", "application/json");
    request.body(body.to_string()).send().await.unwrap().status().as_u16()
}
