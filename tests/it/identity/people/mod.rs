//! People as others see them.

mod audience;
mod blocks;
mod digests;
mod finding;
mod follows;
mod notices;
mod place;
mod place_attack;
mod profiles;
mod telling;
mod users;

use reqwest::Method;
use serde_json::Value;

use crate::support::{
    Cairn, Place,
    person::{Answer, read},
    white_box::Relations,
};

/// Somebody who calls routes under `/api`, signed in or not.
pub struct Caller<'a> {
    pub cairn: &'a Cairn,
    pub token: Option<String>,
}

impl<'a> Caller<'a> {
    /// Nobody who is signed in.
    pub fn nobody(cairn: &'a Cairn) -> Self {
        Self { cairn, token: None }
    }

    /// A user of that username, who made the account a while ago and is signed in.
    pub async fn signed_in(cairn: &'a Cairn, place: &Place, name: &str) -> Self {
        Self::of_age(cairn, place, name, 60).await
    }

    /// The same, with the age of the account in days.
    pub async fn of_age(cairn: &'a Cairn, place: &Place, name: &str, days: i64) -> Self {
        Self { cairn, token: Some(Relations(place).signed_in(name, days).await) }
    }

    pub fn request(&self, method: Method, path: &str) -> crate::support::http::RequestBuilder {
        let request = self.cairn.http.request(method, format!("{}/api{path}", self.cairn.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    /// PUT without a body, which must succeed.
    pub async fn set(&self, path: &str) {
        let answer = self.call(Method::PUT, path, None).await;
        assert_eq!(answer, (204, Value::Null), "PUT {path}");
    }

    /// DELETE without a body, which must succeed.
    pub async fn unset(&self, path: &str) {
        let answer = self.call(Method::DELETE, path, None).await;
        assert_eq!(answer, (204, Value::Null), "DELETE {path}");
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// The items of a list.
    pub async fn items(&self, path: &str) -> Vec<Value> {
        let (status, page) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {page}");
        page["items"].as_array().unwrap().clone()
    }

    /// The usernames of the people in a list.
    pub async fn usernames(&self, path: &str) -> Vec<String> {
        self.items(path).await.iter().map(|item| item["username"].as_str().unwrap().to_owned()).collect()
    }

    /// Replaces the profile, and asserts success.
    pub async fn profile(&self, profile: Value) -> Value {
        let (status, me) = self.put("/users", profile).await;
        assert_eq!(status, 200, "{me}");
        me
    }
}
