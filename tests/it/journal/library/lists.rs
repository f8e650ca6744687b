//! Lists: filters, orders, pages.

use cairn_test_macros::cairn_test;
use serde_json::json;

use super::requests::{ann_and_games, get, names, post, put};
use crate::support::{Cairn, Place, person::Person};

/// Moss Harbour: completed, 80, 100 minutes on PC. Glass Rally: ongoing, 47 minutes on PS2. Ironwood: on the wish list, 60.
async fn filled<'a>(cairn: &'a Cairn, place: &Place) -> (Person<'a>, [String; 3]) {
    let (ann, games) = ann_and_games(cairn, place).await;
    let [moss, glass, iron] = &games;
    put(&ann, &format!("/library/{moss}"), json!({"state": "completed", "score": 80})).await;
    put(&ann, &format!("/library/{glass}"), json!({"state": "ongoing"})).await;
    put(&ann, &format!("/library/{iron}"), json!({"state": "wishlist", "score": 60})).await;
    post(&ann, &format!("/library/{glass}/playthroughs"), json!({"platform": "ps2", "time": "47"})).await;
    post(&ann, &format!("/library/{moss}/playthroughs"), json!({"platform": "pc", "time": "100"})).await;
    (ann, games)
}

#[cairn_test]
async fn a_list_is_filtered_and_in_the_order_that_is_asked_for(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = filled(&cairn, place).await;
    let (moss, glass, iron) = ("Moss Harbour", "Glass Rally", "Ironwood, Part 2");
    for (query, expected) in [
        ("", &[moss, glass, iron][..]),
        ("?sort=changed&order=reversed", &[iron, glass, moss]),
        ("?sort=added", &[iron, glass, moss]),
        ("?sort=name", &[glass, iron, moss]),
        ("?sort=name&order=reversed", &[moss, iron, glass]),
        ("?sort=score", &[moss, iron, glass]),
        ("?sort=minutes", &[moss, glass, iron]),
        ("?state=ongoing&state=wishlist&sort=name", &[glass, iron]),
        ("?platform=Playstation+2", &[glass]),
        ("?platform=switch", &[]),
        ("?score_min=61", &[moss]),
        ("?score_min=60&sort=name", &[iron, moss]),
        ("?name=MOSS", &[moss]),
        ("?name=%25", &[]),
        ("?genre=racing", &[]),
    ] {
        let (status, page) = get(&ann, &format!("/library{query}")).await;
        assert_eq!((status, names(&page)), (200, expected.to_vec()), "{query}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn pages_hold_each_entry_once_in_every_order(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = filled(&cairn, place).await;
    for order in ["usual", "reversed"] {
        for sort in ["changed", "added", "name", "score", "minutes"] {
            let query = format!("/library?sort={sort}&order={order}");
            let (_, whole) = get(&ann, &query).await;
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let (status, page) = get(&ann, &format!("{query}&limit=1&after={after}")).await;
                assert_eq!(status, 200, "{page}");
                found.extend(page["items"].as_array().unwrap().clone());
                page["next"].as_str().unwrap().clone_into(&mut after);
                if page["more"] == false {
                    break;
                }
            }
            assert_eq!(json!(found), whole["items"], "{query}");
        }
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_place_in_one_order_is_none_in_another(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = filled(&cairn, place).await;
    let (_, page) = get(&ann, "/library?sort=name&limit=1").await;
    let after = page["next"].as_str().unwrap().replace(' ', "+");
    for query in [format!("?after={after}"), "?after=x".to_owned(), "?sort=name&after=7n1".to_owned()] {
        let (status, problem) = get(&ann, &format!("/library{query}")).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("?after")), "{query}");
    }
    for (query, pointer) in [
        ("?state=bought", "?state"),
        ("?sort=age", "?sort"),
        ("?limit=101", "?limit"),
        ("?score_min=101", "?score_min"),
        ("?stat=1", "?stat"),
    ] {
        let (status, problem) = get(&ann, &format!("/library{query}")).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{query}");
    }
    cairn.stop().await;
}
