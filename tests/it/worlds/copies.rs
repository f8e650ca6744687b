//! Copies of a database beside the original, on the same Redis.

use std::time::{Duration, Instant};

use fred::prelude::*;
use serde_json::{Value, json};

use crate::support::{Backend, Cairn, Place, each, eventually, samples};

/// What `/get-objects` shows of objects.
async fn marks(cairn: &Cairn) -> Vec<Value> {
    each(&cairn.world().await, "objects", "o_rot").into_iter().cloned().collect()
}

/// Starts an original with one trace, and a copy of it.
async fn original_and_copy(place: &Place) -> Place {
    let first = Cairn::start(place, &[]).await;
    first.leave(&samples::all_three("a", "production")).await;
    first.stop().await;
    place.copy().await
}

/// Makes the copy look like one of all files of the server: it has the description that the program compares.
async fn disguise(place: &Place, copy: &Place) {
    let namespace = place.namespace().await;
    let described = "(SELECT system_identifier::text FROM pg_control_system()) || ' ' \
        || (SELECT oid::text || ' ' || datname FROM pg_database WHERE datname = current_database())";
    copy.execute_control(&format!("UPDATE installation SET namespace = '{namespace}', drawn_for = {described}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_dump_never_changes_what_the_original_serves() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let copy = original_and_copy(&place).await;
    let (production, staging) = (Cairn::start(&place, &[]).await, Cairn::start(&copy, &[]).await);
    assert_ne!(place.namespace().await, copy.namespace().await);
    for cairn in [&production, &staging] {
        cairn.has_its_cache().await;
        assert_eq!(marks(cairn).await, ["production"]);
    }
    for turn in 0..30 {
        staging.leave(&samples::all_three("b", "STAGING")).await;
        assert_eq!(marks(&staging).await.len(), turn + 2);
        assert_eq!(marks(&production).await, ["production"]);
    }
    production.leave(&samples::all_three("a", "next")).await;
    assert_eq!(marks(&production).await, ["next", "production"]);
    let cold = Cairn::start(&place, &[]).await;
    cold.has_its_cache().await;
    assert_eq!(marks(&cold).await, ["next", "production"], "from the shared cache");
    for cairn in [production, staging, cold] {
        cairn.stop().await;
    }
    copy.clear().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_copy_of_all_files_announces_lasts_at_most_two_seconds() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let copy = original_and_copy(&place).await;
    disguise(&place, &copy).await;
    let (production, staging) = (Cairn::start(&place, &[]).await, Cairn::start(&copy, &[]).await);
    assert_eq!(place.namespace().await, copy.namespace().await, "neither can tell");
    for cairn in [&production, &staging] {
        cairn.has_its_cache().await;
        assert_eq!(marks(cairn).await, ["production"]);
    }
    let other = Cairn::start(&place, &[]).await;
    other.has_its_cache().await;
    staging.leave(&samples::all_three("b", "STAGING")).await;
    eventually("production shows what it does not have", async || marks(&production).await[0] == "STAGING").await;
    let shown = Instant::now();
    production.leave(&samples::all_three("a", "next")).await;
    let all = ["next", "production"];
    eventually("it is gone", async || marks(&production).await == all && marks(&other).await == all).await;
    assert!(shown.elapsed() < Duration::from_secs(3), "gone after {:?}", shown.elapsed());
    // An instance that starts may find a snapshot of the copy in Redis.
    let cold = Cairn::start(&place, &[]).await;
    cold.has_its_cache().await;
    marks(&cold).await;
    let shown = Instant::now();
    eventually("it is gone there, too", async || marks(&cold).await == all).await;
    assert!(shown.elapsed() < Duration::from_secs(3), "gone after {:?}", shown.elapsed());
    for cairn in [production, staging, other, cold] {
        cairn.stop().await;
    }
    copy.clear().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_all_files_with_a_namespace_of_its_own_is_kept_apart() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let copy = original_and_copy(&place).await;
    disguise(&place, &copy).await;
    let production = Cairn::start(&place, &[]).await;
    let staging = Cairn::start(&copy, &[("CAIRN_CACHE_NAMESPACE", "staging")]).await;
    for cairn in [&production, &staging] {
        cairn.has_its_cache().await;
        assert_eq!(marks(cairn).await, ["production"]);
    }
    for _ in 0..30 {
        staging.leave(&samples::all_three("b", "STAGING")).await;
        assert_eq!(marks(&production).await, ["production"]);
    }
    production.stop().await;
    staging.stop().await;
    copy.clear().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_anybody_publishes_in_redis_lasts_at_most_two_seconds() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let cairn = Cairn::start(&place, &[]).await;
    cairn.has_its_cache().await;
    cairn.leave(&samples::all_three("a", "true")).await;
    assert_eq!(marks(&cairn).await, ["true"]);
    let redis = Builder::from_config(Config::from_url(place.redis_url.as_deref().unwrap()).unwrap()).build().unwrap();
    redis.init().await.unwrap();
    let channel = format!("cairn:{}:traces", place.namespace().await);
    for upto in [4_i64, 1_000_000_000_000_000] {
        let world = json!({"studio": 1, "world": 1});
        let forged = json!({"world": world, "after": 3, "upto": upto, "stamp": 7, "scopes": [""], "left": []});
        let heard: i64 = redis.publish(&*channel, forged.to_string()).await.unwrap();
        assert_eq!(heard, 1, "the server listens there");
        let began = Instant::now();
        cairn.leave(&samples::all_three("a", "next")).await;
        eventually("it goes on", async || {
            let log = cairn.get("/get-objects").send().await.unwrap().text().await.unwrap();
            log.contains("next")
        })
        .await;
        assert!(began.elapsed() < Duration::from_secs(3), "after {:?}", began.elapsed());
        place
            .execute("DELETE FROM recording WHERE id > 3; DELETE FROM trace WHERE id > 3; UPDATE world SET seq = 3")
            .await;
        eventually("the first state is back", async || marks(&cairn).await == ["true"]).await;
    }
    redis.quit().await.unwrap();
    cairn.stop().await;
    place.clear().await;
}
