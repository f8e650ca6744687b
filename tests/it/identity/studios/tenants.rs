//! Studios: each with tables of its own, hundreds of them in one installation.

use std::collections::BTreeSet;

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place, eventually,
    keys::id_of,
    process::{Process, cairn},
    samples,
    white_box::{NEWEST_TABLE, OLDER},
};

/// So many that a program which asks each for itself is seen to be slow.
const STUDIOS: usize = 300;

/// Runs the program; what it printed, without the line end.
fn run(place: &Place, arguments: &[&str]) -> String {
    let output = cairn(place, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn refused(place: &Place, arguments: &[&str]) -> String {
    let output = cairn(place, arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn list(place: &Place, arguments: &[&str]) -> Vec<Value> {
    serde_json::from_str(&run(place, arguments)).unwrap()
}

#[cairn_test]
async fn the_command_line_manages_studios_games_and_keys(place: &Place) {
    assert_eq!(run(place, &["studio", "create", "moss"]), "2");
    assert!(refused(place, &["studio", "create", "moss"]).contains("there is a studio moss already"));
    assert!(refused(place, &["studio", "create", "Moss!"]).contains("small letters"));
    run(place, &["game", "create", "moss", "climb", "--name", "The Climb"]);
    assert!(refused(place, &["game", "create", "moss", "climb"]).contains("there is a game climb already"));
    assert_eq!(list(place, &["game", "list", "moss", "--json"])[0]["display_name"], "The Climb");

    // Alone on its line, for scripts.
    let old = run(place, &["key", "create", "moss", "climb", "live", "--label", "first"]);
    assert!(old.starts_with("ck_live_") && old.len() == 47, "{old}");
    let error = refused(place, &["key", "create", "moss", "climb", "live", "--permissions", "read,admin"]);
    assert!(error.contains("a publishable key may do at most: read write"), "{error}");
    let secret = run(place, &["key", "create", "moss", "climb", "dev", "--kind", "secret"]);
    assert!(secret.starts_with("sk_dev_"), "{secret}");

    let new = run(place, &["key", "rotate", id_of(&old)]);
    for id in [id_of(&old), id_of(&new)] {
        assert!(refused(place, &["key", "rotate", id]).contains("two keys take turns already"));
    }
    let server = Cairn::start(place, &[("CAIRN_OPEN_WORLD", "false")]).await;
    server.leave_with(&old, &samples::all_three("a", "x")).await;
    assert_eq!(server.authors(&new).await, ["a"]);
    run(place, &["key", "revoke", id_of(&old)]);
    eventually("the server knows", async || server.refusal(&old).await.0 == 401).await;
    assert_eq!(server.authors(&new).await, ["a"]);
    server.stop().await;
    assert!(refused(place, &["key", "rotate", id_of(&old)]).contains("is revoked"));
    run(place, &["key", "rotate", id_of(&new)]);
    assert!(refused(place, &["key", "revoke", "nosuchkey"]).contains("there is no key nosuchkey"));

    let keys = list(place, &["key", "list", "moss", "climb", "--json"]);
    let of = |id: &str| keys.iter().find(|key| key["id"] == id).unwrap();
    assert_eq!((keys.len(), &of(id_of(&old))["label"]), (4, &Value::from("first")));
    for (key, used, revoked) in [(&old, true, true), (&new, true, false), (&secret, false, false)] {
        let key = of(id_of(key));
        assert_eq!((key["last_used_at"].is_string(), key["revoked_at"].is_string()), (used, revoked), "{key}");
    }
    let everything = [run(place, &["key", "list", "moss"]), run(place, &["studio", "audit", "moss"])].concat();
    for key in [&old, &new, &secret] {
        assert!(!everything.contains(key.rsplit_once('_').unwrap().1), "a secret is shown once only");
    }
    let audit_entries = list(place, &["studio", "audit", "moss", "--json"]);
    let actions: Vec<&str> = audit_entries.iter().rev().map(|entry| entry["action"].as_str().unwrap()).collect();
    let minted = ["key.minted", "key.minted", "key.rotated", "key.revoked", "key.rotated"];
    assert_eq!(actions, [&["studio.founded", "game.registered"][..], &minted].concat());
}

#[cairn_test]
async fn concurrent_writes_to_studios_stay_separate(cairn: &Cairn) {
    let mut keys = Vec::new();
    for studio in 0..12 {
        keys.push(cairn.game_key(&format!("studio-{studio}/climb/live")).await);
    }
    let writes = (0..240).map(|turn| {
        let (key, body) = (&keys[turn % keys.len()], samples::all_three(&format!("studio-{}", turn % keys.len()), "x"));
        async move { cairn.leave_with(key, &body).await }
    });
    futures_util::future::join_all(writes).await;
    for (studio, key) in keys.iter().enumerate() {
        assert_eq!(cairn.authors(key).await, vec![format!("studio-{studio}"); 20]);
    }
}

#[cairn_test]
async fn a_studios_data_is_reached_by_its_keys_alone(cairn: &Cairn) {
    let admin = cairn.key("moss/climb/live", KeyKind::Secret, &Permission::ALL).await;
    cairn.game_key("moss/dive/live").await;
    cairn.game_key("tern/climb/live").await;
    let keys = cairn.get_with(&admin, "/v1/games/climb/keys").send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(keys["items"].as_array().unwrap().len(), 1);
    assert_eq!(keys["items"][0]["id"], id_of(&admin));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_some_of_many_studio_files_are_open() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn_once = Cairn::start(&place, &[]).await;
    let mut keys = Vec::new();
    for studio in 0..8 {
        keys.push(cairn_once.game_key(&format!("studio-{studio}/climb/live")).await);
    }
    cairn_once.stop().await;
    let mut command = cairn(&place, &[]);
    command.env("CAIRN_OPEN_STUDIOS", "2");
    let process = Process::start(command);
    let http = crate::support::http::Client::new();
    for turn in 0..3 {
        for (studio, key) in keys.iter().enumerate() {
            let url = format!("{}/add-object", process.base);
            let body = samples::all_three(&format!("studio-{studio}"), &turn.to_string()).to_string();
            assert_eq!(http.post(url).header("X-API-Key", key).body(body).send().await.unwrap().status(), 201);
            let url = format!("{}/get-objects", process.base);
            let world = http.get(url).header("X-API-Key", key).send().await.unwrap().text().await.unwrap();
            assert_eq!(world.matches(&format!("\"studio-{studio}\"")).count(), (turn + 1) * 3);
        }
    }
    let open = || {
        let handles = std::fs::read_dir(format!("/proc/{}/fd", process.id())).unwrap();
        let files = handles.filter_map(|handle| std::fs::read_link(handle.unwrap().path()).ok());
        let names = files.filter_map(|file| file.file_name()?.to_str().map(str::to_owned));
        names.filter(|name| name.starts_with("studio_") && name.ends_with(".sqlite")).collect::<BTreeSet<_>>()
    };
    eventually("at most two are open", async || open().len() <= 2).await;
    drop(process);
    place.clear().await;
}

#[cairn_test]
async fn a_deleted_studio_is_removed_with_all_its_data(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_REVISION_CHECK_MS", "50")]).await;
    let (gone, stays) = (cairn.game_key("moss/climb/live").await, cairn.game_key("tern/climb/live").await);
    for key in [&gone, &stays] {
        cairn.leave_with(key, &samples::all_three("a", "x")).await;
        assert_eq!(cairn.authors(key).await, ["a"]);
    }
    assert!(refused(place, &["studio", "delete", "moss", "--confirm", "mos"]).contains("--confirm moss"));
    assert!(refused(place, &["studio", "delete", "default", "--confirm", "default"]).contains("the open world"));
    run(place, &["studio", "delete", "moss", "--confirm", "moss"]);
    eventually("the server knows", async || cairn.refusal(&gone).await.0 == 401).await;
    assert_eq!(cairn.authors(&stays).await, ["a"]);
    cairn.leave_with(&stays, &samples::all_three("b", "x")).await;
    assert_eq!(cairn.authors(&stays).await, ["b", "a"]);
    let studios = list(place, &["studio", "list", "--json"]);
    let names: Vec<&Value> = studios.iter().map(|studio| &studio["studio"]).collect();
    assert_eq!(names, ["default", "tern"]);
    // Not its number either: whoever has an old reference meets nobody else's data.
    assert_eq!(run(place, &["studio", "create", "moss"]), "4");
    if place.database_url.is_none() {
        let names = std::fs::read_dir(&place.folder).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(names.into_iter().all(|name| !name.to_str().unwrap().starts_with("studio_2.")));
    }
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_is_exported_and_imported_by_its_names() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let server = Cairn::start(&place, &[]).await;
    let (from, to) = (server.game_key("moss/climb/live").await, server.game_key("tern/dive/dev").await);
    server.leave_with(&from, &samples::all_three("a", "x")).await;
    let file = place.folder.join("traces.ndjson");
    let file = file.to_str().unwrap();
    run(&place, &["export", "--world", "moss/climb/live", file]);
    assert!(run(&place, &["import", "--world", "tern/dive/dev", file]).starts_with("3 new"));
    assert_eq!(server.authors(&to).await, ["a"]);
    assert!(refused(&place, &["import", "--world", "tern/climb/dev", file]).contains("there is no game climb"));
    server.stop().await;
    place.clear().await;
}

async fn sign_in(server: &Cairn, key: &str, path: &str, body: Value) -> Value {
    let request = server.http.post(format!("{}{path}", server.base)).header("X-API-Key", key);
    let answer = request.header("Content-Type", "application/json").body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn a_studio_is_moved_with_all_its_data(from: Backend, to: Backend) {
    let (Some(old), Some(new)) = (Place::make(from).await, Place::make(to).await) else { return };
    let worlds = ["moss/climb/live", "moss/climb/dev", "moss/dive/live"];
    let server = Cairn::start(&old, &[]).await;
    let mut keys = Vec::new();
    for world in worlds {
        let key = server.game_key(world).await;
        // More rows than are moved at once.
        for mark in 0..70 {
            server.leave_with(&key, &samples::all_three(&format!("{world} {mark}"), "x")).await;
        }
        keys.push(key);
    }
    let revoked = server.game_key("moss/climb/live").await;
    server.revoke(&revoked).await;
    let player = sign_in(&server, &keys[0], "/v1/players", json!({"device_id": "a device that moves"})).await;
    let mut shown = Vec::new();
    for key in &keys {
        shown.push(server.get_with(key, "/get-objects").send().await.unwrap().text().await.unwrap());
    }
    server.stop().await;

    std::fs::create_dir_all(&old.folder).unwrap();
    let (whole, cut) = (old.folder.join("moss.ndjson.gz"), old.folder.join("cut.ndjson"));
    let (whole, cut) = (whole.to_str().unwrap(), cut.to_str().unwrap());
    run(&old, &["studio", "export", "moss", whole]);
    run(&old, &["studio", "export", "moss", cut]);
    let text = std::fs::read_to_string(cut).unwrap();
    std::fs::write(cut, text.trim_end().rsplit_once('\n').unwrap().0).unwrap();
    run(&new, &["studio", "create", "tern"]);
    assert!(refused(&new, &["studio", "import", "tern", whole]).contains("there is a studio tern already"));
    assert!(refused(&new, &["studio", "import", "moss", cut]).contains("it was cut off"));
    // Nothing of the one that was cut off is in the way.
    assert!(run(&new, &["studio", "import", "moss", whole]).ends_with(" rows"));
    let error = refused(&new, &["studio", "import", "moss-2", whole]);
    assert!(error.contains("was it imported before?"), "{error}");
    let names: Vec<Value> = list(&new, &["studio", "list", "--json"]).iter().map(|one| one["studio"].clone()).collect();
    assert_eq!(names, ["default", "moss", "tern"]);

    let server = Cairn::start(&new, &[]).await;
    for (key, shown) in keys.iter().zip(&shown) {
        assert_eq!(&server.get_with(key, "/get-objects").send().await.unwrap().text().await.unwrap(), shown);
        server.leave_with(key, &samples::all_three("after", "x")).await;
        assert_eq!(server.authors(key).await[0], "after");
    }
    assert_eq!(server.refusal(&revoked).await.0, 401);
    let refreshed = json!({"refresh_token": player["refresh_token"]});
    assert_eq!(sign_in(&server, &keys[0], "/v1/players/refresh", refreshed).await["player_id"], player["player_id"]);
    // Its numbers go on where they were.
    let another = server.game_key("moss/third/live").await;
    server.leave_with(&another, &samples::all_three("third", "x")).await;
    assert_eq!(server.authors(&another).await, ["third"]);
    server.stop().await;

    // Deleted, it can come again with the same keys.
    run(&new, &["studio", "delete", "moss", "--confirm", "moss"]);
    run(&new, &["studio", "import", "moss-again", whole]);
    let server = Cairn::start(&new, &[]).await;
    assert_eq!(&server.get_with(&keys[0], "/get-objects").send().await.unwrap().text().await.unwrap(), &shown[0]);
    server.stop().await;
    old.clear().await;
    new.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_is_moved_with_all_its_data_to_the_server() {
    Box::pin(a_studio_is_moved_with_all_its_data(Backend::Embedded, Backend::Server)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_is_moved_with_all_its_data_from_the_server() {
    Box::pin(a_studio_is_moved_with_all_its_data(Backend::Server, Backend::Embedded)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_append_only() {
    for backend in [Backend::Embedded, Backend::Server] {
        let Some(place) = Place::make(backend).await else { continue };
        Cairn::start(&place, &[]).await.stop().await;
        let control = place.control().await;
        for change in ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"] {
            let error = control.execute_unprepared(change).await.unwrap_err().to_string();
            assert!(error.contains("append-only"), "{error}");
        }
        control.close().await.unwrap();
        place.clear().await;
    }
}

/// How many migrations [`OLDER`] takes back: a studio has all of them again, or none.
const AGO: usize = 5;

/// How many studios have the table that the first of these migrations makes.
async fn current(place: &Place) -> usize {
    if place.database_url.is_none() {
        // A copy is made of each before it is migrated.
        let entries = std::fs::read_dir(&place.folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        return names.filter(|name| name.contains("before-migration")).count().saturating_sub(1);
    }
    let control = place.control().await;
    let tables = format!("SELECT schemaname FROM pg_tables WHERE tablename = '{NEWEST_TABLE}'");
    let statement = sea_orm::Statement::from_string(control.get_database_backend(), tables);
    let rows = control.query_all_raw(statement).await.unwrap();
    control.close().await.unwrap();
    rows.len()
}

#[cairn_test]
async fn a_killed_migration_of_hundreds_of_studios_is_resumed(place: &Place) {
    Cairn::start(place, &[]).await.stop().await;
    let rows: Vec<String> = (2..=STUDIOS).map(|studio| format!("('studio-{studio}', 0)")).collect();
    let connection = place.control().await;
    connection
        .execute_unprepared(&format!("INSERT INTO studio (slug, created_at_ms) VALUES {}", rows.join(", ")))
        .await
        .unwrap();
    connection.close().await.unwrap();
    let began = std::time::Instant::now();
    assert!(run(place, &["migrate"]).ends_with(&format!("migrated: {}.", STUDIOS - 1)));
    println!("{STUDIOS} studios made in {:?}", began.elapsed());
    for studio in 1..=STUDIOS {
        place.execute_on(studio, OLDER).await;
    }

    let mut migrating = cairn(place, &["migrate"]).spawn().unwrap();
    while current(place).await < STUDIOS / 4 {
        assert!(migrating.try_wait().unwrap().is_none(), "it is not to end before it is killed");
    }
    migrating.kill().unwrap();
    migrating.wait().unwrap();
    let behind = || {
        let studios = list(place, &["studio", "list", "--json"]);
        assert_eq!(studios.len(), STUDIOS);
        studios.iter().filter(|studio| studio["schema"] == "behind" && studio["pending"] == AGO).count()
    };
    let left = behind();
    assert!((1..STUDIOS).contains(&left), "{left}");
    if place.database_url.is_some() {
        assert!(refused(place, &["serve"]).contains("run `cairn migrate`"));
    }
    let began = std::time::Instant::now();
    let error = run(place, &["migrate"]);
    println!("killed with {left} of {STUDIOS} left, which took {:?}", began.elapsed());
    assert!(error.ends_with(&format!("migrated: {left}.")), "none twice: {error}");
    assert!(run(place, &["migrate"]).ends_with("migrated: 0."));
    assert_eq!(behind(), 0);
}
