//! The codes that emails carry.

use cairn_test_macros::cairn_test;
use serde_json::json;

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, refusal},
};

const ANN: &str = "Ann@example.org";

fn not_valid() -> (u16, String) {
    (422, "code_not_valid".to_owned())
}

/// Makes an account with a code.
async fn make(person: &Person<'_>, code: &str) -> (u16, serde_json::Value) {
    person.post("", json!({"code": code, "password": PASSWORD})).await
}

/// Asks for a code for a new account, and takes it out of the mailbox.
async fn ask(person: &Person<'_>, mailbox: &Mailbox) -> String {
    person.post("/register", json!({"email": ANN})).await;
    mailbox.take(ANN, "Your code for a new account").await.code()
}

/// Asks for a code for a new password, and takes it out of the mailbox.
async fn forget(person: &Person<'_>, mailbox: &Mailbox) -> String {
    person.post("/password/forgotten", json!({"email": ANN})).await;
    mailbox.take(ANN, "Your code for a new password").await.code()
}

#[cairn_test]
async fn only_the_newest_code_is_valid(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = Person::new(&cairn);
    assert_eq!(refusal(make(&ann, "0123456789abcdef0123456789abcdef").await), not_valid(), "a code that was not sent");
    let (older, newer) = (ask(&ann, &mailbox).await, ask(&ann, &mailbox).await);
    assert_ne!(older, newer);
    assert_eq!(refusal(make(&ann, &older).await), not_valid(), "the older code");
    assert_eq!(make(&ann, &newer).await.0, 201, "the newer code");
    cairn.stop().await;
}

#[cairn_test]
async fn a_code_is_valid_once_and_only_for_its_purpose(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = Person::new(&cairn);
    let code = ask(&ann, &mailbox).await;
    let reset = ann.post("/password/reset", json!({"code": code, "password": PASSWORD})).await;
    assert_eq!(refusal(reset), not_valid(), "for something else");
    let weak = ann.post("", json!({"code": code, "password": "ann@example.org"})).await;
    assert_eq!(weak.0, 422, "a bad password does not use the code up");
    assert_eq!(make(&ann, &format!(" {code}\n")).await.0, 201, "with spaces around it");
    assert_eq!(refusal(make(&ann, &code).await), not_valid(), "a second time");
    cairn.stop().await;
}

#[cairn_test]
async fn a_code_used_twice_at_once_succeeds_once(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = Person::new(&cairn);
    ann.register(ANN, &mailbox).await;
    let code = forget(&ann, &mailbox).await;
    let reset = || ann.post("/password/reset", json!({"code": code, "password": "another horse battery"}));
    let (one, other) = tokio::join!(reset(), reset());
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_code_expires(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = Person::new(&cairn);
    ann.register(ANN, &mailbox).await;
    let code = forget(&ann, &mailbox).await;
    place.execute_control("UPDATE user_code SET expires_at_ms = 1").await;
    let late = ann.post("/password/reset", json!({"code": code, "password": PASSWORD})).await;
    assert_eq!(refusal(late), not_valid());
    cairn.stop().await;
}

#[cairn_test]
async fn a_new_address_is_verified_in_a_session_of_the_same_account(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, ANN, &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    let change = json!({"email": "other@example.org", "password": PASSWORD});
    assert_eq!(ann.post("/email/change", change).await.0, 202);
    let code = mailbox.take("other@example.org", "Your code for a new address").await.code();
    assert_eq!(refusal(bob.post("/email/confirm", json!({"code": code})).await), not_valid(), "another account");
    assert_eq!(ann.post("/email/confirm", json!({"code": code})).await.0, 200, "the same account");
    cairn.stop().await;
}
