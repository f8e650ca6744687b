//! An account from registration to deletion.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    mail::{MailServer, Mailbox, Manner},
    person::{PASSWORD, Person, refusal},
};

const ANN: &str = "Ann@example.org";

/// How many rows the control tables keep of accounts.
async fn rows(place: &Place) -> usize {
    let tables = [
        r#"SELECT id FROM "user""#,
        r#"SELECT "user" FROM user_session"#,
        "SELECT email FROM user_code WHERE purpose <> 4",
    ];
    let mut rows = 0;
    for select in tables {
        rows += place.control_texts(select).await.len();
    }
    rows
}

/// Ann, signed in.
async fn ann<'a>(cairn: &'a Cairn, mailbox: &Mailbox) -> Person<'a> {
    Person::signed_in(cairn, ANN, mailbox).await.0
}

#[cairn_test]
async fn an_account_is_created_with_a_code_that_a_mail_server_delivers(place: &Place) {
    let Some(mail) = MailServer::running(Manner::Plain).await else { return };
    let settings = [("CAIRN_MAIL_URL", mail.url.as_str()), ("CAIRN_PUBLIC_URL", "http://cairn.example")];
    let cairn = Cairn::start(place, &settings).await;
    let mut ann = Person::new(&cairn);
    let user = ann.register(ANN, &mail.mailbox).await;
    ann.sign_in("ann@EXAMPLE.org", PASSWORD).await;
    let (status, account) = ann.get("").await;
    assert_eq!((status, &account["email"], &account["user_id"]), (200, &ANN.into(), &user.as_str().into()));
    assert!(mail.mailbox.all().is_empty(), "no other email: {:?}", mail.mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn a_new_address_is_verified_first_and_the_old_one_is_notified(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = ann(&cairn, &mailbox).await;
    let change = json!({"email": "ann@new.example", "password": PASSWORD});
    assert_eq!(ann.post("/email/change", change).await, (202, json!({"email": "ann@new.example"})));
    let code = mailbox.take("ann@new.example", "Your code for a new address").await.code();
    assert_eq!(ann.get("").await.1["email"], ANN, "not before it is proven");
    let (status, account) = ann.post("/email/confirm", json!({"code": code})).await;
    assert_eq!((status, &account["email"]), (200, &"ann@new.example".into()));
    mailbox.take(ANN, "The address of your account was changed").await;
    assert_eq!(refusal(ann.try_sign_in(ANN, PASSWORD).await), (401, "wrong_credentials".to_owned()));
    assert_eq!(ann.try_sign_in("ann@new.example", PASSWORD).await.0, 201, "the new address signs in");
    assert!(mailbox.all().is_empty(), "no other email: {:?}", mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn a_forgotten_password_is_reset_and_all_sessions_end(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let mut ann = ann(&cairn, &mailbox).await;
    ann.post("/password/forgotten", json!({"email": ANN})).await;
    let code = mailbox.take(ANN, "Your code for a new password").await.code();
    let reset = json!({"code": code, "password": "another horse battery"});
    assert_eq!(ann.post("/password/reset", reset).await, (204, Value::Null));
    mailbox.take(ANN, "Your password was changed").await;
    assert_eq!(refusal(ann.get("").await), (401, "session_not_valid".to_owned()));
    assert_eq!(ann.try_sign_in(ANN, PASSWORD).await.0, 401, "the old password");
    ann.sign_in(ANN, "another horse battery").await;
    assert!(mailbox.all().is_empty(), "no other email: {:?}", mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn a_changed_password_needs_the_current_one_and_ends_all_sessions(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let mut ann = ann(&cairn, &mailbox).await;
    let change = json!({"current": "not the password", "password": "third horse battery"});
    assert_eq!(refusal(ann.post("/password/change", change).await), (403, "wrong_password".to_owned()));
    let change = json!({"current": PASSWORD, "password": "third horse battery"});
    assert_eq!(ann.post("/password/change", change).await.0, 204);
    mailbox.take(ANN, "Your password was changed").await;
    assert_eq!(ann.get("").await.0, 401, "the session has ended");
    ann.sign_in(ANN, "third horse battery").await;
    assert!(mailbox.all().is_empty(), "no other email: {:?}", mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn an_export_holds_all_data_of_an_account_without_hashes(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = ann(&cairn, &mailbox).await;
    let (status, export) = ann.get("/export").await;
    assert_eq!((status, &export["account"]["email"]), (200, &ANN.into()));
    assert_eq!(export["sessions"].as_array().unwrap().len(), 1, "sessions");
    assert!(!export.to_string().contains("argon2"));
    cairn.stop().await;
}

#[cairn_test]
async fn a_deleted_account_leaves_no_data(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = ann(&cairn, &mailbox).await;
    assert_eq!(ann.post("/delete", json!({"password": "not the password"})).await.0, 403, "a wrong password");
    assert_eq!(ann.post("/delete", json!({"password": PASSWORD})).await.0, 204);
    mailbox.take(ANN, "Your account was deleted").await;
    assert_eq!(ann.get("").await.0, 401, "the session has ended");
    assert_eq!(ann.try_sign_in(ANN, PASSWORD).await.0, 401, "the account is gone");
    assert_eq!(rows(place).await, 0, "rows of accounts, sessions and codes");
    assert!(mailbox.all().is_empty(), "no other email: {:?}", mailbox.all());
    cairn.stop().await;
}
