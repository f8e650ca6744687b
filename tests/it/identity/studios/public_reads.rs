//! Reading without a key what a game lets anyone read: `?game=studio/game`.

use cairn_test_macros::cairn_test;
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{Backend, Cairn, Place, eventually, game_client::GameClient, keys};

const WORLD: &str = "moss/climb/live";

async fn decide(cairn: &Cairn, public_reads: bool) {
    keys::decide(cairn, WORLD, &json!({"public_reads": public_reads, "refresh_s": 1})).await;
}

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}

async fn query(cairn: &Cairn, game: &str, question: Value) -> Response {
    let url = format!("{}/v1/traces/query?game={game}", cairn.base);
    // As a page of another origin sends it that wants no preflight: without a content type.
    cairn.http.post(url).header("Origin", "https://climb.example").body(question.to_string()).send().await.unwrap()
}

/// The paths that name a game of these tests, with a trace and its recording.
fn paths(trace: &str, recording: &str) -> [String; 6] {
    [
        "/v1/deck?scope=a&deck=0&".to_owned(),
        "/v1/scopes/a/traces?deck=0&".to_owned(),
        "/v1/game?".to_owned(),
        "/v1/changes?".to_owned(),
        format!("/v1/traces/{trace}?"),
        format!("/v1/recordings/{recording}?"),
    ]
}

async fn ghost(player: &GameClient<'_>) -> (String, String) {
    let run = json!({"t_ms": [0, 100], "pos": [0, 0, 0, 1, 0, 0]});
    let (status, kept) = player.send(reqwest::Method::POST, "/v1/recordings", Some(run)).await;
    assert_eq!(status, 201, "{kept}");
    let recording = kept["recording_id"].as_str().unwrap().to_owned();
    let ghost = json!({"kind": "phantom", "scope": "a", "recording_id": recording});
    (player.leave_one(ghost).await, recording)
}

#[cairn_test]
async fn a_public_game_is_read_by_its_name(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let (trace, recording) = ghost(&ann).await;
    decide(cairn, true).await;
    for name in ["moss/climb", "moss/climb/live"] {
        for path in paths(&trace, &recording) {
            let answer = cairn
                .get(&format!("{path}game={name}"))
                .header("Origin", "https://climb.example")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 200, "{path}{name}");
            let kept = if path.starts_with("/v1/recordings") {
                "public, max-age=31536000, immutable"
            } else if path.starts_with("/v1/changes") {
                "public, no-cache"
            } else {
                "public, max-age=1"
            };
            assert_eq!(header(&answer, "cache-control"), Some(kept), "{path}");
            assert!(!header(&answer, "vary").unwrap_or_default().contains("X-API-Key"), "{path}");
            assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"), "{path}");
            assert!(header(&answer, "access-control-expose-headers").unwrap().contains("ETag"), "{path}");
        }
        let answer = query(cairn, name, json!({"scopes": ["a"]})).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "access-control-allow-origin")), (200, Some("*")));
        let page: Value = answer.json().await.unwrap();
        assert_eq!(page["items"][0]["id"], trace.as_str());
    }
    let game: Value = cairn.get("/v1/game?game=moss/climb").send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (&game["game"], &game["environment"], game.get("key"), game.get("scopes")),
        (&json!("climb"), &json!("live"), None, None)
    );

    // A hot deck, and one that the server chooses, which no proxy may keep.
    let deck = cairn.get("/v1/deck?scope=a&deck=0&game=moss/climb").send().await.unwrap();
    let tag = header(&deck, "etag").unwrap().to_owned();
    let deck: Value = deck.json().await.unwrap();
    assert_eq!(deck["traces"][0]["id"], trace.as_str());
    let again = cairn.get("/v1/deck?scope=a&deck=0&game=moss/climb").header("If-None-Match", tag).send().await.unwrap();
    assert_eq!((again.status().as_u16(), header(&again, "cache-control")), (304, Some("public, max-age=1")));
    let chosen = cairn.get("/v1/deck?scope=a&game=moss/climb").send().await.unwrap();
    assert_eq!(header(&chosen, "cache-control"), Some("private, no-cache"));

    // A key counts, whatever is named beside it; a bad one is refused.
    let other = cairn.game_key("tern/climb/live").await;
    let asked = cairn.get_with(&other, "/v1/deck?scope=a&deck=0&game=moss/climb").send().await.unwrap();
    assert_eq!(header(&asked, "cache-control"), Some("private, no-cache"));
    assert_eq!(asked.json::<Value>().await.unwrap()["traces"], json!([]));
    assert_eq!(cairn.get_with("ck_live_x", "/v1/deck?game=moss/climb").send().await.unwrap().status(), 401);
    // A game's name does not authenticate a player.
    assert_eq!(query(cairn, "moss/climb", json!({"mode": "own"})).await.status(), 401);
}

#[cairn_test]
async fn a_private_game_is_answered_as_one_that_does_not_exist(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let (trace, recording) = ghost(&ann).await;
    let answered = async |path: &str, name: &str| {
        let answer = cairn.get(&format!("{path}game={name}")).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}{name}");
        let headers: Vec<String> = answer.headers().keys().map(ToString::to_string).collect();
        let mut problem: Value = answer.json().await.unwrap();
        problem["request_id"] = Value::Null;
        (headers, problem)
    };
    for path in paths(&trace, &recording) {
        let none = answered(&path, "moss/none").await;
        assert_eq!(none.1["code"], "key_needed");
        for name in ["moss/climb", "moss/climb/live", "moss/climb/dev", "none/climb", "moss", "a/b/c/d"] {
            assert_eq!(answered(&path, name).await, none, "{path}{name}");
        }
    }
    // Each environment has its own setting.
    decide(cairn, true).await;
    answered("/v1/deck?", "moss/climb/dev").await;
    assert_eq!(cairn.get("/v1/deck?game=moss/climb").send().await.unwrap().status(), 200);
    decide(cairn, false).await;
    answered("/v1/deck?scope=a&deck=0&", "moss/climb").await;
    let answer = cairn.get("/v1/deck?game=moss/climb&game=moss/dive").send().await.unwrap();
    assert_eq!(answer.status(), 422);

    // A studio that is gone takes its games along.
    decide(cairn, true).await;
    cairn.delete_studio("moss").await;
    answered("/v1/deck?scope=a&deck=0&", "moss/climb").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_instances_know_within_a_second() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    // Without the cache that would tell them: they look by themselves.
    let one = Cairn::start(&place, &[("REDIS_URL", "")]).await;
    let other = Cairn::start(&place, &[("REDIS_URL", "")]).await;
    one.game_key(WORLD).await;
    for public_reads in [true, false] {
        decide(&one, public_reads).await;
        let began = tokio::time::Instant::now();
        let wanted = if public_reads { 200 } else { 401 };
        eventually("the other instance knows", async || {
            other.get("/v1/deck?game=moss/climb").send().await.unwrap().status() == wanted
        })
        .await;
        assert!(began.elapsed().as_millis() < 1000, "{:?}", began.elapsed());
    }
    one.stop().await;
    other.stop().await;
    place.clear().await;
}
