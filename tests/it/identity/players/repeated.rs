//! Answers that were lost: a repeated sign-in or refresh is answered as the first was, and to nobody else.

use std::collections::BTreeSet;

use cairn_test_macros::cairn_test;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    person::{Answer, read, refusal},
};

const DEVICE: &str = "a device that nobody guesses";

/// A game's client: a network and a program.
#[derive(Clone, Copy)]
struct Client<'a> {
    cairn: &'a Cairn,
    key: &'a str,
    from: &'a str,
    agent: &'a str,
}

impl<'a> Client<'a> {
    fn new(cairn: &'a Cairn, key: &'a str) -> Self {
        Self { cairn, key, from: "203.0.113.9", agent: "climb/1.0" }
    }

    async fn post(&self, path: &str, body: &Value, idempotency_key: Option<&str>) -> Answer {
        let request = self.cairn.http.post(format!("{}/v1/players{path}", self.cairn.base));
        let request = request.header("X-API-Key", self.key).header("Content-Type", "application/json");
        let mut request = request.header("X-Forwarded-For", self.from).header("User-Agent", self.agent);
        if let Some(key) = idempotency_key {
            request = request.header("Idempotency-Key", key);
        }
        read(request.body(body.to_string()).send().await.unwrap()).await
    }

    async fn sign_in(&self, body: &Value, idempotency_key: Option<&str>) -> Value {
        let (status, signed) = self.post("", body, idempotency_key).await;
        assert_eq!(status, 200, "{signed}");
        signed
    }

    async fn refresh(&self, signed: &Value, idempotency_key: Option<&str>) -> Answer {
        self.post("/refresh", &json!({"refresh_token": signed["refresh_token"]}), idempotency_key).await
    }
}

fn reused() -> (u16, String) {
    (401, "refresh_token_reused".to_owned())
}

fn key_reused() -> (u16, String) {
    (422, "idempotency_key_reused".to_owned())
}

#[cairn_test]
async fn a_repeated_sign_in_gives_the_same_player_and_refresh_token(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(cairn, &key);
    for body in [json!({}), json!({"device_id": DEVICE, "display_name": "Zoe"})] {
        let idempotency_key = format!("sign-in {body}");
        let first = client.sign_in(&body, Some(&idempotency_key)).await;
        let again = client.sign_in(&body, Some(&idempotency_key)).await;
        assert_eq!((&again["player_id"], &again["refresh_token"]), (&first["player_id"], &first["refresh_token"]));
        let (status, next) = client.refresh(&again, None).await;
        assert_eq!((status, &next["player_id"]), (200, &first["player_id"]));
    }
    let other = client.sign_in(&json!({}), Some("another request")).await;
    let another = client.sign_in(&json!({}), Some("and another")).await;
    assert_ne!(other["player_id"], another["player_id"]);
}

#[cairn_test]
async fn a_sign_in_that_is_sent_many_times_at_once_makes_one_player(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(cairn, &key);
    let body = json!({});
    let answers = join_all((0..8).map(|_| client.sign_in(&body, Some("k")))).await;
    let signed: BTreeSet<String> =
        answers.iter().map(|answer| format!("{} {}", answer["player_id"], answer["refresh_token"])).collect();
    assert_eq!(signed.len(), 1);
}

#[cairn_test]
async fn strangers_who_use_the_same_idempotency_key_are_different_players(cairn: &Cairn) {
    let keys = [cairn.game_key("moss/climb/live").await, cairn.game_key("moss/climb/dev").await];
    let client = Client::new(cairn, &keys[0]);
    let clients = [
        client,
        Client { from: "203.0.113.10", ..client },
        Client { agent: "climb/1.1", ..client },
        Client { key: &keys[1], ..client },
    ];
    let mut players = BTreeSet::new();
    for client in clients {
        assert!(players.insert(client.sign_in(&json!({}), Some("1")).await["player_id"].to_string()));
    }
}

#[cairn_test]
async fn an_idempotency_key_of_a_sign_in_stands_for_one_request_until_its_tokens_are_used(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(&cairn, &key);
    let first = client.sign_in(&json!({}), Some("k")).await;
    assert_eq!(refusal(client.post("", &json!({"device_id": DEVICE}), Some("k")).await), key_reused());
    let (_, next) = client.refresh(&first, None).await;
    assert_eq!(refusal(client.post("", &json!({}), Some("k")).await), key_reused(), "its answer was received");
    assert_eq!(client.refresh(&next, None).await.0, 200, "and its tokens are good");
    // After a day the key is free.
    place.execute_on(2, "UPDATE player_token SET created_at_ms = created_at_ms - 86400001").await;
    assert_ne!(client.sign_in(&json!({}), Some("k")).await["player_id"], first["player_id"]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_refresh_that_is_repeated_by_the_same_device_gives_the_same_token(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(cairn, &key);
    let signed = client.sign_in(&json!({}), None).await;
    let answers = join_all((0..8).map(|_| client.refresh(&signed, None))).await;
    assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
    let next: BTreeSet<String> = answers.iter().map(|(_, answer)| answer["refresh_token"].to_string()).collect();
    assert_eq!(next.len(), 1);
    let (status, third) = client.refresh(&answers[3].1, None).await;
    assert_eq!(status, 200);
    // Whoever used the next token had got the answer.
    assert_eq!(refusal(client.refresh(&signed, None).await), reused());
    assert_eq!(refusal(client.refresh(&third, None).await), (401, "refresh_token_invalid".to_owned()));
}

#[cairn_test]
async fn another_device_does_not_get_the_answer_to_a_refresh(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(cairn, &key);
    for thief in [Client { from: "198.51.100.1", ..client }, Client { agent: "curl/8", ..client }] {
        let signed = client.sign_in(&json!({}), None).await;
        let (_, next) = client.refresh(&signed, None).await;
        assert_eq!(refusal(thief.refresh(&signed, None).await), reused());
        assert_eq!(refusal(client.refresh(&next, None).await), (401, "refresh_token_invalid".to_owned()));
    }
}

#[cairn_test]
async fn a_device_is_known_by_its_id_on_another_network(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(cairn, &key);
    let signed = client.sign_in(&json!({"device_id": DEVICE}), None).await;
    let (_, next) = client.refresh(&signed, None).await;
    let moved = Client { from: "198.51.100.1", ..client };
    let body = |device: &str| json!({"refresh_token": signed["refresh_token"], "device_id": device});
    let (status, again) = moved.post("/refresh", &body(DEVICE), None).await;
    assert_eq!((status, &again["refresh_token"]), (200, &next["refresh_token"]));
    assert_eq!(refusal(client.post("/refresh", &body("a device that somebody guesses"), None).await), reused());
}

#[cairn_test]
async fn a_late_repetition_is_answered_only_under_its_idempotency_key(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(&cairn, &key);
    let later = async |ms: i64| {
        place.execute_on(2, &format!("UPDATE player_token SET created_at_ms = created_at_ms - {ms}")).await;
    };
    let signed = client.sign_in(&json!({}), None).await;
    let (_, next) = client.refresh(&signed, Some("k")).await;
    later(31_000).await;
    let (status, again) = client.refresh(&signed, Some("k")).await;
    assert_eq!((status, &again["refresh_token"]), (200, &next["refresh_token"]));
    let (status, third) = client.refresh(&again, Some("another")).await;
    assert_eq!(status, 200);
    assert_eq!(refusal(client.refresh(&third, Some("another")).await), key_reused());
    assert_eq!(client.refresh(&third, Some("a third")).await.0, 200, "nothing has happened to it");
    // Without the key it is a reuse.
    let signed = client.sign_in(&json!({}), None).await;
    assert_eq!(client.refresh(&signed, None).await.0, 200);
    later(31_000).await;
    assert_eq!(refusal(client.refresh(&signed, None).await), reused());
    cairn.stop().await;
}

#[cairn_test]
async fn a_device_that_signs_in_again_and_again_keeps_eight_families(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.game_key("moss/climb/live").await;
    let client = Client::new(&cairn, &key);
    let mut signed = Vec::new();
    for _ in 0..12 {
        signed.push(client.sign_in(&json!({"device_id": DEVICE}), None).await);
    }
    assert_eq!(refusal(client.refresh(&signed[3], None).await), (401, "refresh_token_invalid".to_owned()));
    for recent in &signed[4..] {
        assert_eq!(client.refresh(recent, None).await.0, 200);
    }
    let body = json!({"device_id": DEVICE});
    join_all((0..12).map(|_| client.post("", &body, None))).await;
    assert_eq!(place.numbers_on(2, "SELECT count(DISTINCT family) FROM player_token").await, [8]);
    cairn.stop().await;
}
