//! The audit of a studio.

use cairn_test_macros::cairn_test;

use super::requests::{accept, delete, found, get, invited, of_items, patch};
use crate::support::{Cairn, Place, mail::Mailbox, person::Person};

#[cairn_test]
async fn changes_of_members_are_audited_without_email_addresses(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, bob_id) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let bobs = format!("/studios/moss/members/{bob_id}");
    invited(&ann, "bob@example.org", "viewer", &mailbox).await;
    invited(&ann, "nobody@example.org", "viewer", &mailbox).await;
    let code = invited(&ann, "bob@example.org", "developer", &mailbox).await;
    let (_, open) = get(&ann, "/studios/moss/invitations").await;
    let of_nobody = open["items"][0]["invitation_id"].as_str().unwrap();
    assert_eq!(delete(&ann, &format!("/studios/moss/invitations/{of_nobody}")).await.0, 204);
    assert_eq!(accept(&bob, &code).await.0, 200);
    assert_eq!(patch(&ann, &bobs, "viewer").await.0, 200);
    assert_eq!(delete(&bob, &bobs).await.0, 204);
    assert_eq!(accept(&bob, &invited(&ann, "bob@example.org", "owner", &mailbox).await).await.0, 200);
    invited(&bob, "eve@example.org", "owner", &mailbox).await;
    assert_eq!(delete(&ann, &bobs).await.0, 204);
    invited(&ann, "eve@example.org", "viewer", &mailbox).await;

    let (mut after, mut actions, mut whole) = (String::new(), Vec::new(), String::new());
    loop {
        let (status, page) = get(&ann, &format!("/studios/moss/audit?limit=4&after={after}")).await;
        assert_eq!(status, 200);
        actions.extend(of_items(&page, "action").into_iter().map(str::to_owned));
        whole += &page.to_string();
        after = page["next"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
        assert_eq!(page["items"].as_array().unwrap().len(), 4);
    }
    actions.reverse();
    let expected = [
        "studio.founded",
        "member.invited",
        "member.invited",
        "member.invited",
        "invitation.withdrawn",
        "member.joined",
        "member.role_changed",
        "member.left",
        "member.invited",
        "member.joined",
        "member.invited",
        "member.removed",
        "member.invited",
    ];
    assert_eq!(actions, expected);
    assert!(whole.contains(&format!("user:{ann_id}")) && !whole.contains('@'), "{whole}");
    cairn.stop().await;
}

#[cairn_test]
async fn an_entry_without_detail_leaves_it_out(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    for (action, detail) in [("key.minted", "climb live"), ("key.revoked", "")] {
        let entry = format!("SELECT id, 1, 'cairn', '{action}', 'key:x', '{detail}' FROM studio WHERE slug = 'moss'");
        place
            .execute_control(&format!("INSERT INTO audit (studio, at_ms, actor, action, object, detail) {entry}"))
            .await;
    }
    let (_, audit) = get(&ann, "/studios/moss/audit?limit=2").await;
    let details: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| entry.get("detail")).collect();
    assert_eq!(details, [None, Some(&"climb live".into())]);
    cairn.stop().await;
}

#[cairn_test]
async fn each_fault_of_a_question_for_the_audit_is_named(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (status, problem) = get(&ann, "/studios/moss/audit?limit=0&after=x").await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"], &problem["errors"][1]["pointer"]),
        (422, &"?after".into(), &"?limit".into())
    );
    cairn.stop().await;
}
