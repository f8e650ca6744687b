//! Finding people by name and by place.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::Caller;
use crate::support::{Cairn, Place, person::refusal};

/// A user who is found by name, and is called that.
async fn named<'a>(cairn: &'a Cairn, place: &Place, username: &str, display_name: &str) -> Caller<'a> {
    let person = Caller::signed_in(cairn, place, username).await;
    person.profile(json!({"display_name": display_name, "found_by": {"name": true}})).await;
    person
}

/// A user who is found by place, and is there.
async fn placed<'a>(cairn: &'a Cairn, place: &Place, username: &str, longitude: f64) -> Caller<'a> {
    let person = Caller::signed_in(cairn, place, username).await;
    person.profile(json!({"found_by": {"place": true}})).await;
    let there = json!({"latitude": 44.43, "longitude": longitude, "audience": "public"});
    assert_eq!(person.put("/people/place", there).await.0, 200, "{username}");
    person
}

#[cairn_test]
async fn people_are_found_by_the_beginnings_of_their_names_whatever_marks_and_case(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    named(&cairn, place, "stefan_m", "\u{218}tefan of Moss").await;
    named(&cairn, place, "steve", "Mossy").await;
    named(&cairn, place, "bob", "").await;
    for (name, found) in [
        ("stefan", &["stefan_m"][..]),
        ("STE", &["stefan_m", "steve"]),
        ("moss", &["stefan_m", "steve"]),
        ("mos st", &["stefan_m", "steve"]),
        ("stefan mossy", &[]),
        ("stefan_m", &["stefan_m"]),
        ("tefan", &[]),
        ("bob", &["bob"]),
    ] {
        assert_eq!(ann.usernames(&format!("/people?name={name}")).await, found, "{name}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn only_those_are_found_who_said_so_and_show_themselves(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = named(&cairn, place, "ann", "Ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    let search = async || ann.usernames("/people?name=bob").await;
    assert!(search().await.is_empty(), "he has said nothing");
    bob.profile(json!({"found_by": {"place": true, "statistics": true}})).await;
    assert!(search().await.is_empty(), "he has said something else");
    bob.profile(json!({"found_by": {"name": true}})).await;
    assert_eq!(search().await, ["bob"]);
    bob.profile(json!({"found_by": {"name": true}, "audience": "friends"})).await;
    assert!(search().await.is_empty(), "hidden");
    assert!(ann.usernames("/people?name=ann").await.is_empty(), "oneself");
    cairn.stop().await;
}

#[cairn_test]
async fn a_new_name_is_found_and_the_former_one_no_longer(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = named(&cairn, place, "bob", "Lake").await;
    assert_eq!(ann.usernames("/people?name=lake").await, ["bob"]);
    place.execute_control("UPDATE profile SET username_at_ms = 0").await;
    bob.profile(json!({"username": "rob", "display_name": "Hill", "found_by": {"name": true}})).await;
    for former in ["lake", "bob"] {
        assert!(ann.usernames(&format!("/people?name={former}")).await.is_empty(), "{former}");
    }
    assert_eq!(ann.usernames("/people?name=hill").await, ["rob"]);
    cairn.stop().await;
}

#[cairn_test]
async fn people_are_found_by_place_near_ones_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = placed(&cairn, place, "ann", 26.1).await;
    // A degree of longitude is 79.5 km here, and areas that are not crowded are some 50 km wide.
    placed(&cairn, place, "here", 26.1).await;
    placed(&cairn, place, "near", 27.0).await;
    placed(&cairn, place, "far", 30.5).await;
    let hidden = placed(&cairn, place, "hidden", 26.1).await;
    hidden.put("/people/place", json!({"latitude": 44.43, "longitude": 26.1, "audience": "friends"})).await;
    let silent = placed(&cairn, place, "silent", 26.1).await;
    silent.profile(json!({})).await;
    assert_eq!(ann.usernames("/people?within=same_area").await, ["here"]);
    assert_eq!(ann.usernames("/people?within=under_100_km").await, ["here", "near"]);
    let items = ann.items("/people?within=under_100_km").await;
    assert_eq!((&items[0]["band"], &items[1]["band"]), (&"same_area".into(), &"under_100_km".into()));
    cairn.stop().await;
}

#[cairn_test]
async fn the_band_of_a_person_is_shown_to_whom_the_place_is_for(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = placed(&cairn, place, "ann", 26.1).await;
    let bob = placed(&cairn, place, "bob", 27.0).await;
    let band = async |who: &Caller<'_>, other: &str| who.get(&format!("/users/{other}")).await.1["band"].clone();
    assert_eq!(band(&ann, "bob").await, "under_100_km");
    assert_eq!(band(&Caller::nobody(&cairn), "bob").await, Value::Null, "nobody is nowhere");
    let friends = json!({"latitude": 44.43, "longitude": 27.0, "audience": "friends"});
    bob.put("/people/place", friends).await;
    assert_eq!(band(&ann, "bob").await, Value::Null);
    ann.set("/follows/bob").await;
    bob.set("/follows/ann").await;
    assert_eq!(band(&ann, "bob").await, "under_100_km", "a friend");
    ann.unset("/people/place").await;
    assert_eq!(band(&ann, "bob").await, Value::Null, "she says no longer where she is");
    cairn.stop().await;
}

#[cairn_test]
async fn a_search_says_what_it_is_for(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    for (query, pointer) in [
        ("", "?name"),
        ("?within=anywhere", "?name"),
        ("?name=%21%21", "?name"),
        ("?within=10_km", "?within"),
        ("?completed_min=5&completed_max=4", "?completed_max"),
        ("?genre=rpg&platform=pc", "?platform"),
        ("?minutes_min=-1", "?minutes_min"),
        ("?name=ann&after=x", "?after"),
        ("?name=ann&limit=51", "?limit"),
        ("?nmae=ann", "?nmae"),
    ] {
        let (status, problem) = ann.get(&format!("/people{query}")).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &pointer.into()), "{query}");
    }
    assert_eq!(refusal(ann.get("/people?within=same_area").await), (409, "place_needed".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn pages_of_a_search_are_whole(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let names = ["moss-a", "moss-b", "moss-c", "moss-d", "moss-e"];
    for name in names {
        named(&cairn, place, name, "Moss Mossy").await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let (_, page) = ann.get(&format!("/people?name=mos&limit=2&after={after}")).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["username"].as_str().unwrap().to_owned()));
        after = page["next"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(seen, names, "each once, though several words begin so");
    cairn.stop().await;
}
