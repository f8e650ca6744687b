//! The end of an account: what is exported before it, what is deleted with it, and what stays where its user says so.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Gamer, challenges, saves::Program, texts};
use crate::identity::accounts::second_factor;
use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, read, refusal},
    white_box::Schema,
};

/// A word in every text that Ann writes.
const WORD: &str = "quillon";

/// Tables that refer to approved titles alone, which are nobody's.
const OF_APPROVED_TITLES: &[&str] = &["title_game", "title_price", "title_offer"];

/// Where the export has the rows of each table that refers to a user, as a pointer to something that is not empty.
const EXPORTED: &[(&str, &str)] = &[
    ("user", "/account"),
    ("user_session", "/sessions"),
    ("user_code", "/codes"),
    ("second_factor", "/second_factor"),
    ("user_identity", "/identities"),
    ("recovery_code", "/second_factor/recovery_codes_left"),
    ("member", "/memberships"),
    ("player_link", "/players"),
    ("profile", "/kept/people/profile"),
    ("former_username", "/kept/people/former_usernames"),
    ("place", "/kept/people/place"),
    ("follow", "/kept/people/followed"),
    ("block", "/kept/people/blocks"),
    ("notice", "/kept/notices/notices"),
    ("notice_setting", "/kept/notices/settings"),
    ("title", "/kept/games"),
    ("title_name", "/kept/games/0/other_names"),
    ("title_platform", "/kept/games/0/platforms"),
    ("title_genre", "/kept/games/0/genres"),
    ("title_external", "/kept/games/0/external"),
    ("price_fall", "/kept/price_falls"),
    ("thought", "/kept/thoughts/thoughts"),
    ("thought_version", "/kept/thoughts/versions"),
    ("thought_comment", "/kept/thoughts/comments"),
    ("thought_reaction", "/kept/thoughts/reactions"),
    ("media", "/kept/media"),
    ("challenge", "/kept/challenges/hosted"),
    ("challenge_guest", "/kept/challenges/guest_of"),
    ("challenge_move", "/kept/challenges/moves"),
    ("app_password", "/kept/app_passwords"),
    ("moderation_case", "/kept/moderation/cases"),
    ("moderation_report", "/kept/moderation/reports"),
    ("moderation_verdict", "/kept/moderation/verdicts"),
    ("save_slot", "/kept/saves/slots"),
    ("save_version", "/kept/saves/versions"),
    ("save_entry", "/kept/saves/files"),
    ("save_window", "/kept/saves/windows"),
    ("save_change", "/kept/saves/changes"),
    ("save_content", "/kept/saves/contents"),
    ("save_keeper", "/kept/saves/stored"),
    ("library_entry", "/library/entries"),
    ("playthrough", "/library/entries/0/playthroughs"),
    ("state_change", "/library/entries/0/history"),
];

/// Tables whose rows are made of those of others, or remember for a while what a change or an import replaced.
const DERIVED: &[&str] = &[
    "blob",
    "challenge_host",
    "name_word",
    "title_slip",
    "library_count",
    "library_edit",
    "library_edit_row",
    "library_import",
    "library_import_row",
];

async fn succeeds(gamer: &Gamer<'_>, method: Method, path: &str, body: Value) -> Value {
    let body = Some(body).filter(|body| !body.is_null());
    let (status, answer) = gamer.send(method.clone(), path, None, body).await;
    assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
    answer
}

async fn at(gamer: &Gamer<'_>, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = gamer.at(method, path).header("Content-Type", "application/json").body(body.to_string());
    read(request.send().await.unwrap()).await
}

/// Puts something of Ann's into every table that knows users; Bob is who she has to do with, and Eve moderates.
async fn fill(place: &Place, [ann, bob, eve]: [&Gamer<'_>; 3], games: [i64; 2]) {
    let [one, two] = games.map(|game| game.to_string());
    let profile = json!({
        "username": format!("{WORD}-2"), "display_name": format!("The {WORD}"), "bio": format!("A {WORD}."),
        "found_by": {"name": true}, "preferences": {"mail": "daily"},
    });
    succeeds(ann, Method::PUT, "/users", profile).await;
    succeeds(ann, Method::PUT, "/people/place", json!({"latitude": 47.16, "longitude": 27.59})).await;
    for kind in ["followed", "thought_liked"] {
        succeeds(ann, Method::PUT, &format!("/notices/settings/{kind}"), json!({"app": true, "mail": true})).await;
    }
    let nothing = Value::Null;
    succeeds(ann, Method::PUT, "/follows/bob", nothing.clone()).await;
    succeeds(bob, Method::PUT, &format!("/follows/{WORD}-2"), nothing.clone()).await;
    succeeds(ann, Method::PUT, "/blocks/eve", nothing.clone()).await;
    let added = json!({
        "name": format!("The {WORD} game"), "other_names": [format!("A {WORD}"), "Quil"], "platforms": ["pc"], "genres": ["puzzle"],
        "released": "2020",
    });
    let title = succeeds(ann, Method::POST, "/games", added).await["id"].as_str().unwrap().to_owned();
    place
        .execute_control(&format!(
            "INSERT INTO title_external (source, external, title) VALUES ('steam', '{WORD}', {title})"
        ))
        .await;
    succeeds(ann, Method::POST, "/library", json!({"game": one, "state": "ongoing", "time": "2 h"})).await;
    succeeds(ann, Method::POST, &format!("/library/{one}/playthroughs"), json!({"platform": "pc", "time": "1 h"}))
        .await;
    succeeds(ann, Method::POST, "/library", json!({"game": two})).await;
    succeeds(ann, Method::DELETE, &format!("/library/{two}"), nothing.clone()).await;
    place
        .execute_control(&format!(
            "INSERT INTO price_fall (title, \"user\", target_minor, target_currency, usd_minor, shown_minor, at_ms)
             VALUES ({one}, '{}', 1000, 'EUR', 999, 970, 1)",
            ann.user
        ))
        .await;
    let file = format!("title,rating,status,backlog\nThe {WORD} game,4,completed,false\n");
    let file =
        ann.at(Method::POST, "/api/library/import").header("Content-Type", "application/octet-stream").body(file);
    let (status, import) = read(file.send().await.unwrap()).await;
    assert_eq!(status, 201, "{import}");
    let media = json!({
        "type": "image/png", "length": 9, "sha256": "0".repeat(64), "description": format!("A {WORD}."),
    });
    succeeds(ann, Method::POST, &format!("/games/{one}/media/{}", uuid::Uuid::new_v4()), media).await;
    let said = json!({
        "text": format!("A {WORD}."), "area": format!("The {WORD}"), "address": format!("Street of the {WORD} 1"), "invited": ["bob"],
    });
    challenges::gathering(ann, games[0], said).await;
    challenges::gathering(bob, games[0], json!({"invited": [format!("{WORD}-2")], "capacity": 2})).await;
    fill_saves(ann).await;
    let thought = ann.think(games[0], &format!("A {WORD} thought"), "public").await;
    let path = format!("/thoughts/{thought}");
    let change = json!({"text": format!("Another {WORD} thought")});
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(change)).await.0, 200);
    succeeds(bob, Method::PUT, &format!("{path}/reaction"), nothing.clone()).await;
    let theirs = format!("/thoughts/{}", bob.think(games[0], "of Bob's", "public").await);
    succeeds(ann, Method::PUT, &format!("{theirs}/reaction"), nothing).await;
    succeeds(ann, Method::POST, &format!("{theirs}/comments"), json!({"text": format!("Says {WORD}.")})).await;
    let begun = at(ann, Method::POST, "/v1/account/second-factor", json!({"password": PASSWORD})).await.1;
    let code = second_factor::code_of(begun["secret"].as_str().unwrap());
    assert_eq!(at(ann, Method::POST, "/v1/account/second-factor/confirm", json!({"code": code})).await.0, 200);
    succeeds(ann, Method::POST, "/reports", json!({"kind": "person", "id": "bob", "reason": "abuse", "note": WORD}))
        .await;
    succeeds(bob, Method::POST, "/reports", json!({"kind": "thought", "id": thought, "reason": "spam"})).await;
    let hide =
        json!({"subjects": [{"kind": "thought", "id": thought}], "action": "hide", "reason": "spam", "note": WORD});
    place
        .execute_control(
            "UPDATE \"user\" SET moderator = TRUE WHERE id IN (SELECT user_id FROM profile WHERE username = 'eve')",
        )
        .await;
    succeeds(eve, Method::POST, "/moderation/verdicts", hide).await;
    let identity = format!(
        "INSERT INTO user_identity (id, user_id, provider, issuer, subject, email, linked_at_ms) VALUES ('{WORD}', '{}', 'moss', 'https://{WORD}.example', '7', '', 1)",
        ann.user
    );
    place.execute_control(&identity).await;
    // A code that waits, a studio that others own too, and a player.
    let change = json!({"email": format!("{WORD}@new.example"), "password": PASSWORD});
    assert_eq!(at(ann, Method::POST, "/v1/account/email/change", change).await.0, 202);
    Mailbox::in_data_of(place).take(&format!("{WORD}@new.example"), "Your code for a new address").await;
    let key = ann.cairn.game_key("moss/climb/live").await;
    for (who, role) in [(ann, "developer"), (bob, "owner")] {
        let member = format!(
            "INSERT INTO member (studio, \"user\", role, since_ms) SELECT id, '{}', '{role}', 1 FROM studio WHERE slug = 'moss'",
            who.user
        );
        place.execute_control(&member).await;
    }
    let minted = ann.cairn.http.post(format!("{}/v1/players", ann.cairn.base)).header("X-API-Key", key).body("{}");
    let minted = read(minted.send().await.unwrap()).await.1;
    let code = ann.cairn.http.post(format!("{}/v1/players/me/link-code", ann.cairn.base));
    let code = read(code.bearer_auth(minted["token"].as_str().unwrap()).send().await.unwrap()).await.1;
    assert_eq!(at(ann, Method::POST, "/v1/account/players", json!({"code": code["code"]})).await.0, 200);
}

/// A version, and changes by WebDAV that are none yet.
async fn fill_saves(ann: &Gamer<'_>) {
    ann.kept_save().await;
    let program = Program::new(ann, WORD).await;
    let put = program.at("PUT", &format!("/{WORD}/{WORD}/{WORD}.dat")).body(WORD).send().await.unwrap();
    assert_eq!(put.status(), 201);
}

/// What is not exported although a table holds it, by table.
fn not_exported(tables: &[&str], export: &Value) -> Vec<String> {
    let mut missing = Vec::new();
    for table in tables.iter().filter(|table| !DERIVED.contains(table)) {
        let Some((_, pointer)) = EXPORTED.iter().find(|(known, _)| known == table) else {
            missing.push(format!("{table} is new: say where the export has it"));
            continue;
        };
        let there = match export.pointer(pointer) {
            Some(Value::Array(items)) => !items.is_empty(),
            Some(value) => !value.is_null(),
            None => false,
        };
        if !there {
            missing.push(format!("{table}: nothing at {pointer}"));
        }
    }
    missing
}

#[cairn_test]
async fn all_that_is_kept_of_a_user_is_exported_and_goes_with_the_account(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_BLOBS_SHARED", "true")]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, WORD).await, Gamer::new(&cairn, place, "bob").await);
    let eve = Gamer::new(&cairn, place, "eve").await;
    let games = [
        cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await,
        cairn.new_title("steam:2", "Moss Harbour", "2021", &["pc"]).await,
    ];
    fill(place, [&ann, &bob, &eve], games).await;
    let schema = Schema::read(place).await;
    let theirs = schema.rows_of(&ann.user, OF_APPROVED_TITLES).await;
    let empty: Vec<_> = theirs.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table).collect();
    assert!(empty.is_empty(), "tables that know users, and in which this test puts nothing: {empty:?}");

    let (status, export) = read(ann.at(Method::GET, "/v1/account/export").send().await.unwrap()).await;
    assert_eq!(status, 200);
    let tables: Vec<&str> = theirs.keys().copied().collect();
    assert_eq!(not_exported(&tables, &export), Vec::<String>::new(), "{export}");
    assert_eq!(export["library"]["entries"], ann.get("/library/export").await.1["entries"]);

    assert_eq!(at(&ann, Method::POST, "/v1/account/delete", json!({"password": PASSWORD})).await.0, 204);
    Mailbox::in_data_of(place).take(&format!("{WORD}@example.org"), "Your account was deleted").await;
    for table in schema.tables.keys() {
        let rows = schema.rows(table, "1 = 1").await;
        let of_ann = theirs.get(table.as_str()).cloned().unwrap_or_default();
        let left: Vec<_> = rows.intersection(&of_ann).collect();
        assert!(left.is_empty(), "left in {table}: {left:?}");
        // A studio's audit log is never changed: it has the id of who acted, which nothing else has any more.
        let is_log = table == "audit";
        let names_her = |row: &&String| row.contains(WORD) || (!is_log && row.contains(&ann.user));
        let naming: Vec<_> = rows.iter().filter(names_her).collect();
        assert!(naming.is_empty(), "{table} names somebody who is gone: {naming:?}");
    }
    assert_eq!(bob.get("/thoughts").await.1["items"][0]["reactions"], 0, "what others have is right without them");
    cairn.stop().await;
}

#[cairn_test]
async fn public_reviews_stay_without_their_author_where_the_user_says_so(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, WORD).await, Gamer::new(&cairn, place, "bob").await);
    ann.follow(place, &bob).await;
    bob.follow(place, &ann).await;
    let mut reviews = Vec::new();
    for (number, audience) in ["public", "friends", "private"].into_iter().enumerate() {
        let title = cairn.new_title(&format!("steam:{number}"), &format!("Game {number}"), "2020", &["pc"]).await;
        succeeds(&ann, Method::POST, "/library", json!({"game": title.to_string(), "audience": "private"})).await;
        let review = json!({"game": title.to_string(), "text": "What I think.", "rating": 70, "audience": audience});
        let review = succeeds(&ann, Method::POST, "/thoughts", review).await;
        reviews.push((title, review["id"].as_str().unwrap().to_owned()));
    }
    let note = ann.think(reviews[0].0, "a note", "public").await;
    let path = format!("/thoughts/{}", reviews[0].1);
    let change = json!({"text": "What I think now.", "rating": 80});
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(change)).await.0, 200);
    succeeds(&bob, Method::POST, &format!("{path}/comments"), json!({"text": "I agree."})).await;
    succeeds(&bob, Method::PUT, &format!("{path}/reaction"), Value::Null).await;
    let delete = async |body: Value| ann.send(Method::DELETE, "/users", None, Some(body)).await;
    let slip = json!({"password": PASSWORD, "keep_review": true});
    assert_eq!(refusal(delete(slip).await), (422, "invalid".to_owned()), "a slip deletes nothing");
    assert_eq!(refusal(delete(json!({"password": "wrong", "keep_reviews": true})).await).0, 403);
    assert_eq!(ann.get(&path).await.1["author"]["username"], WORD, "nothing is done without the password");
    assert_eq!(delete(json!({"password": PASSWORD, "keep_reviews": true})).await, (204, Value::Null));

    for (who, name) in [(&bob, "bob"), (&Gamer::stranger(&cairn), "nobody")] {
        let (status, review) = who.get(&path).await;
        assert_eq!((status, &review["rating"], review.get("author")), (200, &80.into(), None), "{name}: {review}");
        let (_, listed) = who.get(&format!("/games/{}/thoughts", reviews[0].0)).await;
        assert_eq!(texts(&listed), ["What I think now."], "{name}: the note is gone");
        assert_eq!(texts(&who.get(&format!("{path}/comments")).await.1), ["I agree."], "{name}");
    }
    let more = bob.post(&format!("{path}/comments"), json!({"text": "And more."})).await;
    assert_eq!(refusal(more), (409, "comments_closed".to_owned()), "nobody is left who could close them");
    for gone in [&reviews[1].1, &reviews[2].1, &note] {
        assert_eq!(bob.get(&format!("/thoughts/{gone}")).await.0, 404);
    }
    let schema = Schema::read(place).await;
    for table in schema.tables.keys() {
        let rows = schema.rows(table, "1 = 1").await;
        let naming: Vec<_> = rows.iter().filter(|row| row.contains(WORD) || row.contains(&ann.user)).collect();
        assert!(naming.is_empty(), "{table} says whose it was: {naming:?}");
    }
    assert!(schema.rows("thought_version", "1 = 1").await.is_empty(), "what it was before is gone");
    cairn.stop().await;
}
