//! An address has one account, and only its own emails tell whether it has one.

use cairn_test_macros::cairn_test;
use serde_json::json;

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, refusal},
};

const ANN: &str = "Ann@example.org";

#[cairn_test]
async fn two_spellings_of_an_address_have_one_account(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let mut ann = Person::new(&cairn);
    let mut codes = Vec::new();
    for email in ["Cat@example.org", "cat@EXAMPLE.ORG"] {
        ann.post("/register", json!({"email": email})).await;
        codes.push(mailbox.take(email, "Your code for a new account").await.code());
    }
    assert_eq!(ann.post("", json!({"code": codes[0], "password": PASSWORD})).await.0, 422, "the older code");
    assert_eq!(ann.post("", json!({"code": codes[1], "password": PASSWORD})).await.0, 201, "the newer code");
    ann.from = "203.0.113.10".to_owned();
    assert_eq!(ann.post("/register", json!({"email": "CAT@example.org"})).await.0, 202);
    mailbox.take("CAT@example.org", "You have an account already").await;
    cairn.stop().await;
}

#[cairn_test]
async fn only_the_email_reveals_that_an_address_has_no_account(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = Person::new(&cairn);
    assert_eq!(ann.post("/password/forgotten", json!({"email": "no.one@example.org"})).await.0, 202);
    mailbox.take("no.one@example.org", "There is no account with this address").await;
    cairn.stop().await;
}

#[cairn_test]
async fn only_the_email_reveals_that_a_new_address_is_in_use(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, ANN, &mailbox).await;
    Person::new(&cairn).register("cat@example.org", &mailbox).await;
    let change = json!({"email": "cat@example.org", "password": PASSWORD});
    assert_eq!(ann.post("/email/change", change).await.0, 202);
    mailbox.take("cat@example.org", "This address has an account already").await;
    cairn.stop().await;
}

#[cairn_test]
async fn an_address_registered_before_it_was_verified_is_refused(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, ANN, &mailbox).await;
    let change = json!({"email": "dan@example.org", "password": PASSWORD});
    assert_eq!(ann.post("/email/change", change).await.0, 202);
    let code = mailbox.take("dan@example.org", "Your code for a new address").await.code();
    Person::new(&cairn).register("dan@example.org", &mailbox).await;
    let late = ann.post("/email/confirm", json!({"code": code})).await;
    assert_eq!(refusal(late), (409, "address_taken".to_owned()));
    assert_eq!(ann.get("").await.1["email"], ANN, "the address stays");
    cairn.stop().await;
}
