//! Search: `POST /v1/traces/query`.

use cairn_test_macros::cairn_test;

mod edges;
pub mod rows;
mod work;

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
    process::{Command, Stdio},
};

use fastrand::Rng;
use reqwest::Method;
use serde_json::{Value, json};

use self::rows::{Row, put};
use crate::support::{Cairn, Place, game_client::GameClient, process::cairn};

const WORLD: &str = "moss/climb/live";

const KINDS: [&str; 4] = ["object", "message", "phantom", "bloodstain"];

fn message(text: &str, pos: [f64; 3]) -> Value {
    json!({"kind": "message", "scope": "a", "pos": pos, "text": [text]})
}

impl GameClient<'_> {
    async fn ask(&self, question: &Value) -> Value {
        let (status, page) = self.send(Method::POST, "/v1/traces/query", Some(question.clone())).await;
        assert_eq!(status, 200, "{question}: {page}");
        page
    }

    /// All pages of a question, each of a size that `limit` says.
    async fn walk(&self, question: &Value, mut limit: impl FnMut() -> u16) -> Vec<Value> {
        let (mut question, mut items) = (question.clone(), Vec::new());
        for _ in 0..10_000 {
            question["limit"] = limit().into();
            let page = self.ask(&question).await;
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            assert!(page["items"].as_array().unwrap().len() <= question["limit"].as_u64().unwrap().try_into().unwrap());
            if page["more"] == false {
                return items;
            }
            question["after"] = page["next"].clone();
        }
        panic!("it does not end: {question}");
    }

    /// Problems that a question is answered with: status, code and pointers.
    async fn refused(&self, question: &Value) -> (u16, String, Vec<String>) {
        let (status, answer) = self.send(Method::POST, "/v1/traces/query", Some(question.clone())).await;
        let pointers = answer["errors"].as_array().into_iter().flatten();
        let pointers = pointers.map(|error| error["pointer"].as_str().unwrap().to_owned()).collect();
        (status, answer["code"].as_str().unwrap().to_owned(), pointers)
    }
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
}

fn items(page: &Value) -> Vec<i64> {
    ids(page["items"].as_array().unwrap())
}

fn square(pos: [f64; 3], to: [f64; 3]) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|axis| pos[axis] - to[axis]);
    x * x + y * y + z * z
}

/// Has Ann leave three messages ten apart in the scope `a`; their ids.
async fn leave_three(ann: &GameClient<'_>) -> Vec<String> {
    let mut left = Vec::new();
    for (text, x) in [("one", 0.0), ("two", 10.0), ("three", 20.0)] {
        left.push(ann.leave_one(message(text, [x, 0.0, 0.0])).await);
    }
    left
}

async fn leave_in_group(ann: &GameClient<'_>) -> String {
    let mut secret = message("of the group", [0.0; 3]);
    secret["group"] = json!("us");
    ann.leave_one(secret).await
}

fn texts(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["text"][0].as_str().unwrap()).collect()
}

#[cairn_test]
async fn recent_gives_the_newest_first(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    leave_three(&ann).await;
    leave_in_group(&ann).await;
    let first = bob.ask(&json!({"scopes": ["a"]})).await;
    assert_eq!(
        (texts(&first), &first["more"], &first["gone"]),
        (vec!["three", "two", "one"], &json!(false), &json!([]))
    );
}

#[cairn_test]
async fn a_group_sees_its_own_traces_only(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    leave_three(&ann).await;
    leave_in_group(&ann).await;
    assert_eq!(texts(&bob.ask(&json!({"scopes": ["a"], "group": "us"})).await), ["of the group"]);
}

#[cairn_test]
async fn only_the_scopes_and_kinds_of_the_query_are_found(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    leave_three(&ann).await;
    assert_eq!(bob.ask(&json!({"scopes": ["a"], "kinds": ["object"]})).await["items"], json!([]));
    assert_eq!(bob.ask(&json!({})).await["items"], json!([]), "the scope without a name");
}

#[cairn_test]
async fn top_gives_only_traces_with_votes(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let left = leave_three(&ann).await;
    let top = json!({"mode": "top", "scopes": ["a"]});
    assert_eq!(bob.ask(&top).await["items"], json!([]), "before any vote");
    let vote = json!({"vote": "good"});
    assert_eq!(bob.send(Method::PUT, &format!("/v1/traces/{}/vote", left[1]), Some(vote)).await.0, 200);
    assert_eq!(texts(&bob.ask(&top).await), ["two"]);
}

#[cairn_test]
async fn near_gives_the_nearest_first(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    leave_three(&ann).await;
    leave_in_group(&ann).await;
    let near = json!({"mode": "near", "scopes": ["a"], "near": [19, 0, 0], "radius": 10});
    assert_eq!(texts(&bob.ask(&near).await), ["three", "two"]);
}

#[cairn_test]
async fn own_gives_the_players_traces_of_all_groups_oldest_first(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let left = leave_three(&ann).await;
    let secret = leave_in_group(&ann).await;
    let own = json!({"mode": "own", "limit": 2});
    let page = ann.ask(&own).await;
    assert_eq!((texts(&page), &page["more"]), (vec!["one", "two"], &json!(true)));
    let page = ann.ask(&json!({"mode": "own", "limit": 2, "after": page["next"]})).await;
    assert_eq!((items(&page), &page["more"]), (vec![left[2].parse().unwrap(), secret.parse().unwrap()], &json!(false)));
    assert_eq!(bob.ask(&own).await["items"], json!([]), "another player has left nothing");
}

#[cairn_test]
async fn own_needs_a_player_token(cairn: &Cairn) {
    let (_, bob) = GameClient::two(cairn).await;
    let own = json!({"mode": "own", "limit": 2});
    let request = cairn.http.post(format!("{}/v1/traces/query", cairn.base)).header("X-API-Key", &bob.key);
    let answer = request.body(own.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "player_token_needed");
}

#[cairn_test]
async fn a_withdrawn_trace_is_gone_in_the_next_answer_once(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let left = leave_three(&ann).await;
    let recent = json!({"scopes": ["a"]});
    let first = bob.ask(&recent).await;
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{}", left[1]), None).await.0, 204);
    let later = bob.ask(&json!({"scopes": ["a"], "after": first["next"]})).await;
    assert_eq!((&later["items"], &later["gone"], &later["more"]), (&json!([]), &json!([left[1]]), &json!(false)));
    let later = bob.ask(&json!({"scopes": ["a"], "after": later["next"]})).await;
    assert_eq!((&later["gone"], texts(&bob.ask(&recent).await)), (&json!([]), vec!["three", "one"]));
}

#[cairn_test]
async fn a_trace_withdrawn_in_another_scope_is_not_listed_as_gone(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let left = leave_three(&ann).await;
    let elsewhere = bob.ask(&json!({"scopes": ["b"]})).await;
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{}", left[0]), None).await.0, 204);
    assert_eq!(bob.ask(&json!({"scopes": ["b"], "after": elsewhere["next"]})).await["gone"], json!([]));
}

fn invalid(pointers: &[&str]) -> (u16, String, Vec<String>) {
    (422, "invalid".to_owned(), pointers.iter().map(|one| (*one).to_owned()).collect())
}

#[cairn_test]
async fn each_fault_of_a_query_is_named(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    for (query, pointers) in [
        (json!({"mode": "worst"}), &["/mode"][..]),
        (json!({"mode": "near", "limit": 1001}), &["/limit", "/near", "/radius"]),
        (json!({"scopes": ["a\n"], "kinds": "message"}), &["/scopes/0", "/kinds"]),
        (json!({"mode": "ahead"}), &["/rank_value"]),
        (json!([]), &[""]),
        (json!({"after": "7"}), &["/after"]),
    ] {
        assert_eq!(ann.refused(&query).await, invalid(pointers), "{query}");
    }
    let answer = ann.cairn.http.post(format!("{}/v1/traces/query", cairn.base)).header("X-API-Key", &ann.key).body("{");
    assert_eq!(answer.send().await.unwrap().status(), 400);
}

#[cairn_test]
async fn a_cursor_of_another_query_is_refused(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let next = ann.ask(&json!({"mode": "top"})).await["next"].clone();
    assert_eq!(ann.refused(&json!({"mode": "recent", "after": next})).await, invalid(&["/after"]));
}

#[cairn_test]
async fn a_cursor_ahead_of_the_world_is_refused(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let next = ann.ask(&json!({"mode": "top"})).await["next"].clone();
    let (digest, _) = next.as_str().unwrap().split_once('.').unwrap();
    assert_eq!(ann.refused(&json!({"mode": "top", "after": format!("{digest}.99999")})).await.0, 410);
}

/// Random traces in a world, and random queries about them.
struct Queries<'a> {
    rows: &'a [Row],
    chance: Rng,
    page_sizes: Rng,
}

/// A query of scopes, kinds and a version, and the rows that it finds.
struct Query<'a> {
    scopes: Vec<&'static str>,
    kinds: Vec<usize>,
    version: i32,
    most: u16,
    rows: &'a [Row],
}

impl Query<'_> {
    fn body(&self, mode: &str) -> Value {
        let names: Vec<&str> = self.kinds.iter().map(|kind| KINDS[*kind]).collect();
        json!({"mode": mode, "scopes": self.scopes, "kinds": names, "version_min": self.version})
    }

    /// The visible rows of its scopes and kinds for which `wanted` holds, by id.
    fn choose(&self, wanted: impl Fn(&Row) -> bool) -> Vec<&Row> {
        let is_asked_for = |row: &&Row| {
            row.is_seen(self.version) && self.scopes.contains(&row.scope.as_str()) && self.kinds.contains(&row.kind)
        };
        self.rows.iter().filter(is_asked_for).filter(|row| wanted(row)).collect()
    }
}

impl<'a> Queries<'a> {
    fn about(rows: &'a [Row], chance: &Rng) -> Self {
        Self { rows, chance: chance.clone(), page_sizes: chance.clone() }
    }

    fn next(&mut self, round: usize) -> Query<'a> {
        let kinds = if round < 3 { vec![0, 1, 2, 3] } else { vec![self.chance.usize(..4), 1] };
        Query {
            scopes: [vec!["a"], vec!["b", "a"], vec!["b", "nowhere"]][round % 3].clone(),
            kinds,
            version: self.chance.i32(0..3),
            most: [9, 40, 900][round % 3],
            rows: self.rows,
        }
    }

    /// The ids on all pages of a query, of random sizes.
    async fn pages(&mut self, ann: &GameClient<'_>, query: &Query<'_>, body: &Value) -> Vec<i64> {
        ids(&ann.walk(body, || self.page_sizes.u16(1..=query.most)).await)
    }
}

/// 300 random traces, and the generator that made them.
fn random_rows() -> (Vec<Row>, Rng) {
    let mut chance = Rng::with_seed(7);
    let rows = (1..=300).map(|id| Row::any(id, &mut chance)).collect();
    (rows, chance)
}

#[cairn_test]
async fn pages_of_recent_give_each_trace_once_newest_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let (rows, chance) = random_rows();
    put(&cairn, place, &rows).await;
    let mut queries = Queries::about(&rows, &chance);
    for round in 0..6 {
        let query = queries.next(round);
        let mut expected: Vec<i64> = query.choose(|_| true).iter().map(|row| row.id).collect();
        expected.reverse();
        assert_eq!(queries.pages(&ann, &query, &query.body("recent")).await, expected, "{round}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn pages_of_top_give_each_trace_once_best_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let (rows, chance) = random_rows();
    put(&cairn, place, &rows).await;
    let mut queries = Queries::about(&rows, &chance);
    for round in 0..6 {
        let query = queries.next(round);
        let mut best = query.choose(|row| row.score > 0.0);
        best.sort_by(|one, other| other.score.total_cmp(&one.score).then(other.id.cmp(&one.id)));
        let expected: Vec<i64> = best.iter().map(|row| row.id).collect();
        assert_eq!(queries.pages(&ann, &query, &query.body("top")).await, expected, "{round}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn pages_of_near_give_each_trace_once_nearest_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let (rows, chance) = random_rows();
    put(&cairn, place, &rows).await;
    let mut queries = Queries::about(&rows, &chance);
    for round in 0..6 {
        let query = queries.next(round);
        let to = [queries.chance.f64() * 4.0, -1.0, 1.0];
        let radius = [2.0, 3.5, 50.0][round % 3];
        let mut near = query.choose(|row| row.pos.is_some_and(|pos| square(pos, to) <= radius * radius));
        let distance = |row: &Row| square(row.pos.unwrap(), to);
        near.sort_by(|one, other| distance(one).total_cmp(&distance(other)).then(one.id.cmp(&other.id)));
        let expected: Vec<i64> = near.iter().map(|row| row.id).collect();
        let mut body = query.body("near");
        (body["near"], body["radius"]) = (json!(to), json!(radius));
        assert_eq!(queries.pages(&ann, &query, &body).await, expected, "{round}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn ahead_gives_the_ghosts_next_to_a_rank(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let (rows, chance) = random_rows();
    put(&cairn, place, &rows).await;
    let mut queries = Queries::about(&rows, &chance);
    for round in 0..6 {
        // Of all kinds: only phantoms have a rank.
        let query = Query { kinds: vec![0, 1, 2, 3], ..queries.next(round) };
        let rank = f64::from(queries.chance.u8(1..30));
        for best_per_author in [false, true] {
            let all = query.choose(|row| row.rank.is_some());
            let order = |row: &&Row| (row.rank.unwrap(), row.id);
            let is_beaten = |row: &&Row| {
                let same = |other: &&&Row| other.author == row.author && other.scope == row.scope;
                all.iter().filter(same).any(|other| order(other) < order(row))
            };
            let mut ghosts: Vec<&Row> = all.iter().copied().filter(|row| !best_per_author || !is_beaten(row)).collect();
            ghosts.sort_by(|one, other| order(one).partial_cmp(&order(other)).unwrap());
            let (ahead, behind): (Vec<&Row>, Vec<&Row>) =
                ghosts.iter().copied().partition(|row| row.rank.unwrap() < rank);
            let expected: Vec<i64> =
                ahead.iter().rev().take(4).rev().chain(behind.iter().take(3)).map(|row| row.id).collect();
            let body = json!({
                "mode": "ahead", "scopes": query.scopes, "version_min": query.version, "rank_value": rank, "ahead": 4,
                "behind": 3, "best_per_author": best_per_author,
            });
            let page = ann.ask(&body).await;
            assert_eq!((items(&page), &page["more"]), (expected, &json!(false)), "{body}");
        }
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_players_own_traces_need_only_the_players_token(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let id = ann.leave_one(message("mine", [1.0, 2.0, 3.0])).await;
    let ask = async |question: Value| {
        let request = cairn.http.post(format!("{}/v1/traces/query", cairn.base)).bearer_auth(&ann.token);
        let answer = request.body(question.to_string()).send().await.unwrap();
        let caching = answer.headers()["cache-control"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), caching, answer.json::<Value>().await.unwrap())
    };
    let (status, caching, page) = ask(json!({"mode": "own"})).await;
    assert_eq!((status, caching.as_str(), &page["items"][0]["id"]), (200, "private, no-cache", &json!(id)));
    assert!(page["items"][0]["age_s"].as_i64().unwrap() < 60);
    let (status, _, problem) = ask(json!({})).await;
    assert_eq!((status, &problem["code"]), (401, &json!("key_needed")), "other modes read the world");
}

#[cairn_test]
async fn a_search_can_be_limited_to_a_range_of_content_versions(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    for version in [1, 2, 3] {
        let mut trace = message("x", [0.0; 3]);
        trace["content_version"] = json!(version);
        ann.leave_one(trace).await;
    }
    let near = json!({"mode": "near", "near": [0, 0, 0], "radius": 1});
    for mode in [json!({"mode": "recent"}), near, json!({"mode": "own"})] {
        for (min, max, expected) in
            [(0, 0, vec![1, 2, 3]), (2, 0, vec![2, 3]), (0, 2, vec![1, 2]), (2, 2, vec![2]), (3, 1, vec![])]
        {
            let mut question = mode.clone();
            question["scopes"] = json!(["a"]);
            (question["content_version_min"], question["content_version_max"]) = (json!(min), json!(max));
            let asker = if mode["mode"] == "own" { &ann } else { &bob };
            let page = asker.ask(&question).await;
            let mut versions: Vec<i64> = page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["content_version"].as_i64().unwrap())
                .collect();
            versions.sort_unstable();
            assert_eq!(versions, expected, "{question}");
        }
    }
}

#[cairn_test]
async fn pages_stay_correct_while_traces_are_added_and_removed(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_PLAYERS_PER_HOUR", "1000")]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    put(&cairn, place, &(1..=300).map(|id| Row { author: ann.id.clone(), ..Row::new(id, 1) }).collect::<Vec<_>>())
        .await;
    let (mut met, mut gone, mut after) = (Vec::new(), HashSet::new(), Value::Null);
    let mut withdrawn = HashSet::new();
    let mut chance = Rng::with_seed(3);
    loop {
        let page = bob.ask(&json!({"scopes": ["a"], "limit": 17, "after": after})).await;
        met.extend(items(&page));
        gone.extend(page["gone"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().parse::<i64>().unwrap()));
        after = page["next"].clone();
        if page["more"] == false {
            break;
        }
        for _ in 0..3 {
            let id = chance.i64(1..=300);
            let status = ann.send(Method::DELETE, &format!("/v1/traces/{id}"), None).await.0;
            assert_eq!(status == 204, withdrawn.insert(id));
        }
        bob.leave_one(message("new", [0.0; 3])).await;
    }
    assert!(met.is_sorted_by(|newer, older| newer > older), "each once, in order");
    let met: HashSet<i64> = met.into_iter().collect();
    for id in 1..=300 {
        assert!(met.contains(&id) || withdrawn.contains(&id), "{id} was missed");
    }
    // A reader of all pages keeps no trace that is gone.
    assert_eq!(met.difference(&gone).filter(|id| withdrawn.contains(id)).count(), 0);
    // The quota removes the oldest of the new ones.
    assert!(gone.iter().all(|id| *id > 300 || withdrawn.contains(id)) && withdrawn.len() > 20);
    cairn.stop().await;
}

#[cairn_test]
async fn a_cursor_older_than_the_change_log_is_refused(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    leave_three(&ann).await;
    let after = bob.ask(&json!({"scopes": ["a"]})).await["next"].clone();
    let world = cairn.world_key(WORLD).await.world();
    place.execute_on(2, &format!("UPDATE world SET forgotten = seq WHERE id = {world}")).await;
    ann.leave_one(message("later", [0.0; 3])).await;
    place.execute_on(2, &format!("UPDATE world SET forgotten = seq WHERE id = {world}")).await;
    let refused = bob.refused(&json!({"scopes": ["a"], "after": after})).await;
    assert_eq!((refused.0, refused.1.as_str()), (410, "cursor_too_old"));
    cairn.stop().await;
}

#[cairn_test]
async fn near_and_top_of_real_messages_equal_brute_force(place: &Place) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.join("to_native.py").exists() {
        println!("skipped: the real data is not there");
        return;
    }
    let running = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&running).await;
    let convert = "python3 to_native.py messages demons_souls_messages.ndjson.gz 2>/dev/null | head -n 8000";
    let mut made =
        Command::new("sh").args(["-c", convert]).current_dir(&folder).stdout(Stdio::piped()).spawn().unwrap();
    let import = cairn(place, &["import", "-", "--world", WORLD]).stdin(made.stdout.take().unwrap()).output().unwrap();
    assert!(import.status.success() && made.wait().unwrap().success(), "{}", String::from_utf8_lossy(&import.stderr));
    let exported = cairn(place, &["export", "--world", WORLD]).output().unwrap();
    let mut blocks: BTreeMap<String, usize> = BTreeMap::new();
    for line in String::from_utf8(exported.stdout).unwrap().lines() {
        let trace: Value = serde_json::from_str(line).unwrap();
        *blocks.entry(trace["scope"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let mut largest: Vec<(String, usize)> = blocks.into_iter().collect();
    largest.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut chance = Rng::with_seed(11);
    for (scope, count) in largest.iter().take(4) {
        let all = ann.walk(&json!({"scopes": [scope]}), || 1000).await;
        assert_eq!(all.len(), *count);
        let id = |trace: &Value| trace["id"].as_str().unwrap().parse::<i64>().unwrap();
        let pos = |trace: &Value| [0, 1, 2].map(|axis| trace["pos"][axis].as_f64().unwrap());
        let score = |trace: &Value| trace["score"].as_f64().unwrap();

        let mut best: Vec<&Value> = all.iter().filter(|trace| score(trace) > 0.0).collect();
        best.sort_by(|one, other| score(other).total_cmp(&score(one)).then(id(other).cmp(&id(one))));
        let best: Vec<i64> = best.into_iter().map(id).collect();
        assert_eq!(ids(&ann.walk(&json!({"mode": "top", "scopes": [scope]}), || 331).await), best);

        for radius in [3.0, 30.0, 100_000.0] {
            let to = pos(&all[chance.usize(..all.len())]);
            let mut near: Vec<&Value> = all.iter().filter(|trace| square(pos(trace), to) <= radius * radius).collect();
            near.sort_by(|one, other| {
                square(pos(one), to).total_cmp(&square(pos(other), to)).then(id(one).cmp(&id(other)))
            });
            let question =
                json!({"mode": "near", "scopes": [scope], "near": to, "radius": radius, "kinds": ["message"]});
            let near: Vec<i64> = near.into_iter().map(id).collect();
            assert_eq!(ids(&ann.walk(&question, || 400).await), near, "{scope}, {radius}");
        }
        println!("{scope}: {count} messages");
    }
    running.stop().await;
}
