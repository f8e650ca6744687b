//! Keys: what they open, and when they no longer do.

use std::time::{Duration, Instant};

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use crate::support::{Backend, Cairn, Place, each, eventually, keys::id_of, proxy::Proxy, samples};

#[cairn_test]
async fn a_key_opens_its_games_world_and_no_other(cairn: &Cairn) {
    let worlds = ["moss/climb/live", "moss/climb/dev", "moss/dive/live", "tern/climb/live"];
    let mut keys = Vec::new();
    for world in worlds {
        keys.push(cairn.game_key(world).await);
    }
    // Ids are given out in each world for itself, so the same ones meet in all.
    for (world, key) in worlds.iter().zip(&keys) {
        cairn.leave_with(key, &samples::all_three(world, "x")).await;
    }
    cairn.leave(&samples::all_three("nobody", "x")).await;
    for _cold_then_hot in 0..2 {
        for (world, key) in worlds.iter().zip(&keys) {
            assert_eq!(cairn.authors(key).await, [*world]);
        }
        assert_eq!(each(&cairn.world().await, "objects", "u_uuid"), ["nobody"]);
    }
}

#[cairn_test]
async fn an_answer_to_a_key_is_private(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    cairn.leave_with(&key, &samples::all_three("a", "x")).await;
    let mut tag = String::new();
    for (hot, status) in [(false, 200), (true, 200), (true, 304)] {
        let ask = cairn.get_with(&key, "/get-objects").header("If-None-Match", tag.clone());
        let answer = if status == 304 { ask } else { cairn.get_with(&key, "/get-objects") }.send().await.unwrap();
        assert_eq!(answer.status(), status, "hot: {hot}");
        assert_eq!(answer.headers()["cache-control"], "private, no-cache");
        assert_eq!(answer.headers()["vary"], "Accept-Encoding, X-API-Key");
        answer.headers()["etag"].to_str().unwrap().clone_into(&mut tag);
    }
    let game = cairn.get_with(&key, "/v1/game").send().await.unwrap();
    assert_eq!(
        (&game.headers()["cache-control"], &game.headers()["vary"]),
        (&"private, no-cache".parse().unwrap(), &"X-API-Key".parse().unwrap())
    );
    let mut game: Value = game.json().await.unwrap();
    // The settings of the game are tested elsewhere.
    for decided in [
        "content_version_min",
        "max_body_bytes",
        "kinds",
        "max_batch",
        "max_wait_s",
        "refresh_s",
        "recording",
        "v0",
        "text",
        "templates",
        "words",
        "conjunctions",
        "gestures",
    ] {
        assert!(game.as_object_mut().unwrap().remove(decided).is_some(), "{decided}");
    }
    let own = json!({"game": "climb", "environment": "live", "key": id_of(&key), "kind": "publishable", "scopes": ["read", "write"]});
    assert_eq!(game, own);
}

#[cairn_test]
async fn all_invalid_keys_get_the_same_answer(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let revoked = cairn.game_key("moss/climb/live").await;
    assert_eq!(cairn.authors(&revoked).await, Vec::<String>::new());
    cairn.revoke(&revoked).await;
    let (start, secret) = key.rsplit_once('_').unwrap();
    let other = if secret.starts_with('0') { "1" } else { "0" };
    let wrong = format!("{start}_{other}{}", &secret[1..]);
    let elsewhere = key.replacen("_live_", "_dev_", 1);
    let stronger = key.replacen("ck_", "sk_", 1);
    let unknown = format!("ck_live_000000000000_{secret}");
    for key in [&revoked, &wrong, &elsewhere, &stronger, &unknown, "", "x", "ck_live_a_b", "clé", &format!("{key}0")] {
        let answer = cairn.get_with(key, "/get-objects").send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["www-authenticate"]),
            (401, &"ApiKey".parse().unwrap()),
            "{key}"
        );
        let mut problem: Value = answer.json().await.unwrap();
        problem.as_object_mut().unwrap().remove("request_id");
        let detail = "The key in X-API-Key is not valid: it is no key, a wrong one, or revoked.";
        assert_eq!(
            problem,
            json!({"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": detail, "code": "key_invalid"}),
            "{key}"
        );
    }
    let twice = cairn.get_with(&key, "/get-objects").header("X-API-Key", &key).send().await.unwrap();
    assert_eq!(twice.status(), 401);
    assert_eq!(cairn.authors(&key).await, Vec::<String>::new());
}

#[cairn_test]
async fn an_idempotency_key_is_each_callers_own(cairn: &Cairn) {
    let (one, other) = (cairn.game_key("moss/climb/live").await, cairn.game_key("moss/climb/live").await);
    let send = async |key: Option<&str>, author: &str| {
        let request = cairn.post(samples::all_three(author, "x").to_string()).header("Idempotency-Key", "same");
        let request = if let Some(key) = key { request.header("X-API-Key", key) } else { request };
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!([send(Some(&one), "a").await, send(Some(&other), "b").await, send(None, "c").await], [201; 3]);
    assert_eq!([send(Some(&one), "a").await, send(Some(&one), "b").await], [201, 422]);
    assert_eq!(cairn.authors(&one).await, ["b", "a"]);
}

#[cairn_test]
async fn a_key_may_do_what_its_permissions_allow(cairn: &Cairn) {
    let reader = cairn.key("moss/climb/live", KeyKind::Publishable, &[Permission::Read]).await;
    let writer = cairn.key("moss/climb/live", KeyKind::Publishable, &[Permission::Write]).await;
    cairn.leave_with(&writer, &samples::all_three("a", "x")).await;
    assert_eq!(cairn.authors(&reader).await, ["a"]);
    // Also when the snapshot is cached.
    assert_eq!(cairn.refusal(&writer).await, (403, "scope_missing".to_owned()));
    let refused =
        cairn.post(samples::all_three("a", "x").to_string()).header("X-API-Key", &reader).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("needs a key with the scope write; this one has: read."));
}

/// How long a key goes on opening a world through another instance after it was revoked.
async fn outlives(revoking: &Cairn, other: &Cairn, key: &str) -> Duration {
    other.authors(key).await;
    revoking.revoke(key).await;
    let revoked = Instant::now();
    eventually("it is refused", async || other.refusal(key).await == (401, "key_invalid".to_owned())).await;
    revoked.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_refused_by_the_other_instance_within_a_second() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let one = Cairn::start(&place, &[]).await;
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let other = Cairn::start(&place, &[]).await;
    let mut announced = Vec::new();
    for _ in 0..20 {
        let key = one.game_key("moss/climb/live").await;
        announced.push(outlives(&one, &other, &key).await);
    }
    proxy.cut();
    let mut unannounced = Vec::new();
    for _ in 0..5 {
        let key = one.game_key("moss/climb/live").await;
        unannounced.push(outlives(&one, &other, &key).await);
    }
    let worst = |times: &[Duration]| *times.iter().max().unwrap();
    println!("refused elsewhere after at most {:?}; with Redis away {:?}", worst(&announced), worst(&unannounced));
    assert!(
        worst(&announced) < Duration::from_secs(1) && worst(&unannounced) < Duration::from_secs(1),
        "{announced:?} {unannounced:?}"
    );
    one.stop().await;
    other.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_created_on_another_instance_is_valid_at_once() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    // Neither is notified: the first request with the key makes the other look.
    let alone = [("REDIS_URL", ""), ("CAIRN_KEY_CHECK_MS", "1000")];
    let (one, other) = (Cairn::start(&place, &alone).await, Cairn::start(&place, &alone).await);
    for _ in 0..10 {
        let key = one.game_key("moss/climb/live").await;
        assert_eq!(other.refusal(&key).await.0, 200);
    }
    one.stop().await;
    other.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn known_keys_stay_valid_for_a_while_without_database_and_cache() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let direct = place.database_url.clone();
    let (database, url) = Proxy::before(place.database_url.as_deref().unwrap()).await;
    place.database_url = Some(url);
    let (redis, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let settings = [("CAIRN_KEY_GRACE_SECS", "3"), ("CAIRN_KEY_CHECK_MS", "100"), ("CAIRN_DATABASE_TIMEOUT_MS", "300")];
    let cairn = Cairn::start(&place, &settings).await;
    let key = cairn.game_key("moss/climb/live").await;
    cairn.leave_with(&key, &samples::all_three("a", "x")).await;
    assert_eq!(cairn.authors(&key).await, ["a"]);
    let unknown = "ck_live_000000000000_00000000000000000000000000";
    assert_eq!(cairn.refusal(unknown).await, (401, "key_invalid".to_owned()));

    database.cut();
    redis.cut();
    let away = Instant::now();
    let away_answer = (503, "keys_away".to_owned());
    assert_eq!(cairn.refusal(unknown).await, away_answer);
    assert_eq!(cairn.authors(&key).await, ["a"]);
    eventually("it is no longer valid", async || cairn.refusal(&key).await == away_answer).await;
    assert!(away.elapsed() > Duration::from_millis(2500), "it was valid for {:?} only", away.elapsed());

    database.mend();
    redis.mend();
    eventually("it is valid again", async || cairn.refusal(&key).await.0 == 200).await;
    cairn.stop().await;
    place.database_url = direct;
    place.clear().await;
}
