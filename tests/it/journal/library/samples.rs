//! The samples of every program, imported as they are: what becomes of each row.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::requests::{ann_and_games, ask, counts, delete, entries, import, rows, send_file};
use crate::support::{Cairn, Place, person::refusal};

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/imports/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A sample: the program, the numbers of rows by outcome (new, changed, same, unclear, refused), and its rows.
type Sample = (&'static str, &'static str, [i64; 5], &'static [(&'static str, &'static str)]);

const NO_GAME: &str = "no game has this name";

const SAMPLES: [Sample; 14] = [
    ("steam_owned_games.json", "steam", [1, 0, 0, 2, 0], &[("new", ""), ("unclear", NO_GAME), ("unclear", NO_GAME)]),
    ("gog_galaxy_export_comma.csv", "gog", [1, 0, 0, 0, 0], &[("new", "not taken over: tags")]),
    ("gog_galaxy_export_tab.csv", "gog", [1, 0, 0, 0, 0], &[("new", "not taken over: tags")]),
    ("playnite_games.json", "playnite", [1, 0, 0, 0, 0], &[("new", "not taken over: notes")]),
    ("playnite_advanced_en.csv", "playnite", [1, 0, 0, 0, 0], &[("new", "not taken over: notes, categories, tags")]),
    ("playnite_builtin_script.csv", "playnite", [2, 0, 0, 0, 0], &[("new", ""), ("new", "")]),
    ("backloggd_thirdparty.csv", "backloggd", [3, 0, 0, 0, 0], &[("new", ""), ("new", ""), ("new", "")]),
    (
        "grouvee_15col.csv",
        "grouvee",
        [1, 0, 0, 1, 0],
        &[("new", "not taken over: review, status updates"), ("unclear", NO_GAME)],
    ),
    ("grouvee_20col_2026.csv", "grouvee", [1, 0, 0, 0, 0], &[("new", "not taken over: review, status updates")]),
    ("howlongtobeat.csv", "howlongtobeat", [2, 0, 0, 0, 0], &[("new", "not taken over: notes, review"), ("new", "")]),
    ("igdb_list.csv", "igdb", [1, 0, 0, 1, 0], &[("unclear", NO_GAME), ("new", "not taken over: description")]),
    (
        "yamtrack.csv",
        "yamtrack",
        [1, 0, 0, 0, 1],
        &[("new", ""), ("refused", "is of the type \"tv\", and only games have a place in the library")],
    ),
    ("ryot_complete_export.json", "ryot", [1, 0, 0, 0, 0], &[("new", "not taken over: review")]),
    ("vglist.json", "vglist", [1, 0, 0, 0, 0], &[("new", "not taken over: comments")]),
];

#[cairn_test]
async fn every_row_of_every_sample_is_counted_and_explained(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    for (name, source, numbers, expected) in SAMPLES {
        let (status, read) = send_file(&ann, "", sample(name)).await;
        assert_eq!(
            (status, &read["source"], &read["status"]),
            (201, &json!(source), &json!("ready")),
            "{name}: {read}"
        );
        assert_eq!(counts(&read), numbers, "{name}");
        let found = rows(&ann, &read).await;
        let found: Vec<(&str, &str)> = found.iter().map(|(outcome, _, why)| (&**outcome, &**why)).collect();
        assert_eq!(found, expected, "{name}");
        let path = format!("/library/import/{}", read["import_id"].as_str().unwrap());
        assert_eq!(delete(&ann, &path).await.0, 204, "{name}");
    }
    let private = send_file(&ann, "", sample("steam_owned_games_private.json")).await;
    assert_eq!(refusal(private), (422, "profile_private".to_owned()));
    cairn.stop().await;
}

/// What of an entry the samples decide.
fn decided(entry: &Value) -> Value {
    let names = ["state", "score", "minutes", "loose_minutes", "playthroughs"];
    let decided = names.iter().filter_map(|name| Some(((*name).to_owned(), entry.get(*name)?.clone())));
    json!(decided.collect::<serde_json::Map<_, _>>())
}

#[cairn_test]
async fn samples_become_the_entries_that_they_describe(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    let done = |minutes: i64, platform: Option<&str>, finished: &str| {
        let mut run = json!({"playthrough": 1, "started": "2025-01-03", "finished": finished, "minutes": minutes});
        if let Some(platform) = platform {
            run["platform"] = platform.into();
        }
        run
    };
    let graded = |mut run: Value, grade: &str| {
        run["grade"] = grade.into();
        run
    };
    let on_pc = json!([{"playthrough": 1, "platform": "pc", "minutes": 690}]);
    for (name, game, expected) in [
        (
            "steam_owned_games.json",
            "Moss Harbour",
            json!({"state": "ongoing", "minutes": 690, "loose_minutes": 0, "playthroughs": on_pc}),
        ),
        (
            "gog_galaxy_export_tab.csv",
            "Moss Harbour",
            json!({"state": "paused", "minutes": 690, "loose_minutes": 0, "playthroughs": on_pc}),
        ),
        (
            "playnite_games.json",
            "Moss Harbour",
            json!({"state": "completed", "score": 80, "minutes": 690, "loose_minutes": 0, "playthroughs": on_pc}),
        ),
        (
            "playnite_builtin_script.csv",
            "Glass Rally",
            json!({"state": "wishlist", "minutes": 0, "loose_minutes": 0, "playthroughs": []}),
        ),
        (
            "playnite_builtin_script.csv",
            "Moss Harbour",
            json!({"state": "paused", "minutes": 690, "loose_minutes": 690, "playthroughs": []}),
        ),
        (
            "backloggd_thirdparty.csv",
            "Ironwood, Part 2",
            json!({"state": "paused", "score": 60, "minutes": 0, "loose_minutes": 0, "playthroughs": []}),
        ),
        (
            "grouvee_15col.csv",
            "Moss Harbour",
            json!({"state": "completed", "score": 80, "minutes": 690, "loose_minutes": 0, "playthroughs": [graded(done(690, None, "2025-02-19"), "story")]}),
        ),
        (
            "grouvee_20col_2026.csv",
            "Moss Harbour",
            json!({"state": "completed", "score": 80, "minutes": 690, "loose_minutes": 0, "playthroughs": [graded(done(690, Some("pc"), "2025-02-19"), "story")]}),
        ),
        (
            "howlongtobeat.csv",
            "Moss Harbour",
            json!({"state": "completed", "score": 80, "minutes": 690, "loose_minutes": 0, "playthroughs": [graded(done(690, Some("pc"), "2025-02"), "story")]}),
        ),
        (
            "howlongtobeat.csv",
            "Glass Rally",
            json!({"state": "ongoing", "minutes": 47, "loose_minutes": 0, "playthroughs": [{"playthrough": 1, "platform": "ps2", "minutes": 47}]}),
        ),
        (
            "igdb_list.csv",
            "Glass Rally",
            json!({"state": "wishlist", "minutes": 0, "loose_minutes": 0, "playthroughs": []}),
        ),
        (
            "yamtrack.csv",
            "Glass Rally",
            json!({"state": "completed", "score": 90, "minutes": 185, "loose_minutes": 0, "playthroughs": [done(185, None, "2025-02-19")]}),
        ),
        (
            "ryot_complete_export.json",
            "Glass Rally",
            json!({"state": "completed", "score": 90, "minutes": 185, "loose_minutes": 0, "playthroughs": [done(185, Some("pc"), "2025-02-19")]}),
        ),
        (
            "vglist.json",
            "Moss Harbour",
            json!({"state": "dropped", "score": 76, "minutes": 5040, "loose_minutes": 0, "playthroughs": [graded(done(5040, None, "2025-02-06"), "abandoned")]}),
        ),
    ] {
        let applied = import(&ann, "", sample(name)).await;
        let found = entries(&ann).await;
        let entry =
            found.iter().find(|entry| entry["game"]["name"] == game).unwrap_or_else(|| panic!("{name}: {game}"));
        assert_eq!(decided(entry), expected, "{name}: {game}");
        let path = format!("/library/import/{}", applied["import_id"].as_str().unwrap());
        assert_eq!(ask(&ann, &format!("{path}/undo")).await.0, 200, "{name}");
        assert_eq!(entries(&ann).await, Vec::<Value>::new(), "{name}");
        delete(&ann, &path).await;
    }
    cairn.stop().await;
}
