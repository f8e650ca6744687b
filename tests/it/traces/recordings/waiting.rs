//! Recordings that wait for a trace: kept once, a few for each player, for an hour, and taken by one.

use cairn_test_macros::cairn_test;
use serde_json::json;

use super::{Runner, code, text, walk};
use crate::support::{Cairn, Place};

#[cairn_test]
async fn one_trace_of_its_uploader_takes_a_recording(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let other = Runner::sign_in(cairn, "moss/climb/live").await;
    let elsewhere = Runner::sign_in(cairn, "moss/climb/dev").await;
    let kept = runner.keep(&walk()).await;
    let before = runner.fetch(&kept, "packed", &[]).await.bytes().await.unwrap();
    assert!(!other.attach(&kept, 1).await && !elsewhere.attach(&kept, 1).await, "nobody else's");
    let both = futures_util::future::join(runner.attach(&kept, 1), runner.attach(&kept, 2)).await;
    assert!(both.0 ^ both.1, "one of them: {both:?}");
    assert!(!runner.attach(&kept, 3).await, "once");
    // It is fetched as before, and is not removed with the recordings that wait for a trace.
    assert_eq!(runner.fetch(&kept, "packed", &[]).await.bytes().await.unwrap(), before);
    cairn.sweep_recordings().await;
    assert_eq!(other.status(&kept).await, 200);
    assert_eq!(elsewhere.status(&kept).await, 404);
}

#[cairn_test]
async fn a_repeated_request_stores_one_recording(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let named = [("Content-Type", "application/json"), ("Idempotency-Key", "run 1")];
    let at_once = futures_util::future::join_all((0..4).map(|_| runner.send(&named, walk().to_string().into()))).await;
    for (status, kept) in &at_once {
        assert_eq!((*status, kept), (201, &at_once[0].1));
    }
    let changed = runner.send(&named, json!({"t_ms": [0], "pos": [0, 0, 0]}).to_string().into()).await;
    assert_eq!(code(&changed), (422, "idempotency_key_reused"));
    // Another player's key is another key.
    let other = Runner::sign_in(cairn, "moss/climb/live").await;
    let (status, kept) = other.send(&named, walk().to_string().into()).await;
    assert!(status == 201 && kept["recording_id"] != at_once[0].1["recording_id"]);
    let empty = runner.send(&[("Idempotency-Key", "")], walk().to_string().into()).await;
    assert_eq!(text(&empty.1["errors"][0], "pointer"), "Idempotency-Key");
}

#[cairn_test]
async fn a_player_has_a_few_waiting_recordings_and_the_oldest_go(cairn: &Cairn) {
    let runner = Runner::sign_in(cairn, "moss/climb/live").await;
    let other = Runner::sign_in(cairn, "moss/climb/live").await;
    let anothers = other.keep(&walk()).await;
    let mut kept = Vec::new();
    for at in 0..34 {
        kept.push(runner.keep(&json!({"t_ms": [at], "pos": [0, 0, 0]})).await);
    }
    assert_eq!((runner.status(&kept[1]).await, runner.status(&kept[2]).await), (404, 200));
    assert_eq!(runner.status(&anothers).await, 200);
}

#[cairn_test]
async fn an_unattached_recording_expires_after_an_hour(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let runner = Runner::sign_in(&cairn, "moss/climb/live").await;
    let (old, young) = (runner.keep(&walk()).await, runner.keep(&walk()).await);
    let studio = cairn.studio_of(&runner.token);
    let older = format!(
        "UPDATE upload SET created_at_ms = created_at_ms - 3600001 WHERE id = '{}'",
        text(&old, "recording_id")
    );
    place.execute_on(studio, &older).await;
    assert_eq!((runner.status(&old).await, runner.status(&young).await), (404, 200));
    assert!(!runner.attach(&old, 1).await);
    cairn.sweep_recordings().await;
    // Had it not gone, it would be back now.
    place.execute_on(studio, "UPDATE upload SET created_at_ms = created_at_ms + 3600001").await;
    assert_eq!((runner.status(&old).await, runner.status(&young).await), (404, 200));
    cairn.stop().await;
}
