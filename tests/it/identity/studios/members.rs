//! Members of studios and their roles.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::requests::{accept, delete, found, get, invited, joined, of_items, patch, post, said};
use crate::support::{
    Cairn, Place, eventually,
    mail::Mailbox,
    person::{PASSWORD, Person, refusal},
    process::cairn,
};

#[cairn_test]
async fn the_creator_of_a_studio_owns_it_and_its_slug_is_taken(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    let moss = json!({"name": "moss", "display_name": "Moss & Co"});
    let (status, founded) = post(&ann, "/studios", moss.clone()).await;
    assert_eq!((status, &founded["studio"], &founded["role"]), (201, &"moss".into(), &"owner".into()));
    assert_eq!(refusal(post(&bob, "/studios", moss).await), said(409, "studio_taken"));
    assert_eq!(of_items(&get(&ann, "/studios").await.1, "display_name"), ["Moss & Co"], "Ann's studios");
    assert_eq!(get(&bob, "/studios").await.1, json!({"items": []}), "Bob's studios");
    cairn.stop().await;
}

#[cairn_test]
async fn each_fault_of_a_new_studio_is_named(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    let (status, problem) = post(&bob, "/studios", json!({"name": "Moss", "display_name": "x".repeat(101)})).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"], &problem["errors"][1]["pointer"]),
        (422, &"/name".into(), &"/display_name".into())
    );
    cairn.stop().await;
}

#[cairn_test]
async fn a_studio_is_not_found_by_users_who_are_not_members(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    found(&ann, "moss").await;
    for answer in [
        get(&bob, "/studios/moss/members").await,
        get(&bob, "/studios/nowhere/members").await,
        patch(&bob, &format!("/studios/moss/members/{ann_id}"), "viewer").await,
    ] {
        assert_eq!(refusal(answer), said(404, "studio_not_found"));
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_developer_sees_members_but_does_not_change_them(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (bob, bob_id) = joined(&ann, "bob@example.org", "developer", &mailbox).await;
    let (_, members) = get(&bob, "/studios/moss/members").await;
    assert_eq!(
        (of_items(&members, "email"), of_items(&members, "role")),
        (vec!["ann@example.org", "bob@example.org"], vec!["owner", "developer"])
    );
    let (status, problem) = patch(&bob, &format!("/studios/moss/members/{bob_id}"), "owner").await;
    assert_eq!((status, &problem["code"]), (403, &"role_missing".into()));
    assert!(problem["detail"].as_str().unwrap().contains("the role owner"), "{problem}");
    assert_eq!(refusal(delete(&bob, &format!("/studios/moss/members/{ann_id}")).await), said(403, "role_missing"));
    cairn.stop().await;
}

#[cairn_test]
async fn an_owner_changes_roles_and_a_viewer_sees_no_audit(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (bob, bob_id) = joined(&ann, "bob@example.org", "developer", &mailbox).await;
    let bobs = format!("/studios/moss/members/{bob_id}");
    let (status, member) = patch(&ann, &bobs, "viewer").await;
    assert_eq!((status, &member["role"]), (200, &"viewer".into()));
    assert_eq!(refusal(get(&bob, "/studios/moss/audit").await), said(403, "role_missing"));
    assert_eq!(refusal(patch(&ann, "/studios/moss/members/none", "viewer").await), said(404, "member_not_found"));
    let (status, problem) = patch(&ann, &bobs, "king").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/role".into()));
    cairn.stop().await;
}

#[cairn_test]
async fn a_member_leaves_and_may_be_invited_again(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (bob, bob_id) = joined(&ann, "bob@example.org", "viewer", &mailbox).await;
    assert_eq!(delete(&bob, &format!("/studios/moss/members/{bob_id}")).await.0, 204);
    assert_eq!(refusal(get(&bob, "/studios/moss/members").await), said(404, "studio_not_found"));
    assert_eq!(accept(&bob, &invited(&ann, "bob@example.org", "owner", &mailbox).await).await.0, 200);
    cairn.stop().await;
}

#[cairn_test]
async fn a_studio_never_loses_its_last_owner(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (bob, bob_id) = joined(&ann, "bob@example.org", "viewer", &mailbox).await;
    let (anns, bobs) = (format!("/studios/moss/members/{ann_id}"), format!("/studios/moss/members/{bob_id}"));
    for answer in [delete(&ann, &anns).await, patch(&ann, &anns, "developer").await] {
        assert_eq!(refusal(answer), said(409, "last_owner"));
    }
    let owners = async || {
        let found = place.control_texts("SELECT \"user\" FROM member WHERE role = 'owner'").await;
        assert!(!found.is_empty());
        found
    };
    let back = async || place.execute_control("UPDATE member SET role = 'owner'").await;
    // Of two owners who give up ownership at once one remains: by leaving, by a lower role, or by removing each other.
    for round in 0..6 {
        back().await;
        let (one, other) = match round % 3 {
            0 => tokio::join!(patch(&ann, &anns, "viewer"), patch(&bob, &bobs, "viewer")),
            1 => tokio::join!(patch(&ann, &bobs, "viewer"), patch(&bob, &anns, "viewer")),
            _ => tokio::join!(patch(&ann, &anns, "viewer"), patch(&ann, &bobs, "viewer")),
        };
        let mut statuses = [one.0, other.0];
        statuses.sort_unstable();
        assert!(matches!(statuses, [200, 409 | 403]), "{round}: {one:?} {other:?}");
        assert_eq!(owners().await.len(), 1);
    }
    back().await;
    let (one, other) = tokio::join!(delete(&ann, &anns), delete(&bob, &bobs));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409], "{one:?} {other:?}");
    owners().await;
    cairn.stop().await;
}

#[cairn_test]
async fn an_account_that_is_a_studios_last_owner_cannot_be_deleted(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    for studio in ["tern", "moss"] {
        found(&ann, studio).await;
    }
    let (bob, bob_id) = joined(&ann, "bob@example.org", "developer", &mailbox).await;
    let (_, export) = ann.get("/export").await;
    let studios: Vec<&str> =
        export["memberships"].as_array().unwrap().iter().map(|one| one["studio"].as_str().unwrap()).collect();
    assert_eq!((studios, &export["memberships"][0]["role"]), (vec!["moss", "tern"], &"owner".into()));

    let go = || ann.post("/delete", json!({"password": PASSWORD}));
    let (status, problem) = go().await;
    assert_eq!((status, &problem["code"]), (409, &"last_owner".into()));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("moss") && detail.contains("tern"), "{detail}");
    assert_eq!(patch(&ann, &format!("/studios/moss/members/{bob_id}"), "owner").await.0, 200);
    let (_, problem) = go().await;
    assert!(!problem["detail"].as_str().unwrap().contains("moss"), "{problem}");
    assert_eq!(get(&ann, "/studios").await.1["items"].as_array().unwrap().len(), 2, "nothing has ended before");
    assert_eq!(
        refusal(ann.post("/delete", json!({"password": "not the password"})).await),
        said(403, "wrong_password")
    );

    // The studio is deleted with its members and invitations.
    invited(&bob, "eve@example.org", "viewer", &mailbox).await;
    let program = cairn_delete(place, "tern");
    assert!(program.status.success(), "{program:?}");
    assert_eq!(go().await.0, 204);
    assert_eq!(of_items(&get(&bob, "/studios/moss/members").await.1, "email"), ["bob@example.org"]);
    assert!(cairn_delete(place, "moss").status.success());
    for rows in ["SELECT role FROM member", "SELECT email FROM invitation"] {
        assert!(place.control_texts(rows).await.is_empty(), "{rows}");
    }
    assert_eq!(bob.post("/delete", json!({"password": PASSWORD})).await.0, 204);
    cairn.stop().await;
}

#[cairn_test]
async fn a_user_creates_a_limited_number_of_studios_and_only_where_allowed(place: &Place) {
    let mailbox = Mailbox::in_data_of(place);
    let cairn = Cairn::start(place, &[("CAIRN_STUDIOS_PER_USER", "2")]).await;
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let founding = (0..5).map(|studio| post(&ann, "/studios", json!({"name": format!("studio-{studio}")})));
    let founding: Vec<_> = founding.collect();
    let answers = futures_util::future::join_all(founding).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 2, "{answers:?}");
    assert!(
        answers.iter().filter(|(status, _)| *status != 201).all(|(_, problem)| problem["code"] == "too_many_studios")
    );
    let token = ann.token.clone();
    cairn.stop().await;
    let strict = Cairn::start(place, &[("CAIRN_STUDIOS_BY", "administrator")]).await;
    let there = Person { token, ..Person::new(&strict) };
    let refused = post(&there, "/studios", json!({"name": "more"})).await;
    assert_eq!(refusal(refused), said(403, "administrator_needed"));
    place.execute_control("UPDATE \"user\" SET administrator = TRUE").await;
    found(&there, "more").await;
    assert_eq!(get(&there, "/account").await.1["administrator"], true);
    strict.stop().await;
}

#[cairn_test]
async fn the_command_line_lists_the_members_of_a_studio(place: &Place) {
    let (server, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&server, "ann@example.org", &mailbox).await;
    let run = |arguments: &[&str]| {
        let output = cairn(place, arguments).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    assert!(run(&["studio", "create", "moss"]).0);
    assert!(run(&["member", "add", "moss", "nobody@example.org", "owner"]).1.contains("no account has the address"));
    for role in ["viewer", "owner"] {
        assert!(run(&["member", "add", "moss", "Ann@example.org", role]).0);
    }
    let listed = cairn(place, &["member", "list", "moss", "--json"]).output().unwrap().stdout;
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    assert_eq!((&listed[0]["user_id"], &listed[0]["role"]), (&ann_id.into(), &"owner".into()));
    assert_eq!(of_items(&get(&ann, "/studios").await.1, "role"), ["owner"]);
    assert!(run(&["member", "add", "moss", "ann@example.org", "viewer"]).1.contains("would have no owner"));
    assert!(run(&["member", "remove", "moss", "ann@example.org"]).1.contains("would have no owner"));
    let (bob, _) = joined(&ann, "bob@example.org", "owner", &mailbox).await;
    assert!(run(&["member", "remove", "moss", "ann@example.org"]).0);
    eventually("the server knows", async || get(&ann, "/studios/moss/members").await.0 == 404).await;
    let (_, audit) = get(&bob, "/studios/moss/audit").await;
    assert_eq!((of_items(&audit, "action")[0], of_items(&audit, "actor")[0]), ("member.removed", "command line"));
    server.stop().await;
}

fn cairn_delete(place: &Place, studio: &str) -> std::process::Output {
    cairn(place, &["studio", "delete", studio, "--confirm", studio]).output().unwrap()
}
