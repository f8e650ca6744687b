//! Decks: what is shown of a scope, and to whom.

pub mod inspect;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use cairn::{
    identity::access::{KeyKind, Permission},
    platform::codec::deflate::gunzip,
};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use self::inspect::inspected;
use crate::support::{Backend, Cairn, Place, eventually, game_client::GameClient, keys::decide, process::cairn};

const WORLD: &str = "moss/climb/live";

fn message(text: &str) -> Value {
    json!({"kind": "message", "scope": "Ash Lake", "pos": [1.5, 2, -3], "text": [text]})
}

/// The texts of a deck's messages.
fn texts(deck: &Value) -> BTreeSet<String> {
    let traces = deck["traces"].as_array().unwrap_or_else(|| panic!("{deck}"));
    traces.iter().filter_map(|trace| Some(trace["text"][0].as_str()?.to_owned())).collect()
}

#[cairn_test]
async fn a_scope_without_traces_has_an_empty_deck(cairn: &Cairn) {
    let (_, bob) = GameClient::two(cairn).await;
    decide(cairn, WORLD, &json!({"refresh_s": 1})).await;
    let empty = bob.get("/v1/deck?scope=Ash+Lake&deck=3").await;
    assert_eq!(
        (&empty["game"], &empty["environment"], &empty["deck"], &empty["deck_count"]),
        (&json!("climb"), &json!("live"), &json!(3), &json!(8))
    );
    assert_eq!((&empty["traces"], &empty["refresh_s"]), (&json!([]), &json!(1)));
}

#[cairn_test]
async fn a_deck_shows_what_others_have_left(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    ann.leave_one(message("first")).await;
    bob.leave_one(message("second")).await;
    eventually("both are in the deck", async || texts(&bob.get("/v1/deck?scope=Ash+Lake&deck=11").await).len() == 2)
        .await;
    assert_eq!(
        bob.get("/v1/scopes/Ash%20Lake/traces?deck=3").await["traces"],
        bob.get("/v1/deck?scope=Ash+Lake&deck=3").await["traces"]
    );
}

#[cairn_test]
async fn a_withdrawn_trace_is_in_no_deck_a_moment_later(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let first = ann.leave_one(message("first")).await;
    let second = bob.leave_one(message("second")).await;
    eventually("both are in the deck", async || texts(&bob.get("/v1/deck?scope=Ash+Lake&deck=11").await).len() == 2)
        .await;
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{first}"), None).await.0, 204);
    assert_eq!(texts(&bob.get("/v1/deck?scope=Ash+Lake&deck=3").await), BTreeSet::from(["second".to_owned()]));
    assert_eq!(bob.send(Method::GET, &format!("/v1/traces/{first}"), None).await.0, 404);
    assert_eq!(bob.get(&format!("/v1/traces/{second}")).await["text"], json!(["second"]));
    assert_eq!(bob.send(Method::GET, "/v1/traces/second", None).await.0, 404);
}

#[cairn_test]
async fn a_deck_can_be_revalidated_and_gzipped(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    ann.leave_one(message("first")).await;
    let url = format!("{}/v1/deck?scope=Ash+Lake&deck=0", cairn.base);
    let ask = async |name: &'static str, value: &str| {
        let request = cairn.http.get(&url).header("X-API-Key", &bob.key);
        request.header(name, value).send().await.unwrap()
    };
    let plain = ask("Accept", "*/*").await;
    assert_eq!(plain.headers()["cache-control"], "private, no-cache");
    assert_eq!(plain.headers()["vary"], "Accept-Encoding, X-API-Key");
    let tag = plain.headers()["etag"].to_str().unwrap().to_owned();
    let plain = plain.bytes().await.unwrap();
    let zipped = ask("Accept-Encoding", "gzip").await;
    assert_eq!(
        (&zipped.headers()["content-encoding"], zipped.headers()["etag"] == tag),
        (&"gzip".parse().unwrap(), false)
    );
    let zipped = gunzip(&zipped.bytes().await.unwrap(), 1 << 20).unwrap();
    assert_eq!(zipped, plain);
    assert_eq!(ask("If-None-Match", &tag).await.status(), 304);
}

#[cairn_test]
async fn a_deck_needs_a_key_and_another_games_key_sees_nothing_of_it(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    ann.leave_one(message("first")).await;
    let url = format!("{}/v1/deck?scope=Ash+Lake&deck=0", cairn.base);
    assert_eq!(cairn.http.get(&url).send().await.unwrap().status(), 401);
    let other = cairn.key("tern/climb/live", KeyKind::Publishable, &[Permission::Read]).await;
    let other: Value = cairn.http.get(&url).header("X-API-Key", other).send().await.unwrap().json().await.unwrap();
    assert_eq!(other["traces"], json!([]));
}

#[cairn_test]
async fn scopes_groups_and_versions_are_separate(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let with = |text: &str, field: &str, value: Value| {
        let mut trace = message(text);
        trace[field] = value;
        trace
    };
    ann.leave(json!([
        message("plain"),
        with("elsewhere", "scope", json!("a/b")),
        with("ours", "group", json!("the four of us")),
        with("new", "content_version", json!(7)),
    ]))
    .await;
    let deck = async |query: &str| texts(&bob.get(&format!("/v1/deck?deck=0&{query}")).await);
    let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(deck("scope=Ash+Lake").await, set(&["plain", "new"]));
    assert_eq!(deck("scope=Ash+Lake&group=the+four+of+us").await, set(&["ours"]));
    assert_eq!(deck("scope=Ash+Lake&version=7").await, set(&["plain", "new"]));
    assert_eq!(deck("scope=Ash+Lake&version=6").await, set(&["plain"]));
    assert_eq!(deck("scope=Ash+Lake&content_version_max=6").await, set(&["plain"]), "the new name");
    assert_eq!(deck("scope=Ash+Lake&content_version_min=1").await, set(&["new"]));
    assert_eq!(deck("scope=Ash+Lake&content_version_min=0&content_version_max=7").await, set(&["plain", "new"]));
    for nothing in
        ["content_version_min=8", "content_version_min=1&content_version_max=6", "content_version_min=7&version=3"]
    {
        assert_eq!(deck(&format!("scope=Ash+Lake&{nothing}")).await, set(&[]), "{nothing}");
    }
    assert_eq!(deck("scope=Ash+Lake&scope=a/b&scope=nowhere").await, set(&["plain", "new", "elsewhere"]));
}

#[cairn_test]
async fn content_older_than_the_game_shows_is_in_no_deck(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let mut new = message("new");
    new["content_version"] = json!(7);
    ann.leave(json!([message("plain"), new])).await;
    let deck = async |query: &str| texts(&bob.get(&format!("/v1/deck?deck=0&{query}")).await);
    let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(deck("scope=Ash+Lake").await, set(&["plain", "new"]));
    decide(cairn, WORLD, &json!({"content_version_min": 7, "refresh_s": 1})).await;
    eventually("older content is not shown", async || deck("scope=Ash+Lake").await == set(&["new"])).await;
}

#[cairn_test]
async fn each_fault_of_a_question_for_a_deck_is_named(cairn: &Cairn) {
    let (_, bob) = GameClient::two(cairn).await;
    for (query, pointer) in [
        ("scope=%0a", "?scope"),
        ("deck=x", "?deck"),
        ("deck=65536", "?deck"),
        ("version=1.5", "?version"),
        ("content_version_min=-1", "?content_version_min"),
        ("content_version_max=2&version=2", "?version"),
    ] {
        let (status, answer) = bob.send(Method::GET, &format!("/v1/deck?{query}"), None).await;
        assert_eq!(status, 422, "{answer}");
        assert!(answer.to_string().contains(pointer), "{answer}");
    }
    let nine = "scope=a&".repeat(9);
    assert_eq!(bob.send(Method::GET, &format!("/v1/deck?{nine}"), None).await.0, 422);
}

#[cairn_test]
async fn a_player_always_gets_the_same_deck(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let me = ann.get("/v1/players/me").await;
    let deck = ann.get("/v1/deck").await;
    assert_eq!(deck["deck"].as_u64().unwrap(), me["deck"].as_u64().unwrap() % 8);
}

#[cairn_test]
async fn a_key_without_read_permission_is_refused_for_a_cached_deck_too(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    ann.leave_one(message("here")).await;
    let path = "/v1/deck?scope=Ash+Lake&deck=0";
    assert_eq!(texts(&ann.get(path).await).len(), 1);
    let writer = cairn.key(WORLD, KeyKind::Publishable, &[Permission::Write]).await;
    // The first time nobody knows the key yet.
    for time in 1..=3 {
        assert_eq!(cairn.get_with(&writer, path).send().await.unwrap().status(), 403, "time {time}");
    }
}

#[cairn_test]
async fn every_real_block_gives_full_and_different_decks(place: &Place) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.join("to_native.py").exists() {
        println!("skipped: the real data is not there");
        return;
    }
    let running = Cairn::start(place, &[]).await;
    let key = running.key(WORLD, KeyKind::Publishable, &[Permission::Read]).await;
    let convert = "python3 to_native.py messages demons_souls_messages.ndjson.gz";
    let mut made =
        Command::new("sh").args(["-c", convert]).current_dir(&folder).stdout(Stdio::piped()).spawn().unwrap();
    let import = cairn(place, &["import", "-", "--world", WORLD]).stdin(made.stdout.take().unwrap()).output().unwrap();
    assert!(import.status.success() && made.wait().unwrap().success(), "{}", String::from_utf8_lossy(&import.stderr));
    let exported = cairn(place, &["export", "--world", WORLD]).output().unwrap();
    let mut blocks: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for line in String::from_utf8(exported.stdout).unwrap().lines() {
        let trace: Value = serde_json::from_str(line).unwrap();
        let good = trace["good"].as_f64().unwrap_or_default();
        // Wilson's bound where all votes are good.
        blocks.entry(trace["scope"].as_str().unwrap().to_owned()).or_default().push(good / (good + 3.8416));
    }
    let mut checked = 0;
    for (scope, traces) in blocks.iter().filter(|(_, traces)| traces.len() >= 40) {
        checked += 1;
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / f64::from(u32::try_from(scores.len()).unwrap());
        let of_block = mean(traces);
        let mut shown = HashSet::new();
        for number in 0..8 {
            let url = format!("{}/v1/deck?scope={scope}&deck={number}", running.base);
            let deck: Value =
                running.http.get(url).header("X-API-Key", &key).send().await.unwrap().json().await.unwrap();
            let deck = deck["traces"].as_array().unwrap();
            assert_eq!(deck.len(), 40, "{scope}, {} there", traces.len());
            let cell = |trace: &Value| {
                let at = |axis: usize| (trace["pos"][axis].as_f64().unwrap() / 2.0).floor().to_string();
                format!("{} {} {} {}", trace["text"], at(0), at(1), at(2))
            };
            assert_eq!(deck.iter().map(cell).collect::<HashSet<_>>().len(), 40, "{scope}: the same twice");
            let authors: HashSet<&str> = deck.iter().map(|trace| trace["author"].as_str().unwrap()).collect();
            assert_eq!(authors.len(), 40, "{scope}: an author twice");
            let scores: Vec<f64> = deck.iter().map(|trace| trace["score"].as_f64().unwrap()).collect();
            assert!(mean(&scores) > of_block || traces.len() == 40, "{scope}: {} {of_block}", mean(&scores));
            shown.extend(deck.iter().map(|trace| trace["id"].as_str().unwrap().to_owned()));
            let unvoted = deck.iter().filter(|trace| trace["good"] == 0 && trace["poor"] == 0).count();
            let there = traces.iter().filter(|score| **score <= 0.0).count();
            assert!(unvoted >= there.min(8), "{scope}: {unvoted} of {there} unvoted");
        }
        assert!(shown.len() >= (traces.len() * 9 / 10).min(200), "{scope}: {} of {}", shown.len(), traces.len());
    }
    println!("{checked} blocks of {}", blocks.len());
    let (scope, traces) = blocks.iter().max_by_key(|(_, traces)| traces.len()).unwrap();
    let found = inspected(place, &[scope, "--world", WORLD]);
    let (messages, number) = (&found["kinds"][1], json!(traces.len()));
    assert_eq!((&messages["there"], &messages["eligible"]), (&number, &number));
    assert!(
        messages["in_decks"].as_u64().unwrap() >= 200 && messages["candidates"].as_u64().unwrap() >= 400,
        "{messages}"
    );
    assert!(found["decks"].as_array().unwrap().iter().all(|deck| deck.as_array().unwrap().len() == 40));
    running.stop().await;
}

/// Statements that PostgreSQL has refused in that place.
async fn refused(place: &Place) -> i64 {
    place.numbers("SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()").await[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_decks_of_a_deleted_studio_are_no_longer_refreshed() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let cairn = Cairn::start(&place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    ann.leave_one(message("here")).await;
    assert_eq!(texts(&bob.get("/v1/deck?scope=Ash+Lake&deck=0").await).len(), 1);
    let before = refused(&place).await;
    cairn.delete_studio("moss").await;
    eventually("it is found out", async || refused(&place).await > before).await;
    eventually("it is asked for no more", async || {
        let before = refused(&place).await;
        // Decks are looked after each second, and a connection tells within another what was refused on it.
        tokio::time::sleep(Duration::from_millis(2500)).await;
        refused(&place).await == before
    })
    .await;
    cairn.stop().await;
    place.clear().await;
}
