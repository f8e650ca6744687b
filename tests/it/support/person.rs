//! A person with an account, or who wants one.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Cairn, mail::Mailbox};

pub const PASSWORD: &str = "correct horse battery";

/// An answer: its status, and its body, null where there is none.
pub type Answer = (u16, Value);

/// A user at a network address, perhaps signed in.
pub struct Person<'a> {
    pub cairn: &'a Cairn,
    pub token: Option<String>,
    /// The client address that the proxy in front sends.
    pub from: String,
}

impl<'a> Person<'a> {
    pub fn new(cairn: &'a Cairn) -> Self {
        Self { cairn, token: None, from: "203.0.113.9".to_owned() }
    }

    /// The same person at another instance.
    pub fn at<'b>(&self, cairn: &'b Cairn) -> Person<'b> {
        Person { cairn, token: self.token.clone(), from: self.from.clone() }
    }

    pub fn request(&self, method: Method, path: &str) -> crate::support::http::RequestBuilder {
        let url = format!("{}/v1/account{path}", self.cairn.base);
        let request = self.cairn.http.request(method, url).header("X-Forwarded-For", &self.from);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A request to anything under `/v1`.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}/v1{path}", self.cairn.base);
        let mut request = self.cairn.http.request(method, url).header("X-Forwarded-For", &self.from);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        read(request.send().await.unwrap()).await
    }

    /// A new user with that email address, signed in; and the user's id.
    pub async fn signed_in(cairn: &'a Cairn, email: &str, mailbox: &Mailbox) -> (Self, String) {
        let mut person = Self::new(cairn);
        let user = person.register(email, mailbox).await;
        person.sign_in(email, PASSWORD).await;
        (person, user)
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Makes an account, from asking for it to the password.
    pub async fn register(&self, email: &str, mailbox: &Mailbox) -> String {
        assert_eq!(self.post("/register", json!({"email": email})).await, (202, json!({"email": email})));
        let code = mailbox.take(email, "Your code for a new account").await.code();
        let (status, account) = self.post("", json!({"code": code, "password": PASSWORD})).await;
        assert_eq!((status, &account["email"]), (201, &email.into()));
        account["user_id"].as_str().unwrap().to_owned()
    }

    pub async fn try_sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/sessions", json!({"email": email, "password": password})).await
    }

    /// Signs in, and keeps the token.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> String {
        let (status, session) = self.try_sign_in(email, password).await;
        assert_eq!(status, 201, "{session}");
        self.token = Some(session["token"].as_str().unwrap().to_owned());
        session["session_id"].as_str().unwrap().to_owned()
    }
}

/// Status and body.
pub async fn read(answer: reqwest::Response) -> Answer {
    let status = answer.status().as_u16();
    let bytes = answer.bytes().await.unwrap();
    (status, if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() })
}

/// A refusal's status and word.
pub fn refusal((status, problem): Answer) -> (u16, String) {
    (status, problem["code"].as_str().unwrap_or_else(|| panic!("no refusal: {status} {problem}")).to_owned())
}
