//! Votes, uses, and the authors' inbox.

use std::sync::atomic::{AtomicUsize, Ordering};

use cairn::{
    identity::access::{KeyKind, Permission},
    traces::trace::score,
    worlds::WorldKey,
};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    player::{Player, code},
    white_box::{Change, Trim, Withdraw, contradictions},
};

const WORLD: &str = "moss/climb/live";

/// The world of these tests, and new players in it.
async fn start<const N: usize>(cairn: &Cairn) -> (WorldKey, [Player<'_>; N]) {
    let key = cairn.game_key(WORLD).await;
    let mut players = Vec::new();
    for _ in 0..N {
        players.push(Player::sign_in(cairn, &key).await);
    }
    (cairn.world_key(WORLD).await, players.try_into().ok().unwrap())
}

/// Makes a player older by so many hours.
async fn age(place: &Place, player: &Player<'_>, hours: i64) {
    let millis = hours * 3_600_000;
    let sql = format!("UPDATE player SET created_at_ms = created_at_ms - {millis} WHERE id = '{}'", player.id);
    place.execute_on(2, &sql).await;
}

/// The weights of the only trace's votes in quarters, and its score in millionths.
async fn weights(place: &Place) -> Vec<i64> {
    let sql = "SELECT CAST(good_weight AS bigint) FROM trace UNION ALL SELECT poor_weight FROM trace \
               UNION ALL SELECT CAST(round(score * 1000000) AS bigint) FROM trace";
    place.numbers_on(2, sql).await
}

/// The expected [`weights`] after these votes.
fn weighed(good: i32, poor: i32) -> Vec<i64> {
    let millionths = score(f64::from(good) / 4.0, f64::from(poor) / 4.0) * 1_000_000.0;
    // Printed without an exponent, since it is below a million.
    vec![i64::from(good), i64::from(poor), format!("{millionths:.0}").parse().unwrap()]
}

/// An item of an inbox: what happened, to which trace, how often.
fn brief(items: &[Value]) -> Vec<(String, i64, i64)> {
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    items
        .iter()
        .map(|item| (text(item, "what"), text(item, "trace_id").parse().unwrap(), item["count"].as_i64().unwrap()))
        .collect()
}

/// The key of the group `the lanterns`.
fn group_key() -> String {
    cairn::traces::trace::GroupKey::parse("the lanterns").unwrap().as_str().to_owned()
}

fn rated(trace: i64, count: i64) -> (String, i64, i64) {
    ("rated".to_owned(), trace, count)
}

/// Status, good and poor votes, and the player's own.
fn counted(answer: &(u16, Value)) -> (u16, i64, i64, Option<&str>) {
    let number = |name: &str| answer.1[name].as_i64().unwrap();
    (answer.0, number("good"), number("poor"), answer.1.get("vote").map(|vote| vote.as_str().unwrap()))
}

#[cairn_test]
async fn a_player_has_one_vote_which_can_be_changed_and_taken_back(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben, cat]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    assert_eq!(counted(&ben.vote(trace, "good").await), (200, 1, 0, Some("good")));
    assert_eq!(counted(&ben.vote(trace, "good").await), (200, 1, 0, Some("good")), "again");
    assert_eq!(counted(&cat.vote(trace, "poor").await), (200, 1, 1, Some("poor")));
    assert_eq!(counted(&ben.vote(trace, "poor").await), (200, 0, 2, Some("poor")), "changed");
    assert_eq!(counted(&cat.take_back(trace).await), (200, 0, 1, None), "taken back");
    assert_eq!(counted(&cat.take_back(trace).await), (200, 0, 1, None), "taken back again");
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_vote_weighs_by_the_players_age_when_it_was_cast(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben, cat]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    age(place, &ben, 2).await;
    age(place, &cat, 48).await;
    ben.vote(trace, "good").await;
    ben.vote(trace, "good").await;
    assert_eq!(weights(place).await, weighed(2, 0), "on the first day half a vote");
    cat.vote(trace, "poor").await;
    assert_eq!(weights(place).await, weighed(2, 4), "later a whole one");
    age(place, &ben, 48).await;
    ben.vote(trace, "good").await;
    assert_eq!(weights(place).await, weighed(2, 4), "the same vote keeps its weight");
    ben.vote(trace, "poor").await;
    assert_eq!(weights(place).await, weighed(0, 8), "a changed vote is weighed anew");
    cat.take_back(trace).await;
    cat.take_back(trace).await;
    assert_eq!(weights(place).await, weighed(0, 4), "one that was taken back weighs nothing");
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn imported_votes_are_shown_and_counted(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben, cat]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    age(place, &ben, 48).await;
    age(place, &cat, 48).await;
    ben.vote(trace, "poor").await;
    place.execute_on(2, "UPDATE trace SET base_good = 7").await;
    assert_eq!(counted(&cat.vote(trace, "good").await), (200, 8, 1, Some("good")));
    // The score counts seven more votes, the weights do not.
    let expected: Vec<i64> = weighed(32, 4).into_iter().zip([28, 0, 0]).map(|(all, base)| all - base).collect();
    assert_eq!(weights(place).await, expected);
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_changed_trace_keeps_only_the_votes_that_it_came_with(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben, cat]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    place.execute_on(2, "UPDATE trace SET base_good = 7").await;
    ben.vote(trace, "poor").await;
    cat.vote(trace, "good").await;
    cairn.run_command(world, Change(trace)).await;
    assert_eq!(counted(&cat.take_back(trace).await), (200, 7, 0, None));
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn authors_neither_vote_for_nor_use_nor_report_their_own_traces(cairn: &Cairn) {
    let (world, [ann]) = start(cairn).await;
    let open = cairn.put(world, &ann.id, "x", 1).await[0];
    assert_eq!(code(&ann.vote(open, "good").await), (409, "own_trace"));
    assert_eq!(code(&ann.use_trace(open).await), (409, "own_trace"));
    assert_eq!(code(&ann.report(open, "spam").await), (409, "own_trace"));
}

#[cairn_test]
async fn traces_that_a_player_may_not_see_are_not_found(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    let elsewhere = Player::sign_in(&cairn, &cairn.game_key("moss/climb/dev").await).await;
    let open = cairn.put(world, &ann.id, "x", 1).await[0];
    let grouped = cairn.put_with(world, &ann.id, "x", Some(&group_key()), None).await;
    let expired = cairn.put_with(world, &ann.id, "x", None, Some(1)).await;
    let hidden = cairn.put(world, &ann.id, "x", 1).await[0];
    place.execute_on(2, &format!("UPDATE trace SET hidden = true WHERE id = {hidden}")).await;
    for not_there in [grouped, expired, hidden, 999, 0] {
        for answer in [
            ben.vote(not_there, "good").await,
            ben.take_back(not_there).await,
            ben.use_trace(not_there).await,
            ben.report(not_there, "spam").await,
        ] {
            assert_eq!(code(&answer), (404, "trace_not_found"), "{not_there}");
        }
    }
    assert_eq!(code(&elsewhere.vote(open, "good").await), (404, "trace_not_found"));
    cairn.stop().await;
}

#[cairn_test]
async fn a_groups_trace_is_found_only_with_the_groups_name(cairn: &Cairn) {
    let (world, [ann, ben]) = start(cairn).await;
    let grouped = cairn.put_with(world, &ann.id, "x", Some(&group_key()), None).await;
    let in_group = async |word: &str| {
        ben.send(Method::PUT, &format!("/traces/{grouped}/vote?group={word}"), Some(json!({"vote": "good"}))).await
    };
    assert_eq!(in_group("the+lanterns").await.0, 200);
    assert_eq!(code(&in_group("the+lantern").await), (404, "trace_not_found"));
    let (status, problem) = in_group(&"x".repeat(65)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("?group")));
}

#[cairn_test]
async fn each_fault_of_a_vote_is_named(cairn: &Cairn) {
    let (world, [ann, ben]) = start(cairn).await;
    let open = cairn.put(world, &ann.id, "x", 1).await[0];
    for (body, pointer) in [(json!({}), "/vote"), (json!({"vote": "great"}), "/vote"), (json!({"vote": 1}), "/vote")] {
        let (status, problem) = ben.send(Method::PUT, &format!("/traces/{open}/vote"), Some(body)).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)));
    }
    for id in ["x", "+1", "1.0", "9223372036854775808"] {
        assert_eq!(
            code(&ben.send(Method::DELETE, &format!("/traces/{id}/vote"), None).await),
            (404, "trace_not_found")
        );
    }
}

/// The results of a batch, without words: trace, status, code, and the votes.
fn results(answer: &(u16, Value)) -> Vec<(String, u64, String, Option<i64>)> {
    assert_eq!(answer.0, 200, "{}", answer.1);
    let brief = |result: &Value| {
        let text = |name: &str| result[name].as_str().unwrap_or_default().to_owned();
        (text("trace_id"), result["status"].as_u64().unwrap(), text("code"), result["good"].as_i64())
    };
    answer.1["results"].as_array().unwrap().iter().map(brief).collect()
}

fn result(trace: &str, status: u64, code: &str, good: Option<i64>) -> (String, u64, String, Option<i64>) {
    (trace.to_owned(), status, code.to_owned(), good)
}

#[cairn_test]
async fn the_votes_of_a_batch_have_the_results_that_each_would_have_alone(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 3).await;
    let own = cairn.put(world, &ben.id, "x", 1).await[0].to_string();
    let [one, two, three] = [0, 1, 2].map(|at| traces[at].to_string());
    assert_eq!(counted(&ben.vote(traces[2], "good").await), (200, 1, 0, Some("good")));
    let votes = json!({"votes": [
        {"trace_id": one, "vote": "good", "group": ""},
        {"trace_id": two, "vote": "poor"},
        {"trace_id": three, "vote": "none"},
        {"trace_id": own, "vote": "good"},
        {"trace_id": "999999", "vote": "good"},
        {"trace_id": "x", "vote": "good"},
        {"trace_id": two, "vote": "bad"},
        {"trace_id": two, "vote": "good"},
    ]});
    let answer = ben.send(Method::POST, "/votes", Some(votes)).await;
    assert_eq!(
        results(&answer),
        [
            result(&one, 200, "", Some(1)),
            result(&two, 200, "", Some(0)),
            result(&three, 200, "", Some(0)),
            result(&own, 409, "own_trace", None),
            result("999999", 404, "trace_not_found", None),
            result("x", 404, "trace_not_found", None),
            result(&two, 422, "invalid", None),
            result(&two, 200, "", Some(1)),
        ]
    );
    assert_eq!(
        (&answer.1["failed"], &answer.1["results"][6]["errors"][0]["pointer"]),
        (&json!(4), &json!("/votes/6/vote"))
    );
    assert_eq!(contradictions(place).await, [0; 5]);
    let (items, _) = ann.inbox("0").await;
    assert_eq!(brief(&items), [rated(traces[2], 1), rated(traces[0], 1), rated(traces[1], 2)]);
    cairn.stop().await;
}

#[cairn_test]
async fn the_uses_of_a_batch_count_once_an_hour_each(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    let [one, two] = [0, 1].map(|at| traces[at].to_string());
    ben.use_trace(traces[1]).await;
    let uses = json!({"uses": [{"trace_id": one}, {"trace_id": two}, {"trace_id": one}, {"trace_id": "7"}, {}]});
    let answer = ben.send(Method::POST, "/uses", Some(uses)).await;
    assert_eq!(
        results(&answer),
        [
            result(&one, 204, "", None),
            result(&two, 204, "", None),
            result(&one, 204, "", None),
            result("7", 404, "trace_not_found", None),
            result("", 422, "invalid", None),
        ]
    );
    assert_eq!(place.numbers_on(2, "SELECT CAST(uses AS bigint) FROM trace ORDER BY id").await, [1, 1]);
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_banned_player_is_told_so_for_each_item(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0].to_string();
    let moderator = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let ban =
        json!({"action": "ban", "player_id": ben.id, "trace_ids": [], "scope": "", "everything": false, "until": ""});
    let request = cairn.http.post(format!("{}/v1/moderation/actions", cairn.base)).header("X-API-Key", moderator);
    assert_eq!(request.body(ban.to_string()).send().await.unwrap().status(), 200);
    let answer = ben.send(Method::POST, "/votes", Some(json!({"votes": [{"trace_id": trace, "vote": "good"}]}))).await;
    assert_eq!(results(&answer), [result(&trace, 403, "banned", None)]);
    let answer = ben.send(Method::POST, "/uses", Some(json!({"uses": [{"trace_id": trace}]}))).await;
    assert_eq!(results(&answer), [result(&trace, 403, "banned", None)]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_batch_has_1_to_32_items(cairn: &Cairn) {
    let (_, [ann]) = start(cairn).await;
    let many = json!({"uses": vec![json!({"trace_id": "1"}); 33]});
    for (path, body) in [("/votes", json!({"votes": []})), ("/uses", json!({})), ("/uses", many)] {
        assert_eq!(code(&ann.send(Method::POST, path, Some(body)).await), (422, "invalid"), "{path}");
    }
}

#[cairn_test]
async fn votes_can_be_given_and_withdrawn_by_post(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    let path = format!("/traces/{trace}/vote");
    let given = ben.send(Method::POST, &path, Some(json!({"vote": "good"}))).await;
    assert_eq!(counted(&given), (200, 1, 0, Some("good")));
    let withdrawn = ben.send(Method::POST, &format!("{path}/withdraw"), Some(json!({}))).await;
    assert_eq!(counted(&withdrawn), (200, 0, 0, None));
    cairn.stop().await;
}

#[cairn_test]
async fn a_use_counts_once_an_hour(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben, cat]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    let uses = async || place.numbers_on(2, "SELECT CAST(uses AS bigint) FROM trace").await;
    for answer in futures_util::future::join_all((0..10).map(|_| ben.use_trace(trace))).await {
        assert_eq!(answer.0, 204);
    }
    assert_eq!(uses().await, [1]);
    assert_eq!(cat.use_trace(trace).await.0, 204);
    assert_eq!(uses().await, [2]);
    place.execute_on(2, "UPDATE trace_use SET at_ms = at_ms - 3600000").await;
    ben.use_trace(trace).await;
    ben.use_trace(trace).await;
    assert_eq!(uses().await, [3]);
    let (items, _) = ann.inbox("").await;
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["what"], &items[0]["count"], &items[0]["uses"]), (&json!("used"), &json!(3), &json!(3)));
    cairn.stop().await;
}

#[cairn_test]
async fn an_inbox_has_one_item_for_each_trace_and_what_happened_to_it(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    assert_eq!(ann.inbox("").await, (vec![], "0".to_owned()), "nothing yet");
    ben.vote(traces[0], "good").await;
    ben.vote(traces[1], "good").await;
    ben.use_trace(traces[1]).await;
    let (items, next) = ann.inbox("").await;
    assert_eq!(brief(&items), [rated(traces[0], 1), rated(traces[1], 1), ("used".to_owned(), traces[1], 1)]);
    assert_eq!(ann.inbox(&next).await, (vec![], next.clone()), "nothing after");
    assert_eq!(ben.inbox("").await.0, Vec::<Value>::new(), "nobody else's");
    cairn.stop().await;
}

#[cairn_test]
async fn an_item_of_an_inbox_comes_again_when_more_has_happened(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben, cat]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    ben.vote(traces[0], "good").await;
    ben.vote(traces[1], "good").await;
    ben.use_trace(traces[1]).await;
    let (_, next) = ann.inbox("").await;
    cat.vote(traces[0], "poor").await;
    // Taking back adds nothing.
    cat.take_back(traces[0]).await;
    let (items, _) = ann.inbox(&next).await;
    assert_eq!(brief(&items), [rated(traces[0], 2)]);
    assert_eq!((&items[0]["good"], &items[0]["poor"]), (&json!(1), &json!(1)));
    let text = serde_json::to_string(&items).unwrap();
    assert!(!text.contains(&ben.id) && !text.contains(&cat.id), "it names no voter: {text}");
    assert_eq!(ann.inbox("").await.0.len(), 3, "folded");
    cairn.stop().await;
}

#[cairn_test]
async fn an_inbox_is_read_page_by_page(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    ben.vote(traces[0], "good").await;
    ben.vote(traces[1], "good").await;
    ben.use_trace(traces[1]).await;
    let (_, later) = ann.inbox("").await;
    let (_, page) = ann.send(Method::GET, "/inbox?limit=2", None).await;
    assert_eq!((page["items"].as_array().unwrap().len(), &page["more"]), (2, &json!(true)));
    let (_, rest) =
        ann.send(Method::GET, &format!("/inbox?limit=2&after={}", page["next"].as_str().unwrap()), None).await;
    assert_eq!(
        (rest["items"].as_array().unwrap().len(), &rest["more"], &rest["next"]),
        (1, &json!(false), &json!(later))
    );
    for (query, pointer) in
        [("after=x", "?after"), ("after=-1", "?after"), ("limit=0", "?limit"), ("limit=501", "?limit")]
    {
        let (status, problem) = ann.send(Method::GET, &format!("/inbox?{query}"), None).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{query}");
    }

    cairn.stop().await;
}

#[cairn_test]
async fn a_withdrawn_trace_leaves_neither_inbox_items_nor_votes(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben, cat]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    ben.vote(traces[0], "good").await;
    ben.vote(traces[1], "good").await;
    ben.use_trace(traces[1]).await;
    cat.vote(traces[0], "poor").await;
    cairn.run_command(world, Withdraw(traces[1])).await;
    assert_eq!(brief(&ann.inbox("").await.0), [rated(traces[0], 2)]);
    assert_eq!(place.numbers_on(2, &format!("SELECT count(*) FROM vote WHERE trace = {}", traces[1])).await, [0]);
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn an_inbox_is_bounded(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (world, [ann, ben]) = start(&cairn).await;
    // As if so much had happened before.
    let rows: Vec<String> = (1..=500)
        .map(|id| format!("({}, {}, 1, '{}', {id}, 0, 0, 0, 1, {id})", world.world(), 1_000_000 + id, ann.id))
        .collect();
    place
        .execute_on(
            2,
            &format!(
                "INSERT INTO inbox (world, trace, what, player, id, good, poor, uses, count, at_ms) VALUES {}",
                rows.join(", ")
            ),
        )
        .await;
    place.execute_on(2, "UPDATE world SET news = 500").await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    ben.vote(trace, "good").await;
    let ids = place.numbers_on(2, "SELECT id FROM inbox ORDER BY id").await;
    assert_eq!((ids.len(), ids[0], ids[499]), (500, 2, 501), "the oldest goes");
    cairn.stop().await;
}

#[cairn_test]
async fn counters_stay_the_sums_of_the_votes_with_fifty_clients_at_once(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_PLAYERS_PER_HOUR", "1000")]).await;
    let key = cairn.game_key(WORLD).await;
    let world = cairn.world_key(WORLD).await;
    let author = Player::sign_in(&cairn, &key).await;
    let traces = cairn.put(world, &author.id, "x", 100).await;
    let mut clients = Vec::new();
    for _ in 0..50 {
        clients.push(Player::sign_in(&cairn, &key).await);
    }
    let asked = AtomicUsize::new(0);
    futures_util::future::join_all(clients.iter().enumerate().map(async |(client, player)| {
        for turn in 0..40 {
            // Primes, so that they meet on the same traces in every order.
            let trace = traces[(client * 31 + turn * 17) % traces.len()];
            let answer = match (client + turn * 3) % 10 {
                0..=3 => player.vote(trace, "good").await,
                4 | 5 => player.vote(trace, "poor").await,
                6 => player.take_back(trace).await,
                7 => player.report(trace, "other").await,
                8 => player.use_trace(trace).await,
                _ => match turn % 10 {
                    0 => author.send(Method::DELETE, &format!("/traces/{trace}"), None).await,
                    3 => {
                        cairn.run_command(world, Trim(1)).await;
                        (204, Value::Null)
                    }
                    6 => {
                        let change = json!({"revision": 1, "text": [format!("{client}-{turn}")]});
                        author.send(Method::PATCH, &format!("/traces/{trace}"), Some(change)).await
                    }
                    _ => {
                        cairn.run_command(world, Change(trace)).await;
                        (204, Value::Null)
                    }
                },
            };
            let known = matches!(answer.0, 200 | 204)
                || code(&answer) == (409, "revision_conflict")
                || code(&answer) == (404, "trace_not_found");
            assert!(known, "{answer:?}");
            asked.fetch_add(1, Ordering::Relaxed);
        }
    }))
    .await;
    assert_eq!(asked.into_inner(), 2_000);
    assert_eq!(contradictions(place).await, [0; 5]);
    let left = place.numbers_on(2, "SELECT count(*) FROM trace UNION ALL SELECT count(*) FROM vote").await;
    assert!(left[0] > 20 && left[1] > 100, "{left:?}");
    let wrong = "SELECT count(*) FROM trace WHERE abs(score) > 1 OR good_weight <> good OR poor_weight <> poor";
    assert_eq!(place.numbers_on(2, wrong).await, [0], "all players are new");
    cairn.stop().await;
}
