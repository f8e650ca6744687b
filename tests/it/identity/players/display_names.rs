//! Display names: set by the player, read by whoever reads the world, removed and locked by moderators.

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person},
    player::{Player, answered, code},
};

const WORLD: &str = "moss/climb/live";

/// A game, whose key may read and write, and its studio's server.
struct Game<'a> {
    cairn: &'a Cairn,
    key: String,
    secret: String,
}

impl<'a> Game<'a> {
    async fn of(cairn: &'a Cairn, world: &str) -> Self {
        let key = cairn.game_key(world).await;
        Self { cairn, key, secret: cairn.key(world, KeyKind::Secret, &Permission::ALL).await }
    }

    async fn player(&self) -> Player<'a> {
        Player::sign_in(self.cairn, &self.key).await
    }

    /// Signs in with a body.
    async fn sign_in(&self, body: Value) -> (u16, Value) {
        let request = self.cairn.http.post(format!("{}/v1/players", self.cairn.base)).header("X-API-Key", &self.key);
        answered(request, Some(body)).await
    }

    async fn ask_names(&self, body: Value) -> (u16, Value) {
        let request = self.cairn.http.post(format!("{}/v1/players/names", self.cairn.base));
        let request = request.header("X-API-Key", &self.key).header("Content-Type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// The names of players, as `(id, name)`.
    async fn names(&self, players: &[&str]) -> Vec<(String, String)> {
        let (status, answer) = self.ask_names(json!({"player_ids": players})).await;
        assert_eq!(status, 200, "{answer}");
        let text = |named: &Value, member: &str| named[member].as_str().unwrap().to_owned();
        let named = answer["players"].as_array().unwrap().iter();
        named.map(|named| (text(named, "player_id"), text(named, "display_name"))).collect()
    }

    async fn moderate(&self, action: &str, player: &str) -> (u16, Value) {
        let request = self.cairn.http.post(format!("{}/v1/moderation/actions", self.cairn.base));
        let body = json!({"action": action, "player_id": player, "reason": "it is an insult"});
        answered(request.header("X-API-Key", &self.secret), Some(body)).await
    }
}

async fn rename(player: &Player<'_>, name: Value) -> (u16, Value) {
    player.send(Method::PATCH, "/players/me", Some(json!({"display_name": name}))).await
}

/// The name that a player sees of themselves.
async fn own_name(player: &Player<'_>) -> Option<String> {
    let (status, me) = player.send(Method::GET, "/players/me", None).await;
    assert_eq!(status, 200, "{me}");
    me.get("display_name").map(|name| name.as_str().unwrap().to_owned())
}

#[cairn_test]
async fn a_player_sets_changes_and_removes_the_display_name(cairn: &Cairn) {
    let game = Game::of(cairn, WORLD).await;
    let ann = game.player().await;
    assert_eq!(own_name(&ann).await, None);
    let (status, me) = rename(&ann, json!("  Zoe\u{308} ")).await;
    assert_eq!((status, &me["display_name"], &me["player_id"]), (200, &"Zo\u{eb}".into(), &ann.id.as_str().into()));
    assert_eq!(own_name(&ann).await.as_deref(), Some("Zo\u{eb}"));
    // What is absent stays as it is.
    let (status, me) = ann.send(Method::PATCH, "/players/me", Some(json!({}))).await;
    assert_eq!((status, &me["display_name"]), (200, &"Zo\u{eb}".into()));
    for nothing in [json!(""), Value::Null] {
        assert_eq!(rename(&ann, json!("Ann")).await.1["display_name"], "Ann");
        let (status, me) = rename(&ann, nothing.clone()).await;
        assert_eq!((status, me.get("display_name")), (200, None), "{nothing}");
        assert_eq!(own_name(&ann).await, None);
    }
}

#[cairn_test]
async fn a_display_name_is_changed_by_post_too(cairn: &Cairn) {
    let ann = Game::of(cairn, WORLD).await.player().await;
    let change = Some(json!({"display_name": "Ann"}));
    let (status, me) = ann.send(Method::POST, "/players/me/change", change).await;
    assert_eq!((status, &me["display_name"]), (200, &"Ann".into()));
    assert_eq!(own_name(&ann).await.as_deref(), Some("Ann"));
}

#[cairn_test]
async fn each_fault_of_a_display_name_is_named(cairn: &Cairn) {
    let game = Game::of(cairn, WORLD).await;
    let ann = game.player().await;
    assert_eq!(rename(&ann, json!("Ann")).await.0, 200);
    for bad in [json!("x".repeat(33)), json!("   "), json!("a\nb"), json!("a\u{202e}b"), json!(7)] {
        let (status, problem) = rename(&ann, bad.clone()).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/display_name".into()), "{bad}");
        let (status, problem) = game.sign_in(json!({"display_name": bad})).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/display_name".into()), "{bad}");
    }
    let (status, problem) = ann.send(Method::PATCH, "/players/me", Some(json!({"displayname": "Bob"}))).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/displayname".into()));
    assert_eq!(own_name(&ann).await.as_deref(), Some("Ann"));
}

#[cairn_test]
async fn a_sign_in_may_set_the_display_name(cairn: &Cairn) {
    let game = Game::of(cairn, WORLD).await;
    let device = "a device that nobody guesses";
    let mut players = Vec::new();
    for (name, shown) in [("Ann", "Ann"), ("", "Ann"), ("Anna", "Anna")] {
        let (status, signed) = game.sign_in(json!({"device_id": device, "display_name": name})).await;
        assert_eq!(status, 200, "{signed}");
        let player = signed["player_id"].as_str().unwrap().to_owned();
        assert_eq!(game.names(&[&player]).await, [(player.clone(), shown.to_owned())], "{name:?}");
        players.push(player);
    }
    players.dedup();
    assert_eq!(players.len(), 1);
    let (_, signed) = game.sign_in(json!({"display_name": "Bob"})).await;
    let bob = signed["player_id"].as_str().unwrap();
    assert_eq!(game.names(&[bob]).await, [(bob.to_owned(), "Bob".to_owned())], "a new player");
}

#[cairn_test]
async fn names_are_listed_of_the_players_of_the_world_who_have_one(cairn: &Cairn) {
    let game = Game::of(cairn, WORLD).await;
    let (ann, bob, eve) = (game.player().await, game.player().await, game.player().await);
    let elsewhere = Game::of(cairn, "moss/dive/live").await.player().await;
    for (player, name) in [(&ann, "Ann"), (&eve, "Eve"), (&elsewhere, "Else")] {
        assert_eq!(rename(player, json!(name)).await.0, 200);
    }
    let asked: [&str; 6] = [&eve.id, "8f14e45f", &bob.id, &elsewhere.id, &ann.id, &eve.id];
    let named = [(eve.id.clone(), "Eve".to_owned()), (ann.id.clone(), "Ann".to_owned())];
    assert_eq!(game.names(&asked).await, named);
    assert_eq!(game.names(&["8f14e45f"]).await, []);
    assert_eq!(game.names(&vec![ann.id.as_str(); 100]).await, named[1..]);

    for (body, pointer) in [
        (json!({}), "/player_ids"),
        (json!({"player_ids": []}), "/player_ids"),
        (json!({"player_ids": vec![ann.id.as_str(); 101]}), "/player_ids"),
        (json!({"player_ids": [ann.id, "x".repeat(65)]}), "/player_ids/1"),
        (json!({"player_ids": [ann.id], "players": []}), "/players"),
    ] {
        let (status, problem) = game.ask_names(body.clone()).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &pointer.into()), "{body}");
    }
}

#[cairn_test]
async fn a_moderator_removes_and_locks_a_name_and_allows_it_again(cairn: &Cairn) {
    let game = Game::of(cairn, WORLD).await;
    let device = json!({"device_id": "a device that nobody guesses", "display_name": "Rude"});
    let (_, signed) = game.sign_in(device.clone()).await;
    let text = |member: &str| signed[member].as_str().unwrap().to_owned();
    let player = Player { cairn, id: text("player_id"), token: text("token") };
    assert_eq!(own_name(&player).await.as_deref(), Some("Rude"));

    assert_eq!(game.moderate("clear_name", &player.id).await, (200, json!({"affected": 1})));
    assert_eq!((own_name(&player).await, game.names(&[&player.id]).await), (None, Vec::new()));
    assert_eq!(code(&rename(&player, json!("Rude")).await), (403, "name_locked"));
    let change = Some(json!({"display_name": "Rude"}));
    assert_eq!(code(&player.send(Method::POST, "/players/me/change", change).await), (403, "name_locked"));
    assert_eq!(rename(&player, Value::Null).await.0, 200, "there is nothing to remove");
    assert_eq!(game.sign_in(device).await.0, 200, "the player may still play");
    assert_eq!(own_name(&player).await, None);

    assert_eq!(game.moderate("allow_name", &player.id).await, (200, json!({"affected": 1})));
    assert_eq!(game.moderate("allow_name", &player.id).await, (200, json!({"affected": 0})), "it is not locked");
    assert_eq!(own_name(&player).await, None, "the old name is gone");
    assert_eq!(rename(&player, json!("Kind")).await.0, 200);
    assert_eq!(own_name(&player).await.as_deref(), Some("Kind"));
}

#[cairn_test]
async fn moderation_of_names_needs_a_player_of_the_world_and_is_audited(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    assert_eq!(ann.call(Method::POST, "/studios", Some(json!({"name": "moss"}))).await.0, 201);
    let game = Game::of(&cairn, WORLD).await;
    let elsewhere = Game::of(&cairn, "moss/dive/live").await.player().await;
    assert_eq!(rename(&elsewhere, json!("Else")).await.0, 200);
    assert_eq!(code(&game.moderate("clear_name", &elsewhere.id).await), (404, "player_not_found"));
    assert_eq!(own_name(&elsewhere).await.as_deref(), Some("Else"));

    let player = game.player().await;
    for action in ["clear_name", "allow_name"] {
        assert_eq!(game.moderate(action, &player.id).await.0, 200, "{action}");
    }
    let (_, audit) = ann.call(Method::GET, "/studios/moss/audit?limit=2", None).await;
    let entries = audit["items"].as_array().unwrap();
    let detail = format!("player {}: it is an insult", player.id);
    for (entry, action) in entries.iter().zip(["player.name_allowed", "player.name_cleared"]) {
        assert_eq!((&entry["action"], &entry["detail"]), (&action.into(), &detail.as_str().into()));
        assert_eq!(entry["object"], "game:climb live");
    }
    assert_eq!(entries.len(), 2);
    cairn.stop().await;
}

#[cairn_test]
async fn an_account_exports_the_names_of_its_players_and_deletes_them(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (live, dev) = (Game::of(&cairn, WORLD).await, Game::of(&cairn, "moss/climb/dev").await);
    let (one, two, stranger) = (live.player().await, dev.player().await, live.player().await);
    for (player, name) in [(&one, "One"), (&stranger, "Stranger")] {
        assert_eq!(rename(player, json!(name)).await.0, 200);
    }
    for player in [&one, &two] {
        let (_, shown) = player.send(Method::POST, "/players/me/link-code", None).await;
        let (status, linked) = ann.post("/players", json!({"code": shown["code"]})).await;
        assert_eq!((status, linked.get("display_name").is_some()), (200, player.id == one.id));
    }
    let (_, listed) = ann.get("/players").await;
    let (_, export) = ann.get("/export").await;
    for players in [&listed["items"], &export["players"]] {
        let names: Vec<_> = players.as_array().unwrap().iter().map(|player| player.get("display_name")).collect();
        assert_eq!(names, [Some(&"One".into()), None]);
    }
    assert_eq!(ann.post("/delete", json!({"password": PASSWORD})).await.0, 204);
    assert_eq!(own_name(&one).await, None);
    assert_eq!(own_name(&stranger).await.as_deref(), Some("Stranger"));
    cairn.stop().await;
}
