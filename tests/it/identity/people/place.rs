//! Where people are: cells, never points.

use cairn_test_macros::cairn_test;
use h3o::{CellIndex, LatLng, Resolution};
use reqwest::Method;
use serde_json::{Value, json};

use super::Caller;
use crate::support::{Cairn, Place, person::refusal};

/// Points of which many pairs are in one cell.
const PAIRS: usize = 40;

fn point(latitude: f64, longitude: f64) -> Value {
    json!({"latitude": latitude, "longitude": longitude, "area": "medium", "audience": "public"})
}

fn cell(latitude: f64, longitude: f64) -> CellIndex {
    LatLng::new(latitude, longitude).unwrap().to_cell(Resolution::Five)
}

/// Two points of one cell: its middle, and one on the way to a corner.
fn pair(turn: usize) -> [(f64, f64); 2] {
    let (corner_of, turn) = (turn % 5, f64::from(u16::try_from(turn).unwrap()));
    let index = cell(-60.0 + 3.0 * turn, -170.0 + 8.0 * turn);
    let middle = LatLng::from(index);
    let corner = index.boundary()[corner_of];
    let toward = |from: f64, to: f64| from + 0.9 * (to - from);
    let other = (toward(middle.lat(), corner.lat()), toward(middle.lng(), corner.lng()));
    assert_eq!(cell(other.0, other.1), index);
    [(middle.lat(), middle.lng()), other]
}

/// All of an answer but when it was given and its id.
async fn answer(caller: &Caller<'_>, body: &Value) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let request = caller.request(Method::PUT, "/people/place").header("Content-Type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    let status = answer.status().as_u16();
    let text = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    let mut headers: Vec<_> = answer.headers().iter().map(text).collect();
    headers.retain(|(name, _)| !["date", "x-request-id", "ratelimit"].contains(&name.as_str()));
    (status, headers, answer.bytes().await.unwrap().to_vec())
}

#[cairn_test]
async fn all_points_of_a_cell_are_answered_and_stored_alike(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    for turn in 0..PAIRS {
        let [one, other] = pair(turn).map(|(latitude, longitude)| point(latitude, longitude));
        place.execute_control("UPDATE place SET changed_at_ms = 1").await;
        let rows = "SELECT CAST(cell AS text) || ' ' || CAST(changed_at_ms AS text) FROM place";
        let (first, stored) = (answer(&ann, &one).await, place.control_texts(rows).await);
        assert_eq!(first.0, 200, "{turn}");
        assert_eq!(answer(&ann, &other).await, first, "{turn}");
        assert_eq!(place.control_texts(rows).await, stored, "{turn}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_cell_changes_once_a_day_and_removing_it_is_no_way_around(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    assert_eq!(refusal(ann.get("/people/place").await), (404, "place_not_found".to_owned()));
    let (here, there) = (point(44.43, 26.1), point(47.15, 27.6));
    assert_eq!(ann.put("/people/place", here.clone()).await.0, 200);
    let (status, shown) = ann.get("/people/place").await;
    assert_eq!((status, &shown["area"], &shown["audience"]), (200, &"medium".into(), &"public".into()));
    assert_eq!(shown["cell"], cell(44.43, 26.1).to_string());
    let mut private = here.clone();
    private["audience"] = "private".into();
    assert_eq!(ann.put("/people/place", private).await.1["audience"], "private", "the audience may change");
    let late = || (429, "place_changed_lately".to_owned());
    let mut larger = here.clone();
    larger["area"] = "large".into();
    for other in [&there, &larger] {
        assert_eq!(refusal(ann.put("/people/place", other.clone()).await), late(), "{other}");
    }
    ann.unset("/people/place").await;
    assert_eq!(refusal(ann.get("/people/place").await), (404, "place_not_found".to_owned()));
    assert_eq!(refusal(ann.put("/people/place", there.clone()).await), late(), "after it was removed");
    place.execute_control("UPDATE place SET changed_at_ms = changed_at_ms - 86400000").await;
    assert_eq!(ann.put("/people/place", there).await.0, 200, "the next day");
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_no_point_is_refused_without_being_repeated(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    for (body, pointer) in [
        (json!({"longitude": 26.1}), "/latitude"),
        (json!({"latitude": 91.0625, "longitude": 26.1}), "/latitude"),
        (json!({"latitude": 44.0625, "longitude": -180.5}), "/longitude"),
        (json!({"latitude": "44.0625", "longitude": 26.1}), "/latitude"),
        (json!({"latitude": 44.0625, "longitude": 26.1, "area": "tiny"}), "/area"),
        (json!({"latitude": 44.0625, "longitude": 26.1, "lat": 1}), "/lat"),
    ] {
        let (status, problem) = ann.put("/people/place", body.clone()).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &pointer.into()), "{body}");
        assert!(!problem.to_string().contains("0625"), "{problem}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_cell_is_shown_once_twenty_accounts_of_age_are_in_it(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    ann.put("/people/place", point(44.43, 26.1)).await;
    let shown = async || ann.get("/people/place").await.1["shown_cell"].clone();
    let own = cell(44.43, 26.1);
    let (own, parent) = (own.to_string(), own.parent(Resolution::Four).unwrap().to_string());
    for at in 0..30 {
        let young = Caller::of_age(&cairn, place, &format!("young{at}"), 29).await;
        young.put("/people/place", point(44.43, 26.1)).await;
    }
    for at in 0..18 {
        let old = Caller::of_age(&cairn, place, &format!("old{at}"), 31).await;
        old.put("/people/place", point(44.43, 26.1)).await;
    }
    cairn.a_day_begins(place).await;
    assert_eq!(shown().await, parent, "nineteen of age, and thirty young ones");
    let last = Caller::of_age(&cairn, place, "last", 31).await;
    // In a smaller cell within.
    let mut small = point(44.43, 26.1);
    small["area"] = "small".into();
    let middle = LatLng::from(cell(44.43, 26.1));
    (small["latitude"], small["longitude"]) = (middle.lat().into(), middle.lng().into());
    last.put("/people/place", small).await;
    assert_eq!(shown().await, parent, "until they are counted, once a day");
    cairn.a_day_begins(place).await;
    assert_eq!(shown().await, own);
    last.unset("/people/place").await;
    cairn.a_day_begins(place).await;
    assert_eq!(shown().await, parent);
    cairn.stop().await;
}
