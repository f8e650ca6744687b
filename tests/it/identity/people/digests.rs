//! Digests: notices by email, together.

use cairn_test_macros::cairn_test;
use serde_json::json;

use super::Caller;
use crate::support::{
    Cairn, Place, eventually,
    mail::{MailServer, Mailbox, Manner},
};

const SUBJECT: &str = "What is new for you";

/// Somebody who wants to be told of followers by email each day.
async fn wanting<'a>(cairn: &'a Cairn, place: &Place, name: &str, preferences: serde_json::Value) -> Caller<'a> {
    let caller = Caller::signed_in(cairn, place, name).await;
    caller.profile(json!({"preferences": preferences})).await;
    caller.put("/notices/settings/followed", json!({"app": true, "mail": true})).await;
    caller
}

/// How many digests wait.
async fn waiting(place: &Place) -> usize {
    place.control_texts("SELECT kind FROM job WHERE kind = 'notice_digest'").await.len()
}

/// Makes all digests due, and waits until none is left.
async fn send_all(place: &Place) {
    assert!(waiting(place).await > 0, "none waits");
    place.execute_control("UPDATE job SET due_ms = 1 WHERE kind = 'notice_digest'").await;
    eventually("the digests are done", async || waiting(place).await == 0).await;
}

#[cairn_test]
async fn what_is_wanted_by_email_comes_in_one(place: &Place) {
    let Some(server) = MailServer::running(Manner::Plain).await else { return };
    let cairn =
        Cairn::start(place, &[("CAIRN_MAIL_URL", &server.url), ("CAIRN_PUBLIC_URL", "http://cairn.example")]).await;
    let ann = wanting(&cairn, place, "ann", json!({"mail": "daily"})).await;
    let mut followers = Vec::new();
    for name in ["bob", "cyd", "dan", "eve"] {
        let follower = Caller::signed_in(&cairn, place, name).await;
        follower.set("/follows/ann").await;
        followers.push(follower);
    }
    // She has read of one, another is hidden, and of friends she wants no email.
    let read = ann.items("/notices").await[0]["notice_id"].as_str().unwrap().to_owned();
    ann.post("/notices/read", json!({"notice_ids": [read]})).await;
    followers[1].profile(json!({"audience": "private"})).await;
    followers[0].unset("/follows/ann").await;
    followers[0].set("/follows/ann").await;
    ann.set("/follows/dan").await;
    followers[2].unset("/follows/ann").await;
    followers[2].set("/follows/ann").await;
    assert_eq!(waiting(place).await, 1, "together");
    send_all(place).await;
    let digest = server.mailbox.take("ann@example.org", SUBJECT).await;
    let lines: Vec<&str> = digest.text.lines().filter(|line| line.starts_with("  - ")).collect();
    assert_eq!(lines, ["  - Somebody follows you. (bob), 2 times"], "{}", digest.text);
    assert!(server.mailbox.all().is_empty(), "to nobody else: {:?}", server.mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn a_digest_tells_nothing_twice_and_nothing_where_all_is_read(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mailbox = Mailbox::in_data_of(place);
    let ann = wanting(&cairn, place, "ann", json!({"mail": "weekly"})).await;
    Caller::signed_in(&cairn, place, "bob").await.set("/follows/ann").await;
    // As if that had been a week ago.
    place.execute_control("UPDATE notice SET at_ms = at_ms - 604800000").await;
    Caller::signed_in(&cairn, place, "cyd").await.set("/follows/ann").await;
    send_all(place).await;
    let digest = mailbox.take("ann@example.org", SUBJECT).await;
    assert!(digest.text.contains("(cyd)") && !digest.text.contains("(bob)"), "{}", digest.text);
    Caller::signed_in(&cairn, place, "dan").await.set("/follows/ann").await;
    ann.post("/notices/read", json!({"all": true})).await;
    send_all(place).await;
    assert!(mailbox.all().is_empty(), "{:?}", mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_gets_a_digest_who_does_not_want_one(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mailbox = Mailbox::in_data_of(place);
    let ann = wanting(&cairn, place, "ann", json!({"mail": "never"})).await;
    let bob = wanting(&cairn, place, "bob", json!({"mail": "daily"})).await;
    bob.put("/notices/settings/followed", json!({"app": true, "mail": false})).await;
    ann.set("/follows/bob").await;
    bob.set("/follows/ann").await;
    assert_eq!(waiting(place).await, 0);
    // Who wants none any more when it is due.
    bob.put("/notices/settings/followed", json!({"app": true, "mail": true})).await;
    let cyd = Caller::signed_in(&cairn, place, "cyd").await;
    cyd.set("/follows/bob").await;
    bob.profile(json!({})).await;
    send_all(place).await;
    assert!(mailbox.all().is_empty(), "{:?}", mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn a_digest_is_written_in_the_language_of_the_user(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    wanting(&cairn, place, "ann", json!({"mail": "daily", "language": "ro-RO"})).await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    bob.set("/follows/ann").await;
    send_all(place).await;
    let digest = Mailbox::in_data_of(place).take("ann@example.org", "Ce este nou pentru tine").await;
    assert!(digest.text.contains("Te urmărește cineva. (bob)"), "{}", digest.text);
    cairn.stop().await;
}
