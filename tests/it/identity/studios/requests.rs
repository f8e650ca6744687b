//! Requests that the tests of studios share.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    mail::Mailbox,
    person::{Answer, Person},
};

pub const INVITED: &str = "You are invited into a studio";

pub async fn found(person: &Person<'_>, name: &str) {
    assert_eq!(person.call(Method::POST, "/studios", Some(json!({"name": name}))).await.0, 201);
}

/// The answer to a GET under `/v1`.
pub async fn get(person: &Person<'_>, path: &str) -> Answer {
    person.call(Method::GET, path, None).await
}

pub async fn delete(person: &Person<'_>, path: &str) -> Answer {
    person.call(Method::DELETE, path, None).await
}

pub async fn post(person: &Person<'_>, path: &str, body: Value) -> Answer {
    person.call(Method::POST, path, Some(body)).await
}

pub async fn patch(person: &Person<'_>, path: &str, role: &str) -> Answer {
    person.call(Method::PATCH, path, Some(json!({"role": role}))).await
}

/// Invites somebody into moss; the code in the email.
pub async fn invited(by: &Person<'_>, email: &str, role: &str, mailbox: &Mailbox) -> String {
    let (status, shown) = post(by, "/studios/moss/invitations", json!({"email": email, "role": role})).await;
    assert_eq!((status, &shown["email"], &shown["role"]), (201, &email.into(), &role.into()));
    mailbox.take(email, INVITED).await.code()
}

pub async fn accept(person: &Person<'_>, code: &str) -> Answer {
    post(person, "/invitations/accept", json!({"code": code})).await
}

/// A new user who has joined the studio `moss`.
pub async fn joined<'a>(by: &Person<'a>, email: &str, role: &str, mailbox: &Mailbox) -> (Person<'a>, String) {
    let code = invited(by, email, role, mailbox).await;
    let (person, user) = Person::signed_in(by.cairn, email, mailbox).await;
    assert_eq!(accept(&person, &code).await.0, 200);
    (person, user)
}

/// A refusal.
pub fn said(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// A member of each item of a list.
pub fn of_items<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list["items"].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}
