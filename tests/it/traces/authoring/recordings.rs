//! Recordings that traces bring, or that wait for a trace.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{message, statuses, v0_world};
use crate::support::{Cairn, Place, game_client::GameClient, keys::decide as change_settings};

/// Changes what the game decides.
async fn decide(cairn: &Cairn, change: Value) {
    change_settings(cairn, "moss/climb/live", &change).await;
}

/// A short run, in columns.
fn run() -> Value {
    json!({"t_ms": [0, 100, 200], "pos": [0, 0, 0, 1, 0, 0, 2, 0, 0], "state": [1, 1, 2], "event_ms": [100], "event_code": [7], "event_arg": [-1], "complete": true})
}

/// How many recordings the studio holds, and how many of them wait for a trace.
async fn kept(place: &Place) -> (i64, i64) {
    let recordings = place.numbers_on(2, "SELECT count(*) FROM recording").await[0];
    (recordings, place.numbers_on(2, "SELECT count(*) FROM upload").await[0])
}

/// A phantom with its recording.
fn phantom(name: &str, recording: &Value) -> Value {
    json!({"ref": name, "kind": "phantom", "scope": "Ash Lake", "rank_value": 9.5, "recording": recording})
}

/// A run that ends elsewhere.
fn other_run() -> Value {
    let mut other = run();
    other["pos"][8] = json!(3);
    other
}

#[cairn_test]
async fn a_waiting_recording_is_attached_to_one_phantom(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let run = json!({"t_ms": [0, 100, 200], "pos": [0, 0, 0, 1, 0, 0, 2, 0, 0], "complete": true});
    let (status, kept) = ann.send(Method::POST, "/v1/recordings", Some(run)).await;
    assert_eq!(status, 201, "{kept}");
    let phantom = |rank: f64| json!({"kind": "phantom", "scope": "Ash Lake", "rank_value": rank, "recording_id": kept["recording_id"]});
    // Another player's it is not, and none at all is too few.
    let results = bob.leave(json!([phantom(1.0), {"kind": "phantom"}])).await;
    assert_eq!(
        (&results[0]["code"], &results[1]["pointer"]),
        (&json!("recording_not_waiting"), &json!("/traces/1/recording_id"))
    );
    let results = ann.leave(json!([phantom(9.5), phantom(9.5)])).await;
    assert_eq!((statuses(&results), &results[1]["code"]), (vec![201, 409], &json!("recording_not_waiting")));
    let shown = bob.get(&format!("/v1/traces/{}", results[0]["id"].as_str().unwrap())).await;
    assert_eq!(
        (&shown["recording_id"], &shown["duration_ms"], &shown["rank_value"]),
        (&kept["recording_id"], &json!(200), &json!(9.5))
    );
    assert_eq!(shown["size_bytes"], kept["size_bytes"]);
    let fetched = bob.get(&format!("/v1/recordings/{}", kept["recording_id"].as_str().unwrap())).await;
    assert_eq!(fetched["t_ms"], json!([0, 100, 200]));
    let seen = v0_world(&bob).await;
    assert_eq!(seen["phantoms"][0]["data"].as_array().unwrap().len(), 3);
}

#[cairn_test]
async fn each_recording_that_does_not_fit_is_refused_with_its_trace_alone(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let mut bent = run();
    bent["pos"][4] = json!("far");
    let mut short = run();
    short["rot"] = json!([0, 0, 0, 1]);
    // As Unity writes a recording that is not there.
    let nothing = json!({"content_version": 0, "complete": false, "look": "", "t_ms": [], "pos": [], "rot": [], "state": [], "teleports": [], "event_ms": [], "event_code": [], "event_arg": []});
    let mut plain = message("no run");
    plain["recording"] = nothing.clone();
    let mut running = message("run");
    running["recording"] = run();
    let both = json!({"kind": "phantom", "recording": run(), "recording_id": "01936b30-1f2a-7c40-8e11-9a0b1c2d3e4f"});
    let batch = json!([phantom("a", &run()), phantom("b", &bent), phantom("c", &short), phantom("d", &nothing), plain, running, both, {"kind": "bloodstain", "scope": "Ash Lake", "pos": [0, 0, 0], "recording": run()}, {"kind": "bloodstain", "pos": [0, 0, 0], "recording": 7}]);
    let results = ann.leave(batch).await;
    assert_eq!(statuses(&results), [201, 422, 422, 422, 201, 422, 422, 201, 422], "{results:?}");
    let pointers: Vec<&Value> =
        results.iter().map(|result| &result["pointer"]).filter(|pointer| !pointer.is_null()).collect();
    assert_eq!(
        pointers,
        [
            "/traces/1/recording/pos/4",
            "/traces/2/recording/rot",
            "/traces/3/recording_id",
            "/traces/5/recording",
            "/traces/6/recording",
            "/traces/8/recording"
        ]
    );
    assert_eq!(kept(place).await, (2, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn a_recording_sent_with_its_trace_is_stored_and_fetched(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    let batch = json!([phantom("a", &run())]);
    let results = ann.leave(batch).await;
    assert_eq!(statuses(&results), [201], "{results:?}");
    let shown = bob.get(&format!("/v1/traces/{}", results[0]["id"].as_str().unwrap())).await;
    assert_eq!((&shown["duration_ms"], &shown["rank_value"]), (&json!(200), &json!(9.5)));
    let fetched = bob.get(&format!("/v1/recordings/{}", shown["recording_id"].as_str().unwrap())).await;
    for column in ["t_ms", "state", "event_ms", "event_code", "event_arg", "complete"] {
        assert_eq!(fetched[column], run()[column], "{column}");
    }
    assert_eq!(v0_world(&bob).await["phantoms"][0]["data"].as_array().unwrap().len(), 3);
    cairn.stop().await;
}

#[cairn_test]
async fn a_repeated_ref_keeps_its_recording_and_attaches_no_other(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let batch = json!([phantom("a", &run())]);
    let results = ann.leave(batch).await;
    assert_eq!(statuses(&results), [201], "{results:?}");
    // Sent again it is there already; another run under the same name is none of it.
    let again = ann.leave(json!([phantom("a", &run()), phantom("a", &other_run())])).await;
    assert_eq!((statuses(&again), &again[0]["id"]), (vec![200, 409], &results[0]["id"]));
    assert_eq!(kept(place).await, (1, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn a_refused_trace_leaves_no_recording(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let batch = json!([phantom("a", &run())]);
    let results = ann.leave(batch).await;
    assert_eq!(statuses(&results), [201], "{results:?}");
    decide(&cairn, json!({"max_frames": 2, "kinds": [{"kind": "phantom", "quota_scope": 1, "on_quota": "reject"}]}))
        .await;
    let refused = ann.leave(json!([phantom("e", &run())])).await;
    assert_eq!((statuses(&refused), &refused[0]["pointer"]), (vec![422], &json!("/traces/0/recording/t_ms")));
    decide(&cairn, json!({"max_frames": 100})).await;
    let refused = ann.leave(json!([phantom("e", &other_run())])).await;
    assert_eq!((statuses(&refused), &refused[0]["code"]), (vec![409], &json!("quota_full")));
    assert_eq!(kept(place).await, (1, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn a_trace_refused_by_the_database_leaves_no_recording(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, bob) = GameClient::two(&cairn).await;
    // The database takes the recording, and then not the trace.
    let (no, yes) = if place.database_url.is_some() {
        ("ALTER TABLE trace ADD CONSTRAINT no CHECK (kind <> 3) NOT VALID", "ALTER TABLE trace DROP CONSTRAINT no")
    } else {
        (
            "CREATE TRIGGER no BEFORE INSERT ON trace WHEN NEW.kind = 3 BEGIN SELECT RAISE(ABORT, 'no'); END",
            "DROP TRIGGER no",
        )
    };
    place.execute_on(2, no).await;
    let (status, answer) = bob.send(Method::POST, "/v1/traces", Some(json!({"traces": [phantom("f", &run())]}))).await;
    assert!(status >= 400, "{answer}");
    assert_eq!(kept(place).await, (0, 0));
    place.execute_on(2, yes).await;
    assert_eq!(statuses(&bob.leave(json!([phantom("f", &run())])).await), [201]);
    assert_eq!(kept(place).await, (1, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn a_withdrawn_trace_takes_its_recording_with_it(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let batch = json!([phantom("a", &run())]);
    let results = ann.leave(batch).await;
    assert_eq!(statuses(&results), [201], "{results:?}");
    assert_eq!(kept(place).await, (1, 0));
    assert_eq!(
        ann.send(Method::DELETE, &format!("/v1/traces/{}", results[0]["id"].as_str().unwrap()), None).await.0,
        204
    );
    assert_eq!(kept(place).await, (0, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn a_batch_may_bring_32_long_recordings(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    decide(&cairn, json!({"kinds": [{"kind": "phantom", "quota_scope": 100, "quota_total": 100}]})).await;
    let long = |number: i32| {
        let t_ms: Vec<i32> = (0..600).map(|frame| frame * 50).collect();
        let pos: Vec<i32> = (0..600).flat_map(|frame| [frame, number, 0]).collect();
        json!({"kind": "phantom", "scope": "Ash Lake", "recording": {"t_ms": t_ms, "pos": pos}})
    };
    let results = ann.leave(Value::Array((0..32).map(long).collect())).await;
    assert_eq!(statuses(&results), [201; 32]);
    assert_eq!(place.numbers_on(2, "SELECT count(DISTINCT recording_id) FROM recording").await, [32]);
    cairn.stop().await;
}
