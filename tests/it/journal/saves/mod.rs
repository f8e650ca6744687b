//! Saves: slots, versions, uploads, conflicts and bounds; the door of WebDAV in `door`, real clients in `rclone`.

mod door;
mod passwords;
mod rclone;

use cairn::platform::codec::hex;
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use self::door::Program;
use super::Gamer;
use crate::support::{Cairn, Place, eventually, s3::S3Server};

pub const SHARED: (&str, &str) = ("CAIRN_BLOBS_SHARED", "true");

type Files<'a> = &'a [(&'a str, &'a [u8])];

fn sha256(bytes: &[u8]) -> String {
    hex::of_bytes(&Sha256::digest(bytes))
}

/// A set of files as a device announces it.
fn set(device: &str, files: Files<'_>) -> Value {
    let files: Vec<Value> = files
        .iter()
        .map(|(path, bytes)| {
            json!({"path": path, "bytes": bytes.len(), "sha256": sha256(bytes), "modified_at": "2026-11-20T08:00:00Z"})
        })
        .collect();
    json!({"device": device, "files": files})
}

/// Makes the uploads that an answer names, of those files.
async fn upload(asked: &Value, files: Files<'_>) {
    for upload in asked["uploads"].as_array().unwrap() {
        let (_, bytes) = files.iter().find(|(_, bytes)| upload["sha256"] == sha256(bytes)).unwrap();
        let mut request = reqwest::Client::new().put(upload["url"].as_str().unwrap()).body(bytes.to_vec());
        for (name, value) in upload["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

impl Gamer<'_> {
    /// Makes a save in a folder; returns its path.
    pub async fn new_save(&self, folder: &str, name: &str) -> String {
        let (status, save) = self.post("/saves", json!({"folder": folder, "name": name})).await;
        assert_eq!(status, 201, "{save}");
        format!("/saves/{}", save["id"].as_str().unwrap())
    }

    /// The only save in a folder; its path.
    pub async fn save_in(&self, folder: &str) -> String {
        let (_, page) = self.get("/saves").await;
        let saves: Vec<&Value> =
            page["items"].as_array().unwrap().iter().filter(|save| save["folder"] == folder).collect();
        assert_eq!(saves.len(), 1, "{page}");
        format!("/saves/{}", saves[0]["id"].as_str().unwrap())
    }

    /// Asks for a version that follows the one of that number.
    async fn ask_save(&self, save: &str, base: &str, set: Value) -> (u16, Value) {
        self.send(Method::POST, &format!("{save}/versions"), Some(&format!("\"{base}\"")), Some(set)).await
    }

    /// Makes a version, uploads its files, and waits until it counts; returns its number.
    async fn save(&self, save: &str, base: &str, device: &str, files: Files<'_>) -> String {
        let (status, asked) = self.ask_save(save, base, set(device, files)).await;
        assert_eq!(status, 201, "{asked}");
        upload(&asked, files).await;
        let number = asked["version"]["number"].as_str().unwrap().to_owned();
        self.counts(save, &number).await;
        number
    }

    /// Waits until a version counts.
    pub async fn counts(&self, save: &str, number: &str) {
        eventually(&format!("version {number} counts"), async || self.get(save).await.1["revision"] == number).await;
    }

    /// A save with a version that has one file; its id.
    pub async fn kept_save(&self) -> String {
        let save = self.new_save("Elden Ring", "main").await;
        self.save(&save, "0", "PC", &[("slot", b"level 1")]).await;
        save.trim_start_matches("/saves/").to_owned()
    }

    /// A version with its files.
    pub async fn version(&self, save: &str, number: &str) -> Value {
        let (status, manifest) = self.get(&format!("{save}/versions/{number}")).await;
        assert_eq!(status, 200, "{manifest}");
        manifest
    }

    /// The versions of a save, the newest first.
    pub async fn versions(&self, save: &str) -> Vec<Value> {
        self.get(&format!("{save}/versions")).await.1["items"].as_array().unwrap().clone()
    }
}

/// The paths and contents of a version.
pub async fn contents(manifest: &Value) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for file in manifest["files"].as_array().unwrap() {
        let answer = reqwest::get(file["url"].as_str().unwrap()).await.unwrap();
        assert_eq!(answer.status(), 200);
        all.push((file["path"].as_str().unwrap().to_owned(), answer.bytes().await.unwrap().to_vec()));
    }
    all
}

fn files_in(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let entries = entries.map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_in(&path) } else { 1 }).sum()
}

async fn is_kept(cairn: &Cairn, place: &Place, name: &str) {
    let ann = Gamer::new(cairn, place, name).await;
    let game = cairn.new_title(&format!("steam:{name}"), "Outer Wilds", "2019", &["pc"]).await;
    let (status, save) = ann.post("/saves", json!({"game": game.to_string(), "name": "main"})).await;
    assert_eq!(
        (status, &save["revision"], &save["game"]["id"]),
        (201, &json!("0"), &json!(game.to_string())),
        "{save}"
    );
    let path = format!("/saves/{}", save["id"].as_str().unwrap());
    let first: Files<'_> = &[("a/one.dat", b"one"), ("copy.dat", b"one"), ("empty", b""), ("two.dat", b"two")];
    let (status, asked) = ann.ask_save(&path, "0", set("Deck", first)).await;
    assert_eq!(
        (status, &asked["version"]["state"], &asked["missing"]),
        (201, &json!("uploading"), &json!(2)),
        "{asked}"
    );
    assert_eq!(ann.get(&path).await.1["revision"], "0", "nothing counts before all have come");
    upload(&asked, first).await;
    ann.counts(&path, "1").await;
    let manifest = ann.version(&path, "1").await;
    let expected: Vec<(String, Vec<u8>)> =
        first.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
    assert_eq!(contents(&manifest).await, expected);
    assert_eq!((&manifest["current"], &manifest["version"]["device"]), (&json!(true), &json!("Deck")));
    // What was stored before is not uploaded again, wherever it was.
    let second: Files<'_> = &[("b.dat", b"one"), ("three.dat", b"three")];
    let (_, asked) = ann.ask_save(&path, "1", set("Deck", second)).await;
    assert_eq!(asked["missing"], 1, "{asked}");
    upload(&asked, second).await;
    ann.counts(&path, "2").await;
    let (status, asked) = ann.ask_save(&path, "2", set("Deck", &[("b.dat", b"one"), ("c.dat", b"three")])).await;
    assert_eq!((status, &asked["missing"], &asked["version"]["state"]), (201, &json!(0), &json!("kept")), "{asked}");
    let listed = ann.get(&format!("/saves?game={game}")).await.1;
    assert_eq!(listed["items"][0]["current"]["number"], "3", "{listed}");
}

#[cairn_test]
async fn a_version_counts_once_all_of_its_files_have_come(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    is_kept(&cairn, place, "ann").await;
    cairn.stop().await;
    let Some(s3) = S3Server::start().await else { return };
    let cairn = Cairn::start(place, &[("BLOBS_URL", &s3.url)]).await;
    is_kept(&cairn, place, "bea").await;
    cairn.stop().await;
}

#[cairn_test]
async fn a_device_that_was_slower_is_shown_both_sets(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let save = ann.new_save("Elden Ring", "main").await;
    ann.save(&save, "0", "PC", &[("slot", b"level 1")]).await;
    ann.save(&save, "1", "PC", &[("slot", b"level 2")]).await;
    let sent = set("Deck", &[("slot", b"level 9")]);
    let (status, stale) = ann.ask_save(&save, "1", sent.clone()).await;
    assert_eq!((status, &stale["code"]), (412, &json!("stale")), "{stale}");
    let (kept, sent_back) = (&stale["current"]["kept"], &stale["current"]["sent"]);
    assert_eq!((&kept["version"]["device"], &kept["version"]["number"]), (&json!("PC"), &json!("2")));
    assert_eq!(kept["files"][0]["sha256"], sha256(b"level 2"));
    assert_eq!((&sent_back["device"], &sent_back["files"][0]["sha256"]), (&json!("Deck"), &json!(sha256(b"level 9"))));
    assert_eq!(sent_back["files"][0]["modified_at"], "2026-11-20T08:00:00Z");
    assert_eq!(ann.versions(&save).await.len(), 2, "nothing was changed");
    let path = format!("{save}/versions");
    assert_eq!(ann.send(Method::POST, &path, None, Some(sent.clone())).await.0, 428);
    assert_eq!(ann.send(Method::POST, &path, Some("*"), Some(sent)).await.0, 201, "whatever counts");
    cairn.stop().await;
}

#[cairn_test]
async fn of_two_versions_that_follow_the_same_the_later_one_is_held(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let save = ann.new_save("Elden Ring", "main").await;
    let (deck, pc): (Files<'_>, Files<'_>) = (&[("slot", b"of the deck")], &[("slot", b"of the pc")]);
    let (_, of_deck) = ann.ask_save(&save, "0", set("Deck", deck)).await;
    let (_, of_pc) = ann.ask_save(&save, "0", set("PC", pc)).await;
    upload(&of_pc, pc).await;
    ann.counts(&save, "2").await;
    upload(&of_deck, deck).await;
    eventually("the other is held", async || ann.version(&save, "1").await["version"]["state"] == "held").await;
    let held = ann.version(&save, "1").await;
    assert_eq!(held["version"]["held_for"], "conflict");
    assert_eq!(contents(&held).await, [("slot".to_owned(), b"of the deck".to_vec())], "nothing is lost");
    let notices = ann.get("/notices").await.1;
    let told = notices["items"].as_array().unwrap().iter().find(|notice| notice["kind"] == "save_held").unwrap();
    assert_eq!(
        (&told["detail"]["version"], &json!(save)),
        (&json!(1), &json!(format!("/saves/{}", told["subject"].as_str().unwrap())))
    );
    // The user decides for it.
    let (status, restored) = ann.send(Method::POST, &format!("{save}/versions/1/restore"), Some("\"2\""), None).await;
    assert_eq!(
        (status, &restored["restored"], &restored["origin"]),
        (201, &json!("1"), &json!("restored")),
        "{restored}"
    );
    assert_eq!(contents(&ann.version(&save, "3").await).await[0].1, b"of the deck");
    assert_eq!(ann.versions(&save).await.len(), 3, "the others stay");
    let (status, stale) = ann.send(Method::POST, &format!("{save}/versions/2/restore"), Some("\"2\""), None).await;
    assert_eq!((status, &stale["current"]["revision"]), (412, &json!("3")));
    cairn.stop().await;
}

#[cairn_test]
async fn a_set_that_is_empty_or_under_a_fifth_must_be_forced(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let save = ann.new_save("Elden Ring", "main").await;
    ann.save(&save, "0", "PC", &[("a", &[7; 80]), ("b", &[8; 20])]).await;
    for (files, bytes) in [(&[][..], 0), (&[("a", &[9; 19][..])][..], 19)] {
        let (status, problem) = ann.ask_save(&save, "1", set("PC", files)).await;
        assert_eq!((status, &problem["code"]), (409, &json!("save_shrinks")), "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("{bytes} bytes")) && detail.contains("100 bytes"), "{detail}");
    }
    let forced = format!("{save}/versions?force=true");
    let (status, asked) = ann.send(Method::POST, &forced, Some("\"1\""), Some(set("PC", &[]))).await;
    assert_eq!((status, &asked["version"]["state"]), (201, &json!("kept")), "{asked}");
    assert_eq!(contents(&ann.version(&save, "1").await).await.len(), 2, "the last one is there still");
    ann.save(&save, "2", "PC", &[("a", b"x")]).await;
    cairn.stop().await;
}

#[cairn_test]
async fn the_oldest_versions_fall_away_with_files_that_nothing_else_has(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, ("CAIRN_SAVE_VERSIONS", "2")]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let save = ann.new_save("Elden Ring", "main").await;
    let both = |own: &'static [u8]| -> Vec<(&'static str, &'static [u8])> { vec![("own", own), ("common", b"common")] };
    for (base, own) in [("0", b"1"), ("1", b"2"), ("2", b"3"), ("3", b"4")] {
        ann.save(&save, base, "PC", &both(own)).await;
    }
    eventually("the first two are gone", async || ann.versions(&save).await.len() == 2).await;
    eventually("their files are gone", async || {
        cairn.blobs().sweep().await.unwrap();
        files_in(&place.folder.join("blobs/saves")) == 3
    })
    .await;
    assert_eq!(ann.get(&format!("{save}/versions/1")).await.1["code"], "save_version_not_found");
    assert_eq!(contents(&ann.version(&save, "3").await).await[0].1, b"common");
    assert_eq!(ann.send(Method::DELETE, &save, None, None).await.0, 428);
    assert_eq!(ann.send(Method::DELETE, &save, Some("\"1\""), None).await.0, 412);
    assert_eq!(ann.send(Method::DELETE, &save, Some("\"4\""), None).await.0, 204);
    eventually("all is gone", async || {
        cairn.blobs().sweep().await.unwrap();
        files_in(&place.folder.join("blobs/saves")) == 0
    })
    .await;
    assert_eq!(
        place.control_texts("SELECT CAST(bytes AS TEXT) FROM save_keeper").await,
        ["0"],
        "nothing counts any more"
    );
    cairn.stop().await;
}

#[cairn_test]
async fn what_exceeds_the_quota_is_refused_with_the_figures(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, ("CAIRN_USER_SAVES_BYTES", "100")]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let save = ann.new_save("Elden Ring", "main").await;
    ann.save(&save, "0", "PC", &[("a", &[1; 60])]).await;
    let (status, problem) = ann.ask_save(&save, "1", set("PC", &[("a", &[2; 41])])).await;
    assert_eq!((status, &problem["code"]), (409, &json!("saves_full")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("101"), "{problem}");
    assert_eq!(ann.save(&save, "1", "PC", &[("a", &[1; 60]), ("b", &[1; 60]), ("c", &[2; 40])]).await, "2");
    // What others store is their own.
    let bob = Gamer::new(&cairn, place, "bob").await;
    let theirs = bob.new_save("Elden Ring", "main").await;
    bob.save(&theirs, "0", "PC", &[("a", &[1; 60])]).await;
    for (method, path) in [
        (Method::GET, save.clone()),
        (Method::GET, format!("{save}/versions/1")),
        (Method::DELETE, save.clone()),
        (Method::POST, format!("{save}/versions/1/restore")),
        (Method::POST, format!("{save}/versions/1/uploads")),
    ] {
        assert_eq!(
            bob.send(method.clone(), &path, Some("*"), None).await.1["code"],
            "save_not_found",
            "{method} {path}"
        );
    }
    cairn.stop().await;
}

#[cairn_test]
async fn an_upload_that_never_came_is_asked_for_again(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let save = ann.new_save("Elden Ring", "main").await;
    let texts: Vec<(String, Vec<u8>)> =
        (0..130).map(|at| (format!("f{at:03}"), format!("{at}").into_bytes())).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let (_, asked) = ann.ask_save(&save, "0", set("PC", &files)).await;
    assert_eq!((asked["uploads"].as_array().unwrap().len(), &asked["missing"]), (100, &json!(130)));
    let first = asked["uploads"][0]["url"].as_str().unwrap().to_owned();
    let (status, again) = ann.post(&format!("{save}/versions/1/uploads"), json!({})).await;
    assert_eq!((status, again["uploads"].as_array().unwrap().len()), (200, 100), "{again}");
    assert_ne!(again["uploads"][0]["url"], first);
    let dead = reqwest::Client::new().put(first).header("If-None-Match", "*").body("0").send().await.unwrap();
    assert!(dead.status().is_client_error(), "{dead:?}");
    upload(&again, &files).await;
    eventually("the others may come", async || {
        let (_, rest) = ann.post(&format!("{save}/versions/1/uploads"), json!({})).await;
        upload(&rest, &files).await;
        ann.get(&save).await.1["revision"] == "1"
    })
    .await;
    assert_eq!(ann.version(&save, "1").await["files"].as_array().unwrap().len(), 130);
    cairn.stop().await;
}

#[cairn_test]
async fn bad_requests_name_the_field_and_the_bound(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, ("CAIRN_SAVE_FILE_BYTES", "2048")]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let save = ann.new_save("Elden Ring", "main").await;
    for (name, value, pointer, detail) in [
        ("path", json!("../x"), "/files/0/path", ".."),
        ("path", json!("a\\b"), "/files/0/path", "backslash"),
        ("path", json!("x".repeat(1025)), "/files/0/path", "1024"),
        ("bytes", json!(2049), "/files/0/bytes", "2048"),
        ("bytes", json!(null), "/files/0/bytes", "missing"),
        ("sha256", json!("00"), "/files/0/sha256", "64"),
        ("modified_at", json!("yesterday"), "/files/0/modified_at", "RFC 3339"),
        ("colour", json!("red"), "/files/0/colour", ""),
    ] {
        let mut body = set("PC", &[("a", b"x")]);
        body["files"][0][name] = value;
        let (status, problem) = ann.ask_save(&save, "0", body).await;
        assert_eq!(status, 422, "{problem}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(detail), "{problem}");
    }
    let twice = set("PC", &[("a", b"x"), ("a/b", b"y")]);
    assert_eq!(ann.ask_save(&save, "0", twice).await.1["errors"][0]["pointer"], "/files/1/path");
    for body in
        [json!({"name": "x"}), json!({"folder": "a", "game": "1", "name": "x"}), json!({"folder": "..", "name": "x"})]
    {
        assert_eq!(ann.post("/saves", body.clone()).await.0, 422, "{body}");
    }
    assert_eq!(ann.post("/saves", json!({"game": "999999", "name": "x"})).await.1["code"], "game_not_found");
    assert_eq!(ann.post("/saves", json!({"folder": "Elden Ring", "name": "main"})).await.1["code"], "save_exists");
    cairn.stop().await;
}
