//! The people of these tests: an administrator, and users.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Answer, PASSWORD, Person, read},
};

/// The administrator, signed in.
pub async fn administrator(cairn: &Cairn) -> Person<'_> {
    let body = json!({"code": cairn.setup_code(), "email": "root@example.org", "password": PASSWORD}).to_string();
    let answer = cairn.http.post(format!("{}/v1/setup", cairn.base)).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let mut person = Person::new(cairn);
    person.sign_in("root@example.org", PASSWORD).await;
    person
}

/// A user, signed in.
pub async fn user<'a>(cairn: &'a Cairn, place: &Place, name: &str) -> Person<'a> {
    let mailbox = Mailbox::in_data_of(place);
    Person::signed_in(cairn, &format!("{name}@example.org"), &mailbox).await.0
}

/// A request under `/api`, by somebody or nobody, that names a version or none. Returns the answer and its ETag.
pub async fn ask(
    cairn: &Cairn,
    person: Option<&Person<'_>>,
    (method, path): (Method, &str),
    version: Option<&str>,
    body: Option<&Value>,
) -> (Answer, String) {
    let mut request = cairn.http.request(method, format!("{}/api{path}", cairn.base));
    if let Some(token) = person.and_then(|person| person.token.as_ref()) {
        request = request.bearer_auth(token);
    }
    if let Some(version) = version {
        request = request.header("If-Match", version);
    }
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.unwrap();
    let tag = answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned()).unwrap_or_default();
    (read(answer).await, tag)
}

pub async fn get(cairn: &Cairn, person: Option<&Person<'_>>, path: &str) -> Answer {
    ask(cairn, person, (Method::GET, path), None, None).await.0
}

pub async fn post(cairn: &Cairn, person: &Person<'_>, path: &str, body: Value) -> Answer {
    ask(cairn, Some(person), (Method::POST, path), None, Some(&body)).await.0
}

/// The names of the games on a page.
pub fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|game| game["name"].as_str().unwrap()).collect()
}

/// The id of a game in an answer.
pub fn id_of(game: &Value) -> String {
    game["id"].as_str().unwrap().to_owned()
}
