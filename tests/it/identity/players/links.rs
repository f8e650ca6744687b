//! Players and accounts: linked by a short code, whose guesses are limited, and unlinked again.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Answer, PASSWORD, Person, read, refusal},
    process::cairn,
};

/// A player who is signed in to a game.
struct Player<'a> {
    cairn: &'a Cairn,
    id: String,
    token: String,
}

impl<'a> Player<'a> {
    async fn minted(cairn: &'a Cairn, key: &str) -> Self {
        let minted = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", key).body("{}");
        let (status, minted) = read(minted.send().await.unwrap()).await;
        assert_eq!(status, 200, "{minted}");
        let text = |name: &str| minted[name].as_str().unwrap().to_owned();
        Self { cairn, id: text("player_id"), token: text("token") }
    }

    async fn ask(&self) -> Answer {
        let url = format!("{}/v1/players/me/link-code", self.cairn.base);
        read(self.cairn.http.post(url).bearer_auth(&self.token).send().await.unwrap()).await
    }

    async fn code(&self) -> String {
        let (status, shown) = self.ask().await;
        assert_eq!(status, 201, "{shown}");
        shown["code"].as_str().unwrap().to_owned()
    }

    async fn is_linked(&self) -> Value {
        let me = self.cairn.get("/v1/players/me").bearer_auth(&self.token).send().await.unwrap();
        read(me).await.1["linked"].clone()
    }
}

async fn link(person: &Person<'_>, code: &str) -> Answer {
    person.post("/players", json!({"code": code})).await
}

fn not_valid() -> (u16, String) {
    (422, "code_not_valid".to_owned())
}

/// A server with players of two environments of a game, and two users who are signed in.
struct Setup<'a> {
    players: [Player<'a>; 2],
    ann: Person<'a>,
    bob: Person<'a>,
}

impl<'a> Setup<'a> {
    async fn new(cairn: &'a Cairn, place: &Place) -> Self {
        let mailbox = Mailbox::in_data_of(place);
        let (live, dev) = (cairn.game_key("moss/climb/live").await, cairn.game_key("moss/climb/dev").await);
        let players = [Player::minted(cairn, &live).await, Player::minted(cairn, &dev).await];
        let (ann, _) = Person::signed_in(cairn, "ann@example.org", &mailbox).await;
        let (bob, _) = Person::signed_in(cairn, "bob@example.org", &mailbox).await;
        Self { players, ann, bob }
    }
}

async fn linked_players(person: &Person<'_>) -> Vec<Value> {
    person.get("/players").await.1["items"].as_array().unwrap().clone()
}

#[cairn_test]
async fn a_player_is_linked_by_the_code_that_the_game_shows(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, two], ann, .. } = Setup::new(&cairn, place).await;
    assert_eq!(one.is_linked().await, false);
    let code = one.code().await;
    assert_eq!((code.len(), code.find('-')), (9, Some(4)), "{code}");
    // In any spelling.
    let (status, linked) = link(&ann, &code.to_lowercase().replace('-', " ")).await;
    assert_eq!((status, &linked["player_id"], &linked["environment"]), (200, &one.id.as_str().into(), &"live".into()));
    assert_eq!((&linked["studio"], &linked["game"]), (&"moss".into(), &"climb".into()));
    assert_eq!((one.is_linked().await, two.is_linked().await), (true.into(), false.into()));
    cairn.stop().await;
}

#[cairn_test]
async fn only_the_newest_link_code_is_valid_and_only_once(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, _], ann, .. } = Setup::new(&cairn, place).await;
    let (void, code) = (one.code().await, one.code().await);
    assert_eq!(refusal(link(&ann, &void).await), not_valid(), "replaced by a newer one");
    assert_eq!(link(&ann, &code).await.0, 200);
    assert_eq!(refusal(link(&ann, &code).await), not_valid(), "used");
    cairn.stop().await;
}

#[cairn_test]
async fn a_link_code_expires(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, _], ann, .. } = Setup::new(&cairn, place).await;
    let late = one.code().await;
    place.execute_control("UPDATE link_code SET expires_at_ms = 1").await;
    assert_eq!(refusal(link(&ann, &late).await), not_valid());
    cairn.stop().await;
}

#[cairn_test]
async fn a_player_is_linked_to_one_account_at_most(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, _], ann, bob } = Setup::new(&cairn, place).await;
    assert_eq!(link(&ann, &one.code().await).await.0, 200);
    assert_eq!(refusal(link(&bob, &one.code().await).await), (409, "player_linked".to_owned()));
    assert_eq!(link(&ann, &one.code().await).await.0, 200, "linked again to the same account");
    cairn.stop().await;
}

#[cairn_test]
async fn an_account_lists_and_exports_all_its_players(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, two], ann, bob } = Setup::new(&cairn, place).await;
    assert_eq!(link(&ann, &one.code().await).await.0, 200);
    assert_eq!(link(&ann, &two.code().await).await.0, 200);
    let listed = linked_players(&ann).await;
    let ids: Vec<&Value> = listed.iter().map(|player| &player["player_id"]).collect();
    assert_eq!(ids, [&Value::from(one.id.as_str()), &two.id.as_str().into()]);
    assert_eq!(listed[1]["environment"], "dev");
    assert!(linked_players(&bob).await.is_empty());
    assert_eq!(ann.get("/export").await.1["players"].as_array().unwrap(), &listed);
    cairn.stop().await;
}

#[cairn_test]
async fn a_player_is_unlinked_by_its_account_only(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, _], ann, bob } = Setup::new(&cairn, place).await;
    assert_eq!(link(&ann, &one.code().await).await.0, 200);
    let gone = (404, "player_not_found".to_owned());
    assert_eq!(refusal(bob.delete(&format!("/players/{}", one.id)).await), gone, "another's");
    assert_eq!(ann.delete(&format!("/players/{}", one.id)).await.0, 204);
    assert_eq!(one.is_linked().await, false);
    cairn.stop().await;
}

#[cairn_test]
async fn a_link_code_used_twice_at_once_links_one_account(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [_, two], ann, bob } = Setup::new(&cairn, place).await;
    let code = two.code().await;
    let (mine, his) = tokio::join!(link(&ann, &code), link(&bob, &code));
    let mut statuses = [mine.0, his.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_deleted_account_leaves_its_players_unlinked(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, _], ann, bob } = Setup::new(&cairn, place).await;
    assert_eq!(link(&ann, &one.code().await).await.0, 200);
    assert_eq!(ann.post("/delete", json!({"password": PASSWORD})).await.0, 204);
    assert_eq!(one.is_linked().await, false);
    assert_eq!(link(&bob, &one.code().await).await.0, 200, "another account may link it");
    cairn.stop().await;
}

#[cairn_test]
async fn a_deleted_studio_leaves_neither_links_nor_codes(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let Setup { players: [one, two], bob, .. } = Setup::new(&cairn, place).await;
    assert_eq!(link(&bob, &one.code().await).await.0, 200);
    two.code().await;
    let delete = ["studio", "delete", "moss", "--confirm", "moss"];
    assert!(self::cairn(place, &delete).output().unwrap().status.success());
    assert!(linked_players(&bob).await.is_empty());
    for rows in ["SELECT player FROM player_link", "SELECT player FROM link_code"] {
        assert!(place.control_texts(rows).await.is_empty(), "{rows}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn guesses_of_link_codes_are_slowed_down(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let key = cairn.game_key("moss/climb/live").await;
    let player = Player::minted(&cairn, &key).await;
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    // Five are free, the sixth shuts the gate.
    for turn in 0..6 {
        assert_eq!(refusal(link(&ann, &format!("0000-000{turn}")).await), not_valid(), "{turn}");
    }
    let code = player.code().await;
    let refused = ann.request(Method::POST, "/players").body(json!({"code": code}).to_string()).send().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (429, true));
    // Another account of the same network is not hers.
    assert_eq!(link(&bob, &code).await.0, 200);
    // A player may request ten codes an hour.
    let mut asked = 0;
    while player.ask().await.0 == 201 {
        asked += 1;
    }
    assert!((9..=19).contains(&asked), "{asked}: at most twice ten, when the hour turns meanwhile");
    assert_eq!(refusal(player.ask().await), (429, "too_many_codes".to_owned()));
    cairn.stop().await;
}
