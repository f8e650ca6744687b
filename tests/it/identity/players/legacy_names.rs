//! The names under which v0 clients write, bound to players by the studio's secret key.

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, Place, keys::id_of};

const WORLD: &str = "moss/climb/live";

/// The studio's server, and a player of its game.
struct Studio<'a> {
    cairn: &'a Cairn,
    secret: String,
    game: String,
}

impl<'a> Studio<'a> {
    async fn of(cairn: &'a Cairn, world: &str) -> Self {
        let secret = cairn.key(world, KeyKind::Secret, &Permission::ALL).await;
        Self { cairn, secret, game: cairn.game_key(world).await }
    }

    /// A new player's id and token.
    async fn player(&self) -> (String, String) {
        let request = self.cairn.http.post(format!("{}/v1/players", self.cairn.base)).header("X-API-Key", &self.game);
        let signed: Value = request.body("{}").send().await.unwrap().json().await.unwrap();
        (signed["player_id"].as_str().unwrap().to_owned(), signed["token"].as_str().unwrap().to_owned())
    }

    async fn send(&self, method: Method, player: &str, name: &str) -> (u16, String) {
        let url = format!("{}/v1/players/{player}/v0-names{name}", self.cairn.base);
        let request = self.cairn.http.request(method, url).header("X-API-Key", &self.secret);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn bind(&self, player: &str, name: &str) -> (u16, String) {
        let (status, text) = self.send(Method::PUT, player, &format!("/{name}")).await;
        let code = serde_json::from_str::<Value>(&text).map(|problem| problem["code"].as_str().unwrap().to_owned());
        (status, code.unwrap_or_default())
    }

    async fn names(&self, player: &str) -> Value {
        let (status, text) = self.send(Method::GET, player, "").await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }
}

async fn me(cairn: &Cairn, token: &str) -> Value {
    cairn.get("/v1/players/me").bearer_auth(token).send().await.unwrap().json().await.unwrap()
}

#[cairn_test]
async fn a_player_has_several_legacy_names(cairn: &Cairn) {
    let studio = Studio::of(cairn, WORLD).await;
    let (ann, token) = studio.player().await;
    assert_eq!(me(cairn, &token).await["seed_names"], json!([]));
    // Any name that a v0 client may use, percent-encoded; the same one again has no effect.
    for name in ["8f14e45f", "Zo%C3%AB%20%2F%25", "8f14e45f"] {
        assert_eq!(studio.bind(&ann, name).await, (204, String::new()), "{name}");
    }
    let both = json!(["8f14e45f", "Zo\u{eb} /%"]);
    assert_eq!(studio.names(&ann).await, json!({"player_id": ann, "seed_names": both}));
    assert_eq!(me(cairn, &token).await["seed_names"], both);
}

#[cairn_test]
async fn a_legacy_name_belongs_to_one_player_until_it_is_unbound(cairn: &Cairn) {
    let studio = Studio::of(cairn, WORLD).await;
    let ((ann, _), (bob, _)) = (studio.player().await, studio.player().await);
    for name in ["8f14e45f", "Zo%C3%AB%20%2F%25"] {
        assert_eq!(studio.bind(&ann, name).await, (204, String::new()), "{name}");
    }
    let both = json!(["8f14e45f", "Zo\u{eb} /%"]);
    assert_eq!(studio.bind(&bob, "8f14e45f").await, (409, "seed_name_taken".to_owned()));
    // Unbinding another player's name has no effect.
    assert_eq!(studio.send(Method::DELETE, &bob, "/8f14e45f").await.0, 204);
    assert_eq!(studio.names(&ann).await["seed_names"], both);
    assert_eq!(studio.send(Method::DELETE, &ann, "/8f14e45f").await.0, 204);
    assert_eq!(studio.bind(&bob, "8f14e45f").await.0, 204);
    assert_eq!(studio.names(&bob).await["seed_names"], json!(["8f14e45f"]));
    assert_eq!(studio.names(&ann).await["seed_names"], json!(["Zo\u{eb} /%"]));
}

#[cairn_test]
async fn legacy_names_are_bound_and_listed_at_their_old_paths_too(cairn: &Cairn) {
    let studio = Studio::of(cairn, WORLD).await;
    let (ann, _) = studio.player().await;
    // The document does not have them, so the answers are not held against it.
    let http = reqwest::Client::new();
    let at = async |method: Method, rest: &str| {
        let url = format!("{}/v1/players/{ann}/seed-names{rest}", cairn.base);
        let answer = http.request(method, url).header("X-API-Key", &studio.secret).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, serde_json::from_slice::<Value>(&answer.bytes().await.unwrap()).unwrap_or_default())
    };
    assert_eq!(at(Method::PUT, "/8f14e45f").await.0, 204);
    assert_eq!(studio.names(&ann).await["seed_names"], json!(["8f14e45f"]));
    let (status, _, listed) = at(Method::GET, "").await;
    assert_eq!((status, &listed["seed_names"]), (200, &json!(["8f14e45f"])));
    assert_eq!(at(Method::DELETE, "/8f14e45f").await.0, 204);
    assert_eq!(studio.names(&ann).await["seed_names"], json!([]));
    let (status, _, problem) = at(Method::GET, "?limit=1").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"?limit".into()));
    for (rest, allowed) in [("", "GET, HEAD"), ("/8f14e45f", "DELETE, PUT")] {
        let (status, headers, _) = at(Method::POST, rest).await;
        let mut methods: Vec<&str> = headers["allow"].to_str().unwrap().split(", ").collect();
        methods.sort_unstable();
        assert_eq!((status, methods.join(", ").as_str()), (405, allowed), "{rest}");
    }
}

#[cairn_test]
async fn legacy_names_of_worlds_are_separate(cairn: &Cairn) {
    let mut players = Vec::new();
    for world in [WORLD, "moss/climb/dev", "moss/dive/live", "tern/climb/live"] {
        let studio = Studio::of(cairn, world).await;
        let (player, _) = studio.player().await;
        assert_eq!(studio.bind(&player, "same").await.0, 204, "{world}");
        players.push((studio, player));
    }
    for (at, (studio, _)) in players.iter().enumerate() {
        for (of, (_, player)) in players.iter().enumerate().filter(|(of, _)| *of != at) {
            assert_eq!(studio.bind(player, "other").await, (404, "player_not_found".to_owned()), "of {of} by {at}");
            assert_eq!(studio.send(Method::GET, player, "").await.0, 404);
            assert_eq!(studio.send(Method::DELETE, player, "/same").await.0, 404);
        }
    }
}

#[cairn_test]
async fn a_name_bound_by_many_at_once_goes_to_one_player(cairn: &Cairn) {
    let studio = Studio::of(cairn, WORLD).await;
    let mut players = Vec::new();
    for _ in 0..6 {
        players.push(studio.player().await.0);
    }
    let bound = futures_util::future::join_all(players.iter().map(|player| studio.bind(player, "x"))).await;
    assert_eq!(bound.iter().filter(|(status, _)| *status == 204).count(), 1, "{bound:?}");
    assert_eq!(bound.iter().filter(|(status, _)| *status == 409).count(), 5, "{bound:?}");
    for (player, (status, _)) in players.iter().zip(bound) {
        assert_eq!(studio.names(player).await["seed_names"].as_array().unwrap().len(), usize::from(status == 204));
    }
}

#[cairn_test]
async fn a_legacy_name_of_the_wrong_length_or_form_is_refused(cairn: &Cairn) {
    let studio = Studio::of(cairn, WORLD).await;
    let (ann, _) = studio.player().await;
    let too_long = "x".repeat(65);
    for name in [too_long.as_str(), "a%00b"] {
        assert_eq!(studio.bind(&ann, name).await, (422, "invalid".to_owned()), "{name}");
    }
    let (status, problem) = studio.send(Method::PUT, &ann, &format!("/{too_long}")).await;
    let problem: Value = serde_json::from_str(&problem).unwrap();
    assert_eq!(
        (status, &problem["errors"][0]),
        (422, &json!({"pointer": "u_uuid", "detail": "is 65 bytes long; 1 to 64"}))
    );
    assert_eq!(studio.bind(&ann, &"x".repeat(64)).await.0, 204, "the longest");
}

#[cairn_test]
async fn a_legacy_name_is_bound_only_to_a_player_of_the_game(cairn: &Cairn) {
    let studio = Studio::of(cairn, WORLD).await;
    for nobody in ["none", "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718"] {
        assert_eq!(studio.bind(nobody, "x").await, (404, "player_not_found".to_owned()), "{nobody}");
    }
}

#[cairn_test]
async fn a_player_has_a_hundred_legacy_names_at_most(cairn: &Cairn) {
    let studio = Studio::of(cairn, WORLD).await;
    let (ann, _) = studio.player().await;
    for turn in 0..100 {
        assert_eq!(studio.bind(&ann, &format!("n{turn}")).await.0, 204, "{turn}");
    }
    assert_eq!(studio.bind(&ann, "one-more").await, (409, "too_many_seed_names".to_owned()));
}

#[cairn_test]
async fn binding_is_audited(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let studio = Studio::of(&cairn, WORLD).await;
    let (ann, _) = studio.player().await;
    for _ in 0..2 {
        assert_eq!(studio.bind(&ann, "x").await.0, 204);
    }
    for _ in 0..2 {
        assert_eq!(studio.send(Method::DELETE, &ann, "/x").await.0, 204);
    }
    let audit_entries = "SELECT actor || ' ' || action || ' ' || object || ' ' || detail FROM audit WHERE action LIKE 'seed_name.%' ORDER BY id";
    let by =
        |action: &str| format!("key:{} seed_name.{action} player:{ann} \"x\" in climb live", id_of(&studio.secret));
    assert_eq!(place.control_texts(audit_entries).await, [by("bound"), by("unbound")]);
    cairn.stop().await;
}
