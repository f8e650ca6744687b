//! The journal, by HTTP.

mod account_end;
mod challenges;
mod library;
mod linked;
pub mod media;
mod moderation;
mod price_falls;
mod privacy;
mod saves;
mod social;
mod story;
mod thoughts;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Answer, Person, read},
};

/// Somebody with an account and a username, or a stranger without either.
pub struct Gamer<'a> {
    pub cairn: &'a Cairn,
    pub user: String,
    token: Option<String>,
}

impl<'a> Gamer<'a> {
    /// Somebody who is not signed in.
    pub fn stranger(cairn: &'a Cairn) -> Self {
        Self { cairn, user: String::new(), token: None }
    }

    /// Somebody new with that username.
    pub async fn new(cairn: &'a Cairn, place: &Place, name: &str) -> Self {
        let mailbox = Mailbox::in_data_of(place);
        let (person, user) = Person::signed_in(cairn, &format!("{name}@example.org"), &mailbox).await;
        let profile = format!(
            "INSERT INTO profile (user_id, username, username_key, username_at_ms, audience, created_at_ms)
             VALUES ('{user}', '{name}', '{name}', 1, 0, 1)"
        );
        place.execute_control(&profile).await;
        Self { cairn, user, token: person.token }
    }

    /// By which a server knows them.
    pub fn credentials(&self) -> (String, Option<String>) {
        (self.user.clone(), self.token.clone())
    }

    /// The person with these credentials.
    pub fn known(cairn: &'a Cairn, (user, token): (String, Option<String>)) -> Self {
        Self { cairn, user, token }
    }

    /// Makes them follow somebody.
    pub async fn follow(&self, place: &Place, whom: &Gamer<'_>) {
        let now = "(SELECT max(created_at_ms) + 1 FROM profile)";
        place.execute_control(&format!("INSERT INTO follow VALUES ('{}', '{}', {now})", self.user, whom.user)).await;
    }

    /// Makes them block somebody; what each follows stays, so that only the block hides.
    pub async fn block(&self, place: &Place, whom: &Gamer<'_>) {
        place.execute_control(&format!("INSERT INTO block VALUES ('{}', '{}', 1)", self.user, whom.user)).await;
    }

    pub async fn send(&self, method: Method, path: &str, if_match: Option<&str>, body: Option<Value>) -> Answer {
        read(self.request(method, path, if_match, body).send().await.unwrap()).await
    }

    pub fn request(
        &self,
        method: Method,
        path: &str,
        if_match: Option<&str>,
        body: Option<Value>,
    ) -> crate::support::http::RequestBuilder {
        let mut request = self.at(method, &format!("/api{path}"));
        if let Some(tag) = if_match {
            request = request.header("If-Match", tag);
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        request
    }

    /// A request of theirs to a path, whatever it begins with.
    pub fn at(&self, method: Method, path: &str) -> crate::support::http::RequestBuilder {
        let request = self.cairn.http.request(method, format!("{}{path}", self.cairn.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, None, Some(body)).await
    }

    pub async fn put(&self, path: &str) -> Answer {
        self.send(Method::PUT, path, None, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await
    }

    /// Writes a thought, and returns its id.
    pub async fn think(&self, game: i64, text: &str, audience: &str) -> String {
        let (status, thought) =
            self.post("/thoughts", json!({"game": game.to_string(), "text": text, "audience": audience})).await;
        assert_eq!(status, 201, "{thought}");
        thought["id"].as_str().unwrap().to_owned()
    }
}

/// The texts of the items of a page.
pub fn texts(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap()).collect()
}
