//! The door of WebDAV, with requests as programs make them.

use cairn_test_macros::cairn_test;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::{Gamer, SHARED, contents, files_in, set, upload};
use crate::support::{Cairn, Place, eventually};

/// Changes become a version soon.
const SOON: (&str, &str) = ("CAIRN_SAVE_WINDOW_SECS", "1");

/// A program with an app password.
pub struct Program {
    pub base: String,
    pub password: String,
    pub client: reqwest::Client,
}

impl Program {
    pub async fn new(gamer: &Gamer<'_>, name: &str) -> Self {
        let (status, made) = gamer.post("/app-passwords", json!({"name": name})).await;
        assert_eq!(status, 201, "{made}");
        let password = made["password"].as_str().unwrap().to_owned();
        Self { base: format!("{}/dav/saves", gamer.cairn.base), password, client: reqwest::Client::new() }
    }

    pub fn at(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("{}{path}", self.base)).basic_auth("any", Some(&self.password))
    }

    async fn ask(&self, method: &str, path: &str) -> StatusCode {
        self.at(method, path).send().await.unwrap().status()
    }

    async fn put(&self, path: &str, bytes: &[u8]) -> u16 {
        self.at("PUT", path).body(bytes.to_vec()).send().await.unwrap().status().as_u16()
    }

    async fn get(&self, path: &str) -> Option<Vec<u8>> {
        let answer = self.at("GET", path).send().await.unwrap();
        match answer.status().as_u16() {
            200 => Some(answer.bytes().await.unwrap().to_vec()),
            404 => None,
            status => panic!("GET {path}: {status}"),
        }
    }

    async fn move_to(&self, path: &str, to: &str) -> Response {
        self.at("MOVE", path).header("Destination", format!("{}{to}", self.base)).send().await.unwrap()
    }

    /// The addresses in a folder, itself included.
    async fn list(&self, path: &str, depth: &str) -> Vec<String> {
        let answer = self.at("PROPFIND", path).header("Depth", depth).send().await.unwrap();
        assert_eq!(answer.status(), 207, "{path}");
        let text = answer.text().await.unwrap();
        let hrefs = text.split("<D:href>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
        hrefs.map(|href| href.strip_prefix("/dav/saves").unwrap().to_owned()).collect()
    }
}

/// Waits for so many versions of a save; returns them, the newest first.
async fn versions(ann: &Gamer<'_>, save: &str, count: usize) -> Vec<Value> {
    eventually(&format!("there are {count} versions"), async || ann.versions(save).await.len() == count).await;
    ann.versions(save).await
}

#[cairn_test]
async fn retroarch_syncs_as_it_does_with_any_server(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, SOON]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let retro = Program::new(&ann, "RetroArch").await;
    // Without a password it is told which scheme to use.
    let asked = reqwest::Client::new()
        .request(Method::OPTIONS, format!("{}/retroarch/main/", retro.base))
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), 401);
    assert!(asked.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic realm="), "{asked:?}");
    let options = retro.at("OPTIONS", "/retroarch/main/").send().await.unwrap();
    assert_eq!((options.status().as_u16(), &options.headers()["dav"]), (200, &"1".parse().unwrap()));
    assert_eq!(retro.get("/retroarch/main/manifest.server").await, None, "the first time there is none");
    for folder in ["/retroarch/", "/retroarch/main/"] {
        assert!([201, 405].contains(&retro.ask("MKCOL", folder).await.as_u16()), "{folder}");
    }
    for folder in ["/retroarch/main/saves", "/retroarch/main/saves/Snes9x"] {
        assert_eq!(retro.ask("MKCOL", folder).await, 201, "{folder}");
        assert_eq!(retro.ask("MKCOL", folder).await, 405, "{folder} is there");
    }
    let game = "/retroarch/main/saves/Snes9x/Chrono%20Trigger.srm";
    assert_eq!(retro.put(game, b"chapter 1").await, 201);
    assert_eq!(retro.put("/retroarch/main/manifest.server", b"[1]").await, 201);
    assert_eq!(retro.put("/retroarch/main/manifest.server", b"[2]").await, 204, "it is replaced");
    assert_eq!(retro.get(game).await.as_deref(), Some(b"chapter 1".as_slice()));
    let save = ann.save_in("retroarch").await;
    versions(&ann, &save, 1).await;
    // A game that was removed on the device is moved away, and later deleted.
    assert_eq!(retro.ask("MKCOL", "/retroarch/main/deleted").await, 201);
    let moved = retro.move_to(game, "/retroarch/main/deleted/Chrono%20Trigger.srm-261120").await;
    assert_eq!(moved.status(), 201);
    assert_eq!(retro.get(game).await, None);
    assert_eq!(
        retro.get("/retroarch/main/deleted/Chrono%20Trigger.srm-261120").await.as_deref(),
        Some(b"chapter 1".as_slice())
    );
    assert_eq!(retro.ask("DELETE", "/retroarch/main/deleted/Chrono%20Trigger.srm-261120").await, 204);
    assert_eq!(retro.ask("DELETE", "/retroarch/main/deleted/Chrono%20Trigger.srm-261120").await, 404);
    cairn.stop().await;
}

#[cairn_test]
async fn changes_of_one_password_are_one_version_and_what_it_removes_is_in_the_last(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, SOON]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let deck = Program::new(&ann, "Deck").await;
    for (name, bytes) in [("a", b"aaaa"), ("b", b"bbbb"), ("c", b"cccc")] {
        assert_eq!(deck.put(&format!("/Elden%20Ring/main/dir/{name}"), bytes).await, 201);
    }
    let save = ann.save_in("Elden Ring").await;
    let made = versions(&ann, &save, 1).await;
    assert_eq!(
        (&made[0]["origin"], &made[0]["device"], &made[0]["files"]),
        (&json!("webdav"), &json!("Deck"), &json!(3))
    );
    assert_eq!(deck.ask("DELETE", "/Elden%20Ring/main/dir/a").await, 204);
    assert_eq!(deck.move_to("/Elden%20Ring/main/dir/b", "/Elden%20Ring/main/d").await.status(), 201);
    versions(&ann, &save, 2).await;
    let second = ann.version(&save, "2").await;
    assert_eq!(second["removed"], json!(["dir/a", "dir/b"]));
    let files = contents(&second).await;
    assert_eq!(files, [("d".to_owned(), b"bbbb".to_vec()), ("dir/c".to_owned(), b"cccc".to_vec())]);
    assert_eq!(contents(&ann.version(&save, "1").await).await.len(), 3, "the earlier one has them still");
    // What is written as it was is no version.
    assert_eq!(deck.put("/Elden%20Ring/main/d", b"bbbb").await, 204);
    eventually("it is forgotten", async || place.control_texts("SELECT 'one' FROM save_window").await.is_empty()).await;
    assert_eq!(ann.versions(&save).await.len(), 2);
    cairn.stop().await;
}

#[cairn_test]
async fn a_sync_that_finds_nothing_is_held_and_takes_nothing_away(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, SOON]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let deck = Program::new(&ann, "Deck").await;
    for name in ["a", "b"] {
        assert_eq!(deck.put(&format!("/Celeste/main/{name}"), &[7; 100]).await, 201);
    }
    let save = ann.save_in("Celeste").await;
    versions(&ann, &save, 1).await;
    for name in ["a", "b"] {
        assert_eq!(deck.ask("DELETE", &format!("/Celeste/main/{name}")).await, 204);
    }
    assert_eq!(deck.put("/Celeste/main/new", b"x").await, 201);
    let all = versions(&ann, &save, 2).await;
    assert_eq!((&all[0]["state"], &all[0]["held_for"]), (&json!("held"), &json!("shrunk")), "{all:?}");
    assert_eq!(ann.get(&save).await.1["revision"], "1");
    assert_eq!(deck.list("/Celeste/main/", "1").await, ["/Celeste/main/", "/Celeste/main/a", "/Celeste/main/b"]);
    let notices = ann.get("/notices").await.1;
    assert!(notices["items"].as_array().unwrap().iter().any(|notice| notice["kind"] == "save_held"), "{notices}");
    // Deleting the whole does the same.
    assert_eq!(deck.ask("DELETE", "/Celeste/main/").await, 204);
    assert_eq!(versions(&ann, &save, 3).await[0]["state"], "held");
    assert_eq!(deck.get("/Celeste/main/a").await.unwrap().len(), 100);
    cairn.stop().await;
}

#[cairn_test]
async fn two_devices_with_diverged_saves_lose_nothing(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let (deck, pc) = (Program::new(&ann, "Deck").await, Program::new(&ann, "PC").await);
    assert_eq!(deck.put("/Hades/main/slot", b"of the deck").await, 201);
    assert_eq!(deck.put("/Hades/main/deck", b"only there").await, 201);
    assert_eq!(pc.get("/Hades/main/slot").await.as_deref(), Some(b"of the deck".as_slice()), "all see it at once");
    assert_eq!(pc.put("/Hades/main/pc", b"only here").await, 201);
    let save = ann.save_in("Hades").await;
    assert_eq!(ann.versions(&save).await.len(), 0, "other files are no reason to part");
    assert_eq!(pc.put("/Hades/main/slot", b"of the pc").await, 204);
    let first = versions(&ann, &save, 1).await;
    assert_eq!(first[0]["device"], "Deck");
    let files = contents(&ann.version(&save, "1").await).await;
    assert!(files.contains(&("slot".to_owned(), b"of the deck".to_vec())), "{files:?}");
    // The other door: a program that has not seen the last changes is told of both sets.
    let (status, stale) = ann
        .send(
            Method::POST,
            &format!("{save}/versions"),
            Some("\"1\""),
            Some(set("Phone", &[("slot", b"of the phone")])),
        )
        .await;
    assert_eq!((status, &stale["current"]["kept"]["version"]["device"]), (412, &json!("PC")), "{stale}");
    let files = contents(&ann.version(&save, "2").await).await;
    let expected = [("deck", "only there"), ("pc", "only here"), ("slot", "of the pc")];
    assert_eq!(files, expected.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    let (status, asked) = ann
        .send(
            Method::POST,
            &format!("{save}/versions"),
            Some("\"2\""),
            Some(set("Phone", &[("slot", b"of the phone")])),
        )
        .await;
    assert_eq!(status, 201, "{asked}");
    upload(&asked, &[("slot", b"of the phone")]).await;
    ann.counts(&save, "3").await;
    assert_eq!(deck.get("/Hades/main/slot").await.as_deref(), Some(b"of the phone".as_slice()));
    assert_eq!(deck.get("/Hades/main/deck").await, None, "the version of the phone has one file");
    cairn.stop().await;
}

#[cairn_test]
async fn files_are_read_in_ranges_and_known_by_their_tags(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let deck = Program::new(&ann, "Deck").await;
    let put = deck.at("PUT", "/a/b/c").header("X-OC-Mtime", "1795248000").body("0123456789").send().await.unwrap();
    assert_eq!((put.status().as_u16(), &put.headers()["x-oc-mtime"]), (201, &"accepted".parse().unwrap()));
    let tag = put.headers()["etag"].to_str().unwrap().to_owned();
    let get = deck.at("GET", "/a/b/c").send().await.unwrap();
    assert_eq!(get.headers()["etag"], tag);
    assert_eq!(get.headers()["last-modified"], "Sat, 21 Nov 2026 08:00:00 GMT");
    assert_eq!(get.text().await.unwrap(), "0123456789");
    let head = deck.at("HEAD", "/a/b/c").send().await.unwrap();
    assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (200, &"10".parse().unwrap()));
    let part = deck.at("GET", "/a/b/c").header("Range", "bytes=2-4").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.text().await.unwrap().as_str()), (206, "234"));
    let known = deck.at("GET", "/a/b/c").header("If-None-Match", &tag).send().await.unwrap();
    assert_eq!(known.status(), 304);
    assert_eq!(deck.at("GET", "/a/b/c").header("Range", "bytes=10-").send().await.unwrap().status(), 416);
    assert_eq!(deck.ask("GET", "/a/b").await, 409, "a folder has no content");
    cairn.stop().await;
}

#[cairn_test]
async fn folders_are_listed_one_level_deep(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let (deck, other) = (Program::new(&ann, "Deck").await, Program::new(&bob, "PC").await);
    for path in ["/x%26y/main/a", "/x%26y/main/d/e/f", "/x%26y/main/d/g", "/z/one/a"] {
        assert_eq!(deck.put(path, b"1").await, 201);
    }
    assert_eq!(other.put("/theirs/main/a", b"1").await, 201);
    assert_eq!(deck.list("", "1").await, ["/", "/x%26y/", "/z/"], "nothing of others");
    assert_eq!(deck.list("/x%26y/", "1").await, ["/x%26y/", "/x%26y/main/"]);
    assert_eq!(deck.list("/x%26y/main", "1").await, ["/x%26y/main/", "/x%26y/main/a", "/x%26y/main/d/"]);
    assert_eq!(deck.list("/x%26y/main/d/", "1").await, ["/x%26y/main/d/", "/x%26y/main/d/e/", "/x%26y/main/d/g"]);
    assert_eq!(deck.list("/x%26y/main/a", "1").await, ["/x%26y/main/a"]);
    assert_eq!(deck.list("/x%26y/main/d", "0").await, ["/x%26y/main/d/"]);
    for path in ["/x%26y/other", "/x%26y/main/nothing", "/theirs/main", "/theirs/main/a"] {
        assert_eq!(deck.at("PROPFIND", path).header("Depth", "0").send().await.unwrap().status(), 404, "{path}");
    }
    for depth in ["infinity", ""] {
        let mut request = deck.at("PROPFIND", "/x%26y/main");
        if !depth.is_empty() {
            request = request.header("Depth", depth);
        }
        let refused = request.send().await.unwrap();
        assert_eq!(refused.status(), 403);
        assert!(refused.text().await.unwrap().contains("<D:propfind-finite-depth/>"));
    }
    let body =
        r#"<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><quota-used-bytes/></prop></propfind>"#;
    let answer = deck
        .at("PROPFIND", "/x%26y/main/a")
        .header("Depth", "0")
        .body(body)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(answer.contains("<D:getcontentlength>1<") && answer.contains("404 Not Found"), "{answer}");
    cairn.stop().await;
}

#[cairn_test]
async fn a_number_is_the_folder_of_a_game(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, SOON]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let deck = Program::new(&ann, "Deck").await;
    assert_eq!(deck.put(&format!("/{game}/main/a"), b"1").await, 201);
    let listed = ann.get(&format!("/saves?game={game}")).await.1;
    assert_eq!(listed["items"][0]["game"]["name"], "Outer Wilds", "{listed}");
    let save = ann.save_in(&game.to_string()).await;
    versions(&ann, &save, 1).await;
    cairn.stop().await;
}

#[cairn_test]
async fn hostile_requests_are_refused_and_leave_nothing(place: &Place) {
    let cairn =
        Cairn::start(place, &[SHARED, ("CAIRN_SAVE_FILE_BYTES", "2048"), ("CAIRN_USER_SAVES_BYTES", "3000")]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let (deck, other) = (Program::new(&ann, "Deck").await, Program::new(&bob, "PC").await);
    assert_eq!(other.put("/his/main/a", b"his").await, 201);
    assert_eq!(deck.put("/a/b/c", b"mine").await, 201);
    let long = "x".repeat(256);
    let deep = "/x".repeat(600);
    for path in [
        "/a/b/%2e%2e/x".to_owned(),
        "/a/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        "/a/b//x".to_owned(),
        "/a/b/%2Fetc%2Fpasswd".to_owned(),
        "/a/b/c%00.dat".to_owned(),
        "/a/b/c%5Cd".to_owned(),
        "/a/b/%ff".to_owned(),
        format!("/a/b/{long}"),
        format!("/a/b{deep}"),
    ] {
        // As it stands: the client would put the path in order.
        let status = raw(&cairn, &deck, &format!("PUT /dav/saves{path}"), "Content-Length: 1", "x").await;
        assert_eq!(status, 400, "{path}");
    }
    for (path, status) in [("/a/x", 403), ("/x", 403), ("", 403), ("/a/b/c/d", 409), ("/a/b/x/", 409)] {
        assert_eq!(deck.put(path, b"x").await, status, "{path:?}");
    }
    assert_eq!(deck.put("/a/b/large", &[1; 2049]).await, 413);
    let chunks = format!("3e8\r\n{}\r\n", "x".repeat(1000)).repeat(3) + "0\r\n\r\n";
    let endless = raw(&cairn, &deck, "PUT /dav/saves/a/b/large", "Transfer-Encoding: chunked", &chunks).await;
    assert_eq!(endless, 413, "a length that is not said is counted");
    assert_eq!(deck.put("/a/b/d", &[1; 2000]).await, 201);
    assert_eq!(deck.put("/a/b/e", &[2; 2000]).await, 507, "the quota");
    // Destinations elsewhere, or of others.
    for (to, status) in [
        ("http://other.example/dav/saves/a/b/x".to_owned(), 403),
        (deck.base.replace("http://", "http://bob@") + "/a/b/x", 403),
        (format!("{}/../../api/saves", deck.base), 400),
        ("/api/saves".to_owned(), 400),
        ("ftp://x/y".to_owned(), 400),
        (format!("{}/a/b/%2e%2e/x", deck.base), 400),
        (format!("{}/a/b/c", deck.base), 403),
        (format!("{}/a", deck.base), 403),
    ] {
        let moved = deck.at("MOVE", "/a/b/c").header("Destination", &to).send().await.unwrap();
        assert_eq!(moved.status(), status, "{to}");
    }
    assert_eq!(deck.at("MOVE", "/a/b/c").send().await.unwrap().status(), 400, "no destination");
    assert_eq!(deck.move_to("/his/main/a", "/a/b/his").await.status(), 404, "what is another's is not there");
    let kept = deck.at("MOVE", "/a/b/c").header("Destination", format!("{}/a/b/d", deck.base)).header("Overwrite", "F");
    assert_eq!(kept.send().await.unwrap().status(), 412);
    for body in [
        r#"<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><propfind xmlns="DAV:"><prop>&b;</prop></propfind>"#.to_owned(),
        r#"<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><propfind xmlns="DAV:"><prop>&x;</prop></propfind>"#.to_owned(),
        "<propfind xmlns='DAV:'>".to_owned() + &"<a>".repeat(5000),
        "no XML".to_owned(),
    ] {
        let answer = deck.at("PROPFIND", "/a/b").header("Depth", "1").body(body.clone()).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{}", &body[..body.len().min(60)]);
    }
    let flood = deck.at("PROPFIND", "/a/b").header("Depth", "1").body(" ".repeat(100_000)).send().await.unwrap();
    assert_eq!(flood.status(), 413);
    for method in ["PROPPATCH", "COPY", "LOCK", "POST", "TRACE"] {
        let answer = deck.at(method, "/a/b/c").send().await.unwrap();
        assert_eq!(answer.status(), 405, "{method}");
        assert!(answer.headers()["allow"].to_str().unwrap().contains("PROPFIND"), "{method}");
    }
    assert_eq!(deck.list("/a/b/", "1").await, ["/a/b/", "/a/b/c", "/a/b/d"]);
    assert_eq!(files_in(&place.folder.join("blobs/incoming")), 0, "nothing is left");
    assert_eq!(files_in(&place.folder.join("blobs/saves")), 3);
    cairn.stop().await;
}

/// The status of a request that is sent as it stands.
async fn raw(cairn: &Cairn, program: &Program, line: &str, length: &str, body: &str) -> u16 {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let credentials = STANDARD.encode(format!("any:{}", program.password));
    let head = format!(
        "{line} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {credentials}\r\nConnection: close\r\n{length}\r\n\r\n{body}"
    );
    let mut stream = tokio::net::TcpStream::connect(cairn.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
}
