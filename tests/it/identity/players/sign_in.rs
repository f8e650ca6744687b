//! Players: minted, signed in again, kept signed in, and kept apart.

use std::collections::BTreeSet;

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, Place};

const DEVICE: &str = "a device that nobody guesses";

/// A game's client at some address of the network.
struct Client<'a> {
    cairn: &'a Cairn,
    key: &'a str,
    from: &'a str,
}

impl Client<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>, token: Option<&str>) -> (u16, Value) {
        let url = format!("{}/v1/players{path}", self.cairn.base);
        let mut request = self.cairn.http.request(method, url).header("X-Forwarded-For", self.from);
        if !self.key.is_empty() {
            request = request.header("X-API-Key", self.key);
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn sign_in(&self, body: Value) -> Value {
        let (status, answer) = self.send(Method::POST, "", Some(body), None).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    async fn refresh(&self, signed: &Value) -> (u16, Value) {
        self.send(Method::POST, "/refresh", Some(json!({"refresh_token": signed["refresh_token"]})), None).await
    }

    async fn me(&self, token: &str) -> (u16, Value) {
        self.send(Method::GET, "/me", None, Some(token)).await
    }
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap()
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, text(&answer.1, "code"))
}

#[cairn_test]
async fn new_players_are_limited_for_each_network(place: &Place) {
    let metrics = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let settings = [("CAIRN_PLAYERS_PER_HOUR", "3"), ("CAIRN_METRICS_LISTEN", metrics.as_str())];
    let cairn = Cairn::start(place, &settings).await;
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn: &cairn, key: &key, from: "2001:db8::1" };
    let known = game.sign_in(json!({"device_id": DEVICE})).await;
    // An hour of the clock may end in between: then three more are free.
    let mut minted = 1;
    let refused = loop {
        let answer = game.send(Method::POST, "", Some(json!({})), None).await;
        if answer.0 != 200 || minted > 6 {
            break answer;
        }
        minted += 1;
    };
    assert_eq!(code(&refused), (429, "too_many_players"));
    assert_eq!(cairn.figure(&metrics, "cairn_players_minted_total").await, minted);
    // A known player is not new, and another /48 is another network.
    assert_eq!(game.sign_in(json!({"device_id": DEVICE})).await["player_id"], known["player_id"]);
    let same_network = Client { from: "2001:db8::2", ..game };
    assert_eq!(same_network.send(Method::POST, "", Some(json!({})), None).await.0, 429);
    Client { from: "2001:db8:1::1", ..same_network }.sign_in(json!({})).await;
    cairn.stop().await;
}

#[cairn_test]
async fn a_device_is_always_the_same_player(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn, key: &key, from: "203.0.113.9" };
    let first = game.sign_in(json!({"device_id": DEVICE})).await;
    let again = game.sign_in(json!({"device_id": DEVICE})).await;
    assert_eq!(first["player_id"], again["player_id"]);
    assert_eq!(first["deck"], again["deck"]);
    assert_ne!(first["refresh_token"], again["refresh_token"], "each sign-in has its own tokens");
    let (status, me) = game.me(text(&first, "token")).await;
    assert_eq!((status, &me["player_id"]), (200, &first["player_id"]));
}

#[cairn_test]
async fn each_sign_in_without_a_device_is_a_new_player(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn, key: &key, from: "203.0.113.9" };
    let first = game.sign_in(json!({"device_id": DEVICE})).await;
    let mut players = BTreeSet::from([text(&first, "player_id").to_owned()]);
    for body in [json!({}), json!({"device_id": null}), json!({"device_id": ""})] {
        let player = text(&game.sign_in(body.clone()).await, "player_id").to_owned();
        assert!(players.insert(player), "{body}");
    }
}

#[cairn_test]
async fn a_refresh_token_gives_new_tokens_of_the_same_player(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn, key: &key, from: "203.0.113.9" };
    let first = game.sign_in(json!({"device_id": DEVICE})).await;
    let again = game.sign_in(json!({"device_id": DEVICE})).await;
    let (status, next) = game.refresh(&first).await;
    assert_eq!((status, &next["player_id"]), (200, &first["player_id"]));
    assert_eq!(game.me(text(&next, "token")).await.0, 200);
    assert_eq!(game.refresh(&again).await.0, 200, "the other sign-in of the device is independent");
}

#[cairn_test]
async fn a_reused_refresh_token_ends_its_family(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn, key: &key, from: "203.0.113.9" };
    let first = game.sign_in(json!({"device_id": DEVICE})).await;
    let other = game.sign_in(json!({"device_id": DEVICE})).await;
    let (_, second) = game.refresh(&first).await;
    let (_, third) = game.refresh(&second).await;

    assert_eq!(code(&game.refresh(&first).await), (401, "refresh_token_reused"));
    for ended in [&first, &second, &third] {
        assert_eq!(code(&game.refresh(ended).await), (401, "refresh_token_invalid"));
    }
    assert_eq!(game.refresh(&other).await.0, 200, "another family");
}

#[cairn_test]
async fn an_unknown_refresh_token_is_refused(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn, key: &key, from: "203.0.113.9" };
    assert_eq!(code(&game.refresh(&json!({"refresh_token": "rt_never"})).await), (401, "refresh_token_invalid"));
}

#[cairn_test]
async fn a_refresh_token_used_at_once_from_many_networks_succeeds_once_and_ends_its_family(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let stolen = Client { cairn, key: &key, from: "203.0.113.9" }.sign_in(json!({})).await;
    let addresses: Vec<String> = (1..9).map(|host| format!("198.51.100.{host}")).collect();
    let clients: Vec<Client<'_>> = addresses.iter().map(|from| Client { cairn, key: &key, from }).collect();
    let at_once = futures_util::future::join_all(clients.iter().map(|client| client.refresh(&stolen))).await;
    let winners: Vec<&Value> = at_once.iter().filter(|answer| answer.0 == 200).map(|(_, answer)| answer).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(code(&clients[0].refresh(winners[0]).await), (401, "refresh_token_invalid"));
}

#[cairn_test]
async fn players_of_two_games_are_separate(cairn: &Cairn) {
    let mut players = BTreeSet::new();
    let mut signed = Vec::new();
    for world in ["moss/climb/live", "moss/climb/dev", "moss/dive/live", "tern/climb/live"] {
        let key = cairn.game_key(world).await;
        let answer = Client { cairn, key: &key, from: "203.0.113.9" }.sign_in(json!({"device_id": DEVICE})).await;
        assert!(players.insert(text(&answer, "player_id").to_owned()), "the same device is somebody else in {world}");
        signed.push((key, answer));
    }
    for (at, (key, _)) in signed.iter().enumerate() {
        let game = Client { cairn, key, from: "203.0.113.9" };
        for (of, (_, answer)) in signed.iter().enumerate().filter(|(of, _)| *of != at) {
            assert_eq!(
                code(&game.refresh(answer).await),
                (401, "refresh_token_invalid"),
                "of {of} with the key of {at}"
            );
        }
    }
    for (key, answer) in &signed {
        assert_eq!(Client { cairn, key, from: "203.0.113.9" }.refresh(answer).await.0, 200, "still good");
    }
}

#[cairn_test]
async fn each_fault_of_a_sign_in_is_named(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn, key: &key, from: "203.0.113.9" };
    for (body, pointer) in [(json!({"device_id": "short"}), "/device_id"), (json!({"device_id": 7}), "/device_id")] {
        let (status, answer) = game.send(Method::POST, "", Some(body.clone()), None).await;
        assert_eq!((status, text(&answer["errors"][0], "pointer")), (422, pointer), "{body}");
    }
    let (status, answer) = game.send(Method::POST, "/refresh", Some(json!({})), None).await;
    assert_eq!((status, text(&answer["errors"][0], "pointer")), (422, "/refresh_token"));
}

#[cairn_test]
async fn a_missing_or_invalid_player_token_is_refused(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let game = Client { cairn, key: &key, from: "203.0.113.9" };
    let signed = game.sign_in(json!({})).await;
    let token = text(&signed, "token");
    let mut forged = token.to_owned();
    forged.replace_range(20..21, if &token[20..21] == "0" { "1" } else { "0" });
    for bad in ["", "pt_", &forged, text(&signed, "refresh_token")] {
        assert_eq!(code(&game.me(bad).await).0, 401, "{bad}");
    }
    let without = game.send(Method::GET, "/me", None, None).await;
    assert_eq!(code(&without), (401, "player_token_needed"));
}
