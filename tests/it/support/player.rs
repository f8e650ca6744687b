//! A player of a world: votes, uses, reports, and an inbox.

use reqwest::Method;
use serde_json::{Value, json};

use super::Cairn;

/// A player of a world, signed in.
#[derive(Clone)]
pub struct Player<'a> {
    pub cairn: &'a Cairn,
    pub id: String,
    pub token: String,
}

/// A problem's status and code.
pub fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap())
}

impl<'a> Player<'a> {
    pub async fn sign_in(cairn: &'a Cairn, key: &str) -> Self {
        let request = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", key);
        let answer = request.header("Content-Type", "application/json").body("{}").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().await.unwrap();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self { cairn, id: text("player_id"), token: text("token") }
    }

    /// The body of the answer, `null` where it has none.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.cairn.http.request(method, format!("{}/v1{path}", self.cairn.base));
        answered(request.bearer_auth(&self.token), body).await
    }

    pub async fn vote(&self, trace: i64, vote: &str) -> (u16, Value) {
        self.send(Method::PUT, &format!("/traces/{trace}/vote"), Some(json!({"vote": vote}))).await
    }

    pub async fn take_back(&self, trace: i64) -> (u16, Value) {
        self.send(Method::DELETE, &format!("/traces/{trace}/vote"), None).await
    }

    pub async fn use_trace(&self, trace: i64) -> (u16, Value) {
        self.send(Method::POST, &format!("/traces/{trace}/uses"), None).await
    }

    pub async fn report(&self, trace: i64, reason: &str) -> (u16, Value) {
        self.send(Method::PUT, &format!("/traces/{trace}/report"), Some(json!({"reason": reason}))).await
    }

    /// The items of the inbox behind one of them, and `next`.
    pub async fn inbox(&self, after: &str) -> (Vec<Value>, String) {
        let (status, page) = self.send(Method::GET, &format!("/inbox?after={after}"), None).await;
        assert_eq!((status, &page["more"]), (200, &json!(false)), "{page}");
        (page["items"].as_array().unwrap().clone(), page["next"].as_str().unwrap().to_owned())
    }
}

/// Sends a request, with a body where there is one.
pub async fn answered(mut request: crate::support::http::RequestBuilder, body: Option<Value>) -> (u16, Value) {
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(
        answer.headers().get("cache-control").map(|value| value.to_str().unwrap()),
        (status != 204).then_some("no-store")
    );
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
}
