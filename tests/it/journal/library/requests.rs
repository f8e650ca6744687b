//! Requests that the tests of libraries make, and what they need to be there.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Answer, Person, read},
};

/// A request to anything under `/api`.
pub async fn api(person: &Person<'_>, method: Method, path: &str, body: Option<Value>) -> Answer {
    let mut request = person.cairn.http.request(method, format!("{}/api{path}", person.cairn.base));
    if let Some(token) = &person.token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    read(request.send().await.unwrap()).await
}

pub async fn get(person: &Person<'_>, path: &str) -> Answer {
    api(person, Method::GET, path, None).await
}

pub async fn post(person: &Person<'_>, path: &str, body: Value) -> Answer {
    api(person, Method::POST, path, Some(body)).await
}

/// A POST without a body.
pub async fn ask(person: &Person<'_>, path: &str) -> Answer {
    api(person, Method::POST, path, None).await
}

pub async fn put(person: &Person<'_>, path: &str, body: Value) -> Answer {
    api(person, Method::PUT, path, Some(body)).await
}

pub async fn delete(person: &Person<'_>, path: &str) -> Answer {
    api(person, Method::DELETE, path, None).await
}

/// Ann, signed in, and three games: the first two of different years, the third on two platforms.
pub async fn ann_and_games<'a>(cairn: &'a Cairn, place: &Place) -> (Person<'a>, [String; 3]) {
    let (ann, _) = Person::signed_in(cairn, "ann@example.org", &Mailbox::in_data_of(place)).await;
    let moss = cairn.new_title("steam:292999", "Moss Harbour", "2010", &["pc"]).await;
    let glass = cairn.new_title("igdb:910002", "Glass Rally", "1999", &["ps2"]).await;
    let iron = cairn.new_title("", "Ironwood, Part 2", "2003", &["pc", "switch"]).await;
    (ann, [moss, glass, iron].map(|id| id.to_string()))
}

/// Adds a game in a state; asserts success.
pub async fn add(person: &Person<'_>, game: &str, state: &str) -> Value {
    let (status, entry) = post(person, "/library", json!({"game": game, "state": state})).await;
    assert_eq!(status, 201, "{entry}");
    entry
}

/// The whole library, as its owner sees it.
pub async fn library(person: &Person<'_>) -> Vec<Value> {
    let (status, page) = get(person, "/library?limit=100&sort=name").await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(page["more"], false, "{page}");
    page["items"].as_array().unwrap().clone()
}

/// Each entry of the library whole, with its history, by the game's name.
pub async fn entries(person: &Person<'_>) -> Vec<Value> {
    let mut entries = Vec::new();
    for item in library(person).await {
        let (status, entry) = get(person, &format!("/library/{}", item["game"]["id"].as_str().unwrap())).await;
        assert_eq!(status, 200, "{entry}");
        entries.push(entry);
    }
    entries
}

/// The names of the games of a list.
pub fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["game"]["name"].as_str().unwrap()).collect()
}

/// Sends a file for an import.
pub async fn send_file(person: &Person<'_>, query: &str, file: impl Into<reqwest::Body>) -> Answer {
    let url = format!("{}/api/library/import{query}", person.cairn.base);
    let request = person.cairn.http.request(Method::POST, url).bearer_auth(person.token.as_ref().unwrap());
    read(request.header("Content-Type", "application/octet-stream").body(file).send().await.unwrap()).await
}

/// Reads a file and applies it; returns the import as it is then.
pub async fn import(person: &Person<'_>, query: &str, file: impl Into<reqwest::Body>) -> Value {
    let (status, read) = send_file(person, query, file).await;
    assert_eq!(status, 201, "{read}");
    let (status, applied) =
        ask(person, &format!("/library/import/{}/apply", read["import_id"].as_str().unwrap())).await;
    assert_eq!((status, &applied["status"]), (200, &json!("applied")), "{applied}");
    applied
}

/// The rows of an import: outcome, name, why.
pub async fn rows(person: &Person<'_>, import: &Value) -> Vec<(String, String, String)> {
    let path = format!("/library/import/{}/rows?limit=500", import["import_id"].as_str().unwrap());
    let (status, page) = get(person, &path).await;
    assert_eq!(status, 200, "{page}");
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = page["items"].as_array().unwrap().iter();
    rows.map(|row| (text(row, "outcome"), text(row, "name"), text(row, "why"))).collect()
}

/// The numbers of an import: new, changed, same, unclear, refused.
pub fn counts(import: &Value) -> [i64; 5] {
    let count = |name: &str| import["counts"][name].as_i64().unwrap();
    let counts = ["new", "changed", "same", "unclear", "refused"].map(count);
    assert_eq!(counts.iter().sum::<i64>(), count("rows"), "every row is counted");
    counts
}

/// The export of a library, without the time at which it was made.
pub async fn export(person: &Person<'_>) -> Value {
    let (status, mut export) = get(person, "/library/export").await;
    assert_eq!(status, 200, "{export}");
    export.as_object_mut().unwrap().remove("exported_at");
    export
}

/// The export of a library as CSV.
pub async fn export_csv(person: &Person<'_>) -> String {
    let url = format!("{}/api/library/export?format=csv", person.cairn.base);
    let answer = person.cairn.http.get(url).bearer_auth(person.token.as_ref().unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}
