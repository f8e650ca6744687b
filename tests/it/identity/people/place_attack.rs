//! An attacker with many accounts tries to find out where somebody is.

use cairn_test_macros::cairn_test;
use h3o::{CellIndex, LatLng, Resolution};
use serde_json::json;

use super::Caller;
use crate::support::{Cairn, Place};

/// Accounts of the attacker, all made today.
const ATTACKERS: usize = 50;

const BANDS: [&str; 5] = ["same_area", "under_25_km", "under_50_km", "under_100_km", "farther"];

/// Somebody says that they are in the middle of a cell, whatever they said before.
async fn go(place: &Place, who: &Caller<'_>, cell: CellIndex) {
    place.execute_control("UPDATE place SET changed_at_ms = 1").await;
    let middle = LatLng::from(cell);
    let body = json!({"latitude": middle.lat(), "longitude": middle.lng(), "area": "medium", "audience": "public"});
    let (status, answer) = who.put("/people/place", body).await;
    assert_eq!((status, answer["cell"].as_str()), (200, Some(cell.to_string().as_str())), "{answer}");
}

/// All that the attacker's accounts are told of the victim, and of who is where.
async fn answers(attackers: &[Caller<'_>]) -> Vec<String> {
    let mut told = Vec::new();
    for attacker in attackers {
        told.push(attacker.get("/users/victim").await.1.to_string());
        for band in BANDS {
            let items = attacker.items(&format!("/people?within={band}&limit=50")).await;
            told.extend(items.iter().filter(|item| item["username"] == "victim").map(|item| format!("{band}: {item}")));
        }
    }
    told
}

/// The cells of the victim's choice that are consistent with all that the attacker is told, wherever the attacker's accounts are: as
/// many of the cells around as make the same answers.
#[cairn_test]
async fn fifty_young_accounts_find_no_smaller_area_than_the_parent_of_the_cell(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let victim = Caller::signed_in(&cairn, place, "victim").await;
    victim.profile(json!({"found_by": {"place": true}})).await;
    let home = LatLng::new(44.43, 26.1).unwrap().to_cell(Resolution::Five);
    let parent = home.parent(Resolution::Four).unwrap();
    // A few neighbours of age, too few for a crowd.
    for (at, cell) in parent.children(Resolution::Five).enumerate() {
        let neighbour = Caller::signed_in(&cairn, place, &format!("neighbour{at}")).await;
        go(place, &neighbour, cell).await;
    }
    let around: Vec<CellIndex> = home.grid_disk::<Vec<_>>(4);
    let mut attackers = Vec::new();
    for (at, surrounding) in around.iter().enumerate().take(ATTACKERS) {
        let attacker = Caller::of_age(&cairn, place, &format!("attacker{at}"), 0).await;
        // The half of them crowd into the victim's own cell, the others surround it.
        let cell = if at % 2 == 0 { home } else { *surrounding };
        go(place, &attacker, cell).await;
        attackers.push(attacker);
    }
    let mut different = Vec::new();
    let mut area_km2 = 0.0;
    for cell in parent.children(Resolution::Five) {
        go(place, &victim, cell).await;
        cairn.a_day_begins(place).await;
        let now = answers(&attackers).await;
        assert!(now.iter().any(|line| line.contains("band")), "they are told something");
        if different.is_empty() {
            different.push(now);
            area_km2 += cell.area_km2();
        } else if different.contains(&now) {
            area_km2 += cell.area_km2();
        } else {
            different.push(now);
        }
    }
    assert_eq!(different.len(), 1, "answers differ within the parent");
    assert!(area_km2 > 0.99 * parent.area_km2(), "{area_km2} of {} km2", parent.area_km2());
    // What they are told does depend on where the victim is.
    let elsewhere = LatLng::new(45.8, 26.1).unwrap().to_cell(Resolution::Five);
    go(place, &victim, elsewhere).await;
    assert_ne!(answers(&attackers).await, different[0]);
    cairn.stop().await;
}
