//! Several instances on one database and one cache.

use std::time::{Duration, Instant};

use crate::support::{Backend, Cairn, Place, each, eventually, proxy::Proxy, samples};

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_left_through_one_instance_is_visible_through_the_other() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let (one, other) = (Cairn::start(&place, &[]).await, Cairn::start(&place, &[]).await);
    other.world().await;
    one.world().await;
    let mut waits = Vec::new();
    for turn in 0..200 {
        let (writer, reader) = if turn % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let mark = turn.to_string();
        writer.leave(&samples::all_three("a", &mark)).await;
        let left = Instant::now();
        eventually("the other instance shows it", async || {
            each(&reader.world().await, "objects", "o_rot").first().is_some_and(|shown| **shown == mark)
        })
        .await;
        waits.push(left.elapsed());
    }
    waits.sort();
    println!(
        "seen through the other instance after: p50 {:?}, p99 {:?}, worst {:?}",
        waits[99], waits[197], waits[199]
    );
    one.stop().await;
    other.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_instances_make_the_same_bytes_and_etags() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let one = Cairn::start(&place, &[]).await;
    for mark in 0..60 {
        one.leave(&samples::all_three("a", &mark.to_string())).await;
        // One instance extends its snapshot by deltas; the other builds it from the database.
        one.world().await;
    }
    // Another name space in the cache would be needed to keep the encoded from it; an empty cache does the same.
    let other = Cairn::start(&place, &[("REDIS_URL", "")]).await;
    let fetch = async |cairn: &Cairn| {
        let answer = cairn.get("/get-objects").header("Accept-Encoding", "gzip").send().await.unwrap();
        (answer.headers()["etag"].clone(), answer.bytes().await.unwrap())
    };
    assert_eq!(fetch(&one).await, fetch(&other).await);
    one.stop().await;
    other.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cold_instance_starts_from_the_snapshot_in_the_cache() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let one = Cairn::start(&place, &[]).await;
    eventually("it has found Redis", async || on_all_connections(&one).await).await;
    for mark in ["first", "second"] {
        one.leave(&samples::all_three("a", mark)).await;
    }
    one.world().await;
    // Rows in the encoded snapshot are not read again: without it, this change would be visible.
    eventually("the encoded is there", async || place.cached_snapshots().await == 1).await;
    place.execute("UPDATE trace SET author = 'changed behind our back' WHERE kind = 1").await;
    one.leave(&samples::all_three("a", "third")).await;
    let cold = Cairn::start(&place, &[]).await;
    eventually("it has found Redis too", async || on_all_connections(&cold).await).await;
    let world = cold.world().await;
    assert_eq!(each(&world, "objects", "o_rot"), ["third", "second", "first"]);
    assert_eq!(each(&world, "objects", "u_uuid"), ["a", "a", "a"]);
    one.stop().await;
    cold.stop().await;
    place.clear().await;
}

/// Commands take turns on the connections to Redis: asked often enough in a row, each has answered.
async fn on_all_connections(cairn: &Cairn) -> bool {
    for _ in 0..4 {
        if cairn.readyz().await["cache"] != "up" {
            return false;
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_announcement_is_found_by_the_revision_monitor() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let one = Cairn::start(&place, &[]).await;
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let disconnected = Cairn::start(&place, &[("CAIRN_REVISION_CHECK_MS", "100")]).await;
    disconnected.world().await;
    proxy.cut();
    one.leave(&samples::all_three("a", "x")).await;
    eventually("the disconnected instance shows it", async || {
        each(&disconnected.world().await, "objects", "o_rot") == ["x"]
    })
    .await;

    // Announcements resume by themselves: well before the check of revisions, which runs once a minute there.
    proxy.mend();
    let reconnected = Cairn::start(&place, &[("CAIRN_REVISION_CHECK_MS", "60000")]).await;
    reconnected.world().await;
    proxy.cut();
    tokio::time::sleep(Duration::from_millis(300)).await;
    proxy.mend();
    let mut mark = 0;
    eventually("announcements come through again", async || {
        mark += 1;
        one.leave(&samples::all_three("a", &mark.to_string())).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        each(&reconnected.world().await, "objects", "o_rot").first().is_some_and(|shown| **shown == *mark.to_string())
    })
    .await;
    for cairn in [one, disconnected, reconnected] {
        cairn.stop().await;
    }
    place.clear().await;
}
