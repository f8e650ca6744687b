//! Games and keys in a session: registered, minted, rotated, revoked; and the world that a request of a session names.

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::requests::{delete, found, get, joined, of_items, post, said};
use crate::support::{
    Cairn, Place,
    keys::id_of,
    mail::Mailbox,
    person::{Answer, Person, read, refusal},
    samples,
};

async fn person_rotate(person: &Person<'_>, key: &str) -> Answer {
    person.call(Method::POST, &format!("{key}/rotate"), None).await
}

#[cairn_test]
async fn members_register_games_and_mint_rotate_and_revoke_keys(place: &Place) {
    let mailbox = Mailbox::in_data_of(place);
    let cairn = Cairn::start(place, &[("CAIRN_OPEN_WORLD", "false")]).await;
    let (ann, ann_id) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    found(&ann, "moss").await;
    let (status, game) = post(&ann, "/studios/moss/games", json!({"game": "climb", "display_name": "The Climb"})).await;
    assert_eq!((status, &game["game"], &game["display_name"]), (201, &"climb".into(), &"The Climb".into()));
    assert_eq!(refusal(post(&ann, "/studios/moss/games", json!({"game": "climb"})).await), said(409, "game_taken"));
    assert_eq!(post(&ann, "/studios/moss/games", json!({"game": "dive"})).await.1["display_name"], "dive");
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
async fn a_display_name_may_be_sent_by_its_old_name(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (status, studio) = post(&ann, "/studios", json!({"name": "moss", "title": "Moss & Co"})).await;
    assert_eq!((status, &studio["display_name"], studio.get("title")), (201, &"Moss & Co".into(), None));
    let games = "/studios/moss/games";
    let (status, game) = post(&ann, games, json!({"game": "climb", "title": "The Climb", "display_name": ""})).await;
    assert_eq!((status, &game["display_name"], game.get("title")), (201, &"The Climb".into(), None));
    let both = json!({"game": "dive", "title": "Dive", "display_name": "The Dive"});
    let (status, problem) = post(&ann, games, both).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/title".into()));
    cairn.stop().await;
}

#[cairn_test]
async fn a_session_acts_in_the_world_named_in_the_request(place: &Place) {
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
