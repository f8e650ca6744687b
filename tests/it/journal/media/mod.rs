//! Screenshots and clips: asked for, uploaded, checked, shown, changed and deleted.

pub mod hostile;
pub mod samples;

use cairn::platform::codec::hex;
use cairn_test_macros::cairn_test;
use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Gamer;
use crate::support::{Cairn, Place, eventually, s3::S3Server};

const SHARED: (&str, &str) = ("CAIRN_BLOBS_SHARED", "true");

/// What a request says of a file.
fn announced(bytes: &[u8], media_type: &str, said: &Value) -> Value {
    let sha256 = hex::of_bytes(&Sha256::digest(bytes));
    let mut body = json!({"type": media_type, "length": bytes.len(), "sha256": sha256});
    body.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    body
}

/// Uploads a file as an answer says.
async fn upload(asked: &Value, bytes: &[u8]) -> u16 {
    let mut request = reqwest::Client::new().put(asked["upload"]["url"].as_str().unwrap()).body(bytes.to_vec());
    for (name, value) in asked["upload"]["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.send().await.unwrap().status().as_u16()
}

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl Gamer<'_> {
    async fn ask(&self, game: i64, uuid: &str, body: Value) -> (u16, Value) {
        self.post(&format!("/games/{game}/media/{uuid}"), body).await
    }

    /// Asks for an upload and makes it; returns its path.
    async fn send_media(&self, game: i64, bytes: &[u8], media_type: &str, said: Value) -> String {
        let uuid = uuid();
        let (status, asked) = self.ask(game, &uuid, announced(bytes, media_type, &said)).await;
        assert_eq!(status, 201, "{asked}");
        assert_eq!(asked["media"]["state"], "pending");
        assert_eq!(upload(&asked, bytes).await, 200);
        format!("/games/{game}/media/{uuid}")
    }

    /// What has become of an upload.
    async fn settled(&self, path: &str) -> Value {
        eventually("it is checked", async || self.get(path).await.1["state"] != "pending").await;
        self.get(path).await.1
    }

    /// Keeps a file on a game, until it is shown; returns its UUID.
    pub async fn show(&self, game: i64, bytes: &[u8], media_type: &str, said: Value) -> String {
        let path = self.send_media(game, bytes, media_type, said).await;
        let media = self.settled(&path).await;
        assert_eq!(media["state"], "ready", "{media}");
        media["uuid"].as_str().unwrap().to_owned()
    }
}

pub async fn fetch(link: &Value) -> Vec<u8> {
    let answer = reqwest::get(link["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

/// What somebody keeps is shown with a small picture, and without the place where it was taken.
async fn is_shown(cairn: &Cairn, place: &Place, name: &str) {
    let ann = Gamer::new(cairn, place, name).await;
    let game = cairn.new_title(&format!("steam:{name}"), "Outer Wilds", "2019", &["pc"]).await;
    let bytes = samples::jpeg_with_place();
    let said = json!({"description": "Sunrise", "taken_at": "2026-11-20T08:00:00Z", "audience": "public"});
    let path = ann.send_media(game, &bytes, "image/jpeg", said).await;
    let media = ann.settled(&path).await;
    assert_eq!((&media["state"], &media["kind"]), (&json!("ready"), &json!("screenshot")), "{media}");
    // Held upright: its sides have changed places.
    assert_eq!((&media["width"], &media["height"]), (&json!(32), &json!(64)));
    let file = fetch(&media["file"]).await;
    assert!(!file.windows(3).any(|part| part == b"GPS"), "it tells no place");
    let shown = image::load_from_memory(&file).unwrap();
    assert_eq!(shown, image::load_from_memory(&bytes).unwrap(), "the pixels are the same");
    let thumbnail = image::load_from_memory(&fetch(&media["thumbnail"]).await).unwrap();
    assert_eq!((thumbnail.width(), thumbnail.height()), (32, 64));
    assert!(media["thumb_hash"].as_str().unwrap().len() > 20);
    let listed = Gamer::stranger(cairn).get(&format!("/games/{game}/media")).await.1;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
}

#[cairn_test]
async fn a_screenshot_is_shown_without_the_place_where_it_was_taken(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    is_shown(&cairn, place, "ann").await;
    cairn.stop().await;
    let Some(s3) = S3Server::start().await else { return };
    let cairn = Cairn::start(place, &[("BLOBS_URL", &s3.url)]).await;
    is_shown(&cairn, place, "bea").await;
    cairn.stop().await;
}

#[cairn_test]
async fn every_form_is_taken(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    for (bytes, media_type, kind) in [
        (samples::png(), "image/png", "screenshot"),
        (samples::picture(ImageFormat::Jpeg), "image/jpeg", "screenshot"),
        (samples::picture(ImageFormat::WebP), "image/webp", "screenshot"),
        (samples::picture(ImageFormat::Gif), "image/gif", "screenshot"),
        (samples::mp4(9, *b"vide", *b"avc1"), "video/mp4", "clip"),
        (samples::webm(9), "video/webm", "clip"),
    ] {
        let path = ann.send_media(game, &bytes, media_type, json!({})).await;
        let media = ann.settled(&path).await;
        assert_eq!((&media["state"], &media["kind"]), (&json!("ready"), &json!(kind)), "{media_type}: {media}");
        let size = if kind == "clip" { (320, 240) } else { (64, 32) };
        assert_eq!((&media["width"], &media["height"]), (&json!(size.0), &json!(size.1)), "{media_type}");
        let file = fetch(&media["file"]).await;
        assert!(!file.windows(3).any(|part| part == b"GPS"), "{media_type} tells no place");
        if kind == "clip" {
            assert_eq!(media["duration_ms"], 9000);
            assert_eq!(file.len(), bytes.len(), "nothing has moved");
            assert!(file.windows(1000).any(|part| part == [7; 1000]), "the content is there");
        }
    }
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_not_what_it_says_is_rejected_and_leaves_nothing(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let (png, mut huge) = (samples::png(), samples::png());
    // The width and height of the header, with its checksum, of a picture that is not there.
    huge[16..24].copy_from_slice(&[0, 0, 0x3f, 0xff, 0, 0, 0x3f, 0xff]);
    let checksum = crc32(&huge[12..29]).to_be_bytes();
    huge[29..33].copy_from_slice(&checksum);
    for (what, bytes, media_type, reason) in [
        ("HTML", b"<html><script>alert(1)</script></html>".to_vec(), "image/png", "another_type"),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "image/png", "another_type"),
        ("PNG as JPEG", png.clone(), "image/jpeg", "another_type"),
        ("cut", png[..png.len() / 2].to_vec(), "image/png", "broken"),
        ("huge", huge, "image/png", "too_many_pixels"),
        ("a long clip", samples::mp4(61, *b"vide", *b"avc1"), "video/mp4", "too_long"),
        ("a long WebM", samples::webm(61), "video/webm", "too_long"),
        ("a track of places", samples::mp4(9, *b"meta", *b"gpmd"), "video/mp4", "other_track"),
        ("another codec", samples::mp4(9, *b"vide", *b"mp4v"), "video/mp4", "other_track"),
        ("a cut clip", samples::mp4(9, *b"vide", *b"avc1")[..100].to_vec(), "video/mp4", "broken"),
    ] {
        let path = ann.send_media(game, &bytes, media_type, json!({})).await;
        let media = ann.settled(&path).await;
        assert_eq!((&media["state"], &media["reason"]), (&json!("rejected"), &json!(reason)), "{what}: {media}");
        assert!(media.get("file").is_none(), "{what}");
        assert_eq!(Gamer::stranger(&cairn).get(&path).await.0, 404, "{what}");
    }
    cairn.blobs().sweep().await.unwrap();
    assert_eq!(files_in(&place.folder.join("blobs")), 0, "nothing is left");
    assert_eq!(files_in(&place.folder.join("scratch")), 0, "nothing is left of the work");
    cairn.stop().await;
}

/// The checksum of a chunk of PNG.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// The files below a folder.
fn files_in(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_in(&path) } else { 1 }).sum()
}

#[cairn_test]
async fn bad_requests_name_the_field_and_the_bound(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let right = announced(b"x", "image/png", &json!({}));
    for (name, value, pointer, detail) in [
        ("type", json!("image/svg+xml"), "/type", "image/png"),
        ("length", json!(0), "/length", "1"),
        ("length", json!(20_971_521), "/length", "20971520"),
        ("sha256", json!("00"), "/sha256", "64"),
        ("description", json!("x".repeat(501)), "/description", "500"),
        ("taken_at", json!("yesterday"), "/taken_at", "RFC 3339"),
        ("audience", json!("everybody"), "/audience", "friends"),
        ("kind", json!("clip"), "/kind", "video"),
        ("colour", json!("red"), "/colour", ""),
    ] {
        let mut body = right.clone();
        body[name] = value;
        let (status, problem) = ann.ask(game, &uuid(), body).await;
        assert_eq!(status, 422, "{problem}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(detail), "{problem}");
    }
    assert_eq!(ann.ask(game, "no-uuid", right.clone()).await.0, 404);
    assert_eq!(ann.ask(999_999, &uuid(), right.clone()).await.1["code"], "game_not_found");
    assert_eq!(Gamer::stranger(&cairn).ask(game, &uuid(), right).await.0, 401);
    cairn.stop().await;
}

#[cairn_test]
async fn the_same_request_gives_another_address_until_the_file_has_come(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let (bytes, name) = (samples::png(), uuid());
    let body = announced(&bytes, "image/png", &json!({}));
    let (_, first) = ann.ask(game, &name, body.clone()).await;
    let (status, second) = ann.ask(game, &name, body.clone()).await;
    assert_eq!(status, 201, "{second}");
    assert_eq!(upload(&first, &bytes).await, 412, "the first address is dead");
    assert_eq!(bob.ask(game, &name, body.clone()).await.1["code"], "media_exists");
    let other = announced(b"other", "image/png", &json!({}));
    assert_eq!(ann.ask(game, &name, other).await.1["code"], "media_exists");
    assert_eq!(upload(&second, &bytes).await, 200);
    assert_eq!(ann.settled(&format!("/games/{game}/media/{name}")).await["state"], "ready");
    assert_eq!(ann.ask(game, &name, body).await.1["code"], "media_exists");
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_said_is_changed_and_the_thing_deleted_with_its_files(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let name = ann.show(game, &samples::png(), "image/png", json!({})).await;
    let path = format!("/games/{game}/media/{name}");
    let before = ann.get(&path).await.1;
    let said = json!({"description": "Better", "audience": "private"});
    assert_eq!(ann.send(Method::PUT, &path, None, Some(said.clone())).await.0, 428);
    assert_eq!(bob.send(Method::PUT, &path, Some("*"), Some(said.clone())).await.0, 404);
    let (status, stale) = ann.send(Method::PUT, &path, Some("\"1\""), Some(said.clone())).await;
    assert_eq!((status, &stale["current"]["uuid"]), (412, &before["uuid"]), "{stale}");
    let tag = format!("\"{}\"", before["revision"].as_str().unwrap());
    let (status, changed) = ann.send(Method::PUT, &path, Some(&tag), Some(said)).await;
    assert_eq!((status, &changed["description"]), (200, &json!("Better")), "{changed}");
    assert_eq!(bob.get(&path).await.0, 404);
    assert_eq!(bob.send(Method::DELETE, &path, Some("*"), None).await.0, 404);
    assert_eq!(ann.send(Method::DELETE, &path, Some("*"), None).await.0, 204);
    assert_eq!(ann.get(&path).await.0, 404);
    cairn.blobs().sweep().await.unwrap();
    let gone = reqwest::get(changed["file"]["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(gone.status(), 404);
    assert_eq!(files_in(&place.folder.join("blobs")), 0);
    cairn.stop().await;
}
