//! What one network with many players can do with a game's publishable key: little.

use std::collections::BTreeSet;

use cairn_test_macros::cairn_test;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    keys::{admin, decide},
    player::answered,
};

const WORLD: &str = "moss/climb/live";

/// The settings of a server that tells networks apart, as by default.
const BOUNDED: [(&str, &str); 1] = [("CAIRN_NETWORK_VOTES", "1")];

/// A player at an address.
struct Someone<'a> {
    cairn: &'a Cairn,
    token: String,
    address: String,
}

impl<'a> Someone<'a> {
    async fn at(cairn: &'a Cairn, key: &str, address: impl Into<String>) -> Self {
        let address = address.into();
        let request = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", key);
        let (status, answer) = answered(request.header("X-Forwarded-For", &address), Some(json!({}))).await;
        assert_eq!(status, 200, "{answer}");
        Self { cairn, token: answer["token"].as_str().unwrap().to_owned(), address }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.cairn.http.request(method, format!("{}/v1{path}", self.cairn.base));
        let request = request.bearer_auth(&self.token).header("X-Forwarded-For", &self.address);
        answered(request, Some(body)).await
    }

    /// Leaves a trace; its id.
    async fn leave(&self, trace: Value) -> String {
        let request = self.cairn.http.post(format!("{}/v1/traces", self.cairn.base)).bearer_auth(&self.token);
        let request = request.header("X-Forwarded-For", &self.address).json(&json!({"traces": [trace]}));
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["results"][0]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    async fn vote(&self, trace: &str, vote: &str) {
        let (status, answer) = self.send(Method::PUT, &format!("/traces/{trace}/vote"), json!({"vote": vote})).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// Votes on many, a batch at a time.
    async fn vote_on_all(&self, traces: &[String], vote: &str) {
        for some in traces.chunks(32) {
            let votes: Vec<Value> = some.iter().map(|trace| json!({"trace_id": trace, "vote": vote})).collect();
            assert_eq!(self.send(Method::POST, "/votes", json!({"votes": votes})).await.0, 200);
        }
    }

    /// Reports a trace; the status.
    async fn report(&self, trace: &str) -> u16 {
        self.send(Method::PUT, &format!("/traces/{trace}/report"), json!({"reason": "spam"})).await.0
    }
}

/// A message at a place of its own.
fn message(scope: &str, number: usize) -> Value {
    json!({"kind": "message", "scope": scope, "text": [format!("message {number}")], "pos": [number * 10, 0, 0]})
}

/// Makes all players old enough for their votes and reports to weigh a whole one each.
async fn aged(place: &Place) {
    place.execute_on(2, "UPDATE player SET created_at_ms = created_at_ms - 172800000").await;
}

async fn is_shown(cairn: &Cairn, key: &str, trace: &str) -> bool {
    cairn.get_with(key, &format!("/v1/traces/{trace}")).send().await.unwrap().status() == 200
}

async fn decision(cairn: &Cairn, action: &str, traces: &[&str]) {
    let url = format!("{}/v1/moderation/actions", cairn.base);
    let request = cairn.http.post(url).header("X-API-Key", admin(cairn, WORLD).await);
    let (status, answer) = answered(request, Some(json!({"action": action, "trace_ids": traces}))).await;
    assert_eq!(status, 200, "{answer}");
}

/// Players at addresses of their own, from 198.18.0.0 on.
async fn strangers<'a>(cairn: &'a Cairn, key: &str, numbers: std::ops::Range<usize>) -> Vec<Someone<'a>> {
    join_all(numbers.map(|number| Someone::at(cairn, key, format!("198.18.{}.{}", number / 200, number % 200 + 1))))
        .await
}

#[cairn_test]
async fn many_players_of_one_network_neither_fill_decks_nor_hide_what_others_leave(place: &Place) {
    let cairn = Cairn::start(place, &BOUNDED).await;
    let key = cairn.game_key(WORLD).await;
    let honest = strangers(&cairn, &key, 0..64).await;
    let attackers = join_all((0..60).map(|_| Someone::at(&cairn, &key, "203.0.113.9"))).await;
    // The worst case: players whom the attacker has kept for days.
    aged(place).await;
    let mut good = Vec::new();
    for (number, author) in honest.iter().enumerate() {
        good.push(author.leave(message("plaza", number)).await);
    }
    let liked = good[0].clone();
    join_all(honest[1..21].iter().map(|voter| voter.vote(&liked, "good"))).await;
    let mut theirs = Vec::new();
    for (number, attacker) in attackers.iter().enumerate() {
        for at in 0..2 {
            theirs.push(attacker.leave(message("plaza", 1_000 + number * 2 + at)).await);
        }
    }
    join_all(attackers.iter().map(async |attacker| {
        attacker.vote_on_all(&theirs, "good").await;
        attacker.vote_on_all(&good, "poor").await;
        for trace in &good[..10] {
            attacker.report(trace).await;
        }
    }))
    .await;
    for trace in &good {
        assert!(is_shown(&cairn, &key, trace).await, "{trace} is hidden");
    }
    let theirs: BTreeSet<&str> = theirs.iter().map(String::as_str).collect();
    for deck in 0..8 {
        let answer = cairn.get_with(&key, &format!("/v1/deck?scope=plaza&deck={deck}")).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let traces = answer["traces"].as_array().unwrap();
        let count = traces.iter().filter(|trace| theirs.contains(trace["id"].as_str().unwrap())).count();
        assert!(traces.len() == 40 && count * 10 <= traces.len(), "{count} of {} in deck {deck}", traces.len());
    }
    // No more than one whole vote for, and one against: of the attackers' sixty each.
    let most = "SELECT CAST(max(good_weight) AS bigint) FROM trace WHERE id > 64 \
                UNION ALL SELECT CAST(max(poor_weight) AS bigint) FROM trace UNION ALL SELECT CAST(max(report_weight) AS bigint) FROM trace";
    assert_eq!(place.numbers_on(2, most).await, [4, 4, 4]);
    cairn.stop().await;
}

#[cairn_test]
async fn it_takes_several_networks_and_older_players_to_hide_a_trace(place: &Place) {
    let cairn = Cairn::start(place, &BOUNDED).await;
    let key = cairn.game_key(WORLD).await;
    let author = Someone::at(&cairn, &key, "198.51.100.1").await;
    let traces =
        [author.leave(message("x", 1)).await, author.leave(message("x", 2)).await, author.leave(message("x", 3)).await];
    let new = strangers(&cairn, &key, 0..5).await;
    for player in &new {
        assert_eq!(player.report(&traces[0]).await, 204);
    }
    assert!(is_shown(&cairn, &key, &traces[0]).await, "five new players are one report and a quarter");
    let together = join_all((0..9).map(|_| Someone::at(&cairn, &key, "203.0.113.9"))).await;
    let six = join_all((0..9).map(|at| Someone::at(&cairn, &key, format!("2001:db8:7:{at}::1")))).await;
    aged(place).await;
    for player in together.iter().chain(&six) {
        assert_eq!(player.report(&traces[1]).await, 204);
    }
    assert!(is_shown(&cairn, &key, &traces[1]).await, "an address and a /48 are two networks");
    for player in &new[..2] {
        assert_eq!(player.report(&traces[2]).await, 204);
    }
    assert!(is_shown(&cairn, &key, &traces[2]).await);
    assert_eq!(new[2].report(&traces[2]).await, 204);
    assert!(!is_shown(&cairn, &key, &traces[2]).await, "three reports of three networks");
    cairn.stop().await;
}

#[cairn_test]
async fn what_many_like_is_not_hidden_by_one_network_even_where_one_report_hides(place: &Place) {
    let cairn = Cairn::start(place, &BOUNDED).await;
    let key = cairn.game_key(WORLD).await;
    decide(&cairn, WORLD, &json!({"hidden_at_reports": 1})).await;
    let author = Someone::at(&cairn, &key, "198.51.100.1").await;
    let (liked, other) = (author.leave(message("x", 1)).await, author.leave(message("x", 2)).await);
    // New players: each vote weighs a quarter.
    let voters = strangers(&cairn, &key, 0..20).await;
    join_all(voters.iter().map(|voter| voter.vote(&liked, "good"))).await;
    let attackers = join_all((0..10).map(|_| Someone::at(&cairn, &key, "203.0.113.9"))).await;
    aged(place).await;
    for attacker in &attackers {
        attacker.report(&liked).await;
        attacker.report(&other).await;
    }
    assert!(is_shown(&cairn, &key, &liked).await);
    assert!(!is_shown(&cairn, &key, &other).await, "this one nobody liked");
    cairn.stop().await;
}

#[cairn_test]
async fn a_decision_stands_until_any_field_of_the_content_changes(place: &Place) {
    let cairn = Cairn::start(place, &BOUNDED).await;
    let key = cairn.game_key(WORLD).await;
    let author = Someone::at(&cairn, &key, "198.51.100.1").await;
    let fields = [
        json!({"data": "x"}),
        json!({"pos": [1, 2, 3]}),
        json!({"rot": [0, 0, 0, 1]}),
        json!({"type": "9"}),
        json!({"text": ["rude"]}),
        json!({"gesture": 3}),
    ];
    let reporters = strangers(&cairn, &key, 0..4 * fields.len()).await;
    aged(place).await;
    for (at, field) in fields.iter().enumerate() {
        let trace = author.leave(message("x", at)).await;
        decision(&cairn, "restore", &[&trace]).await;
        let some = &reporters[at * 4..][..4];
        for reporter in &some[..3] {
            assert_eq!(reporter.report(&trace).await, 204);
        }
        assert!(is_shown(&cairn, &key, &trace).await, "a moderator has seen it: {field}");
        // A change that changes nothing is none.
        let (status, unchanged) = author.send(Method::PATCH, &format!("/traces/{trace}"), json!({"revision": 1})).await;
        assert_eq!(status, 200, "{unchanged}");
        assert_eq!(some[3].report(&trace).await, 204);
        assert!(is_shown(&cairn, &key, &trace).await, "it is what the moderator has seen: {field}");
        let mut change = field.clone();
        change["revision"] = json!(2);
        assert_eq!(author.send(Method::PATCH, &format!("/traces/{trace}"), change).await.0, 200);
        for (count, reporter) in some[..3].iter().enumerate() {
            assert!(is_shown(&cairn, &key, &trace).await, "{count} reports of the new content: {field}");
            assert_eq!(reporter.report(&trace).await, 204);
        }
        assert!(!is_shown(&cairn, &key, &trace).await, "nobody has seen this: {field}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn reports_of_players_whom_moderators_did_not_believe_weigh_nothing(place: &Place) {
    let cairn = Cairn::start(place, &BOUNDED).await;
    let key = cairn.game_key(WORLD).await;
    let author = Someone::at(&cairn, &key, "198.51.100.1").await;
    let reporters = strangers(&cairn, &key, 0..4).await;
    aged(place).await;
    let weights = "SELECT CAST(weight AS bigint) FROM report ORDER BY trace DESC LIMIT 1";
    for expected in [4, 2, 2, 0] {
        let trace = author.leave(message("x", 1)).await;
        assert_eq!(reporters[0].report(&trace).await, 204);
        assert_eq!(place.numbers_on(2, weights).await, [expected]);
        decision(&cairn, "restore", &[&trace]).await;
    }
    for _ in 0..2 {
        let trace = author.leave(message("x", 2)).await;
        assert_eq!(reporters[1].report(&trace).await, 204);
        assert_eq!(place.numbers_on(2, weights).await, [4], "one that was upheld");
        decision(&cairn, "hide", &[&trace]).await;
    }
    let trace = author.leave(message("x", 3)).await;
    for reporter in &reporters[..3] {
        reporter.report(&trace).await;
    }
    assert!(is_shown(&cairn, &key, &trace).await, "two reports");
    reporters[3].report(&trace).await;
    assert!(!is_shown(&cairn, &key, &trace).await, "three");
    cairn.stop().await;
}

#[cairn_test]
async fn traces_that_only_one_network_has_judged_keep_their_share_of_decks(place: &Place) {
    let cairn = Cairn::start(place, &BOUNDED).await;
    let key = cairn.game_key(WORLD).await;
    let authors = strangers(&cairn, &key, 0..20).await;
    let voters = strangers(&cairn, &key, 20..24).await;
    let attackers = join_all((0..10).map(|_| Someone::at(&cairn, &key, "203.0.113.9"))).await;
    aged(place).await;
    let mut traces = Vec::new();
    for (author, number) in authors.iter().cycle().zip(0..80) {
        traces.push(author.leave(message("plaza", number)).await);
    }
    // Four networks have judged all but the last ten; those have the attackers' votes alone, for and against.
    let (judged, fresh) = traces.split_at(70);
    join_all(voters.iter().map(|voter| voter.vote_on_all(judged, "good"))).await;
    for (at, attacker) in attackers.iter().enumerate() {
        attacker.vote_on_all(fresh, if at % 2 == 0 { "good" } else { "poor" }).await;
    }
    let shown = async |deck: usize| {
        let answer = cairn.get_with(&key, &format!("/v1/deck?scope=plaza&deck={deck}")).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let traces = answer["traces"].as_array().unwrap().clone();
        traces.into_iter().map(|trace| trace["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<String>>()
    };
    let mut seen = BTreeSet::new();
    for deck in 0..8 {
        seen.extend(shown(deck).await);
    }
    assert!(fresh.iter().all(|trace| seen.contains(trace)), "all of the ten are in some deck");
    cairn.stop().await;
}
