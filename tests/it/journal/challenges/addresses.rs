//! The address of a gathering: who reads it, and where it stands nowhere.

use std::{fs, path::Path};

use cairn::platform::codec::hex;
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::{super::Gamer, begins_ago, gathering, path, wanted};
use crate::support::{
    Cairn, Place, eventually, http,
    mail::{MailServer, Manner},
    process::{Process, cairn},
    white_box::Relations,
};

/// Words that occur in no other place.
const ADDRESS: &str = "Strada Quillonului 77, scara Zeta";

/// Parts of it by which it would be recognised.
const PARTS: [&str; 3] = ["Quillonului", "quillonului", "scara Zeta"];

fn has_address(text: &str) -> bool {
    PARTS.iter().any(|part| text.contains(part))
}

/// The file as a calendar reads it.
async fn calendar(who: &Gamer<'_>, path: &str) -> String {
    let answer = who.at(Method::GET, &format!("/api{path}/calendar")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/calendar"));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.text().await.unwrap().replace("\r\n ", "")
}

fn line<'a>(file: &'a str, name: &str) -> &'a str {
    file.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap_or_else(|| panic!("{name}: {file}"))
}

#[cairn_test]
async fn only_the_host_and_who_comes_read_the_address_and_its_file_has_the_area_for_others(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mut all = Vec::new();
    for name in ["ann", "bob", "carl", "dora", "eve", "fred", "gina"] {
        all.push(Gamer::new(&cairn, place, name).await);
    }
    let [ann, bob, carl, dora, eve, fred, gina] = &all[..] else { unreachable!() };
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let said = json!({
        "address": ADDRESS, "audience": "public", "capacity": 1, "invited": ["bob", "carl", "dora", "fred"], "text": "Tea, and; games\\",
    });
    let made = gathering(ann, game, said).await;
    assert!(!has_address(&made.to_string()), "the answer to a POST is kept");
    let path = path(&made);
    assert_eq!(bob.accepts(&path).await, "accepted");
    assert_eq!(dora.accepts(&path).await, "waiting");
    fred.declines(&path).await;
    assert_eq!(ann.moves(&path, json!({"action": "remove", "guests": ["fred"]})).await.1["code"], "not_this_guest");
    for (who, reads) in [(ann, true), (bob, true), (carl, false), (dora, false), (eve, false), (fred, false)] {
        let seen = who.get(&path).await.1;
        assert_eq!(seen["address"] == ADDRESS, reads, "{seen}");
        assert_eq!(has_address(&seen.to_string()), reads, "{seen}");
        assert_eq!(seen.get("guests").is_some(), reads, "{seen}");
        let file = calendar(who, &path).await;
        let place = if reads { "Strada Quillonului 77\\, scara Zeta (Iași\\, Copou)" } else { "Iași\\, Copou" };
        assert_eq!(line(&file, "LOCATION"), place);
        assert_eq!((line(&file, "SUMMARY"), line(&file, "STATUS")), ("Outer Wilds", "CONFIRMED"));
        assert_eq!(line(&file, "DESCRIPTION"), "Tea\\, and\\; games\\\\");
        let starts: String = seen["starts_at"].as_str().unwrap().chars().filter(|char| !"-:".contains(*char)).collect();
        assert_eq!(line(&file, "DTSTART")[..15], starts[..15]);
    }
    assert!(!has_address(&Gamer::stranger(&cairn).get(&path).await.1.to_string()));
    // Who comes no more reads it no more.
    bob.declines(&path).await;
    assert!(bob.get(&path).await.1.get("address").is_none());
    assert_eq!(dora.accepts(&path).await, "accepted");
    assert_eq!(dora.get(&path).await.1["address"], ADDRESS);
    assert_eq!(ann.moves(&path, json!({"action": "remove", "guests": ["dora"]})).await.0, 200);
    assert!(!has_address(&dora.get(&path).await.1.to_string()) && !has_address(&calendar(dora, &path).await));
    assert_eq!(gina.accepts(&path).await, "accepted");
    ann.calls_off(&path).await;
    assert!(!has_address(&gina.get(&path).await.1.to_string()), "it was called off");
    cairn.stop().await;
}

/// Every text in every table of the control database.
async fn rows(place: &Place) -> Vec<(String, String)> {
    let tables = if place.database_url.is_some() {
        "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    };
    let mut all = Vec::new();
    for table in place.control_texts(tables).await {
        let sql = if place.database_url.is_some() {
            format!(r#"SELECT "{table}"::text FROM "{table}""#)
        } else {
            let columns = place.control_texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let columns: Vec<String> = columns.iter().map(|column| format!(r#"quote("{column}")"#)).collect();
            format!(r#"SELECT {} FROM "{table}""#, columns.join(" || ',' || "))
        };
        all.extend(place.control_texts(&sql).await.into_iter().map(|row| (table.clone(), row)));
    }
    all
}

/// The files below a folder that have a part of the address in them.
fn files_with_address(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with_address(&path));
        } else if let Ok(bytes) = fs::read(&path)
            && PARTS.iter().any(|part| bytes.windows(part.len()).any(|window| window == part.as_bytes()))
        {
            found.push(path.display().to_string());
        }
    }
    found
}

#[cairn_test]
async fn the_address_stands_in_clear_in_no_row_file_email_notice_or_log(place: &Place) {
    let Some(mail) = MailServer::running(Manner::Plain).await else { return };
    let prepared = Cairn::start(place, &[]).await;
    let game = prepared.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    prepared.stop().await;
    let mut command = cairn(place, &[]);
    command.env("CAIRN_MAIL_URL", &mail.url).env("CAIRN_PUBLIC_URL", "http://cairn.example").env("RUST_LOG", "trace");
    let process = Process::start(command);
    let people = Relations(place);
    let client = http::Client::new();
    let mut tokens = Vec::new();
    for name in ["ann", "bob", "carl"] {
        tokens.push(people.signed_in(name, 1).await);
    }
    let call = async |who: usize, method: Method, path: &str, body: Option<serde_json::Value>| {
        let mut request = client
            .request(method, format!("{}/api{path}", process.base))
            .bearer_auth(&tokens[who])
            .header("If-Match", "*");
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", uuid::Uuid::new_v4().simple().to_string());
            request = request.body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let asked = wanted(game, &json!({"address": ADDRESS, "invited": ["bob", "carl"], "capacity": 1}));
    let (status, made) = call(0, Method::POST, "/challenges", Some(asked.clone())).await;
    assert_eq!(status, 201, "{made}");
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let path = path(&made);
    for who in ["bob", "carl"] {
        let email = mail.mailbox.take(&format!("{who}@example.org"), "You are invited to play Outer Wilds").await;
        assert!(!has_address(&email.text), "{email:?}");
    }
    for who in [1, 2] {
        let (status, now) = call(who, Method::POST, &format!("{path}/moves"), Some(json!({"action": "accept"}))).await;
        assert_eq!(status, 200, "{now}");
        assert!(!has_address(&now));
    }
    assert!(has_address(&call(1, Method::GET, &path, None).await.1), "bob reads it");
    let mut change = asked.clone();
    for name in ["game", "session_type", "invited"] {
        change.as_object_mut().unwrap().remove(name);
    }
    change["area"] = json!("Iași");
    assert_eq!(call(0, Method::PUT, &path, Some(change)).await.0, 200);
    // A body that is refused is quoted nowhere.
    let bad = json!({"game": game.to_string(), "address": format!("{ADDRESS}\u{7}"), "zone": "UTC"});
    let (status, refused) = call(0, Method::POST, "/challenges", Some(bad)).await;
    assert_eq!(status, 422);
    assert!(!has_address(&refused), "{refused}");
    let emails = mail.mailbox.all();
    assert!(!emails.iter().any(|email| has_address(&email.text)), "{emails:?}");
    for who in [1, 2] {
        let (_, notices) = call(who, Method::GET, "/notices", None).await;
        assert!(notices.contains("challenge_invited") && !has_address(&notices), "{notices}");
        let (_, listed) = call(who, Method::GET, "/challenges?list=invited", None).await;
        assert!(listed.contains("Outer Wilds") && !has_address(&listed), "{listed}");
    }
    let kept = place.control_texts("SELECT kind FROM job").await;
    assert!(kept.contains(&"challenge_clock".to_owned()), "jobs wait: {kept:?}");
    // What is kept as bytes is shown in hexadecimal digits.
    let in_hex = |row: &str| PARTS.iter().any(|part| row.to_lowercase().contains(&hex::of_bytes(part.as_bytes())));
    let rows = rows(place).await;
    assert!(
        rows.iter().any(|(_, row)| row.to_lowercase().contains(&hex::of_bytes(b"Outer Wilds"))),
        "an answer is kept"
    );
    let with: Vec<_> = rows.into_iter().filter(|(_, row)| has_address(row) || in_hex(row)).collect();
    assert!(with.is_empty(), "{with:?}");
    process.signal("TERM");
    let (_, log) = process.wait();
    assert!(log.contains("/api/challenges") || log.contains("challenge"), "something was logged");
    assert!(!has_address(&log), "{}", log.lines().find(|line| has_address(line)).unwrap_or_default());
    assert_eq!(files_with_address(&place.folder), Vec::<String>::new());
    // It was there: the host's export has it.
    let cairn = Cairn::start(place, &[]).await;
    let export = cairn.http.get(format!("{}/v1/account/export", cairn.base)).bearer_auth(&tokens[0]);
    assert!(has_address(&export.send().await.unwrap().text().await.unwrap()));
    let others = cairn.http.get(format!("{}/v1/account/export", cairn.base)).bearer_auth(&tokens[1]);
    assert!(!has_address(&others.send().await.unwrap().text().await.unwrap()));
    let ann = Gamer::known(&cairn, (String::new(), Some(tokens[0].clone())));
    begins_ago(place, &path, 7 * 24).await;
    eventually("it is wiped", async || !has_address(&ann.get(&path).await.1.to_string())).await;
    cairn.stop().await;
}

#[cairn_test]
async fn without_a_secret_key_an_address_is_refused_and_all_else_works(place: &Place) {
    // On SQLite the server makes a key.
    if place.database_url.is_none() {
        return;
    }
    let cairn = Cairn::start(place, &[("CAIRN_SECRET_KEY", "")]).await;
    let people = Relations(place);
    let token = people.signed_in("ann", 1).await;
    let ann = Gamer::known(&cairn, (String::new(), Some(token)));
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let (status, problem) = ann.post("/challenges", wanted(game, &json!({"address": ADDRESS}))).await;
    assert_eq!((status, &problem["code"]), (503, &json!("sealing_key_missing")), "{problem}");
    gathering(&ann, game, json!({})).await;
    cairn.stop().await;
}
