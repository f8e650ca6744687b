//! How titles are found.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::people::{get, names};
use crate::support::{Cairn, Place, white_box::record};

const NAMES: [&str; 16] = [
    "Doom",
    "Doom II",
    "Doomsday",
    "Super Doom",
    "Dooom",
    "Room",
    "Tetris",
    "Pokémon Red",
    "Łowca",
    "Straße",
    "Тетрис",
    "神宮館'89電脳九星占い",
    "ドラゴンクエスト",
    "The Legend of Zelda",
    "Castlevania: Symphony of the Night",
    "***",
];

async fn fill(cairn: &Cairn) {
    let records: Vec<_> =
        NAMES.iter().enumerate().map(|(at, name)| record(&format!("list:{at}"), &[name], "1990", &["pc"])).collect();
    cairn.take_in(&records).await;
}

async fn found(cairn: &Cairn, query: &[(&str, &str)]) -> Value {
    let answer = cairn.get("/api/games").query(query).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn first(cairn: &Cairn, typed: &str) -> String {
    let page = found(cairn, &[("q", typed)]).await;
    names(&page).first().copied().unwrap_or_default().to_owned()
}

#[cairn_test]
async fn the_best_fit_comes_first(cairn: &Cairn) {
    fill(cairn).await;
    let page = found(cairn, &[("q", "doom")]).await;
    assert_eq!(names(&page), ["Doom", "Dooom", "Doom II", "Doomsday", "Super Doom", "Room"]);
    assert_eq!((&page["more"], &page["next"]), (&false.into(), &"~6".into()));
}

#[cairn_test]
async fn a_name_is_found_however_it_is_typed(cairn: &Cairn) {
    fill(cairn).await;
    for (typed, name) in [
        ("tetri", "Tetris"),
        ("tetirs", "Tetris"),
        ("ttris", "Tetris"),
        ("tetrris", "Tetris"),
        ("TETRIS!", "Tetris"),
        ("pokemon red", "Pokémon Red"),
        ("POKÉMON", "Pokémon Red"),
        ("red pokemon", "Pokémon Red"),
        ("lowca", "Łowca"),
        ("strasse", "Straße"),
        ("тетрис", "Тетрис"),
        ("тетрс", "Тетрис"),
        ("神宮館", "神宮館'89電脳九星占い"),
        ("九星", "神宮館'89電脳九星占い"),
        ("クエスト", "ドラゴンクエスト"),
        ("どらごん", "ドラゴンクエスト"),
        ("ﾄﾞﾗｺﾞﾝ", "ドラゴンクエスト"),
        ("ze", "The Legend of Zelda"),
        ("zelda", "The Legend of Zelda"),
        ("leg zel", "The Legend of Zelda"),
        ("castelvania sympony of the nigth", "Castlevania: Symphony of the Night"),
        ("***", "***"),
        ("dm", ""),
        ("%", ""),
        ("_", ""),
        ("\"", ""),
        ("' OR 1=1 --", ""),
        ("title_search:x*", ""),
    ] {
        assert_eq!(first(cairn, typed).await, name, "{typed}");
    }
}

#[cairn_test]
async fn a_search_goes_on_from_page_to_page(cairn: &Cairn) {
    fill(cairn).await;
    let all = found(cairn, &[("q", "doom")]).await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = found(cairn, &[("q", "doom"), ("limit", "2"), ("after", &after)]).await;
        seen.extend(names(&page).into_iter().map(str::to_owned));
        after = page["next"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(seen, names(&all));
}

#[cairn_test]
async fn a_list_is_in_the_order_of_names(cairn: &Cairn) {
    fill(cairn).await;
    let mut folded: Vec<(String, &str)> =
        NAMES.iter().map(|name| (cairn::catalogue::titles::fold(name), *name)).collect();
    folded.sort_unstable();
    for filter in [("limit", "5"), ("platform", "pc"), ("year_from", "1990"), ("year_to", "1990")] {
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = found(cairn, &[filter, ("after", &after)]).await;
            seen.extend(names(&page).into_iter().map(str::to_owned));
            after = page["next"].as_str().unwrap().to_owned();
            if page["more"] == false {
                break;
            }
        }
        assert_eq!(seen, folded.iter().map(|(_, name)| *name).collect::<Vec<_>>(), "{filter:?}");
    }
}

#[cairn_test]
async fn what_is_filtered_out_is_not_found_and_not_counted(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mut records = vec![
        record("list:1", &["Mario Bros."], "1983", &["nes", "pc"]),
        record("list:2", &["Super Mario Bros."], "1985-09-13", &["nes"]),
        record("list:3", &["Mario Kart"], "1992", &["snes"]),
        record("list:4", &["Zelda"], "1986", &["nes"]),
    ];
    for (record, genre) in records.iter_mut().zip(["platformer", "platformer", "racing", "adventure"]) {
        record.facts.genres = vec![cairn::catalogue::titles::Genre::parse(genre).unwrap()];
    }
    cairn.take_in(&records).await;
    let mario = ["Mario Bros.", "Super Mario Bros.", "Mario Kart"];
    for (filter, searched, listed) in [
        (vec![], &mario[..], vec!["Mario Bros.", "Mario Kart", "Super Mario Bros.", "Zelda"]),
        (vec![("platform", "NES")], &mario[..2], vec!["Mario Bros.", "Super Mario Bros.", "Zelda"]),
        (vec![("genre", "racing")], &mario[2..], vec!["Mario Kart"]),
        (vec![("platform", "nes"), ("genre", "Platformer")], &mario[..2], vec!["Mario Bros.", "Super Mario Bros."]),
        (vec![("year_from", "1985")], &mario[1..], vec!["Mario Kart", "Super Mario Bros.", "Zelda"]),
        (vec![("year_from", "1985"), ("year_to", "1986")], &mario[1..2], vec!["Super Mario Bros.", "Zelda"]),
        (vec![("year_from", "1985"), ("year_to", "1985")], &mario[1..2], vec!["Super Mario Bros."]),
        (vec![("platform", "ps5")], &[], vec![]),
    ] {
        let asked = [&filter[..], &[("q", "mario")]].concat();
        let mut page: Vec<String> = names(&found(&cairn, &asked).await).into_iter().map(str::to_owned).collect();
        let mut expected: Vec<String> = searched.iter().map(|name| (*name).to_owned()).collect();
        page.sort_unstable();
        expected.sort_unstable();
        assert_eq!(page, expected, "{asked:?}");
        assert_eq!(names(&found(&cairn, &filter).await), listed, "{filter:?}");
    }
    let facets = found(&cairn, &[("q", "mario"), ("facets", "true")]).await["facets"].take();
    let count = |value: &str, count: i64| json!({"value": value, "count": count});
    assert_eq!(facets["platforms"], json!([count("nes", 2), count("pc", 1), count("snes", 1)]));
    assert_eq!(facets["genres"], json!([count("platformer", 2), count("racing", 1)]));
    assert_eq!(facets["years"], json!([count("1983", 1), count("1985", 1), count("1992", 1)]));
    let facets = found(&cairn, &[("platform", "nes"), ("facets", "true")]).await["facets"].take();
    assert_eq!(facets["platforms"], json!([count("nes", 3), count("pc", 1)]));
    assert_eq!(facets["genres"], json!([count("platformer", 2), count("adventure", 1)]));
    assert_eq!(found(&cairn, &[]).await.get("facets"), None);
    cairn.stop().await;
}

#[cairn_test]
async fn without_trigrams_names_are_found_by_their_beginning(place: &Place) {
    if place.database_url.is_none() {
        return;
    }
    Cairn::start(place, &[]).await.stop().await;
    place.execute_control("DROP EXTENSION pg_trgm CASCADE").await;
    let cairn = Cairn::start(place, &[]).await;
    fill(&cairn).await;
    for (typed, name) in
        [("tetri", "Tetris"), ("ttris", "Tetris"), ("castlevania", "Castlevania: Symphony of the Night"), ("zelda", "")]
    {
        assert_eq!(first(&cairn, typed).await, name, "{typed}");
    }
    assert_eq!(get(&cairn, None, "/games?facets=true").await.0, 200);
    cairn.stop().await;
}
