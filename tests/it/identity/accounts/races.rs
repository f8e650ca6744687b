//! Two requests at once that change one account.

use cairn_test_macros::cairn_test;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, refusal},
};

const ANN: &str = "ann@example.org";

#[cairn_test]
async fn of_many_changes_of_a_password_at_once_one_succeeds(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[("CAIRN_PASSWORD_HASHES", "8")]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, ANN, &mailbox).await;
    let password = |at: usize| format!("correct horse {at}");
    let changes = (0..4).map(|at| ann.post("/password/change", json!({"current": PASSWORD, "password": password(at)})));
    let answers = join_all(changes).await;
    let succeeded: Vec<usize> = (0..4).filter(|at| answers[*at].0 == 204).collect();
    assert_eq!(succeeded.len(), 1, "{answers:?}");
    for refused in answers.into_iter().filter(|(status, _)| *status != 204) {
        // It came before the session had ended, or after.
        assert_eq!(refusal(refused), (401, "session_not_valid".to_owned()));
    }
    let mut signed_in = Vec::new();
    for at in 0..4 {
        let elsewhere = Person { from: format!("203.0.113.{at}"), ..Person::new(&cairn) };
        signed_in.extend((elsewhere.try_sign_in(ANN, &password(at)).await.0 == 201).then_some(at));
    }
    assert_eq!(signed_in, succeeded, "the password that was acknowledged");
    cairn.stop().await;
}

#[cairn_test]
async fn of_a_change_of_the_password_and_a_deletion_at_once_one_succeeds(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[("CAIRN_PASSWORD_HASHES", "8")]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, ANN, &mailbox).await;
    let change = ann.post("/password/change", json!({"current": PASSWORD, "password": "correct horse b"}));
    let (changed, deleted) = tokio::join!(change, ann.post("/delete", json!({"password": PASSWORD})));
    assert!((changed.0 == 204) ^ (deleted.0 == 204), "{changed:?} {deleted:?}");
    let is_there = Person::new(&cairn).try_sign_in(ANN, "correct horse b").await.0 == 201;
    assert_eq!(is_there, changed.0 == 204);
    cairn.stop().await;
}

#[cairn_test]
async fn a_code_to_reset_the_password_is_for_the_address_that_it_was_sent_to(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (_, id) = Person::signed_in(&cairn, ANN, &mailbox).await;
    let reader = Person::new(&cairn);
    assert_eq!(reader.post("/password/forgotten", json!({"email": ANN})).await.0, 202);
    let code = mailbox.take(ANN, "Your code for a new password").await.code();
    // A code that is stored while the address is being changed outlives the others.
    let address = "email = 'ann@new.example', email_key = 'ann@new.example'";
    place.execute_control(&format!("UPDATE \"user\" SET {address} WHERE id = '{id}'")).await;
    let reset = reader.post("/password/reset", json!({"code": code, "password": "correct horse b"})).await;
    assert_eq!(refusal(reset), (422, "code_not_valid".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn of_many_codes_for_an_address_at_once_one_is_valid(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = Person::new(&cairn);
    join_all((0..3).map(|_| ann.post("/register", json!({"email": ANN})))).await;
    for _ in 0..3 {
        mailbox.take(ANN, "Your code for a new account").await;
    }
    assert_eq!(place.control_texts("SELECT email FROM user_code WHERE purpose = 1").await, [ANN]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_user_has_at_most_fifty_sessions_however_many_are_opened_at_once(place: &Place) {
    let attempts = [("CAIRN_PASSWORD_HASHES", "8"), ("CAIRN_PASSWORD_WAIT_MS", "60000")];
    let (cairn, mailbox) = (Cairn::start(place, &attempts).await, Mailbox::in_data_of(place));
    let (ann, id) = Person::signed_in(&cairn, ANN, &mailbox).await;
    let copied = r#"SELECT digest, 'copy-%', "user", epoch, cookie, address, agent, created_at_ms, 1, expires_at_ms"#;
    for at in 0..49 {
        let digest =
            if place.database_url.is_some() { format!("'\\x{at:02x}'::bytea") } else { format!("x'{at:02x}'") };
        let copy = copied.replace("digest", &digest).replace('%', &at.to_string());
        let columns = r#"digest, id, "user", epoch, cookie, address, agent, created_at_ms, used_at_ms, expires_at_ms"#;
        let session = format!("FROM user_session WHERE \"user\" = '{id}' AND id NOT LIKE 'copy-%'");
        place.execute_control(&format!("INSERT INTO user_session ({columns}) {copy} {session}")).await;
    }
    let answers = join_all((0..4).map(|_| ann.try_sign_in(ANN, PASSWORD))).await;
    assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
    assert_eq!(place.control_texts("SELECT id FROM user_session").await.len(), 50);
    cairn.stop().await;
}
