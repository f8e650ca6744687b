//! What the samples of each program say, written by hand from the files themselves.

use std::io::BufReader;

use super::*;
use crate::{
    journal::library::model::{
        GameNames, Grade, ImportedEntry, ImportedPlaythrough, OwnParts, PartialDate, Score, State,
    },
    platform::clock,
};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/imports");

fn rows_of(text: &[u8]) -> (Result<ImportSource, FileError>, Vec<Row>) {
    let mut rows = Vec::new();
    let read = read(BufReader::with_capacity(64, text), &mut |_, row| {
        rows.push(row);
        true
    });
    (read, rows)
}

fn sample(name: &str) -> (ImportSource, Vec<Row>) {
    let (source, rows) = rows_of(&std::fs::read(format!("{SAMPLES}/{name}")).unwrap());
    (source.unwrap(), rows)
}

fn date(text: &str) -> Option<PartialDate> {
    PartialDate::parse(text).ok()
}

fn at(text: &str) -> Option<i64> {
    clock::parse(text)
}

fn game(name: &str) -> GameNames {
    GameNames { name: name.to_owned(), ..GameNames::default() }
}

fn ids(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(source, id)| ((*source).to_owned(), (*id).to_owned())).collect()
}

fn row(number: i32, game: GameNames, entry: ImportedEntry) -> ImportedRow {
    ImportedRow { number, game, entry, left_out: Vec::new() }
}

fn pc() -> Option<String> {
    on("pc")
}

fn on(platform: &str) -> Option<String> {
    cells::platform(platform)
}

#[test]
fn steam_says_time_platform_and_what_was_played_lately() {
    let entry = |minutes| ImportedEntry { total: Some(minutes), platform: pc(), ..ImportedEntry::default() };
    let named = |name: &str, id| GameNames { external: ids(&[("steam", id)]), ..game(name) };
    let played = ImportedEntry { state: Some(State::Ongoing), active_ms: Some(1_739_991_601_000), ..entry(690) };
    let expected = [
        row(1, named("Moss Harbour", "292999"), played),
        row(2, named("Moss Harbour Soundtrack", "250999"), entry(0)),
        row(3, named("Steam app 10999", "10999"), entry(0)),
    ];
    assert_eq!(sample("steam_owned_games.json"), (ImportSource::Steam, expected.map(Ok).to_vec()));
}

#[test]
fn steam_says_nothing_of_a_private_profile() {
    let text = std::fs::read(format!("{SAMPLES}/steam_owned_games_private.json")).unwrap();
    assert!(matches!(rows_of(&text).0, Err(FileError::Private)));
    assert!(matches!(rows_of(br#"{"response":{"game_count":0,"games":[]}}"#).0, Ok(ImportSource::Steam)));
}

#[test]
fn gog_galaxy_is_read_with_commas_and_with_tabs() {
    let entry = ImportedEntry { total: Some(690), platform: pc(), ..ImportedEntry::default() };
    let expected =
        ImportedRow { left_out: vec!["tags"], ..row(1, GameNames { year: Some(2010), ..game("Moss Harbour") }, entry) };
    for name in ["gog_galaxy_export_comma.csv", "gog_galaxy_export_tab.csv"] {
        assert_eq!(sample(name), (ImportSource::Gog, vec![Ok(expected.clone())]), "{name}");
    }
}

#[test]
fn playnite_is_read_in_its_three_forms() {
    let whole =
        GameNames { year: Some(2010), platform: pc(), external: ids(&[("steam", "292999")]), ..game("Moss Harbour") };
    let entry = ImportedEntry {
        state: Some(State::Completed),
        score: Some(Score(80)),
        total: Some(690),
        platform: pc(),
        ..ImportedEntry::default()
    };
    let timed = |added, active| ImportedEntry { added_ms: at(added), active_ms: at(active), ..entry.clone() };
    let json = timed("2025-01-03T08:00:00Z", "2025-02-19T19:00:01.1Z");
    let expected = ImportedRow { left_out: vec!["notes"], ..row(1, whole.clone(), json) };
    assert_eq!(sample("playnite_games.json"), (ImportSource::Playnite, vec![Ok(expected)]));
    // The extension writes local times without an offset: the day is what is known.
    let csv = timed("2025-01-03T00:00:00Z", "2025-02-19T00:00:00Z");
    let expected = ImportedRow { left_out: vec!["notes", "categories", "tags"], ..row(1, whole, csv) };
    assert_eq!(sample("playnite_advanced_en.csv"), (ImportSource::Playnite, vec![Ok(expected)]));
    let plain = |minutes| ImportedEntry { total: Some(minutes), ..ImportedEntry::default() };
    let expected = [
        row(1, GameNames { year: Some(2010), ..game("Moss Harbour") }, plain(690)),
        row(2, GameNames { year: Some(1999), ..game("Glass Rally") }, plain(0)),
    ];
    assert_eq!(sample("playnite_builtin_script.csv"), (ImportSource::Playnite, expected.map(Ok).to_vec()));
}

#[test]
fn backloggd_rates_with_stars() {
    let entry = |state, score| ImportedEntry { state: Some(state), score, ..ImportedEntry::default() };
    let expected = [
        row(1, game("Moss Harbour"), entry(State::Completed, Some(Score(90)))),
        row(2, game("Glass Rally"), entry(State::Wishlist, None)),
        row(3, game("Ironwood, Part 2"), entry(State::Paused, Some(Score(60)))),
    ];
    assert_eq!(sample("backloggd_thirdparty.csv"), (ImportSource::Backloggd, expected.map(Ok).to_vec()));
}

#[test]
fn grouvee_holds_json_in_its_cells() {
    let run = ImportedPlaythrough {
        key: "0".to_owned(),
        started: date("2025-01-03"),
        finished: date("2025-02-19"),
        minutes: Some(690),
        grade: Some(Grade::Story),
        platform: None,
    };
    let entry = ImportedEntry {
        state: Some(State::Completed),
        score: Some(Score(80)),
        added_ms: at("2025-02-19T19:14:32Z"),
        playthroughs: vec![run.clone()],
        ..ImportedEntry::default()
    };
    let known = GameNames { year: Some(2010), external: ids(&[("giantbomb", "70001")]), ..game("Moss Harbour") };
    let first = ImportedRow { left_out: vec!["review", "status updates"], ..row(1, known, entry.clone()) };
    let second = row(2, game("Ștefan și Balaurul"), ImportedEntry::default());
    assert_eq!(sample("grouvee_15col.csv"), (ImportSource::Grouvee, vec![Ok(first.clone()), Ok(second)]));
    let newer =
        GameNames { external: ids(&[("igdb", "880001"), ("giantbomb", "70001")]), platform: pc(), ..first.game };
    let entry = ImportedEntry {
        added_ms: at("2025-01-03T10:00:00Z"),
        playthroughs: vec![ImportedPlaythrough { platform: pc(), ..run }],
        ..entry
    };
    let expected = ImportedRow { left_out: vec!["review", "status updates"], ..row(1, newer, entry) };
    assert_eq!(sample("grouvee_20col_2026.csv"), (ImportSource::Grouvee, vec![Ok(expected)]));
}

#[test]
fn howlongtobeat_has_a_row_for_each_run() {
    let done = ImportedPlaythrough {
        key: "pc/First-Play".to_owned(),
        platform: pc(),
        started: date("2025-01-03"),
        finished: date("2025-02"),
        minutes: Some(690),
        grade: Some(Grade::Story),
    };
    let entry = ImportedEntry {
        state: Some(State::Completed),
        score: Some(Score(80)),
        added_ms: at("2025-01-03T15:54:48Z"),
        active_ms: at("2025-02-19T21:00:01Z"),
        playthroughs: vec![done],
        ..ImportedEntry::default()
    };
    let first = ImportedRow {
        left_out: vec!["notes", "review"],
        ..row(1, GameNames { platform: pc(), ..game("Moss Harbour") }, entry)
    };
    let ps2 = || Some("ps2".to_owned());
    let open = ImportedPlaythrough {
        key: "ps2/First-Play".to_owned(),
        platform: ps2(),
        minutes: Some(47),
        ..ImportedPlaythrough::default()
    };
    let entry = ImportedEntry {
        state: Some(State::Ongoing),
        added_ms: at("2025-03-01T10:00:00Z"),
        active_ms: at("2025-03-01T10:00:00Z"),
        playthroughs: vec![open],
        ..ImportedEntry::default()
    };
    let second = row(2, GameNames { platform: ps2(), ..game("Glass Rally") }, entry);
    assert_eq!(sample("howlongtobeat.csv"), (ImportSource::Howlongtobeat, vec![Ok(first), Ok(second)]));
}

#[test]
fn igdb_knows_games_by_its_own_ids() {
    let named = |name: &str, id, year, platform: &str| GameNames {
        year: Some(year),
        platform: Some(platform.to_owned()),
        external: ids(&[("igdb", id)]),
        ..game(name)
    };
    let entry = ImportedEntry { score: Some(Score(80)), ..ImportedEntry::default() };
    let first = row(1, named("1942", "910001", 1982, "arcade"), entry);
    let second = row(2, named("Glass Rally", "910002", 1999, "pc"), ImportedEntry::default());
    let described = |row| ImportedRow { left_out: vec!["description"], ..row };
    let expected = vec![Ok(described(first)), Ok(described(second))];
    assert_eq!(sample("igdb_list.csv"), (ImportSource::Igdb, expected));
}

#[test]
fn yamtrack_has_more_than_games() {
    let run = ImportedPlaythrough {
        started: date("2025-01-03"),
        finished: date("2025-02-19"),
        minutes: Some(185),
        ..ImportedPlaythrough::default()
    };
    let entry = ImportedEntry {
        state: Some(State::Completed),
        score: Some(Score(90)),
        total: Some(185),
        active_ms: at("2025-02-19T20:00:00Z"),
        playthroughs: vec![run],
        ..ImportedEntry::default()
    };
    let first = row(1, GameNames { external: ids(&[("igdb", "910002")]), ..game("Glass Rally") }, entry);
    let why = "is of the type \"tv\", and only games have a place in the library".to_owned();
    let second = RefusedRow { number: 2, name: "Not A Game".to_owned(), why };
    assert_eq!(sample("yamtrack.csv"), (ImportSource::Yamtrack, vec![Ok(first), Err(second)]));
}

#[test]
fn ryot_keeps_what_was_seen() {
    let run = ImportedPlaythrough {
        key: "0".to_owned(),
        platform: pc(),
        started: date("2025-01-03"),
        finished: date("2025-02-19"),
        minutes: Some(185),
        grade: None,
    };
    let entry = ImportedEntry {
        state: Some(State::Completed),
        score: Some(Score(90)),
        added_ms: at("2025-02-19T20:00:00Z"),
        playthroughs: vec![run],
        ..ImportedEntry::default()
    };
    let names = GameNames { external: ids(&[("igdb", "910002")]), ..game("Glass Rally") };
    let expected = ImportedRow { left_out: vec!["review"], ..row(1, names, entry) };
    assert_eq!(sample("ryot_complete_export.json"), (ImportSource::Ryot, vec![Ok(expected)]));
}

#[test]
fn vglist_counts_hours() {
    let run = ImportedPlaythrough {
        started: date("2025-01-03"),
        finished: date("2025-02-06"),
        minutes: Some(84 * 60),
        grade: Some(Grade::Abandoned),
        ..ImportedPlaythrough::default()
    };
    let entry = ImportedEntry {
        state: Some(State::Dropped),
        score: Some(Score(76)),
        total: Some(84 * 60),
        added_ms: at("2025-02-23T19:05:17.715Z"),
        playthroughs: vec![run],
        ..ImportedEntry::default()
    };
    let names = GameNames { year: Some(2010), ..game("Moss Harbour") };
    let expected = ImportedRow { left_out: vec!["comments"], ..row(1, names, entry) };
    assert_eq!(sample("vglist.json"), (ImportSource::Vglist, vec![Ok(expected)]));
}

#[test]
fn what_nobody_writes_is_of_no_known_form() {
    for text in [
        "",
        " ",
        "a,b\n1,2\n",
        "{}",
        "[]",
        "[{\"a\":1}]",
        "{\"a\":[1]}",
        "hello",
        "PK\u{3}\u{4}x",
        "{\"format\":\"other\",\"entries\":[]}",
    ] {
        assert!(
            matches!(rows_of(text.as_bytes()).0, Err(FileError::Unknown(_))),
            "{text}: {:?}",
            rows_of(text.as_bytes())
        );
    }
    for text in [&b"\xff\xfet\0i\0"[..], b"\xfe\xff\0t"] {
        assert!(matches!(rows_of(text).0, Err(FileError::Unknown(_))));
    }
    for text in ["{\"response\":{\"games\":[{\"appid\":1}", "[1"] {
        assert!(matches!(rows_of(text.as_bytes()).0, Err(FileError::Broken(_) | FileError::Unknown(_))), "{text}");
    }
}

#[test]
fn a_bad_row_is_refused_and_the_next_one_read() {
    let text =
        "title,rating,status,backlog\nA,9,Completed,\n,1,Completed,\nB,1,Sleeping,\nC,5,Completed,,x\nD,5,Completed,\n";
    let (source, rows) = rows_of(text.as_bytes());
    assert_eq!(source.unwrap(), ImportSource::Backloggd);
    let why: Vec<&str> = rows.iter().map(|row| row.as_ref().err().map_or("", |refused| &refused.why)).collect();
    assert_eq!(
        why,
        [
            "has the rating \"9\", which is no number of 0 to 5",
            "has no name",
            "has the status \"Sleeping\", which is not known here",
            "has 5 fields, and there are 4 columns",
            "",
        ]
    );
    let numbers: Vec<i32> =
        rows.iter().map(|row| row.as_ref().map_or_else(|refused| refused.number, |row| row.number)).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[test]
fn columns_may_come_in_any_order_with_a_mark_and_other_delimiters() {
    for text in [
        "\u{feff}backlog;status;rating;title\r\n;Completed;4,5;Moss\r\n",
        "Rating\tBacklog\tTitle\tStatus\n4.5\t\tMoss\tCompleted\n",
    ] {
        let (_, rows) = rows_of(text.as_bytes());
        let entry = ImportedEntry { state: Some(State::Completed), score: Some(Score(90)), ..ImportedEntry::default() };
        assert_eq!(rows, [Ok(row(1, game("Moss"), entry))], "{text}");
    }
}

#[test]
fn a_file_has_a_bound() {
    let mut text = "title,rating,status,backlog\n".to_owned();
    for _ in 0..=MAX_ROWS {
        text.push_str("A,,,\n");
    }
    let (source, rows) = rows_of(text.as_bytes());
    assert!(matches!(source, Err(FileError::TooManyRows)));
    assert_eq!(rows.len(), usize::try_from(MAX_ROWS).unwrap());
}

#[test]
fn our_own_form_says_all_that_an_entry_has() {
    let (_, rows) = rows_of(
        br#"{"format":"cairn-library-1","entries":[{"game":{"id":"7","name":"Moss Harbour","year":2010,
        "external":[{"source":"steam","id":"292999"}]},"state":"completed","score":80,"audience":"private","minutes":700,
        "loose_minutes":10,"target":{"minor":999,"currency":"EUR"},"added_at":"2025-01-03T10:00:00Z",
        "playthroughs":[{"platform":"ps5","started":"2025-01","minutes":690,"grade":"story"}],
        "history":[{"at":"2025-01-03T10:00:00Z","state":"wishlist"},{"at":"2025-02-19T00:00:00Z","state":"completed"}]}]}"#,
    );
    let names =
        GameNames { year: Some(2010), external: ids(&[("steam", "292999")]), id: Some(7), ..game("Moss Harbour") };
    let run = ImportedPlaythrough {
        key: "0".to_owned(),
        platform: Some("ps5".to_owned()),
        started: date("2025-01"),
        minutes: Some(690),
        grade: Some(Grade::Story),
        finished: None,
    };
    let target = crate::journal::library::model::Target { minor: 999, currency: "EUR".to_owned() };
    let (bought, done) = (at("2025-01-03T10:00:00Z").unwrap(), at("2025-02-19T00:00:00Z").unwrap());
    let own = OwnParts {
        audience: Some(2),
        target: Some(target),
        history: vec![(bought, State::Wishlist), (done, State::Completed)],
    };
    let entry = ImportedEntry {
        state: Some(State::Completed),
        score: Some(Score(80)),
        total: Some(700),
        added_ms: Some(bought),
        playthroughs: vec![run],
        own: Some(own),
        ..ImportedEntry::default()
    };
    assert_eq!(rows, [Ok(row(1, names, entry))]);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(text in "[\\[\\]{}:,\"a-z0-9;\n\r\t -]{0,200}") {
        let _either = rows_of(text.as_bytes());
    }
}
