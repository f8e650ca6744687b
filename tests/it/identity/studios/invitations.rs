//! Invitations into a studio: sent by email, good once, until they are withdrawn or expire.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::requests::{INVITED, accept, delete, found, get, invited, joined, of_items, post, said};
use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Person, refusal},
};

#[cairn_test]
async fn an_invitation_does_not_reveal_whether_the_address_has_an_account(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    assert_eq!(post(&ann, "/studios", json!({"name": "moss", "display_name": "Moss & Co"})).await.0, 201);
    let invite = |email| post(&ann, "/studios/moss/invitations", json!({"email": email, "role": "viewer"}));
    let ((_, known), (_, unknown)) = (invite("bob@example.org").await, invite("nobody@example.org").await);
    let names = |shown: &Value| shown.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&known), names(&unknown), "the members of both answers");
    let (old, stranger) =
        (mailbox.take("bob@example.org", INVITED).await, mailbox.take("nobody@example.org", INVITED).await);
    assert_eq!(old.text.replace(&old.code(), ""), stranger.text.replace(&stranger.code(), ""), "both emails");
    assert!(old.text.contains("the studio Moss & Co (moss), as viewer"), "{}", old.text);
    // Bob has an account, and is invited as anybody is.
    assert_eq!(accept(&bob, &old.code()).await.0, 200);
    cairn.stop().await;
}

#[cairn_test]
async fn only_the_newest_invitation_of_an_address_is_valid_and_only_once(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let older = invited(&ann, "bob@example.org", "viewer", &mailbox).await;
    let newer = invited(&ann, "bob@example.org", "developer", &mailbox).await;
    assert_eq!(refusal(accept(&bob, &older).await), said(422, "code_not_valid"), "the older one");
    let (status, member) = accept(&bob, &format!(" {newer}\n")).await;
    assert_eq!((status, &member["studio"], &member["role"]), (200, &"moss".into(), &"developer".into()));
    assert_eq!(refusal(accept(&bob, &newer).await), said(422, "code_not_valid"), "a second time");
    let again = post(&ann, "/studios/moss/invitations", json!({"email": "Bob@Example.org", "role": "viewer"})).await;
    assert_eq!(refusal(again), said(409, "member_already"));
    cairn.stop().await;
}

#[cairn_test]
async fn a_withdrawn_invitation_is_not_valid(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let code = invited(&ann, "nobody@example.org", "viewer", &mailbox).await;
    invited(&ann, "bob@example.org", "developer", &mailbox).await;
    let (_, open) = get(&ann, "/studios/moss/invitations").await;
    assert_eq!(of_items(&open, "email"), ["nobody@example.org", "bob@example.org"]);
    assert_eq!(of_items(&open, "invited_by"), [ann_id.as_str(), &ann_id]);
    let withdrawn = format!("/studios/moss/invitations/{}", open["items"][0]["invitation_id"].as_str().unwrap());
    assert_eq!(delete(&ann, &withdrawn).await.0, 204);
    assert_eq!(refusal(delete(&ann, &withdrawn).await), said(404, "invitation_not_found"));
    assert_eq!(refusal(accept(&bob, &code).await), said(422, "code_not_valid"));
    cairn.stop().await;
}

#[cairn_test]
async fn an_invitation_ends_when_the_inviting_member_is_removed(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (bob, bob_id) = joined(&ann, "bob@example.org", "owner", &mailbox).await;
    let bobs = invited(&bob, "eve@example.org", "owner", &mailbox).await;
    assert_eq!(delete(&ann, &format!("/studios/moss/members/{bob_id}")).await.0, 204);
    assert_eq!(refusal(accept(&bob, &bobs).await), said(422, "code_not_valid"));
    cairn.stop().await;
}

#[cairn_test]
async fn an_invitation_expires(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let late = invited(&ann, "eve@example.org", "viewer", &mailbox).await;
    place.execute_control("UPDATE invitation SET expires_at_ms = 1").await;
    assert_eq!(get(&ann, "/studios/moss/invitations").await.1, json!({"items": []}));
    assert_eq!(refusal(accept(&bob, &late).await), said(422, "code_not_valid"));
    cairn.stop().await;
}

#[cairn_test]
async fn an_invitation_is_for_the_address_that_it_was_sent_to(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let code = invited(&ann, "Carol@example.org", "owner", &mailbox).await;
    assert_eq!(refusal(accept(&bob, &code).await), said(403, "invited_another"));
    assert_eq!(refusal(get(&bob, "/studios/moss/members").await), said(404, "studio_not_found"));
    // It is still open for whom it was meant, in whatever case the address is written.
    let (carol, _) = Person::signed_in(&cairn, "carol@Example.org", &mailbox).await;
    let (status, member) = accept(&carol, &code).await;
    assert_eq!((status, &member["role"]), (200, &"owner".into()));
    cairn.stop().await;
}

#[cairn_test]
async fn an_invitation_to_a_member_ends_when_they_are_removed(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (bob, bob_id) = joined(&ann, "bob@example.org", "viewer", &mailbox).await;
    let code = invited(&ann, "robert@example.org", "owner", &mailbox).await;
    let address = "email = 'robert@example.org', email_key = 'robert@example.org'";
    place.execute_control(&format!("UPDATE \"user\" SET {address} WHERE id = '{bob_id}'")).await;
    assert_eq!(refusal(accept(&bob, &code).await), said(409, "member_already"));
    assert_eq!(delete(&ann, &format!("/studios/moss/members/{bob_id}")).await.0, 204);
    assert_eq!(refusal(accept(&bob, &code).await), said(422, "code_not_valid"));
    cairn.stop().await;
}

#[cairn_test]
async fn an_invitation_that_is_accepted_many_times_at_once_makes_one_member(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let code = invited(&ann, "bob@example.org", "viewer", &mailbox).await;
    let answers = futures_util::future::join_all((0..6).map(|_| accept(&bob, &code))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1, "{answers:?}");
    assert_eq!(get(&ann, "/studios/moss/members").await.1["items"].as_array().unwrap().len(), 2);
    cairn.stop().await;
}
