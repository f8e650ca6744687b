//! Studios and who belongs to them: founded, invited, joined, left; and what each member may do.

use cairn::identity::access::model::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place, eventually,
    keys::id_of,
    mail::Mailbox,
    person::{Answer, PASSWORD, Person, read, refusal},
    process::cairn,
    samples,
};

const INVITED: &str = "You are invited into a studio";

async fn found(person: &Person<'_>, name: &str) {
    assert_eq!(person.call(Method::POST, "/studios", Some(json!({"name": name}))).await.0, 201);
}

async fn get(person: &Person<'_>, path: &str) -> Answer {
    person.call(Method::GET, path, None).await
}

async fn delete(person: &Person<'_>, path: &str) -> Answer {
    person.call(Method::DELETE, path, None).await
}

async fn post(person: &Person<'_>, path: &str, body: Value) -> Answer {
    person.call(Method::POST, path, Some(body)).await
}

async fn patch(person: &Person<'_>, path: &str, role: &str) -> Answer {
    person.call(Method::PATCH, path, Some(json!({"role": role}))).await
}

/// Invites somebody into moss; the code from the letter.
async fn invited(by: &Person<'_>, email: &str, role: &str, mailbox: &Mailbox) -> String {
    let (status, shown) = post(by, "/studios/moss/invitations", json!({"email": email, "role": role})).await;
    assert_eq!((status, &shown["email"], &shown["role"]), (201, &email.into(), &role.into()));
    mailbox.take(email, INVITED).await.code()
}

async fn accept(person: &Person<'_>, code: &str) -> Answer {
    post(person, "/invitations/accept", json!({"code": code})).await
}

/// Somebody new who has joined moss.
async fn joined<'a>(by: &Person<'a>, email: &str, role: &str, mailbox: &Mailbox) -> (Person<'a>, String) {
    let code = invited(by, email, role, mailbox).await;
    let (person, user) = Person::signed_in(by.cairn, email, mailbox).await;
    assert_eq!(accept(&person, &code).await.0, 200);
    (person, user)
}

fn said(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// A member of each item of a list.
fn of_items<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list["items"].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}

#[cairn_test]
async fn a_studio_is_founded_joined_changed_and_left(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, bob_id) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;

    let moss = json!({"name": "moss", "title": "Moss & Co"});
    let (status, founded) = post(&ann, "/studios", moss.clone()).await;
    assert_eq!((status, &founded["studio"], &founded["role"]), (201, &"moss".into(), &"owner".into()));
    assert_eq!(refusal(post(&bob, "/studios", moss).await), said(409, "studio_taken"));
    let (status, problem) = post(&bob, "/studios", json!({"name": "Moss", "title": "x".repeat(101)})).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"], &problem["errors"][1]["pointer"]),
        (422, &"/name".into(), &"/title".into())
    );
    assert_eq!(of_items(&get(&ann, "/studios").await.1, "title"), ["Moss & Co"]);
    assert_eq!(get(&bob, "/studios").await.1, json!({"items": []}));

    // To somebody who is no member it is as if it were not there.
    for (answer, code) in [
        (get(&bob, "/studios/moss/members").await, "studio_not_found"),
        (get(&bob, "/studios/nowhere/members").await, "studio_not_found"),
        (patch(&bob, &format!("/studios/moss/members/{ann_id}"), "viewer").await, "studio_not_found"),
    ] {
        assert_eq!(refusal(answer), said(404, code));
    }

    // Whether the address has an account changes nothing but the address in the answer.
    let invite = |email| post(&ann, "/studios/moss/invitations", json!({"email": email, "role": "viewer"}));
    let ((_, known), (_, unknown)) = (invite("bob@example.org").await, invite("nobody@example.org").await);
    let names = |shown: &Value| shown.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&known), names(&unknown));
    let (old, stranger) =
        (mailbox.take("bob@example.org", INVITED).await, mailbox.take("nobody@example.org", INVITED).await);
    assert_eq!(old.text.replace(&old.code(), ""), stranger.text.replace(&stranger.code(), ""));
    assert!(old.text.contains("the studio Moss & Co (moss), as viewer"), "{}", old.text);

    // Only the newest is good, once; a withdrawn one is not.
    let code = invited(&ann, "bob@example.org", "developer", &mailbox).await;
    assert_eq!(refusal(accept(&bob, &old.code()).await), said(422, "code_not_valid"));
    let (_, open) = get(&ann, "/studios/moss/invitations").await;
    assert_eq!(of_items(&open, "email"), ["nobody@example.org", "bob@example.org"]);
    assert_eq!(of_items(&open, "invited_by"), [ann_id.as_str(), &ann_id]);
    let withdrawn = format!("/studios/moss/invitations/{}", open["items"][0]["invitation_id"].as_str().unwrap());
    assert_eq!(delete(&ann, &withdrawn).await.0, 204);
    assert_eq!(refusal(delete(&ann, &withdrawn).await), said(404, "invitation_not_found"));
    assert_eq!(refusal(accept(&bob, &stranger.code()).await), said(422, "code_not_valid"));
    let (status, member) = accept(&bob, &format!(" {code}\n")).await;
    assert_eq!((status, &member["studio"], &member["role"]), (200, &"moss".into(), &"developer".into()));
    assert_eq!(refusal(accept(&bob, &code).await), said(422, "code_not_valid"));
    assert_eq!(refusal(invite("Bob@Example.org").await), said(409, "member_already"));

    // What a developer may, and what only an owner may.
    let (_, members) = get(&bob, "/studios/moss/members").await;
    assert_eq!(
        (of_items(&members, "email"), of_items(&members, "role")),
        (vec!["ann@example.org", "bob@example.org"], vec!["owner", "developer"])
    );
    let (status, problem) = patch(&bob, &format!("/studios/moss/members/{bob_id}"), "owner").await;
    assert_eq!((status, &problem["code"]), (403, &"role_missing".into()));
    assert!(problem["detail"].as_str().unwrap().contains("the role owner"), "{problem}");
    assert_eq!(refusal(delete(&bob, &format!("/studios/moss/members/{ann_id}")).await), said(403, "role_missing"));
    let bobs = format!("/studios/moss/members/{bob_id}");
    let (status, member) = patch(&ann, &bobs, "viewer").await;
    assert_eq!((status, &member["role"]), (200, &"viewer".into()));
    assert_eq!(refusal(get(&bob, "/studios/moss/audit").await), said(403, "role_missing"));
    assert_eq!(refusal(patch(&ann, "/studios/moss/members/none", "viewer").await), said(404, "member_not_found"));
    let (status, problem) = patch(&ann, &bobs, "king").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/role".into()));

    // He leaves, comes back, is removed.
    assert_eq!(delete(&bob, &bobs).await.0, 204);
    assert_eq!(refusal(get(&bob, "/studios/moss/members").await), said(404, "studio_not_found"));
    assert_eq!(accept(&bob, &invited(&ann, "robert@example.org", "owner", &mailbox).await).await.0, 200);
    // Whom he invited does not come when he is gone.
    let his = invited(&bob, "eve@example.org", "owner", &mailbox).await;
    assert_eq!(delete(&ann, &bobs).await.0, 204);
    assert_eq!(refusal(accept(&bob, &his).await), said(422, "code_not_valid"));

    // An invitation ends.
    let late = invited(&ann, "eve@example.org", "viewer", &mailbox).await;
    place.execute_control("UPDATE invitation SET expires_at_ms = 1").await;
    assert_eq!(get(&ann, "/studios/moss/invitations").await.1, json!({"items": []}));
    assert_eq!(refusal(accept(&bob, &late).await), said(422, "code_not_valid"));

    // All of it is written down, page by page, without anybody's address.
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
    let (status, problem) = get(&ann, "/studios/moss/audit?limit=0&after=x").await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"], &problem["errors"][1]["pointer"]),
        (422, &"?after".into(), &"?limit".into())
    );
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
    // Of two who step back at once one stays: whether they leave, step down, or push each other.
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
async fn an_account_goes_only_when_no_studio_is_left_alone(place: &Place) {
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
    let told = problem["detail"].as_str().unwrap();
    assert!(told.contains("moss") && told.contains("tern"), "{told}");
    assert_eq!(patch(&ann, &format!("/studios/moss/members/{bob_id}"), "owner").await.0, 200);
    let (_, problem) = go().await;
    assert!(!problem["detail"].as_str().unwrap().contains("moss"), "{problem}");
    assert_eq!(get(&ann, "/studios").await.1["items"].as_array().unwrap().len(), 2, "nothing has ended before");
    assert_eq!(
        refusal(ann.post("/delete", json!({"password": "not the password"})).await),
        said(403, "wrong_password")
    );

    // What is left of the studio goes with it: members, invitations.
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
async fn one_user_founds_so_many_and_only_where_one_may(place: &Place) {
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
    let strict = Cairn::start(place, &[("CAIRN_STUDIOS_BY", "administrator")]).await;
    let there = ann.at(&strict);
    let refused = post(&there, "/studios", json!({"name": "more"})).await;
    assert_eq!(refusal(refused), said(403, "administrator_needed"));
    place.execute_control("UPDATE \"user\" SET administrator = TRUE").await;
    found(&there, "more").await;
    assert_eq!(get(&there, "/account").await.1["administrator"], true);
    strict.stop().await;
    cairn.stop().await;
}

#[cairn_test]
async fn members_register_games_and_mint_rotate_and_revoke_keys(place: &Place) {
    let mailbox = Mailbox::in_data_of(place);
    let cairn = Cairn::start(place, &[("CAIRN_OPEN_WORLD", "false")]).await;
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (status, game) = post(&ann, "/studios/moss/games", json!({"game": "climb", "title": "The Climb"})).await;
    assert_eq!((status, &game["game"], &game["title"]), (201, &"climb".into(), &"The Climb".into()));
    assert_eq!(refusal(post(&ann, "/studios/moss/games", json!({"game": "climb"})).await), said(409, "game_taken"));
    assert_eq!(post(&ann, "/studios/moss/games", json!({"game": "dive"})).await.1["title"], "dive");
    assert_eq!(of_items(&get(&ann, "/studios/moss/games").await.1, "game"), ["climb", "dive"]);

    let keys = "/studios/moss/games/climb/keys";
    let wrong = json!({"environment": "test", "kind": "open", "scopes": ["read", "fly"], "label": "\u{7}"});
    let (status, problem) = post(&ann, keys, wrong).await;
    let pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert_eq!((status, pointers), (422, vec!["/environment", "/kind", "/scopes/1", "/label"]));
    let wide = post(&ann, keys, json!({"environment": "live", "scopes": ["moderate"]})).await;
    assert_eq!((wide.0, &wide.1["errors"][0]["pointer"]), (422, &"/scopes".into()));
    let (status, minted) =
        post(&ann, keys, json!({"environment": "live", "kind": null, "scopes": [], "label": "first"})).await;
    assert_eq!(
        (status, &minted["key"]["kind"], &minted["key"]["scopes"]),
        (201, &"publishable".into(), &json!(["read", "write"]))
    );
    let old = minted["secret"].as_str().unwrap().to_owned();
    cairn.leave_with(&old, &samples::all_three("a", "x")).await;

    let one = |id: &str| format!("{keys}/{id}");
    let (status, rotated) = person_rotate(&ann, &one(id_of(&old))).await;
    let new = rotated["secret"].as_str().unwrap().to_owned();
    assert_eq!((status, &rotated["key"]["label"]), (201, &"first".into()));
    assert_eq!(refusal(person_rotate(&ann, &one(id_of(&old))).await), said(409, "rotation_open"));
    assert_eq!(delete(&ann, &one(id_of(&old))).await.0, 204);
    assert_eq!(cairn.refusal(&old).await.0, 401);
    assert_eq!(cairn.authors(&new).await, ["a"]);
    // Another game's key is none of this one's, whoever owns both.
    assert_eq!(
        refusal(delete(&ann, &format!("/studios/moss/games/dive/keys/{}", id_of(&new))).await),
        said(404, "key_not_found")
    );
    let (_, listed) = get(&ann, keys).await;
    assert_eq!(of_items(&listed, "id"), [id_of(&old), id_of(&new)]);
    assert!(!listed.to_string().contains(new.rsplit_once('_').unwrap().1));

    let (_, audit) = get(&ann, "/studios/moss/audit").await;
    assert_eq!(of_items(&audit, "action")[..3], ["key.revoked", "key.rotated", "key.minted"]);
    assert!(of_items(&audit, "actor").iter().all(|actor| *actor == format!("user:{ann_id}")));
    cairn.stop().await;
}

#[cairn_test]
async fn a_session_acts_in_the_world_that_it_names(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let live = cairn.game_key("moss/climb/live").await;
    let dev = cairn.key("moss/climb/dev", KeyKind::Secret, &Permission::ALL).await;
    let named = async |query: &str| get(&ann, &format!("/games/climb/keys?{query}")).await;
    assert_eq!(of_items(&named("studio=moss").await.1, "id"), [id_of(&live)]);
    assert_eq!(of_items(&named("studio=moss&environment=dev").await.1, "id"), [id_of(&dev)]);
    for (query, status, code) in [
        ("", 422, "invalid"),
        ("studio=moss&environment=test", 422, "invalid"),
        ("studio=tern", 404, "studio_not_found"),
    ] {
        assert_eq!(refusal(named(query).await), said(status, code), "{query}");
    }
    assert_eq!(refusal(get(&ann, "/games/dive/keys?studio=moss").await), said(404, "game_not_found"));
    let (bob, _) = joined(&ann, "bob@example.org", "moderator", &mailbox).await;
    assert_eq!(refusal(get(&bob, "/games/climb/keys?studio=moss").await), said(403, "role_missing"));
    // A cookie changes something only if a page of ours sends it.
    let token = ann.token.as_ref().unwrap();
    let change = |origin: &str| {
        let url = format!("{}/v1/games/climb/settings?studio=moss", cairn.base);
        let request = cairn.http.patch(url).header("Cookie", format!("cairn_session={token}"));
        request.header("Origin", origin).header("Content-Type", "application/json").body("{}").send()
    };
    let forged = read(change("https://elsewhere.example").await.unwrap()).await;
    assert_eq!(refusal(forged), said(403, "cross_site"));
    assert_eq!(change(&cairn.base).await.unwrap().status(), 200);
    // A key that is shown goes before a session.
    let with_both = cairn.get_with(&dev, "/v1/games/climb/keys").bearer_auth(bob.token.as_ref().unwrap());
    assert_eq!(of_items(&with_both.send().await.unwrap().json().await.unwrap(), "id"), [id_of(&dev)]);
    cairn.stop().await;
}

#[cairn_test]
async fn the_command_line_says_who_belongs_to_a_studio(place: &Place) {
    let (server, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, ann_id) = Person::signed_in(&server, "ann@example.org", &mailbox).await;
    let run = |arguments: &[&str]| {
        let output = cairn(place, arguments).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    assert!(run(&["studio", "found", "moss"]).0);
    assert!(run(&["member", "set", "moss", "nobody@example.org", "owner"]).1.contains("no account has the address"));
    for role in ["viewer", "owner"] {
        assert!(run(&["member", "set", "moss", "Ann@example.org", role]).0);
    }
    let (_, listed) = run(&["member", "list", "moss", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed[0]["user_id"], &listed[0]["role"]), (&ann_id.into(), &"owner".into()));
    assert_eq!(of_items(&get(&ann, "/studios").await.1, "role"), ["owner"]);
    assert!(run(&["member", "set", "moss", "ann@example.org", "viewer"]).1.contains("would have no owner"));
    assert!(run(&["member", "remove", "moss", "ann@example.org"]).1.contains("would have no owner"));
    let (bob, _) = joined(&ann, "bob@example.org", "owner", &mailbox).await;
    assert!(run(&["member", "remove", "moss", "ann@example.org"]).0);
    eventually("the server knows", async || get(&ann, "/studios/moss/members").await.0 == 404).await;
    let (_, audit) = get(&bob, "/studios/moss/audit").await;
    assert_eq!((of_items(&audit, "action")[0], of_items(&audit, "actor")[0]), ("member.removed", "command line"));
    server.stop().await;
}

async fn person_rotate(person: &Person<'_>, key: &str) -> Answer {
    person.call(Method::POST, &format!("{key}/rotate"), None).await
}

fn cairn_delete(place: &Place, studio: &str) -> std::process::Output {
    cairn(place, &["studio", "delete", studio, "--confirm", studio]).output().unwrap()
}
