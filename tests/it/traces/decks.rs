//! What is met under `/v1`: decks, single traces, what happens.

pub mod inspect;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use cairn::{
    identity::access::model::{KeyKind, Permission},
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
async fn a_deck_shows_what_others_have_left_and_not_what_has_gone(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    decide(cairn, WORLD, &json!({"refresh_s": 1})).await;
    let empty = bob.get("/v1/deck?scope=Ash+Lake&deck=3").await;
    assert_eq!(
        (&empty["game"], &empty["environment"], &empty["deck"], &empty["deck_count"]),
        (&json!("climb"), &json!("live"), &json!(3), &json!(8))
    );
    assert_eq!((&empty["traces"], &empty["refresh_s"]), (&json!([]), &json!(1)));
    let first = ann.leave_one(message("first")).await;
    let second = bob.leave_one(message("second")).await;
    eventually("both are in the deck", async || texts(&bob.get("/v1/deck?scope=Ash+Lake&deck=11").await).len() == 2)
        .await;
    assert_eq!(
        bob.get("/v1/scopes/Ash%20Lake/traces?deck=3").await["traces"],
        bob.get("/v1/deck?scope=Ash+Lake&deck=3").await["traces"]
    );

    // What is taken back is in no deck a moment later.
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{first}"), None).await.0, 204);
    assert_eq!(texts(&bob.get("/v1/deck?scope=Ash+Lake&deck=3").await), BTreeSet::from(["second".to_owned()]));
    assert_eq!(bob.send(Method::GET, &format!("/v1/traces/{first}"), None).await.0, 404);
    assert_eq!(bob.get(&format!("/v1/traces/{second}")).await["text"], json!(["second"]));
    assert_eq!(bob.send(Method::GET, "/v1/traces/second", None).await.0, 404);
}

#[cairn_test]
async fn a_deck_is_revalidated_and_gzipped_for_those_who_say_so(cairn: &Cairn) {
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
    // Without a key there is nothing to see, and with another game's nothing of this one.
    assert_eq!(cairn.http.get(&url).send().await.unwrap().status(), 401);
    let other = cairn.key("tern/climb/live", KeyKind::Publishable, &[Permission::Read]).await;
    let other: Value = cairn.http.get(&url).header("X-API-Key", other).send().await.unwrap().json().await.unwrap();
    assert_eq!(other["traces"], json!([]));
}

#[cairn_test]
async fn scopes_groups_and_versions_are_kept_apart(cairn: &Cairn) {
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
    assert_eq!(deck("scope=Ash+Lake&scope=a/b&scope=nowhere").await, set(&["plain", "new", "elsewhere"]));
    decide(cairn, WORLD, &json!({"content_version_min": 7, "refresh_s": 1})).await;
    eventually("older content is not shown", async || deck("scope=Ash+Lake").await == set(&["new"])).await;
    for (query, told) in
        [("scope=%0a", "?scope"), ("deck=x", "?deck"), ("deck=65536", "?deck"), ("version=1.5", "?version")]
    {
        let (status, answer) = bob.send(Method::GET, &format!("/v1/deck?{query}"), None).await;
        assert_eq!(status, 422, "{answer}");
        assert!(answer.to_string().contains(told), "{answer}");
    }
    let nine = "scope=a&".repeat(9);
    assert_eq!(bob.send(Method::GET, &format!("/v1/deck?{nine}"), None).await.0, 422);
}

#[cairn_test]
async fn a_player_keeps_to_a_deck(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let me = ann.get("/v1/players/me").await;
    let deck = ann.get("/v1/deck").await;
    assert_eq!(deck["deck"].as_u64().unwrap(), me["deck"].as_u64().unwrap() % 8);
}

#[cairn_test]
async fn what_happens_is_told_in_order_each_once_and_waited_for(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let first = ann.leave_one(message("first")).await;
    let page = bob.get("/v1/changes").await;
    assert_eq!(
        (page["items"].as_array().unwrap().len(), &page["items"][0]["what"], &page["more"]),
        (1, &json!("left"), &json!(false))
    );
    let next = page["next"].as_str().unwrap().to_owned();
    assert_eq!(bob.get(&format!("/v1/changes?after={next}")).await["items"], json!([]));

    let path = format!("/v1/changes?after={next}&wait_s=20");
    let (waited, ()) = tokio::join!(bob.get(&path), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let change = json!({"revision": 1, "text": ["better"]});
        assert_eq!(ann.send(Method::PATCH, &format!("/v1/traces/{first}"), Some(change)).await.0, 200);
    });
    assert_eq!(
        (&waited["items"][0]["what"], &waited["items"][0]["trace"]["text"]),
        (&json!("changed"), &json!(["better"]))
    );
    let elsewhere = json!({"kind": "message", "scope": "a", "text": ["x"]});
    ann.leave_one(elsewhere).await;
    ann.send(Method::DELETE, &format!("/v1/traces/{first}"), None).await;
    let next = waited["next"].as_str().unwrap();
    let page = bob.get(&format!("/v1/changes?after={next}")).await;
    let told: Vec<(&str, Option<&str>)> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["what"].as_str().unwrap(), item["reason"].as_str()))
        .collect();
    assert_eq!(told, [("left", None), ("gone", Some("withdrawn"))]);
    let of_scope = bob.get(&format!("/v1/changes?after={next}&scope=Ash+Lake&limit=1")).await;
    assert_eq!((&of_scope["items"][0]["what"], &of_scope["more"]), (&json!("gone"), &json!(false)));
    let (status, answer) = bob.send(Method::GET, "/v1/changes?after=999999", None).await;
    assert_eq!((status, &answer["code"]), (410, &json!("cursor_too_old")));
}

/// How many traces the last test leaves, takes back and follows: the whole bar is 100,000.
fn followed() -> usize {
    std::env::var("CAIRN_TEST_FOLLOWED").map_or(2_000, |count| count.parse().unwrap())
}

#[cairn_test]
async fn a_key_that_may_not_read_is_refused_also_where_the_deck_is_at_hand(cairn: &Cairn) {
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
async fn followers_miss_nothing_and_are_told_nothing_twice(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_PLAYERS_PER_HOUR", "1000")]).await;
    let key = cairn.key(WORLD, KeyKind::Publishable, &[Permission::Read, Permission::Write]).await;
    let admin = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let wide = json!({"kinds": [{"kind": "message", "quota_scope": 100_000, "quota_total": 100_000}]});
    let request = cairn.http.patch(format!("{}/v1/games/climb/settings", cairn.base)).header("X-API-Key", admin);
    assert_eq!(request.body(wide.to_string()).send().await.unwrap().status(), 200);
    let mut writers = Vec::new();
    for _ in 0..16 {
        writers.push(GameClient::with(&cairn, &key).await);
    }
    let follower = GameClient::with(&cairn, &key).await;
    let each = followed() / 16;
    let write = async |gamer: &GameClient<'_>, number: usize| {
        let mut left = 0;
        let mut withdrawn = 0;
        while left < each {
            let batch: Vec<Value> = (0..32.min(each - left))
                    .map(|at| json!({"kind": "message", "scope": format!("{}", at % 3), "text": [format!("{number}/{}", left + at)]}))
                    .collect();
            left += batch.len();
            let results = gamer.leave(Value::Array(batch)).await;
            let id = results[0]["id"].as_str().unwrap();
            assert_eq!(gamer.send(Method::DELETE, &format!("/v1/traces/{id}"), None).await.0, 204);
            withdrawn += 1;
        }
        withdrawn
    };
    let follow = async || {
        let (mut after, mut left, mut gone, mut last) = ("0".to_owned(), HashMap::new(), HashSet::new(), 0);
        loop {
            let page = follower.get(&format!("/v1/changes?after={after}&wait_s=2&limit=700")).await;
            let items = page["items"].as_array().unwrap();
            for item in items {
                let id: i64 = item["id"].as_str().unwrap().parse().unwrap();
                if item["what"] == "left" {
                    assert!(left.insert(id, item["trace"]["text"][0].clone()).is_none(), "{id} twice");
                    assert!(id > last, "order");
                    last = id;
                } else {
                    assert!(gone.insert(id), "{id} gone twice");
                }
            }
            after = page["next"].as_str().unwrap().to_owned();
            if items.is_empty() && gone.len() >= 16 * each.div_ceil(32) {
                return (left, gone);
            }
        }
    };
    let writing =
        futures_util::future::join_all(writers.iter().enumerate().map(|(number, gamer)| write(gamer, number)));
    let following = futures_util::future::join_all((0..4).map(|_| follow()));
    let (withdrawn, followers) = tokio::join!(writing, following);
    let withdrawn: usize = withdrawn.iter().sum();
    for (left, gone) in followers {
        let there: HashSet<i64> = left.keys().copied().filter(|id| !gone.contains(id)).collect();
        assert_eq!((gone.len(), there.len()), (withdrawn, each * 16 - withdrawn));
        let texts: HashSet<&Value> = left.values().collect();
        assert_eq!(texts.len(), left.len());
    }
    cairn.stop().await;
}

#[cairn_test]
async fn who_waits_for_something_to_happen_is_answered_when_the_server_stops(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.key(WORLD, KeyKind::Publishable, &[Permission::Read]).await;
    let url = format!("{}/v1/changes?wait_s=30", cairn.base);
    let asked = tokio::spawn(cairn.http.get(url).header("X-API-Key", key).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = tokio::time::Instant::now();
    cairn.stop().await;
    let answer = asked.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap()["items"], json!([]));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
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
async fn of_a_studio_that_is_gone_nothing_is_asked_any_more() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let cairn = Cairn::start(&place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    ann.leave_one(message("here")).await;
    assert_eq!(texts(&bob.get("/v1/deck?scope=Ash+Lake&deck=0").await).len(), 1);
    let before = refused(&place).await;
    cairn.delete_studio("moss").await;
    eventually("it is found out", async || refused(&place).await > before).await;
    eventually("it is asked for no more", async || {
        let told = refused(&place).await;
        // Decks are looked after each second, and a connection tells within another what was refused on it.
        tokio::time::sleep(Duration::from_millis(2500)).await;
        refused(&place).await == told
    })
    .await;
    cairn.stop().await;
    place.clear().await;
}
