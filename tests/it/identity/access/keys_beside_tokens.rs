//! A key that is sent beside a player's token: none is needed, but one that is sent must be valid, and of the player's world.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, OPENAPI, game_client::GameClient, player::code};

/// Every operation that takes a player's token, with values for its parameters.
fn operations_of_players() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let takes_token = operation["security"].to_string().contains("player_bearer");
            if takes_token {
                let path = path.replace("{trace_id}", "1");
                let path = path.replace("{player_id}", "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718");
                found.push((method.to_uppercase().parse().unwrap(), path.replace("{scope}", "a")));
            }
        }
    }
    found
}

#[cairn_test]
async fn a_revoked_key_beside_a_players_token_is_refused(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let player = GameClient::with(cairn, &key).await;
    cairn.revoke(&key).await;
    let operations = operations_of_players();
    assert!(operations.len() > 20, "{operations:?}");
    for (method, path) in operations {
        let body = (method != Method::GET).then(|| json!({}));
        let answer = player.send(method.clone(), &path, body).await;
        assert_eq!(code(&answer), (401, "key_invalid"), "{method} {path}");
    }
}

#[cairn_test]
async fn a_token_alone_is_still_enough(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let player = GameClient::with(cairn, &key).await;
    let me = cairn.get("/v1/players/me").bearer_auth(&player.token).send().await.unwrap();
    assert_eq!(me.status(), 200);
}

#[cairn_test]
async fn a_token_beside_a_key_of_another_world_is_refused(cairn: &Cairn) {
    let player = GameClient::with(cairn, &cairn.game_key("moss/climb/live").await).await;
    for world in ["moss/climb/dev", "moss/dive/live", "tern/climb/live"] {
        let elsewhere = GameClient {
            key: cairn.game_key(world).await,
            id: player.id.clone(),
            ..GameClient::with(cairn, &player.key).await
        };
        let answer = elsewhere.send(Method::GET, "/v1/players/me", None).await;
        assert_eq!(code(&answer), (401, "player_token_invalid"), "{world}");
    }
}
