//! What becomes of the records of files and providers.

use cairn::catalogue::titles::{NameMatch, NameQuery, Platform, Taken, TitleId, fold};
use cairn_test_macros::cairn_test;

use crate::support::{Cairn, white_box::record};

fn asked(name: &str, year: Option<i32>, platform: Option<&str>) -> NameQuery {
    NameQuery { name_key: fold(name), year, platform: platform.map(|word| Platform::parse(word).unwrap()) }
}

#[cairn_test]
async fn a_record_is_taken_in_once(cairn: &Cairn) {
    let records = [record("mame:1", &["Doom"], "1993", &["pc"]), record("mame:2", &["Tetris"], "", &["gameboy"])];
    let first = cairn.take_in(&records).await;
    let [Taken::New(doom), Taken::New(tetris)] = first[..] else { panic!("{first:?}") };
    assert_ne!(doom, tetris);
    assert_eq!(cairn.take_in(&records).await, [Taken::Same(doom), Taken::Same(tetris)]);
    let found = cairn.titles().by_external("mame", &["1".into(), "2".into(), "3".into()]).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [("1".to_owned(), doom), ("2".to_owned(), tetris)]);
}

#[cairn_test]
async fn records_of_two_sources_with_one_name_year_and_platform_are_one_title(cairn: &Cairn) {
    let doom = cairn.new_title("mame:1", "Doom", "1993", &["pc", "snes"]).await;
    let taken = cairn.take_in(&[record("steam:2280", &["DOOM"], "1993-12-10", &["Windows"])]).await;
    assert_eq!(taken, [Taken::Changed(TitleId(doom))]);
    let title = cairn.titles().title(None, TitleId(doom)).await.unwrap();
    assert_eq!(title.facts.name.as_str(), "Doom", "what is known stays");
    assert_eq!(title.facts.released.unwrap().as_str(), "1993-12-10", "what is finer is taken");
    let external: Vec<String> = title.external.iter().map(ToString::to_string).collect();
    assert_eq!(external, ["mame 1", "steam 2280"]);
}

#[cairn_test]
async fn what_is_unclear_is_made_neither_one_nor_two(cairn: &Cairn) {
    let doom = TitleId(cairn.new_title("mame:1", "Doom", "1993", &["pc"]).await);
    let unclear = record("pcgw:7", &["Doom"], "", &["pc"]);
    assert_eq!(cairn.take_in(std::slice::from_ref(&unclear)).await, [Taken::Unclear]);
    assert_eq!(cairn.take_in(&[unclear]).await, [Taken::Unclear]);
    let found = cairn.titles().by_external("pcgw", &["7".into()]).await.unwrap();
    assert!(found.is_empty(), "{found:?}");
    let meant = cairn.titles().by_names(None, &[asked("doom", None, None)]).await.unwrap();
    assert_eq!(meant, [NameMatch::One(doom)], "no second title was made");
}

#[cairn_test]
async fn two_records_of_one_source_are_two_titles(cairn: &Cairn) {
    let records = [record("mame:1", &["Poker"], "", &["pc"]), record("mame:2", &["Poker"], "", &["pc"])];
    let taken = cairn.take_in(&records).await;
    assert!(matches!(taken[..], [Taken::New(one), Taken::New(other)] if one != other), "{taken:?}");
}

#[cairn_test]
async fn a_record_whose_ids_are_two_titles_is_unclear(cairn: &Cairn) {
    cairn.new_title("mame:1", "Doom", "1993", &["pc"]).await;
    cairn.new_title("steam:2", "Doom II", "1994", &["pc"]).await;
    let mut both = record("mame:1", &["Doom"], "1993", &["pc"]);
    both.external.extend(record("steam:2", &["Doom"], "", &[]).external);
    assert_eq!(cairn.take_in(&[both]).await, [Taken::Unclear]);
}

#[cairn_test]
async fn whoever_names_a_game_gets_the_only_one_that_fits(cairn: &Cairn) {
    let old = TitleId(cairn.new_title("mame:1", "Doom", "1993", &["pc"]).await);
    let new = TitleId(cairn.new_title("steam:2", "Doom", "2016", &["pc", "ps4"]).await);
    let queries = [
        asked("DOOM!", Some(2016), None),
        asked("Doom", None, Some("ps4")),
        asked("Doom", None, None),
        asked("Doom 3", None, None),
        asked("Dooom", None, None),
    ];
    let meant = cairn.titles().by_names(None, &queries).await.unwrap();
    let several = NameMatch::Several(vec![old, new]);
    assert_eq!(meant, [NameMatch::One(new), NameMatch::One(new), several, NameMatch::None, NameMatch::None]);
}

#[cairn_test]
async fn a_large_import_comes_in_slices(cairn: &Cairn) {
    let name = |at: usize| format!("Game {at}");
    let records: Vec<_> = (0..250)
        .map(|at| record(&format!("mame:{at}"), &[&name(at), &format!("Spiel {at}")], "1990", &["pc", "nes"]))
        .collect();
    let taken = cairn.take_in(&records).await;
    assert!(taken.iter().all(|taken| matches!(taken, Taken::New(_))), "{taken:?}");
    let queries: Vec<_> = (0..250).map(|at| asked(&format!("spiel {at}"), Some(1990), Some("nes"))).collect();
    let meant = cairn.titles().by_names(None, &queries).await.unwrap();
    for (at, (taken, meant)) in taken.iter().zip(meant).enumerate() {
        let Taken::New(title) = taken else { panic!("{taken:?}") };
        assert_eq!(meant, NameMatch::One(*title), "{at}");
    }
}
