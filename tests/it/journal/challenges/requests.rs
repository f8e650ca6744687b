//! Making, changing, listing and ending challenges.

use cairn::platform::clock;
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{super::Gamer, due, gathering, in_hours, path, wanted};
use crate::support::{Cairn, Place, eventually, person::refusal};

async fn two<'a>(cairn: &'a Cairn, place: &Place) -> (Gamer<'a>, Gamer<'a>, i64) {
    let (ann, bob) = (Gamer::new(cairn, place, "ann").await, Gamer::new(cairn, place, "bob").await);
    (ann, bob, cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await)
}

#[cairn_test]
async fn a_guest_is_invited_to_a_game_by_its_name_and_accepts(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = two(&cairn, place).await;
    let starts_at = in_hours(100);
    let body = json!({
        "game": game.to_string(), "session_type": "online", "invited": ["bob"], "starts_at": starts_at,
        "zone": "Europe/Bucharest", "text": "Bring a friend.",
    });
    let (status, made) = ann.post("/challenges", body).await;
    assert_eq!((status, &made["state"], &made["hosting"]), (201, &json!("pending"), &json!(true)), "{made}");
    let path = path(&made);
    let (status, seen) = bob.get(&path).await;
    assert_eq!((status, &seen["game"]["name"], &seen["host"]["username"]), (200, &json!("Outer Wilds"), &json!("ann")));
    assert_eq!((&seen["you"]["state"], &seen["capacity"]), (&json!("pending"), &json!(1)), "{seen}");
    assert_eq!(seen["starts_at"], starts_at);
    let (local, starts_ms) = (seen["local_time"].as_str().unwrap(), clock::parse(&starts_at).unwrap());
    assert_eq!(clock::parse(local), Some(starts_ms / 1000 * 1000), "the same moment: {local}");
    assert!(local.ends_with("+02:00") || local.ends_with("+03:00"), "as clocks in Bucharest show it: {local}");
    eventually("bob is told", async || bob.notice_kinds().await == ["invited"]).await;
    assert_eq!(bob.accepts(&path).await, "accepted");
    assert_eq!(ann.notice_kinds().await, ["accepted"]);
    let now = ann.get(&path).await.1;
    assert_eq!((&now["state"], &now["accepted"]), (&json!("accepted"), &json!(1)));
    assert_eq!(
        (&now["guests"][0]["person"]["username"], &now["guests"][0]["state"]),
        (&json!("bob"), &json!("accepted"))
    );
    let history = ann.get(&format!("{path}/moves")).await.1;
    let lines: Vec<(&str, &str, &str)> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["by"].as_str().unwrap(), line["what"].as_str().unwrap(), line["state"].as_str().unwrap()))
        .collect();
    assert_eq!(lines, [("guest", "accepted", "accepted"), ("host", "invited", "pending"), ("host", "made", "pending")]);
    let lists = [(&ann, "mine"), (&bob, "invited")];
    for (who, list) in lists {
        let listed = who.get(&format!("/challenges?list={list}")).await.1;
        assert_eq!(listed["items"][0]["id"], made["id"], "{list}: {listed}");
    }
    assert_eq!(ann.get("/challenges?list=invited").await.1["items"], json!([]));
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_wrong_with_a_challenge_is_named_with_its_limit(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _bob, game) = two(&cairn, place).await;
    for (change, pointer, detail) in [
        (json!({"game": "x"}), "/game", "must be the id of a game"),
        (json!({"session_type": "lan"}), "/session_type", "must be one of online, offline"),
        (json!({"starts_at": "tomorrow"}), "/starts_at", "must be a time as RFC 3339 writes it"),
        (json!({"starts_at": "2020-01-01T00:00:00Z"}), "/starts_at", "must be to come, within 366 days"),
        (json!({"starts_at": in_hours(24 * 400)}), "/starts_at", "must be to come, within 366 days"),
        (json!({"zone": "Europe/Atlantis"}), "/zone", "must be the name of a time zone, such as Europe/Bucharest"),
        (json!({"capacity": 65}), "/capacity", "is 65; 1 to 64"),
        (json!({"minutes": 10_081}), "/minutes", "is 10081; 1 to 10080"),
        (json!({"text": "é".repeat(1001)}), "/text", "has 1001 characters; at most 1000"),
        (json!({"area": "a".repeat(61)}), "/area", "has 61 characters; at most 60"),
        (json!({"area": null}), "/area", "is missing: say what the area is called"),
        (json!({"address": "a".repeat(301)}), "/address", "has 301 characters; at most 300"),
        (
            json!({"place": {"latitude": 91, "longitude": 0}}),
            "/place/latitude",
            "must be a number of degrees within ±90",
        ),
        (
            json!({"place": {"latitude": 1, "longitude": 1, "sise": "large"}}),
            "/place/sise",
            "is not known here; did you mean size?",
        ),
        (
            json!({"brings": ["switch"]}),
            "/brings",
            "has no device that can play this game, nor has needs: it is for pc",
        ),
        (json!({"brings": vec!["pc"; 11]}), "/brings", "has 11 items; at most 10"),
        (json!({"session_type": "online"}), "/area", "is for what is offline"),
        (json!({"area": null, "place": null}), "/area", "is missing: a gathering has one"),
        (json!({"invited": vec!["bob"; 51]}), "/invited", "has 51 items; at most 50"),
        (json!({"invited": ["bob", "nobody"]}), "/invited/1", "is nobody whom you can see"),
        (json!({"colour": "red"}), "/colour", "is not known here"),
    ] {
        let (status, problem) = ann.post("/challenges", wanted(game, &change)).await;
        let found = &problem["errors"][0];
        assert_eq!((status, &found["pointer"]), (422, &json!(pointer)), "{change}: {problem}");
        assert!(found["detail"].as_str().unwrap().starts_with(detail), "{change}: {problem}");
    }
    assert_eq!(refusal(ann.post("/challenges", wanted(999_999, &json!({}))).await), (404, "game_not_found".to_owned()));
    let own = json!({"invited": ["ann"]});
    assert_eq!(refusal(ann.post("/challenges", wanted(game, &own)).await), (409, "oneself".to_owned()));
    let nowhere = json!({"place": null});
    assert_eq!(refusal(ann.post("/challenges", wanted(game, &nowhere)).await), (409, "place_needed".to_owned()));
    let stranger = Gamer::stranger(&cairn).post("/challenges", wanted(game, &json!({}))).await;
    assert_eq!(refusal(stranger), (401, "not_signed_in".to_owned()));
    let path = path(&gathering(&ann, game, json!({})).await);
    for (body, pointer) in [
        (json!({"action": "dance"}), "/action"),
        (json!({"action": "invite"}), "/guests"),
        (json!({"action": "accept", "guests": ["bob"]}), "/guests"),
        (json!({"action": "accept", "brings": ["***"]}), "/brings/0"),
    ] {
        let (status, problem) = ann.moves(&path, body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_change_names_what_it_changes_and_tells_of_another_time(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = two(&cairn, place).await;
    let made = gathering(&ann, game, json!({"invited": ["bob"], "capacity": 2, "address": "Strada 1"})).await;
    let path = path(&made);
    assert_eq!(bob.accepts(&path).await, "accepted");
    let answer = ann.request(Method::GET, &path, None, None).send().await.unwrap();
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let change = |starts_at: &str, capacity: u32| {
        Some(json!({
            "starts_at": starts_at, "zone": "UTC", "area": "Iași", "address": "Strada 2", "capacity": capacity, "brings": ["pc"],
        }))
    };
    let later = in_hours(72);
    assert_eq!(refusal(ann.send(Method::PUT, &path, None, change(&later, 2)).await).0, 428);
    assert_eq!(
        refusal(bob.send(Method::PUT, &path, Some("*"), change(&later, 2)).await),
        (403, "host_only".to_owned())
    );
    let (status, now) = ann.send(Method::PUT, &path, Some(&tag), change(&later, 2)).await;
    assert_eq!((status, &now["starts_at"], &now["address"]), (200, &json!(later), &json!("Strada 2")), "{now}");
    assert_eq!((&now["area"]["name"], &now["area"]["cell"]), (&json!("Iași"), &made["area"]["cell"]), "it stays there");
    let (status, stale) = ann.send(Method::PUT, &path, Some(&tag), change(&later, 2)).await;
    assert_eq!((status, &stale["current"]), (412, &now), "{stale}");
    eventually("bob is told", async || bob.notice_kinds().await.contains(&"changed".to_owned())).await;
    let uma = Gamer::new(&cairn, place, "uma").await;
    assert_eq!(ann.moves(&path, json!({"action": "invite", "guests": ["uma"]})).await.0, 200);
    assert_eq!(uma.accepts(&path).await, "accepted");
    assert_eq!(
        refusal(ann.send(Method::PUT, &path, Some("*"), change(&later, 1)).await),
        (409, "places_taken".to_owned())
    );
    let waiting = "SELECT payload FROM job WHERE kind = 'challenge_clock'";
    assert_eq!(place.control_texts(waiting).await.len(), 3, "the jobs of the former time are gone");
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_called_off_is_told_to_everybody_and_deleted_by_a_second_request(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = two(&cairn, place).await;
    let (uma, eve) = (Gamer::new(&cairn, place, "uma").await, Gamer::new(&cairn, place, "eve").await);
    let made = gathering(&ann, game, json!({"invited": ["bob"], "audience": "public", "capacity": 1})).await;
    let path = path(&made);
    assert_eq!((bob.accepts(&path).await.as_str(), uma.accepts(&path).await.as_str()), ("accepted", "waiting"));
    assert_eq!(refusal(bob.send(Method::DELETE, &path, Some("*"), None).await), (403, "host_only".to_owned()));
    assert_eq!(refusal(ann.send(Method::DELETE, &path, None, None).await).0, 428);
    assert_eq!(ann.send(Method::DELETE, &path, Some("\"1.0\""), None).await.0, 412);
    ann.calls_off(&path).await;
    for who in [&bob, &uma] {
        eventually("they are told", async || who.notice_kinds().await.contains(&"cancelled".to_owned())).await;
        assert_eq!(
            (who.get(&path).await.1["state"].clone(), who.state(&path).await),
            (json!("cancelled"), "cancelled".to_owned())
        );
    }
    assert!(eve.notice_kinds().await.is_empty() && !ann.notice_kinds().await.contains(&"cancelled".to_owned()));
    ann.calls_off(&path).await;
    assert_eq!((ann.get(&path).await.0, bob.get(&path).await.0), (404, 404));
    cairn.stop().await;
}

#[cairn_test]
async fn a_host_has_so_many_challenges_and_sends_so_many_invitations(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _bob, game) = two(&cairn, place).await;
    let _uma = Gamer::new(&cairn, place, "uma").await;
    for _ in 0..20 {
        gathering(&ann, game, json!({})).await;
    }
    let more = ann.post("/challenges", wanted(game, &json!({}))).await;
    assert_eq!(refusal(more), (409, "too_many_challenges".to_owned()));
    place.execute_control("DELETE FROM challenge").await;
    let sent = format!("UPDATE challenge_host SET invitations = 49 WHERE \"user\" = '{}'", ann.user);
    place.execute_control(&sent).await;
    let path = path(&gathering(&ann, game, json!({"invited": ["bob"]})).await);
    let answer =
        ann.request(Method::POST, &format!("{path}/moves"), None, Some(json!({"action": "invite", "guests": ["uma"]})));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 429);
    let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&wait), "until the day ends: {wait}");
    assert_eq!(ann.get(&path).await.1["guests"].as_array().unwrap().len(), 1, "nobody was invited");
    let yesterday = format!("UPDATE challenge_host SET day = day - 1 WHERE \"user\" = '{}'", ann.user);
    place.execute_control(&yesterday).await;
    assert_eq!(ann.moves(&path, json!({"action": "invite", "guests": ["uma"]})).await.0, 200, "another day");
    cairn.stop().await;
}

#[cairn_test]
async fn gatherings_are_found_by_area_and_time(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = two(&cairn, place).await;
    assert_eq!(refusal(bob.get("/challenges?list=found").await), (409, "place_needed".to_owned()));
    let here = json!({"latitude": 47.15, "longitude": 27.6});
    assert_eq!(bob.send(Method::PUT, "/people/place", None, Some(here)).await.0, 200);
    let at = |text: &str, hours: u64, latitude: f64, more: Value| {
        let mut body = json!({
            "text": text, "starts_at": in_hours(hours), "audience": "public", "place": {"latitude": latitude, "longitude": 27.59},
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (text, hours, latitude, more) in [
        ("third", 72, 47.16, json!({})),
        ("first", 24, 47.16, json!({})),
        ("far", 30, 46.57, json!({})),
        ("farther", 20, 44.43, json!({})),
        ("second", 48, 47.16, json!({})),
        ("for friends", 10, 47.16, json!({"audience": "friends"})),
    ] {
        gathering(&ann, game, at(text, hours, latitude, more)).await;
    }
    let over = gathering(&ann, game, at("over", 12, 47.16, json!({}))).await;
    ann.calls_off(&path(&over)).await;
    let found = async |query: &str| {
        let (status, page) = bob.get(&format!("/challenges?list=found{query}")).await;
        assert_eq!(status, 200, "{page}");
        let texts: Vec<String> =
            page["items"].as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap().to_owned()).collect();
        (texts, page)
    };
    assert_eq!(found("").await.0, ["first", "second", "third"]);
    assert_eq!(found("&within=under_100_km").await.0, ["first", "far", "second", "third"]);
    let (texts, page) = found("&limit=2").await;
    assert_eq!((texts, &page["more"]), (vec!["first".to_owned(), "second".to_owned()], &json!(true)));
    assert_eq!(found(&format!("&limit=2&after={}", page["next"].as_str().unwrap())).await.0, ["third"]);
    assert_eq!(found("&game=999").await.0, Vec::<String>::new());
    let item = &page["items"][0];
    assert!(item.get("address").is_none() && item["area"]["band"].is_string(), "{item}");
    cairn.stop().await;
}

#[cairn_test]
async fn a_block_hides_both_and_takes_the_place_back(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob, game) = two(&cairn, place).await;
    let uma = Gamer::new(&cairn, place, "uma").await;
    let made = gathering(&ann, game, json!({"audience": "public", "capacity": 1, "address": "Strada 1"})).await;
    let path = path(&made);
    assert_eq!((bob.accepts(&path).await.as_str(), uma.accepts(&path).await.as_str()), ("accepted", "waiting"));
    assert_eq!(ann.put("/blocks/bob").await.0, 204);
    assert_eq!(bob.get(&path).await.0, 404);
    assert_eq!(bob.get("/challenges?list=invited").await.1["items"], json!([]));
    assert_eq!(bob.get(&format!("{path}/calendar")).await.0, 404);
    let guests = ann.get(&path).await.1["guests"].clone();
    assert_eq!(guests.as_array().unwrap().len(), 1, "{guests}");
    assert_eq!(refusal(bob.moves(&path, json!({"action": "decline"})).await).0, 404);
    due(place).await;
    eventually("the place is offered", async || uma.state(&path).await == "pending").await;
    assert_eq!(uma.accepts(&path).await, "accepted");
    let other = ann.post("/challenges", wanted(game, &json!({"invited": ["bob"]}))).await;
    assert_eq!(other.1["errors"][0]["pointer"], "/invited/0", "{}", other.1);
    cairn.stop().await;
}
