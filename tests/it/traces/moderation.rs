//! Reports, what moderators decide, and whom players do not want to see.

use std::time::{Duration, Instant};

use cairn::{
    identity::access::{KeyKind, Permission},
    worlds::WorldKey,
};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place, each, eventually,
    player::{Player, answered, code},
    white_box::{Change, contradictions},
};

const WORLD: &str = "moss/climb/live";

/// A studio's server.
struct Moderator<'a> {
    cairn: &'a Cairn,
    key: String,
}

impl<'a> Moderator<'a> {
    async fn of(cairn: &'a Cairn, world: &str) -> Self {
        Self { cairn, key: cairn.key(world, KeyKind::Secret, &Permission::ALL).await }
    }

    async fn run(&self, body: Value) -> (u16, Value) {
        let url = format!("{}/v1/moderation/actions", self.cairn.base);
        answered(self.cairn.http.post(url).header("X-API-Key", &self.key), Some(body)).await
    }

    /// Sends an action, and returns how many traces it affected.
    async fn affects(&self, body: Value) -> u64 {
        let (status, answer) = self.run(body).await;
        assert_eq!(status, 200, "{answer}");
        answer["affected"].as_u64().unwrap()
    }

    async fn queue(&self, query: &str) -> (u16, Value) {
        answered(self.cairn.get_with(&self.key, &format!("/v1/moderation/queue{query}")), None).await
    }

    /// The queue: trace, reports, hidden.
    async fn waiting(&self) -> Vec<(i64, i64, bool)> {
        let (status, page) = self.queue("").await;
        assert_eq!(status, 200, "{page}");
        brief(&page)
    }
}

fn brief(page: &Value) -> Vec<(i64, i64, bool)> {
    let id = |item: &Value| item["trace"]["id"].as_str().unwrap().parse().unwrap();
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| (id(item), item["reports"].as_i64().unwrap(), item["hidden"].as_bool().unwrap())).collect()
}

async fn players<'a, const N: usize>(cairn: &'a Cairn, key: &str) -> [Player<'a>; N] {
    let all = futures_util::future::join_all((0..N).map(|_| Player::sign_in(cairn, key))).await;
    all.try_into().unwrap_or_else(|_| unreachable!())
}

fn ids(traces: &[i64]) -> Value {
    traces.iter().map(i64::to_string).collect()
}

/// The messages that v0 clients are shown.
async fn seen(cairn: &Cairn, key: &str, scope: &str) -> Vec<i64> {
    let answer = cairn.get_with(key, "/get-objects").query(&[("scope", scope)]).send().await.unwrap();
    let world: Value = answer.json().await.unwrap();
    each(&world, "messages", "id").into_iter().map(|id| id.as_i64().unwrap()).collect()
}

async fn start<const N: usize>(cairn: &Cairn) -> (String, WorldKey, Moderator<'_>, [Player<'_>; N]) {
    let key = cairn.game_key(WORLD).await;
    let (world, moderator) = (cairn.world_key(WORLD).await, Moderator::of(cairn, WORLD).await);
    let players = players(cairn, &key).await;
    (key, world, moderator, players)
}

/// Makes all players old enough for their reports to weigh a whole one each.
async fn aged(place: &Place) {
    place.execute_on(2, "UPDATE player SET created_at_ms = created_at_ms - 172800000").await;
}

#[cairn_test]
async fn a_trace_that_three_players_report_is_hidden(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (key, world, moderator, [ann, ben, cat, dan, eve]) = start(&cairn).await;
    aged(place).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    let (trace, other) = (traces[0], traces[1]);
    assert_eq!(seen(&cairn, &key, "x").await, [other, trace]);
    let with_note = json!({"reason": "abuse", "note": "it names me"});
    assert_eq!(ben.send(Method::PUT, &format!("/traces/{trace}/report"), Some(with_note)).await.0, 204);
    for _ in 0..3 {
        assert_eq!(cat.report(trace, "spam").await.0, 204, "once a player");
    }
    assert_eq!(cat.report(other, "other").await.0, 204);
    assert_eq!(moderator.waiting().await, [(trace, 2, false), (other, 1, false)]);
    assert_eq!(seen(&cairn, &key, "x").await, [other, trace]);
    assert_eq!(dan.report(trace, "cheating").await.0, 204);
    assert_eq!(seen(&cairn, &key, "x").await, [other]);
    assert_eq!(code(&eve.vote(trace, "good").await), (404, "trace_not_found"));
    cairn.stop().await;
}

#[cairn_test]
async fn the_queue_shows_reasons_and_notes_the_most_reported_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, world, moderator, [ann, ben, cat, dan]) = start(&cairn).await;
    aged(place).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    let (trace, other) = (traces[0], traces[1]);
    let with_note = json!({"reason": "abuse", "note": "it names me"});
    assert_eq!(ben.send(Method::PUT, &format!("/traces/{trace}/report"), Some(with_note)).await.0, 204);
    for (player, reason) in [(&cat, "spam"), (&dan, "cheating")] {
        assert_eq!(player.report(trace, reason).await.0, 204);
    }
    assert_eq!(cat.report(other, "other").await.0, 204);
    let (_, page) = moderator.queue("?limit=1").await;
    let item = &page["items"][0];
    assert_eq!((&item["reasons"], &item["notes"]), (&json!(["spam", "abuse", "cheating"]), &json!(["it names me"])));
    assert_eq!(
        (&item["trace"]["kind"], &item["trace"]["scope"], &item["trace"]["author"]),
        (&json!("message"), &json!("x"), &json!(ann.id))
    );
    assert_eq!((&page["more"], brief(&page)), (&json!(true), vec![(trace, 3, true)]));
    let (_, rest) = moderator.queue(&format!("?after={}", page["next"].as_str().unwrap())).await;
    assert_eq!((&rest["more"], brief(&rest)), (&json!(false), vec![(other, 1, false)]));
    cairn.stop().await;
}

#[cairn_test]
async fn an_author_is_notified_when_a_trace_is_hidden(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, world, _, [ann, ben, cat, dan]) = start(&cairn).await;
    aged(place).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    let (trace, other) = (traces[0], traces[1]);
    for (player, reason) in [(&ben, "abuse"), (&cat, "spam"), (&dan, "cheating")] {
        assert_eq!(player.report(trace, reason).await.0, 204);
    }
    assert_eq!(cat.report(other, "other").await.0, 204);
    let (items, _) = ann.inbox("").await;
    assert_eq!(
        (items.len(), &items[0]["what"], &items[0]["trace_id"]),
        (1, &json!("hidden"), &json!(trace.to_string()))
    );
    cairn.stop().await;
}

#[cairn_test]
async fn a_trace_that_was_restored_is_not_hidden_by_reports_again(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (key, world, moderator, [ann, ben, cat, dan, eve, fay, gus]) = start(&cairn).await;
    aged(place).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    let (trace, other) = (traces[0], traces[1]);
    for (player, reason) in [(&ben, "abuse"), (&cat, "spam"), (&dan, "cheating")] {
        assert_eq!(player.report(trace, reason).await.0, 204);
    }
    assert_eq!(cat.report(other, "other").await.0, 204);
    assert_eq!(moderator.affects(json!({"action": "restore", "trace_ids": ids(&[trace])})).await, 1);
    assert_eq!(seen(&cairn, &key, "x").await, [other, trace]);
    for again in [&ben, &cat, &dan, &eve, &fay] {
        assert_eq!(again.report(trace, "spam").await.0, 204);
    }
    assert_eq!(moderator.waiting().await, [(trace, 2, false), (other, 1, false)]);
    assert_eq!(seen(&cairn, &key, "x").await, [other, trace]);
    gus.report(trace, "spam").await;
    assert_eq!(moderator.waiting().await, [(trace, 3, false), (other, 1, false)], "moderators see them");
    assert_eq!(seen(&cairn, &key, "x").await, [other, trace]);
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_decision_to_hide_settles_the_reports_and_keeps_the_trace_in_the_queue(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, world, moderator, [ann, ben, cat, dan]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    let (trace, other) = (traces[0], traces[1]);
    for (player, reason) in [(&ben, "abuse"), (&cat, "spam"), (&dan, "cheating")] {
        assert_eq!(player.report(trace, reason).await.0, 204);
    }
    assert_eq!(cat.report(other, "other").await.0, 204);
    assert_eq!(moderator.affects(json!({"action": "hide", "trace_ids": ids(&[trace, 999])})).await, 1);
    assert_eq!(moderator.affects(json!({"action": "hide", "trace_ids": ids(&[trace])})).await, 0);
    assert_eq!(moderator.waiting().await, [(other, 1, false), (trace, 0, true)]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_changed_trace_may_be_reported_by_all_again(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, world, moderator, [ann, ben, cat, dan]) = start(&cairn).await;
    let traces = cairn.put(world, &ann.id, "x", 2).await;
    let (trace, other) = (traces[0], traces[1]);
    for (player, reason) in [(&ben, "abuse"), (&cat, "spam"), (&dan, "cheating")] {
        assert_eq!(player.report(trace, reason).await.0, 204);
    }
    assert_eq!(cat.report(other, "other").await.0, 204);
    moderator.affects(json!({"action": "hide", "trace_ids": ids(&[trace])})).await;
    moderator.affects(json!({"action": "restore", "trace_ids": ids(&[trace])})).await;
    cairn.run_command(world, Change(trace)).await;
    ben.report(trace, "abuse").await;
    assert_eq!(moderator.waiting().await, [(trace, 1, false), (other, 1, false)].into_iter().rev().collect::<Vec<_>>());
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_banned_player_may_not_vote_use_or_report(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, world, moderator, [ann, ben]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    let ban = |until: Option<&str>| json!({"action": "ban", "player_id": ben.id, "reason": "cheats", "until": until});
    assert_eq!(moderator.affects(ban(None)).await, 1);
    for answer in [
        ben.vote(trace, "good").await,
        ben.take_back(trace).await,
        ben.use_trace(trace).await,
        ben.report(trace, "spam").await,
    ] {
        assert_eq!(code(&answer), (403, "banned"));
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_ban_says_until_when_and_ends(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, world, moderator, [ann, ben]) = start(&cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    let ban = |until: Option<&str>| json!({"action": "ban", "player_id": ben.id, "reason": "cheats", "until": until});
    assert_eq!(moderator.affects(ban(None)).await, 1);
    let (_, problem) = ben.vote(trace, "good").await;
    assert_eq!(problem["detail"], "This player is banned.");
    moderator.affects(ban(Some("2999-01-01T00:00:00Z"))).await;
    let (_, problem) = ben.vote(trace, "good").await;
    assert_eq!(problem["detail"], "This player is banned until 2999-01-01T00:00:00Z.");
    place.execute_on(2, "UPDATE ban SET until_ms = 1").await;
    assert_eq!(ben.vote(trace, "good").await.0, 200, "it is over");
    moderator.affects(ban(None)).await;
    let unban = json!({"action": "unban", "player_id": ben.id});
    assert_eq!((moderator.affects(unban.clone()).await, moderator.affects(unban).await), (1, 0));
    assert_eq!(ben.vote(trace, "poor").await.0, 200);

    cairn.stop().await;
}

#[cairn_test]
async fn a_player_who_does_not_exist_cannot_be_banned(cairn: &Cairn) {
    let (_, _, moderator, []) = start(cairn).await;
    let stranger = json!({"action": "ban", "player_id": "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718"});
    assert_eq!(code(&moderator.run(stranger).await), (404, "player_not_found"));
}

#[cairn_test]
async fn each_ban_is_in_the_audit(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, _, moderator, [ben]) = start(&cairn).await;
    let ban = |until: Option<&str>| json!({"action": "ban", "player_id": ben.id, "reason": "cheats", "until": until});
    moderator.affects(ban(None)).await;
    moderator.affects(ban(Some("2999-01-01T00:00:00Z"))).await;
    moderator.affects(ban(None)).await;
    let unban = json!({"action": "unban", "player_id": ben.id});
    assert_eq!((moderator.affects(unban.clone()).await, moderator.affects(unban).await), (1, 0));
    let entries = "SELECT actor || ': ' || object || ': ' || action || ': ' || detail FROM audit WHERE action LIKE 'player.%' ORDER BY id";
    let entries = place.control_texts(entries).await;
    let by = format!("key:{}: game:climb live: ", crate::support::keys::id_of(&moderator.key));
    assert_eq!(
        entries,
        [
            format!("{by}player.banned: player {}: cheats", ben.id),
            format!("{by}player.banned: player {} until 2999-01-01T00:00:00Z: cheats", ben.id),
            format!("{by}player.banned: player {}: cheats", ben.id),
            format!("{by}player.unbanned: player {}", ben.id),
            format!("{by}player.unbanned: player {}", ben.id),
        ]
    );
    cairn.stop().await;
}

#[cairn_test]
async fn wiped_traces_are_gone_with_their_votes_uses_and_reports(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (key, world, moderator, [ann, ben, cat]) = start(&cairn).await;
    let anns = cairn.put(world, &ann.id, "x", 3).await;
    let away = cairn.put(world, &ann.id, "y", 2).await;
    let bens = cairn.put(world, &ben.id, "x", 2).await;
    for trace in anns.iter().chain(&away).chain(&bens) {
        assert_eq!(
            (cat.vote(*trace, "good").await.0, cat.use_trace(*trace).await.0, cat.report(*trace, "spam").await.0),
            (200, 204, 204)
        );
    }
    assert_eq!(moderator.affects(json!({"action": "wipe", "trace_ids": ids(&anns[..1])})).await, 1);
    assert_eq!(seen(&cairn, &key, "x").await, [bens[1], bens[0], anns[2], anns[1]]);
    assert_eq!(moderator.affects(json!({"action": "wipe", "player_id": ann.id, "scope": "y"})).await, 2);
    assert_eq!(seen(&cairn, &key, "y").await, Vec::<i64>::new());
    assert_eq!(moderator.affects(json!({"action": "wipe", "player_id": ann.id})).await, 2);
    assert_eq!(seen(&cairn, &key, "x").await, [bens[1], bens[0]]);
    let whats = ann.inbox("").await.0.iter().map(|item| item["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(whats, vec!["removed"; 5], "and nothing else of what has gone");
    assert_eq!(moderator.affects(json!({"action": "wipe", "scope": "x"})).await, 2);
    assert_eq!(contradictions(place).await, [0; 5]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_whole_world_is_wiped_and_no_other(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, world, moderator, [ann]) = start(&cairn).await;
    // More than one command removes.
    let others = cairn.key("moss/climb/dev", KeyKind::Publishable, &[Permission::Read, Permission::Write]).await;
    let elsewhere = cairn.put(cairn.world_key("moss/climb/dev").await, &ann.id, "x", 1).await;
    let rows: Vec<String> =
        (1_001..=2_200).map(|id| format!("({}, {id}, 2, 'z', 'a', '{{}}', 0)", world.world())).collect();
    place.execute_on(2, "DELETE FROM trace WHERE scope = 'z'").await;
    place
        .execute_on(
            2,
            &format!(
                "INSERT INTO trace (world, id, kind, scope, author, body, created_at_ms) VALUES {}",
                rows.join(", ")
            ),
        )
        .await;
    place.execute_on(2, &format!("UPDATE world SET seq = seq + 3000 WHERE id = {}", world.world())).await;
    let everything = json!({"action": "wipe", "everything": true, "reason": "the season is over"});
    assert_eq!(moderator.affects(everything.clone()).await, 1_200);
    assert_eq!(moderator.affects(everything).await, 0);
    assert_eq!(seen(&cairn, &others, "x").await, elsewhere, "the other world stays");
    assert_eq!(contradictions(place).await, [0; 5]);
    assert_eq!(ann.inbox("").await.0.len(), 0, "authors are not notified of a wiped world");
    cairn.stop().await;
}

#[cairn_test]
async fn each_fault_of_a_report_is_named(cairn: &Cairn) {
    let (_, world, _, [ann, ben]) = start(cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    let report = async |body: Value| {
        let (status, problem) = ben.send(Method::PUT, &format!("/traces/{trace}/report"), Some(body)).await;
        (status, problem["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(report(json!({})).await, (422, "/reason".to_owned()));
    assert_eq!(report(json!({"reason": "boring"})).await, (422, "/reason".to_owned()));
    assert_eq!(report(json!({"reason": "spam", "note": "x".repeat(501)})).await, (422, "/note".to_owned()));
    assert_eq!(report(json!({"reason": "spam", "note": "a\nb"})).await, (422, "/note".to_owned()));
    assert_eq!(report(json!({"reason": "spam", "note": ""})).await, (204, String::new()));
}

#[cairn_test]
async fn each_fault_of_a_moderator_is_named(cairn: &Cairn) {
    let (_, _, moderator, []) = start(cairn).await;
    let (status, problem) = moderator.run(json!({"action": "wipe"})).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/trace_ids")));
    for query in ["?after=x", "?limit=101"] {
        assert_eq!(code(&moderator.queue(query).await), (422, "invalid"));
    }
}

#[cairn_test]
async fn a_moderator_of_another_world_is_refused(cairn: &Cairn) {
    let (_, world, moderator, [ann, ben]) = start(cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    assert_eq!(ben.report(trace, "spam").await.0, 204);
    let other = Moderator::of(cairn, "moss/climb/dev").await;
    assert_eq!((other.waiting().await.len(), moderator.waiting().await.len()), (0, 1));
    assert_eq!(other.affects(json!({"action": "wipe", "trace_ids": ids(&[trace])})).await, 0);
    assert_eq!(code(&other.run(json!({"action": "ban", "player_id": ben.id})).await), (404, "player_not_found"));
}

#[cairn_test]
async fn a_player_lists_the_authors_that_they_hide(cairn: &Cairn) {
    let (_, _, _, [ann, ben]) = start(cairn).await;
    let hide = async |author: &str| ann.send(Method::PUT, &format!("/players/me/hidden/{author}"), None).await;
    let hidden = async |player: &Player<'_>, query: &str| -> (Vec<String>, bool) {
        let (status, page) = player.send(Method::GET, &format!("/players/me/hidden{query}"), None).await;
        assert_eq!(status, 200, "{page}");
        let authors =
            page["items"].as_array().unwrap().iter().map(|item| item["player_id"].as_str().unwrap().to_owned());
        (authors.collect(), page["more"].as_bool().unwrap())
    };
    for author in [ben.id.as_str(), "a%20v0%20client", ben.id.as_str()] {
        assert_eq!(hide(author).await.0, 204);
    }
    let mut both = vec![ben.id.clone(), "a v0 client".to_owned()];
    both.sort();
    assert_eq!(hidden(&ann, "").await, (both.clone(), false));
    assert_eq!(hidden(&ann, "?limit=1").await, (both[..1].to_vec(), true));
    assert_eq!(hidden(&ann, &format!("?after={}", both[0])).await, (both[1..].to_vec(), false));
    assert_eq!(hidden(&ben, "").await, (vec![], false));
    assert_eq!(code(&hide(&"x".repeat(65)).await), (422, "invalid"));
    assert_eq!(code(&hide("a%0Ab").await), (422, "invalid"));
    for _ in 0..2 {
        assert_eq!(ann.send(Method::DELETE, &format!("/players/me/hidden/{}", ben.id), None).await.0, 204);
    }
    assert_eq!(hidden(&ann, "").await, (vec!["a v0 client".to_owned()], false));
}

#[cairn_test]
async fn what_a_player_does_in_moderation_can_be_sent_by_post(cairn: &Cairn) {
    let (_, world, moderator, [ann, ben]) = start(cairn).await;
    let trace = cairn.put(world, &ann.id, "x", 1).await[0];
    let report = Some(json!({"reason": "spam", "note": ""}));
    assert_eq!(ben.send(Method::POST, &format!("/traces/{trace}/report"), report).await.0, 204);
    assert_eq!(moderator.waiting().await, [(trace, 1, false)]);
    let hidden = async || ben.send(Method::GET, "/players/me/hidden", None).await.1["items"].clone();
    let path = format!("/players/me/hidden/{}", ann.id);
    assert_eq!(ben.send(Method::POST, &path, Some(json!({}))).await.0, 204);
    assert_eq!(hidden().await[0]["player_id"], json!(ann.id));
    assert_eq!(ben.send(Method::POST, &format!("{path}/remove"), None).await.0, 204);
    assert_eq!(hidden().await, json!([]));
}

#[cairn_test]
async fn a_player_hides_500_authors_at_most(cairn: &Cairn) {
    let (_, _, _, [ann]) = start(cairn).await;
    let hide = async |author: &str| ann.send(Method::PUT, &format!("/players/me/hidden/{author}"), None).await;
    let many: Vec<String> = (0..520).map(|n| format!("author-{n}")).collect();
    let answers = futures_util::future::join_all(many.iter().map(|author| hide(author))).await;
    assert_eq!(answers.iter().filter(|answer| answer.0 == 204).count(), 500);
    assert!(answers.iter().filter(|answer| answer.0 != 204).all(|answer| code(answer) == (409, "too_many_hidden")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_trace_is_hidden_on_the_other_instance_within_a_second() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let (one, other) = (Cairn::start(&place, &[]).await, Cairn::start(&place, &[]).await);
    let (key, world, moderator, [ann, ben, cat, dan]) = start(&one).await;
    aged(&place).await;
    one.has_its_cache().await;
    other.has_its_cache().await;
    let traces = one.put(world, &ann.id, "x", 2).await;
    eventually("the other knows the key and the traces", async || seen(&other, &key, "x").await.len() == 2).await;
    let mut slowest = Duration::ZERO;
    let mut within = async |what: &str, expected: &[i64]| {
        let began = Instant::now();
        eventually(what, async || seen(&other, &key, "x").await == expected).await;
        slowest = slowest.max(began.elapsed());
    };
    for player in [&ben, &cat, &dan] {
        assert_eq!(player.report(traces[1], "spam").await.0, 204);
    }
    within("reported", &traces[..1]).await;
    moderator.affects(json!({"action": "restore", "trace_ids": ids(&traces)})).await;
    within("restored", &[traces[1], traces[0]]).await;
    moderator.affects(json!({"action": "hide", "trace_ids": ids(&traces[..1])})).await;
    within("hidden", &traces[1..]).await;
    moderator.affects(json!({"action": "wipe", "scope": "x"})).await;
    within("wiped", &[]).await;
    println!("seen through the other instance after {slowest:?} at most");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    one.stop().await;
    other.stop().await;
    place.clear().await;
}
