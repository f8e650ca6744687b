//! A player of a game, as the game's client speaks for it.

use cairn::identity::access::{KeyKind, Permission};
use reqwest::Method;
use serde_json::{Value, json};

use super::Cairn;

/// A player who is signed in.
pub struct GameClient<'a> {
    pub cairn: &'a Cairn,
    pub key: String,
    pub token: String,
    pub id: String,
}

impl<'a> GameClient<'a> {
    /// A new player in a world, who shows that key.
    pub async fn with(cairn: &'a Cairn, key: &str) -> Self {
        let request = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", key).body("{}");
        let signed: Value = request.send().await.unwrap().json().await.unwrap();
        let text = |name: &str| signed[name].as_str().unwrap_or_else(|| panic!("{signed}")).to_owned();
        Self { cairn, key: key.to_owned(), token: text("token"), id: text("player_id") }
    }

    /// Two players of one game.
    pub async fn two(cairn: &'a Cairn) -> (Self, Self) {
        let key = cairn.key("moss/climb/live", KeyKind::Publishable, &[Permission::Read, Permission::Write]).await;
        (Self::with(cairn, &key).await, Self::with(cairn, &key).await)
    }

    /// Asks as this player, with the key too; an empty answer is `null`.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.cairn.base);
        let mut request = self.cairn.http.request(method, url).bearer_auth(&self.token).header("X-API-Key", &self.key);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
    }

    /// The body of a successful GET.
    pub async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.send(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Leaves traces; what became of each.
    pub async fn leave(&self, traces: Value) -> Vec<Value> {
        let (status, answer) = self.send(Method::POST, "/v1/traces", Some(json!({"traces": traces}))).await;
        assert_eq!(status, 200, "{answer}");
        answer["results"].as_array().unwrap().clone()
    }

    /// Leaves one trace; its id.
    pub async fn leave_one(&self, trace: Value) -> String {
        let results = self.leave(json!([trace])).await;
        assert_eq!(results[0]["status"], 201, "{results:?}");
        results[0]["id"].as_str().unwrap().to_owned()
    }
}
