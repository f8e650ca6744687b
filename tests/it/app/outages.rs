//! Redis or PostgreSQL stopped at any moment: answers as designed, and recovery without a restart.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Backend, Cairn, Place, each, eventually, proxy::Proxy, samples};

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_every_request_is_answered() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let cairn = Cairn::start(&place, &[]).await;
    let mut mark = 0;
    let mut slowest = Duration::ZERO;
    for name in ["cut", "stalled"] {
        if name == "cut" {
            proxy.cut();
        } else {
            proxy.stall();
        }
        for _ in 0..40 {
            mark += 1;
            let began = Instant::now();
            cairn.leave(&samples::all_three("a", &mark.to_string())).await;
            assert_eq!(each(&cairn.world().await, "objects", "o_rot")[0], &mark.to_string(), "{name}");
            slowest = slowest.max(began.elapsed());
        }
        // A scope that nobody has asked for yet is looked up in the cache first.
        let began = Instant::now();
        cairn.scope(name).await;
        slowest = slowest.max(began.elapsed());
        eventually("the outage is noticed", async || cairn.readyz().await["cache"] == "away").await;
        assert_eq!(cairn.readyz().await["status"], "degraded");
        proxy.mend();
        eventually("it is back", async || cairn.readyz().await["cache"] == "up").await;
    }
    println!("slowest request while Redis was away: {slowest:?}");
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_without_redis() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    proxy.cut();
    let cairn = Cairn::start(&place, &[]).await;
    cairn.leave(&samples::all_three("a", "x")).await;
    assert_eq!(each(&cairn.world().await, "objects", "o_rot"), ["x"]);
    proxy.mend();
    eventually("it finds Redis", async || cairn.readyz().await["cache"] == "up").await;
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_database_reads_continue_and_writes_get_retry_after() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let direct = place.database_url.clone();
    let (proxy, url) = Proxy::before(place.database_url.as_deref().unwrap()).await;
    place.database_url = Some(url);
    let cairn = Cairn::start(&place, &[("CAIRN_DATABASE_TIMEOUT_MS", "300")]).await;
    cairn.leave(&samples::all_three("a", "before")).await;
    cairn.world().await;
    for name in ["cut", "stalled"] {
        if name == "cut" {
            proxy.cut();
        } else {
            proxy.stall();
        }
        for _ in 0..3 {
            let write = cairn.post(samples::all_three("a", name).to_string()).send().await.unwrap();
            assert_eq!(write.status(), 503, "{name}");
            assert_eq!(write.headers()["retry-after"], "1");
            assert_eq!(write.headers()["content-type"], "application/problem+json");
            assert!(write.text().await.unwrap().contains("database_away"));
            assert_eq!(each(&cairn.world().await, "objects", "o_rot").last(), Some(&&Value::from("before")), "{name}");
        }
        let unseen = cairn.get("/get-objects").query(&[("scope", name)]).send().await.unwrap();
        assert_eq!(unseen.status(), 503, "a scope that was never read can't be made up");
        assert_eq!(cairn.readyz().await["database"], "away");
        proxy.mend();
        let after = format!("after {name}");
        eventually("writes are taken again", async || {
            cairn.post(samples::all_three("a", &after).to_string()).send().await.unwrap().status() == 201
        })
        .await;
        eventually("and shown", async || {
            each(&cairn.world().await, "objects", "o_rot").contains(&&Value::from(after.as_str()))
        })
        .await;
    }
    cairn.stop().await;
    place.database_url = direct;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_writes_with_retry_after_and_loses_nothing() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let direct = place.database_url.clone();
    let (proxy, url) = Proxy::before(place.database_url.as_deref().unwrap()).await;
    place.database_url = Some(url);
    let cairn = Cairn::start(&place, &[("CAIRN_WRITE_QUEUE", "4"), ("CAIRN_WRITE_BATCH", "2")]).await;
    cairn.leave(&samples::all_three("a", "before")).await;
    proxy.stall();
    let writes = (0..32).map(|mark| cairn.post(samples::all_three("a", &mark.to_string()).to_string()).send());
    let mend = async {
        // As full as one studio may make it: the last place is left to others.
        eventually("the queue is full", async || cairn.readyz().await["queued_writes"].as_u64() >= Some(3)).await;
        proxy.mend();
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(writes), mend);
    let mut taken = 0;
    for answer in answers.into_iter().map(Result::unwrap) {
        match answer.status().as_u16() {
            201 => taken += 1,
            status => {
                assert_eq!((status, answer.headers()["retry-after"].to_str().unwrap()), (503, "1"));
                assert!(answer.text().await.unwrap().contains("write_queue_full"));
            }
        }
    }
    assert!((1..32).contains(&taken), "{taken} were taken");
    assert_eq!(each(&cairn.world().await, "objects", "id").len(), taken + 1);
    cairn.stop().await;
    place.database_url = direct;
    place.clear().await;
}
