//! Imports: reading, applying, resolving, undoing.

use cairn::platform::codec::deflate::{Compressor, Content, Member};
use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::requests::{
    add, ann_and_games, api, ask, counts, delete, entries, export, get, import, library, put, rows, send_file,
};
use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Person, refusal},
    plans,
};

const BACKLOG: &str =
    "Title,Rating,Status,Backlog\nMoss Harbour,4.5,Completed,\nGlass Rally,,,Yes\nNo Such Game,1,Played,\n";

fn path(import: &Value) -> String {
    format!("/library/import/{}", import["import_id"].as_str().unwrap())
}

#[cairn_test]
async fn a_file_that_was_read_changes_nothing_until_it_is_applied(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    let (status, read) = send_file(&ann, "", BACKLOG).await;
    assert_eq!((status, counts(&read)), (201, [2, 0, 0, 1, 0]), "{read}");
    assert_eq!(library(&ann).await, Vec::<Value>::new());
    assert_eq!(get(&ann, &path(&read)).await, (200, read.clone()));
    assert_eq!(get(&ann, "/library/import").await.1["items"], json!([read]));
    let (status, applied) = ask(&ann, &format!("{}/apply", path(&read))).await;
    assert_eq!((status, &applied["status"], counts(&applied)), (200, &json!("applied"), [2, 0, 0, 1, 0]));
    let played: Vec<Value> = library(&ann).await.iter().map(|entry| entry["state"].clone()).collect();
    assert_eq!(played, ["wishlist", "completed"], "Glass Rally, Moss Harbour");
    assert_eq!(ask(&ann, &format!("{}/apply", path(&read))).await, (200, applied), "a second time");
    cairn.stop().await;
}

#[cairn_test]
async fn an_import_is_its_owners_and_ends_after_an_hour(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &Mailbox::in_data_of(place)).await;
    let (_, read) = send_file(&ann, "", BACKLOG).await;
    let not_found = (404, "import_not_found".to_owned());
    for (method, end) in [("GET", ""), ("GET", "/rows"), ("POST", "/apply"), ("POST", "/undo"), ("DELETE", "")] {
        let answer = api(&bob, method.parse().unwrap(), &format!("{}{end}", path(&read)), None).await;
        assert_eq!(refusal(answer), not_found, "{method} {end}");
    }
    place.execute_control("UPDATE library_import SET expires_ms = expires_ms - 3600000").await;
    assert_eq!(refusal(ask(&ann, &format!("{}/apply", path(&read))).await), not_found);
    cairn.stop().await;
}

#[cairn_test]
async fn a_mode_says_what_an_import_may_do(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let first = r#"{"response":{"games":[{"appid":292999,"name":"x","playtime_forever":60}]}}"#;
    import(&ann, "", first).await;
    let more = r#"[{"Name":"Moss Harbour","Playtime":7200,"UserScore":70,"CompletionStatus":{"Name":"Beaten"}},{"Name":"Glass Rally","Playtime":60}]"#;
    for (mode, expected, minutes, state) in [
        ("new", [1, 0, 1, 0, 0], 60, "paused"),
        ("time", [0, 1, 1, 0, 0], 120, "paused"),
        ("all", [1, 1, 0, 0, 0], 120, "completed"),
    ] {
        let applied = import(&ann, &format!("?mode={mode}"), more).await;
        assert_eq!(counts(&applied), expected, "{mode}");
        let (_, entry) = get(&ann, &format!("/library/{moss}")).await;
        assert_eq!((&entry["minutes"], &entry["state"]), (&json!(minutes), &json!(state)), "{mode}");
        assert_eq!(ask(&ann, &format!("{}/undo", path(&applied))).await.0, 200, "{mode}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn what_a_person_has_written_is_never_overwritten(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let body = json!({"state": "dropped", "score": 10, "time": "5 min"});
    put(&ann, &format!("/library/{moss}"), body).await;
    let before = entries(&ann).await;
    let file = r#"[{"Name":"Moss Harbour","Playtime":7200,"UserScore":70,"CompletionStatus":{"Name":"Beaten"}}]"#;
    let applied = import(&ann, "", file).await;
    assert_eq!(counts(&applied), [0, 0, 1, 0, 0]);
    let why = "differs only in what you have written yourself, which stays".to_owned();
    assert_eq!(rows(&ann, &applied).await, [("same".to_owned(), "Moss Harbour".to_owned(), why)]);
    assert_eq!(entries(&ann).await, before);
    cairn.stop().await;
}

#[cairn_test]
async fn an_unclear_row_waits_for_the_person(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [_, _, iron]) = ann_and_games(&cairn, place).await;
    cairn.new_title("", "Moss Harbour", "2024", &["switch"]).await;
    let file = "Title,Rating,Status,Backlog\nMoss Harbour,1,Completed,\nIron Wood II,2,Completed,\nWhat,3,Completed,\n";
    let (_, read) = send_file(&ann, "", file).await;
    assert_eq!(counts(&read), [0, 0, 0, 3, 0]);
    let unclear = rows(&ann, &read).await;
    assert!(unclear[0].2.starts_with("2 games have this name: "), "{unclear:?}");
    let resolve = async |row: &str, body: Value| put(&ann, &format!("{}/rows/{row}", path(&read)), body).await;
    let (status, row) = resolve("2", json!({"game": iron})).await;
    assert_eq!((status, &row["outcome"], &row["game"]), (200, &json!("new"), &json!(iron)));
    let (status, row) = resolve("3", json!({})).await;
    assert_eq!((status, &row["outcome"], &row["why"]), (200, &json!("refused"), &json!("left out by you")));
    assert_eq!(refusal(resolve("2", json!({})).await), (409, "row_clear".to_owned()));
    assert_eq!(refusal(resolve("4", json!({})).await), (404, "row_not_found".to_owned()));
    assert_eq!(refusal(resolve("1", json!({"game": "987654"})).await), (404, "game_not_found".to_owned()));
    let (_, applied) = ask(&ann, &format!("{}/apply", path(&read))).await;
    assert_eq!(counts(&applied), [1, 0, 0, 1, 1]);
    assert_eq!(library(&ann).await.len(), 1);
    assert_eq!(refusal(resolve("1", json!({})).await), (409, "import_not_ready".to_owned()), "it was applied");
    cairn.stop().await;
}

#[cairn_test]
async fn undoing_an_import_restores_the_library(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, glass, iron]) = ann_and_games(&cairn, place).await;
    import(&ann, "", r#"{"response":{"games":[{"appid":292999,"name":"x","playtime_forever":60}]}}"#).await;
    add(&ann, &iron, "wishlist").await;
    let (before, whole) = (export(&ann).await, entries(&ann).await);
    let file = r#"[{"Name":"Moss Harbour","Playtime":7200,"CompletionStatus":{"Name":"Beaten"}},{"Name":"Glass Rally","Playtime":60}]"#;
    let applied = import(&ann, "", file).await;
    assert_eq!(counts(&applied), [1, 1, 0, 0, 0]);
    assert_ne!(export(&ann).await, before);
    assert_eq!(ask(&ann, &format!("{}/undo", path(&applied))).await, (200, json!({"restored": 2, "kept": 0})));
    assert_eq!((export(&ann).await, entries(&ann).await), (before, whole));
    assert_eq!(get(&ann, &path(&applied)).await.1["status"], "undone");
    assert_eq!(refusal(ask(&ann, &format!("{}/apply", path(&applied))).await), (409, "import_not_ready".to_owned()));
    let applied = import(&ann, "", file).await;
    put(&ann, &format!("/library/{glass}"), json!({"score": 50})).await;
    assert_eq!(ask(&ann, &format!("{}/undo", path(&applied))).await, (200, json!({"restored": 1, "kept": 1})));
    assert_eq!(get(&ann, &format!("/library/{glass}")).await.1["score"], 50, "what was changed since stays");
    assert_eq!(get(&ann, &format!("/library/{moss}")).await.1["minutes"], 60);
    cairn.stop().await;
}

#[cairn_test]
async fn the_same_file_imported_again_changes_nothing(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    let folder = format!("{}/tests/fixtures/imports", env!("CARGO_MANIFEST_DIR"));
    for name in ["steam_owned_games.json", "howlongtobeat.csv", "grouvee_20col_2026.csv", "vglist.json", "yamtrack.csv"]
    {
        let file = std::fs::read(format!("{folder}/{name}")).unwrap();
        let first = import(&ann, "", file.clone()).await;
        let before = export(&ann).await;
        let again = import(&ann, "", file).await;
        let [new, changed, ..] = counts(&again);
        assert_eq!((new, changed), (0, 0), "{name}");
        assert_eq!(export(&ann).await, before, "{name}");
        for one in [again, first] {
            ask(&ann, &format!("{}/undo", path(&one))).await;
            delete(&ann, &path(&one)).await;
        }
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_file_may_be_gzipped_and_has_its_bounds(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_LIBRARY_IMPORT_BYTES", "1024")]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    let gzip = |raw: &str| {
        let mut member = Member::with_capacity(0);
        member.segment(&Compressor::default().segment(raw.as_bytes().to_vec().into(), Content::Text));
        member.finish().0.to_vec()
    };
    let send = async |content_type: &str, coding: &str, body: Vec<u8>| {
        let url = format!("{}/api/library/import", cairn.base);
        let request =
            cairn.http.post(url).bearer_auth(ann.token.as_ref().unwrap()).header("Content-Type", content_type);
        crate::support::person::read(request.header("Content-Encoding", coding).body(body).send().await.unwrap()).await
    };
    let (status, read) = send("text/csv", "gzip", gzip(BACKLOG)).await;
    assert_eq!((status, counts(&read)), (201, [2, 0, 0, 1, 0]), "{read}");
    let long = format!("{BACKLOG}{}", "Moss Harbour,,,\n".repeat(100));
    for (coding, body) in [("identity", long.clone().into_bytes()), ("gzip", gzip(&long))] {
        assert_eq!(refusal(send("text/csv", coding, body).await), (413, "import_too_large".to_owned()), "{coding}");
    }
    assert_eq!(refusal(send("text/csv", "gzip", b"no gzip".to_vec()).await), (422, "import_broken".to_owned()));
    let form = send("multipart/form-data", "identity", Vec::new()).await;
    assert_eq!(refusal(form), (415, "unsupported_media_type".to_owned()));
    for (body, code) in [
        ("a,b\n1,2\n", "import_unknown"),
        ("", "import_unknown"),
        ("[{\"Name\":\"x\",\"Playtime\":1}", "import_broken"),
    ] {
        let refused = send("application/json", "identity", body.as_bytes().to_vec()).await;
        assert_eq!(refusal(refused), (422, code.to_owned()), "{body}");
    }
    assert_eq!(
        get(&ann, "/library/import").await.1["items"].as_array().unwrap().len(),
        1,
        "nothing is kept of the others"
    );
    cairn.stop().await;
}

#[cairn_test]
async fn a_person_keeps_a_few_imports(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    let mut last = Value::Null;
    for _ in 0..5 {
        let (status, read) = send_file(&ann, "", BACKLOG).await;
        assert_eq!(status, 201);
        last = read;
    }
    assert_eq!(refusal(send_file(&ann, "", BACKLOG).await), (409, "too_many_imports_kept".to_owned()));
    assert_eq!(delete(&ann, &path(&last)).await.0, 204);
    assert_eq!(send_file(&ann, "", BACKLOG).await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn no_row_starts_a_search_for_similar_names(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = ann_and_games(&cairn, place).await;
    let rows: Vec<String> = (0..1000).map(|row| format!("Moss Harbuor {row},1,Completed,")).collect();
    let file = format!("Title,Rating,Status,Backlog\n{}\n", rows.join("\n"));
    let queries = || plans::times("title_name");
    let before = queries();
    let (status, read) = send_file(&ann, "", file).await;
    assert_eq!((status, counts(&read)), (201, [0, 0, 0, 1000, 0]));
    assert_eq!(["title_search", "title_slip", "similarity("].map(plans::times), [0; 3]);
    assert!(queries() - before <= 5, "names are looked up for many rows at once: {}", queries() - before);
    cairn.stop().await;
}
