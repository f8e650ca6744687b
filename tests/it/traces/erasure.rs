//! Exporting and erasing a player: all that is stored about them, and then nothing of it anywhere.

use std::fs;

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place, eventually,
    game_client::GameClient,
    keys::{admin, id_of},
    mail::Mailbox,
    person::{Person, read},
    player::code,
};

const WORLD: &str = "moss/climb/live";

/// Texts that only the player has written, in each place that takes one.
const TEXTS: [&str; 7] = [
    "zebra-display-name",
    "zebra trace text",
    "zebra-data",
    "zebra note of a report",
    "zebra-look",
    "zebra-ref",
    "zebra-legacy-name",
];

fn recording() -> Value {
    json!({"look": "zebra-look", "t_ms": [0, 50], "pos": [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]})
}

/// A player who has left something in every table, and another one.
struct Scene<'a> {
    zoe: GameClient<'a>,
    bob: GameClient<'a>,
    admin: String,
    recording: String,
    of_bob: String,
}

async fn scene(cairn: &Cairn, is_bound: bool) -> Scene<'_> {
    let (zoe, bob) = GameClient::two(cairn).await;
    let admin = admin(cairn, WORLD).await;
    let change = json!({"display_name": "zebra-display-name"});
    assert_eq!(zoe.send(Method::PATCH, "/v1/players/me", Some(change)).await.0, 200);
    let of_zoe = zoe
        .leave_one(json!({
            "ref": "zebra-ref", "kind": "phantom", "scope": "a", "data": "zebra-data", "recording": recording(),
        }))
        .await;
    let text = zoe.leave_one(json!({"kind": "message", "scope": "a", "text": ["zebra trace text"]})).await;
    assert_eq!(zoe.send(Method::POST, "/v1/recordings", Some(recording())).await.0, 201, "one that waits");
    let of_bob = bob.leave_one(json!({"kind": "message", "scope": "a", "text": ["bob"]})).await;
    let report = json!({"reason": "spam", "note": "zebra note of a report"});
    let vote = json!({"vote": "good"});
    for (player, path, body) in [
        (&zoe, format!("/v1/traces/{of_bob}/vote"), Some(&vote)),
        (&zoe, format!("/v1/traces/{of_bob}/report"), Some(&report)),
        (&zoe, format!("/v1/traces/{of_bob}/uses"), None),
        (&bob, format!("/v1/traces/{of_zoe}/vote"), Some(&vote)),
        (&bob, format!("/v1/traces/{text}/uses"), None),
        (&zoe, format!("/v1/players/me/hidden/{}", bob.id), None),
        (&bob, format!("/v1/players/me/hidden/{}", zoe.id), None),
        (&zoe, "/v1/players/me/link-code".to_owned(), None),
    ] {
        let (status, answer) = player.send(Method::POST, &path, body.cloned()).await;
        assert!(status < 300, "{path}: {status} {answer}");
    }
    // Under a key of the request, so that its answer is kept.
    let request = cairn.http.post(format!("{}/v1/traces/{text}/change", cairn.base)).bearer_auth(&zoe.token);
    let request = request.header("Idempotency-Key", "k").header("Content-Type", "application/json");
    let change = json!({"revision": 1, "text": ["zebra trace text"]});
    assert_eq!(request.body(change.to_string()).send().await.unwrap().status(), 200);
    if is_bound {
        let bind = format!("{}/v1/players/{}/v0-names/zebra-legacy-name", cairn.base, zoe.id);
        let bound = cairn.http.request(Method::PUT, bind).header("X-API-Key", &admin).send().await.unwrap();
        assert_eq!(bound.status(), 204);
        let v0 = json!({
            "message": {"u_uuid": "zebra-legacy-name", "part1": "a", "part2": "b", "part3": "c"},
            "phantom": {"u_uuid": "zebra-legacy-name", "data": [["0,0,0", "0,0,0,1"]]},
        });
        cairn.leave_with(&zoe.key, &v0).await;
    }
    let shown = zoe.get(&format!("/v1/traces/{of_zoe}")).await;
    let recording = shown["recording_id"].as_str().unwrap().to_owned();
    Scene { zoe, bob, admin, recording, of_bob }
}

/// Everything that a studio's and the control tables hold, as they are on the disk or in the server, in lower case.
async fn everything(place: &Place) -> String {
    let mut all = String::new();
    if place.database_url.is_some() {
        for studio in [1, 2] {
            place.execute_on(studio, "VACUUM").await;
        }
        place.execute_control("VACUUM").await;
        let tables = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables \
                      WHERE schemaname = 'public' OR schemaname LIKE 'studio_%'";
        for table in place.control_texts(tables).await {
            all.extend(place.control_texts(&format!("SELECT t::text FROM {table} t")).await);
        }
        return all.to_lowercase();
    }
    place.execute_control("PRAGMA wal_checkpoint(TRUNCATE)").await;
    for studio in [1, 2] {
        place.execute_on(studio, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    }
    for entry in fs::read_dir(&place.folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all += &String::from_utf8_lossy(&fs::read(path).unwrap());
        }
    }
    all.to_lowercase()
}

/// What is found of a player.
async fn found(place: &Place, player: &str) -> Vec<String> {
    let all = everything(place).await;
    let needles = TEXTS.iter().copied().chain([player]);
    needles.filter(|needle| all.contains(&needle.to_lowercase())).map(str::to_owned).collect()
}

#[cairn_test]
async fn of_an_erased_player_nothing_is_left_in_the_database(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    // The audit log, which is never changed, keeps the v0 names that were bound.
    let scene = scene(&cairn, false).await;
    let id = scene.zoe.id.clone();
    let before = found(place, &id).await;
    // The look is packed with the frames.
    assert!(before.len() + 2 >= TEXTS.len(), "all that is looked for is there before: {before:?}");
    assert_eq!(scene.zoe.send(Method::DELETE, "/v1/players/me", None).await, (204, Value::Null));
    let gone = scene.zoe.send(Method::GET, "/v1/players/me", None).await;
    assert_eq!(code(&gone), (401, "player_token_invalid"));
    eventually("the erasure has settled", async || {
        place.control_texts("SELECT player FROM erased_player WHERE player IS NOT NULL").await.is_empty()
    })
    .await;
    assert_eq!(found(place, &id).await, Vec::<String>::new());
    if place.redis_url.is_some() {
        let lifetimes = place.lifetimes_in_redis().await;
        assert!(!lifetimes.is_empty());
        // -2: it has expired meanwhile.
        assert!(lifetimes.iter().all(|(_, secs)| (0..=86_400).contains(secs) || *secs == -2), "{lifetimes:?}");
    }
    // What others have left is there, without what the player had said of it.
    let shown = scene.bob.get(&format!("/v1/traces/{}", scene.of_bob)).await;
    assert_eq!((&shown["good"], &shown["author"]), (&json!(0), &json!(scene.bob.id)));
    let queue = cairn.get_with(&scene.admin, "/v1/moderation/queue").send().await.unwrap();
    assert_eq!(read(queue).await.1["items"], json!([]));
    let recording = cairn.get_with(&scene.bob.key, &format!("/v1/recordings/{}", scene.recording));
    assert_eq!(recording.send().await.unwrap().status(), 404);
    cairn.stop().await;
}

#[cairn_test]
async fn an_export_holds_what_the_player_has_left_and_no_secret(cairn: &Cairn) {
    let scene = scene(cairn, true).await;
    let export = scene.zoe.get("/v1/players/me/export").await;
    assert_eq!(export["player_id"], json!(scene.zoe.id));
    let text = export.to_string();
    for expected in TEXTS.iter().filter(|text| **text != "zebra-look") {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    for table in
        ["player", "v0_name", "player_token", "trace", "trace_ref", "upload", "vote", "trace_use", "report", "inbox"]
    {
        assert!(!export["tables"][table].as_array().unwrap().is_empty(), "{table} in {text}");
    }
    assert!(text.contains(&scene.recording), "the recordings by their ids");
    assert!(!text.contains("digest") && !text.contains("\"device\""), "{text}");
    // The studio gets the same, but not of another world's player.
    let path = format!("/v1/players/{}/export", scene.zoe.id);
    let (status, by_studio) = read(cairn.get_with(&scene.admin, &path).send().await.unwrap()).await;
    assert_eq!((status, &by_studio["tables"]), (200, &export["tables"]));
    let elsewhere = admin(cairn, "moss/climb/dev").await;
    assert_eq!(cairn.get_with(&elsewhere, &path).send().await.unwrap().status(), 404);
}

#[cairn_test]
async fn a_device_whose_player_was_erased_is_a_new_player(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.game_key(WORLD).await;
    let sign_in = async || {
        let request = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", &key);
        let request = request.header("Content-Type", "application/json");
        read(request.body(json!({"device_id": "a device that nobody guesses"}).to_string()).send().await.unwrap())
            .await
            .1
    };
    let first = sign_in().await;
    let erase = cairn.http.post(format!("{}/v1/players/me/erase", cairn.base));
    let erased = erase.bearer_auth(first["token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(erased.status(), 204);
    let refresh = cairn.http.post(format!("{}/v1/players/refresh", cairn.base)).header("X-API-Key", &key);
    let refreshed = refresh.body(json!({"refresh_token": first["refresh_token"]}).to_string()).send().await.unwrap();
    assert_eq!(read(refreshed).await.1["code"], "refresh_token_invalid");
    assert_ne!(sign_in().await["player_id"], first["player_id"]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_studio_erases_a_player_and_its_audit_log_says_who_did_it(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let scene = scene(&cairn, true).await;
    let path = format!("/v1/players/{}", scene.zoe.id);
    let erase =
        |key: &str| cairn.http.request(Method::DELETE, format!("{}{path}", cairn.base)).header("X-API-Key", key);
    assert_eq!(erase(&scene.zoe.key).send().await.unwrap().status(), 403, "a publishable key");
    assert_eq!(erase(&scene.admin).send().await.unwrap().status(), 204);
    assert_eq!(erase(&scene.admin).send().await.unwrap().status(), 404);
    let entries =
        place.control_texts("SELECT actor || ' ' || action || ' ' || object || ' ' || detail FROM audit").await;
    let erased = format!("key:{} player.erased player ", id_of(&scene.admin));
    assert!(entries.contains(&erased), "{entries:?}");
    assert_eq!(scene.bob.get("/get-objects").await["messages"], json!([]), "those under the v0 name");
    assert_eq!(place.numbers_on(2, "SELECT count(*) FROM seed_name").await, [0]);
    // Nobody can link who was erased.
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    assert_eq!(ann.get("/players").await.1, json!({"items": []}));
    cairn.stop().await;
}

#[cairn_test]
async fn an_erasure_that_was_cut_short_goes_on_at_the_next_start(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let scene = scene(&cairn, true).await;
    let id = scene.zoe.id.clone();
    let token = scene.zoe.token.clone();
    let [world] = place.numbers_on(2, &format!("SELECT CAST(world AS bigint) FROM player WHERE id = '{id}'")).await[..]
    else {
        panic!()
    };
    cairn.stop().await;
    let digest = if place.database_url.is_some() { "'\\x01'::bytea" } else { "x'01'" };
    let row = format!(
        "INSERT INTO erased_player (digest, studio, world, player, until_ms) VALUES ({digest}, 2, {world}, '{id}', 1)"
    );
    place.execute_control(&row).await;
    let cairn = Cairn::start(place, &[]).await;
    eventually("the player is gone", async || {
        place.numbers_on(2, &format!("SELECT count(*) FROM player WHERE id = '{id}'")).await == [0]
    })
    .await;
    let me = cairn.get("/v1/players/me").bearer_auth(&token).send().await.unwrap();
    assert!(matches!(me.status().as_u16(), 401 | 404));
    cairn.stop().await;
}

#[cairn_test]
async fn the_recording_of_a_hidden_trace_is_only_for_moderators(cairn: &Cairn) {
    let scene = scene(cairn, true).await;
    let path = format!("/v1/recordings/{}", scene.recording);
    let status = async |key: &str, path: &str| cairn.get_with(key, path).send().await.unwrap().status().as_u16();
    let act = async |action: &str| {
        let traces = scene.zoe.get("/v1/players/me/traces").await;
        let id = traces["items"][0]["id"].clone();
        let request =
            cairn.http.post(format!("{}/v1/moderation/actions", cairn.base)).header("X-API-Key", &scene.admin);
        let answer = request.body(json!({"action": action, "trace_ids": [id]}).to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    };
    assert_eq!(status(&scene.bob.key, &path).await, 200);
    act("hide").await;
    for path in [path.clone(), format!("{path}/packed")] {
        assert_eq!(status(&scene.bob.key, &path).await, 404, "{path}");
        assert_eq!(status(&scene.admin, &path).await, 200, "{path}");
    }
    act("restore").await;
    assert_eq!(status(&scene.bob.key, &path).await, 200);
}
