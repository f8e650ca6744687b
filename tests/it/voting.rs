//! Votes, uses, and what authors are told.

use std::sync::atomic::{AtomicUsize, Ordering};

use cairn::traces::trace::score;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    in_both_places,
    support::{
        Cairn, Place,
        playing::{Change, Player, Trim, Withdraw, code, contradictions},
    },
};

const WORLD: &str = "moss/climb/live";

fn counted(answer: &(u16, Value)) -> (u16, i64, i64, Option<&str>) {
    let number = |name: &str| answer.1[name].as_i64().unwrap();
    (answer.0, number("good"), number("poor"), answer.1.get("vote").map(|vote| vote.as_str().unwrap()))
}

in_both_places! {
    async fn a_player_has_one_vote_which_can_be_changed_and_taken_back(place: &Place) {
        let cairn = Cairn::start(place, &[]).await;
        let key = cairn.game_key(WORLD).await;
        let world = cairn.world_key(WORLD).await;
        let [ann, ben, cat] = [Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await];
        let trace = cairn.put(world, &ann.id, "x", 1).await[0];
        let aged = |player: &Player, hours: i64| {
            let sql = format!("UPDATE player SET created_at_ms = created_at_ms - {} WHERE id = '{}'", hours * 3_600_000, player.id);
            async move { place.execute_on(2, &sql).await }
        };
        aged(&ben, 2).await;
        aged(&cat, 48).await;
        let state = async || {
            let sql = "SELECT CAST(good_weight AS bigint) FROM trace UNION ALL SELECT poor_weight FROM trace UNION ALL SELECT CAST(round(score * 1000000) AS bigint) FROM trace";
            place.numbers_on(2, sql).await
        };
        let expected = |good: i32, poor: i32| {
            let millionths = score(f64::from(good) / 4.0, f64::from(poor) / 4.0) * 1_000_000.0;
            // Printed without an exponent, since it is below a million.
            vec![i64::from(good), i64::from(poor), format!("{millionths:.0}").parse().unwrap()]
        };

        assert_eq!(counted(&ben.vote(trace, "good").await), (200, 1, 0, Some("good")));
        assert_eq!(counted(&ben.vote(trace, "good").await), (200, 1, 0, Some("good")), "again");
        assert_eq!(state().await, expected(2, 0), "on the first day half a vote");
        assert_eq!(counted(&cat.vote(trace, "poor").await), (200, 1, 1, Some("poor")));
        assert_eq!(state().await, expected(2, 4));
        // What a vote weighs is fixed until it is changed.
        aged(&ben, 48).await;
        ben.vote(trace, "good").await;
        assert_eq!(state().await, expected(2, 4));
        assert_eq!(counted(&ben.vote(trace, "poor").await), (200, 0, 2, Some("poor")));
        assert_eq!(state().await, expected(0, 8));
        assert_eq!(counted(&cat.take_back(trace).await), (200, 0, 1, None));
        assert_eq!(counted(&cat.take_back(trace).await), (200, 0, 1, None), "again");
        assert_eq!(state().await, expected(0, 4));
        // Votes that the trace came with are shown, and weigh.
        place.execute_on(2, "UPDATE trace SET base_good = 7").await;
        assert_eq!(counted(&cat.vote(trace, "good").await), (200, 8, 1, Some("good")));
        assert_eq!(state().await, expected(32, 4).into_iter().zip([28, 0, 0]).map(|(all, base)| all - base).collect::<Vec<_>>());
        assert_eq!(contradictions(place).await, [0, 0, 0, 0]);

        // What its author has changed begins anew.
        cairn.run_command(world, Change(trace)).await;
        assert_eq!(counted(&cat.take_back(trace).await), (200, 7, 0, None));
        assert_eq!(contradictions(place).await, [0, 0, 0, 0]);
        cairn.stop().await;
    }

    async fn nobody_votes_for_what_is_his_own_or_not_there_for_him(place: &Place) {
        let cairn = Cairn::start(place, &[]).await;
        let (key, other) = (cairn.game_key(WORLD).await, cairn.game_key("moss/climb/dev").await);
        let world = cairn.world_key(WORLD).await;
        let [ann, ben] = [Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await];
        let elsewhere = Player::sign_in(&cairn, &other).await;
        let open = cairn.put(world, &ann.id, "x", 1).await[0];
        let lanterns = cairn::traces::trace::GroupKey::parse("the lanterns").unwrap();
        let grouped = cairn.put_with(world, &ann.id, "x", Some(lanterns.as_str()), None).await;
        let over = cairn.put_with(world, &ann.id, "x", None, Some(1)).await;
        let hidden = cairn.put(world, &ann.id, "x", 1).await[0];
        place.execute_on(2, &format!("UPDATE trace SET hidden = true WHERE id = {hidden}")).await;

        assert_eq!(code(&ann.vote(open, "good").await), (409, "own_trace"));
        assert_eq!(code(&ann.use_trace(open).await), (409, "own_trace"));
        assert_eq!(code(&ann.report(open, "spam").await), (409, "own_trace"));
        for not_there in [grouped, over, hidden, 999, 0] {
            for answer in [ben.vote(not_there, "good").await, ben.take_back(not_there).await, ben.use_trace(not_there).await, ben.report(not_there, "spam").await] {
                assert_eq!(code(&answer), (404, "trace_not_found"), "{not_there}");
            }
        }
        assert_eq!(code(&elsewhere.vote(open, "good").await), (404, "trace_not_found"));
        // Who knows the group's word is of the group.
        let in_group = async |word: &str| {
            ben.send(Method::PUT, &format!("/traces/{grouped}/vote?group={word}"), Some(json!({"vote": "good"}))).await
        };
        assert_eq!(in_group("the+lanterns").await.0, 200);
        assert_eq!(code(&in_group("the+lantern").await), (404, "trace_not_found"));
        let (status, problem) = in_group(&"x".repeat(65)).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("?group")));

        for (body, pointer) in [(json!({}), "/vote"), (json!({"vote": "great"}), "/vote"), (json!({"vote": 1}), "/vote")] {
            let (status, problem) = ben.send(Method::PUT, &format!("/traces/{open}/vote"), Some(body)).await;
            assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)));
        }
        for id in ["x", "+1", "1.0", "9223372036854775808"] {
            assert_eq!(code(&ben.send(Method::DELETE, &format!("/traces/{id}/vote"), None).await), (404, "trace_not_found"));
        }
        cairn.stop().await;
    }

    async fn a_use_counts_once_an_hour(place: &Place) {
        let cairn = Cairn::start(place, &[]).await;
        let key = cairn.game_key(WORLD).await;
        let world = cairn.world_key(WORLD).await;
        let [ann, ben, cat] = [Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await];
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

    async fn an_author_is_told_once_for_each_trace_and_kind_of_news(place: &Place) {
        let cairn = Cairn::start(place, &[]).await;
        let key = cairn.game_key(WORLD).await;
        let world = cairn.world_key(WORLD).await;
        let [ann, ben, cat] = [Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await];
        let traces = cairn.put(world, &ann.id, "x", 3).await;
        assert_eq!(ann.inbox("").await, (vec![], "0".to_owned()));
        ben.vote(traces[0], "good").await;
        ben.vote(traces[1], "good").await;
        ben.use_trace(traces[1]).await;
        let (items, next) = ann.inbox("").await;
        let brief = |items: &[Value]| -> Vec<(String, i64, i64)> {
            let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
            items.iter().map(|item| (text(item, "what"), text(item, "trace_id").parse().unwrap(), item["count"].as_i64().unwrap())).collect()
        };
        let rated = |trace: i64, count| ("rated".to_owned(), trace, count);
        assert_eq!(brief(&items), [rated(traces[0], 1), rated(traces[1], 1), ("used".to_owned(), traces[1], 1)]);
        assert_eq!(ann.inbox(&next).await, (vec![], next.clone()));

        // Once more has happened it comes again; taking back is no news.
        cat.vote(traces[0], "poor").await;
        cat.take_back(traces[0]).await;
        let (items, later) = ann.inbox(&next).await;
        assert_eq!(brief(&items), [rated(traces[0], 2)]);
        assert_eq!((&items[0]["good"], &items[0]["poor"]), (&json!(1), &json!(1)));
        let told = serde_json::to_string(&items).unwrap();
        assert!(!told.contains(&ben.id) && !told.contains(&cat.id), "{told}");
        assert_eq!(ann.inbox("").await.0.len(), 3, "folded");
        assert_eq!(ben.inbox("").await.0, Vec::<Value>::new(), "nobody else's");

        // By pages.
        let (_, page) = ann.send(Method::GET, "/inbox?limit=2", None).await;
        assert_eq!((page["items"].as_array().unwrap().len(), &page["more"]), (2, &json!(true)));
        let (_, rest) = ann.send(Method::GET, &format!("/inbox?limit=2&after={}", page["next"].as_str().unwrap()), None).await;
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["more"], &rest["next"]), (1, &json!(false), &json!(later)));
        for (query, pointer) in [("after=x", "?after"), ("after=-1", "?after"), ("limit=0", "?limit"), ("limit=501", "?limit")] {
            let (status, problem) = ann.send(Method::GET, &format!("/inbox?{query}"), None).await;
            assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{query}");
        }

        // What the author takes back is no news any more, and nothing of it stays.
        cairn.run_command(world, Withdraw(traces[1])).await;
        assert_eq!(brief(&ann.inbox("").await.0), [rated(traces[0], 2)]);
        assert_eq!(place.numbers_on(2, &format!("SELECT count(*) FROM vote WHERE trace = {}", traces[1])).await, [0]);
        assert_eq!(contradictions(place).await, [0, 0, 0, 0]);
        cairn.stop().await;
    }

    async fn an_inbox_is_bounded(place: &Place) {
        let cairn = Cairn::start(place, &[]).await;
        let key = cairn.game_key(WORLD).await;
        let world = cairn.world_key(WORLD).await;
        let [ann, ben] = [Player::sign_in(&cairn, &key).await, Player::sign_in(&cairn, &key).await];
        // As if so much had happened before.
        let rows: Vec<String> = (1..=500).map(|id| format!("({}, {}, 1, '{}', {id}, 0, 0, 0, 1, {id})", world.world(), 1_000_000 + id, ann.id)).collect();
        place.execute_on(2, &format!("INSERT INTO inbox (world, trace, what, player, id, good, poor, uses, count, at_ms) VALUES {}", rows.join(", "))).await;
        place.execute_on(2, "UPDATE world SET news = 500").await;
        let trace = cairn.put(world, &ann.id, "x", 1).await[0];
        ben.vote(trace, "good").await;
        let ids = place.numbers_on(2, "SELECT id FROM inbox ORDER BY id").await;
        assert_eq!((ids.len(), ids[0], ids[499]), (500, 2, 501), "the oldest goes");
        cairn.stop().await;
    }

    async fn fifty_clients_at_once_leave_the_counts_as_the_ledger_has_them(place: &Place) {
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
                        3 => { cairn.run_command(world, Trim(1)).await; (204, Value::Null) }
                        6 => {
                            let change = json!({"revision": 1, "text": [format!("{client}-{turn}")]});
                            author.send(Method::PATCH, &format!("/traces/{trace}"), Some(change)).await
                        }
                        _ => { cairn.run_command(world, Change(trace)).await; (204, Value::Null) }
                    },
                };
                let known = matches!(answer.0, 200 | 204) || answer.1["revision"].is_number() || code(&answer) == (404, "trace_not_found");
                assert!(known, "{answer:?}");
                asked.fetch_add(1, Ordering::Relaxed);
            }
        })).await;
        assert_eq!(asked.into_inner(), 2_000);
        assert_eq!(contradictions(place).await, [0, 0, 0, 0]);
        let left = place.numbers_on(2, "SELECT count(*) FROM trace UNION ALL SELECT count(*) FROM vote").await;
        assert!(left[0] > 20 && left[1] > 100, "{left:?}");
        let weighed = "SELECT count(*) FROM trace WHERE abs(score) > 1 OR good_weight <> good OR poor_weight <> poor";
        assert_eq!(place.numbers_on(2, weighed).await, [0], "all players are new");
        cairn.stop().await;
    }
}
