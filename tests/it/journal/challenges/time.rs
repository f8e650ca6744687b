//! What time does: offered places, reminders, and the end of the address.

use cairn_test_macros::cairn_test;
use serde_json::json;

use super::{super::Gamer, begins_ago, due, gathering, in_hours, path};
use crate::support::{Cairn, Place, eventually};

#[cairn_test]
async fn a_place_that_nobody_takes_goes_to_the_next_in_order(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let path = path(&gathering(&ann, game, json!({"audience": "public", "capacity": 1})).await);
    let mut guests = Vec::new();
    for name in ["bob", "carl", "dora", "eve"] {
        let guest = Gamer::new(&cairn, place, name).await;
        guest.accepts(&path).await;
        guests.push(guest);
    }
    let [bob, carl, dora, eve] = &guests[..] else { unreachable!() };
    assert_eq!(carl.get(&path).await.1["you"]["position"], 1);
    assert_eq!(eve.get(&path).await.1["you"]["position"], 3);
    bob.declines(&path).await;
    let offered = carl.get(&path).await.1;
    assert_eq!(offered["you"]["state"], "pending", "{offered}");
    // It begins in two days: a day is half of that.
    let deadline = cairn::platform::clock::parse(offered["you"]["answer_by"].as_str().unwrap()).unwrap();
    let left_ms = deadline - cairn::platform::clock::now_ms();
    assert!((23 * 3_600_000..=24 * 3_600_000).contains(&left_ms), "{left_ms}");
    eventually("carl is told", async || carl.notice_kinds().await.contains(&"place_free".to_owned())).await;
    assert!(dora.notice_kinds().await.is_empty(), "the next one waits");
    assert_eq!(bob.accepts(&path).await, "waiting", "who comes back is behind the others");
    // The deadline passes.
    place.execute_control("UPDATE challenge_guest SET answer_by_ms = 1 WHERE answer_by_ms IS NOT NULL").await;
    due(place).await;
    eventually("dora is asked", async || dora.state(&path).await == "pending").await;
    assert_eq!(carl.state(&path).await, "expired");
    assert_eq!(dora.accepts(&path).await, "accepted");
    assert_eq!(eve.get(&path).await.1["you"]["position"], 1);
    assert_eq!(carl.accepts(&path).await, "waiting");
    let now = ann.get(&path).await.1;
    assert_eq!((&now["accepted"], &now["waiting"]), (&json!(1), &json!(3)), "{now}");
    cairn.stop().await;
}

#[cairn_test]
async fn an_offer_whose_time_has_passed_is_over_however_late_the_job_is(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let path = path(&gathering(&ann, game, json!({"audience": "public", "capacity": 1})).await);
    let (bob, carl) = (Gamer::new(&cairn, place, "bob").await, Gamer::new(&cairn, place, "carl").await);
    let dora = Gamer::new(&cairn, place, "dora").await;
    for guest in [&bob, &carl, &dora] {
        guest.accepts(&path).await;
    }
    bob.declines(&path).await;
    place.execute_control("UPDATE challenge_guest SET answer_by_ms = 1 WHERE answer_by_ms IS NOT NULL").await;
    assert_eq!(carl.accepts(&path).await, "waiting", "the place is the next one's by now");
    assert_eq!(dora.state(&path).await, "pending");
    cairn.stop().await;
}

#[cairn_test]
async fn all_are_reminded_once_a_day_before(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let (bob, carl) = (Gamer::new(&cairn, place, "bob").await, Gamer::new(&cairn, place, "carl").await);
    let path = path(&gathering(&ann, game, json!({"invited": ["bob", "carl"]})).await);
    bob.accepts(&path).await;
    carl.declines(&path).await;
    due(place).await;
    let jobs = async || place.control_texts("SELECT payload FROM job WHERE kind LIKE 'challenge_%'").await.len();
    eventually("all jobs are done", async || jobs().await == 0).await;
    assert!(
        !bob.notice_kinds().await.contains(&"reminder".to_owned()),
        "it is two days away: {:?}",
        bob.notice_kinds().await
    );
    let (starts, id) = (in_hours(20), path.rsplit('/').next().unwrap());
    let starts_ms = cairn::platform::clock::parse(&starts).unwrap();
    place
        .execute_control(&format!(
            "UPDATE challenge SET starts_at_ms = {starts_ms} WHERE id = {id};
             INSERT INTO job (kind, payload, dead, due_ms, attempts, uncertain, error, created_at_ms)
             VALUES ('challenge_clock', '{id}', FALSE, 1, 0, 0, '', {starts_ms}), ('challenge_clock', '{id}', FALSE, 1, 0, 0, '', {starts_ms})"
        ))
        .await;
    for who in [&ann, &bob] {
        eventually("they are reminded", async || who.notice_kinds().await.contains(&"reminder".to_owned())).await;
    }
    eventually("all jobs are done", async || jobs().await == 0).await;
    assert_eq!(bob.notice_kinds().await.iter().filter(|kind| *kind == "reminder").count(), 1);
    let notices = bob.get("/notices").await.1;
    let reminder =
        notices["items"].as_array().unwrap().iter().find(|item| item["kind"] == "challenge_reminder").unwrap();
    assert_eq!((&reminder["times"], &reminder["subject"]), (&json!(1), &json!(id)));
    assert!(!carl.notice_kinds().await.contains(&"reminder".to_owned()), "who does not come");
    cairn.stop().await;
}

#[cairn_test]
async fn the_host_completes_it_and_notes_who_did_not_come_and_the_address_is_wiped_after_a_week(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let (bob, carl) = (Gamer::new(&cairn, place, "bob").await, Gamer::new(&cairn, place, "carl").await);
    let path = path(&gathering(&ann, game, json!({"invited": ["bob", "carl"], "address": "Strada 1"})).await);
    for guest in [&bob, &carl] {
        guest.accepts(&path).await;
    }
    begins_ago(place, &path, 1).await;
    let stored = format!("SELECT coalesce(address, '') FROM challenge WHERE id = {}", path.rsplit('/').next().unwrap());
    assert_eq!(ann.moves(&path, json!({"action": "no_show", "guests": ["carl"]})).await.0, 200);
    assert_eq!(ann.moves(&path, json!({"action": "complete"})).await.0, 200);
    let now = bob.get(&path).await.1;
    assert_eq!((&now["state"], &now["address"]), (&json!("completed"), &json!("Strada 1")), "{now}");
    let carls = now["guests"].as_array().unwrap().iter().find(|guest| guest["person"]["username"] == "carl").unwrap();
    assert_eq!(carls["no_show"], true);
    let id = path.rsplit('/').next().unwrap();
    place
        .execute_control(&format!(
            "INSERT INTO job (kind, payload, dead, due_ms, attempts, uncertain, error, created_at_ms)
             VALUES ('challenge_clock', '{id}', FALSE, 1, 0, 0, '', 1)"
        ))
        .await;
    let jobs =
        async || place.control_texts("SELECT payload FROM job WHERE kind = 'challenge_clock' AND due_ms <= 1").await;
    eventually("the job is done", async || jobs().await.is_empty()).await;
    assert_ne!(place.control_texts(&stored).await, [""], "not before its time");
    begins_ago(place, &path, 7 * 24).await;
    place
        .execute_control(&format!(
            "INSERT INTO job (kind, payload, dead, due_ms, attempts, uncertain, error, created_at_ms)
             VALUES ('challenge_clock', '{id}', FALSE, 1, 0, 0, '', 1)"
        ))
        .await;
    eventually("it is wiped", async || place.control_texts(&stored).await == [""]).await;
    for who in [&ann, &bob] {
        assert!(who.get(&path).await.1.get("address").is_none());
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_guest_whose_account_ends_leaves_the_place_to_the_next(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let path = path(&gathering(&ann, game, json!({"audience": "public", "capacity": 1})).await);
    let (bob, carl) = (Gamer::new(&cairn, place, "bob").await, Gamer::new(&cairn, place, "carl").await);
    assert_eq!((bob.accepts(&path).await.as_str(), carl.accepts(&path).await.as_str()), ("accepted", "waiting"));
    let end = json!({"password": crate::support::person::PASSWORD});
    assert_eq!(bob.send(reqwest::Method::DELETE, "/users", None, Some(end.clone())).await.0, 204);
    assert_eq!(carl.accepts(&path).await, "accepted");
    // And a host's end is told to the guests, who may read that it was.
    assert_eq!(ann.send(reqwest::Method::DELETE, "/users", None, Some(end)).await.0, 204);
    eventually("carl is told", async || carl.notice_kinds().await.contains(&"cancelled".to_owned())).await;
    let left = carl.get(&path).await.1;
    assert_eq!((&left["state"], left.get("host"), left.get("area")), (&json!("cancelled"), None, None), "{left}");
    begins_ago(place, &path, 7 * 24).await;
    eventually("it is gone after a week", async || carl.get(&path).await.0 == 404).await;
    cairn.stop().await;
}
