//! `cairn backup` and `cairn restore`, and backups on a schedule.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use crate::{
    journal::{
        Gamer,
        media::{fetch, samples::png},
    },
    support::{Backend, Cairn, Place, each, eventually, process::cairn, samples, white_box::Schema},
};

const SHARED: (&str, &str) = ("CAIRN_BLOBS_SHARED", "true");

/// Runs a command; returns whether it succeeded, and all that it said.
fn run(place: &Place, arguments: &[&str]) -> (bool, String) {
    let output = cairn(place, arguments).env(SHARED.0, SHARED.1).output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

fn succeeds(place: &Place, arguments: &[&str]) -> String {
    let (succeeded, said) = run(place, arguments);
    assert!(succeeded, "{arguments:?}: {said}");
    said
}

/// A folder for a backup, beside the data of a place.
fn folder(place: &Place, name: &str) -> PathBuf {
    place.folder.with_extension(name)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A place without data, of the same kind.
async fn another(place: &Place) -> Place {
    let backend = if place.database_url.is_some() { Backend::Server } else { Backend::Embedded };
    Place::empty(backend).await.unwrap()
}

/// What all control tables have, but for what each copy has of its own; and all traces.
async fn everything(place: &Place) -> (Vec<(String, BTreeSet<String>)>, String) {
    let schema = Schema::read(place).await;
    let mut tables = Vec::new();
    for table in schema.tables.keys().filter(|table| !["installation", "job"].contains(&table.as_str())) {
        tables.push((table.clone(), schema.rows(table, "1 = 1").await));
    }
    (tables, traces(place))
}

/// All traces of a place.
fn traces(place: &Place) -> String {
    let export = folder(place, "export");
    succeeds(place, &["export", text(&export)]);
    let traces = fs::read_to_string(&export).unwrap();
    fs::remove_file(&export).unwrap();
    traces
}

/// The numbers of the marks in a place, of which each has three traces.
fn marks(place: &Place) -> BTreeSet<usize> {
    let traces = traces(place);
    let numbers =
        traces.split("mark ").skip(1).map(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap());
    numbers.map(|number| number.parse().unwrap()).collect()
}

#[cairn_test]
async fn a_backup_under_load_is_restored_beside_the_original(place: &Place) {
    let original = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&original, place, "ann").await;
    let game = original.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let uuid = ann.show(game, &png(), "image/png", json!({"description": "Sunrise"})).await;
    let path = format!("/games/{game}/media/{uuid}");
    let (backup, elsewhere) = (folder(place, "backup"), another(place).await);
    let (is_over, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
    let load = async {
        while !is_over.load(Ordering::Acquire) {
            let mark = format!("mark {}", acknowledged.load(Ordering::Acquire));
            original.leave(&samples::all_three("a", &mark)).await;
            acknowledged.fetch_add(1, Ordering::AcqRel);
        }
    };
    let making = async {
        eventually("some are stored", async || acknowledged.load(Ordering::Acquire) > 20).await;
        let before = acknowledged.load(Ordering::Acquire);
        let said = tokio::task::block_in_place(|| succeeds(place, &["backup", text(&backup)]));
        is_over.store(true, Ordering::Release);
        (before, said)
    };
    let ((), (before, said)) = tokio::join!(load, making);
    assert!(said.contains("secret key"), "{said}");
    assert!(acknowledged.load(Ordering::Acquire) > before, "others wrote meanwhile");

    succeeds(&elsewhere, &["restore", text(&backup)]);
    let restored = Cairn::start(&elsewhere, &[SHARED]).await;
    let (there, here) = (marks(&elsewhere), marks(place));
    assert!(there.is_superset(&(0..before).collect()), "what was acknowledged before: {there:?}");
    assert!(there.is_subset(&here), "nothing else: {there:?}");
    let (_, media) = Gamer::known(&restored, ann.credentials()).get(&path).await;
    assert_eq!(media["description"], "Sunrise", "{media}");
    assert_eq!(fetch(&media["file"]).await, fetch(&ann.get(&path).await.1["file"]).await);
    restored.leave(&samples::all_three("b", "mark 999999")).await;
    assert!(each(&restored.world().await, "objects", "o_rot").contains(&&json!("mark 999999")));
    assert!(!each(&original.world().await, "objects", "o_rot").contains(&&json!("mark 999999")), "beside the original");
    restored.stop().await;
    original.stop().await;
    elsewhere.clear().await;
    fs::remove_dir_all(&backup).unwrap();
}

#[cairn_test]
async fn what_is_restored_equals_what_was_backed_up(place: &Place) {
    let server = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&server, place, "ann").await;
    let game = server.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    ann.think(game, "It ends well.", "public").await;
    ann.show(game, &png(), "image/png", json!({})).await;
    for number in 0..20 {
        server.leave(&samples::all_three("a", &number.to_string())).await;
    }
    server.stop().await;
    let (backup, elsewhere) = (folder(place, "backup"), another(place).await);
    succeeds(place, &["backup", text(&backup)]);
    succeeds(&elsewhere, &["restore", text(&backup)]);
    let (original, restored) = (everything(place).await, everything(&elsewhere).await);
    assert!(original.0.iter().any(|(table, rows)| table == "media" && rows.len() == 1));
    assert_eq!(original, restored);
    elsewhere.clear().await;
    fs::remove_dir_all(&backup).unwrap();
}

#[cairn_test]
async fn what_is_not_whole_is_not_restored(place: &Place) {
    let server = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&server, place, "ann").await;
    let game = server.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    ann.show(game, &png(), "image/png", json!({})).await;
    server.stop().await;
    let (backup, elsewhere) = (folder(place, "backup"), another(place).await);
    succeeds(place, &["backup", text(&backup)]);
    let refused = |says: &str| {
        let (succeeded, said) = run(&elsewhere, &["restore", text(&backup)]);
        assert!(!succeeded && said.contains(says), "{says}: {said}");
    };
    let (_, said) = run(place, &["backup", text(&backup)]);
    assert!(said.contains("is not empty"), "{said}");
    let (_, said) = run(place, &["restore", text(&backup)]);
    assert!(said.contains("there are tables in the database already"), "{said}");

    let list: Value =
        serde_json::from_str(fs::read_to_string(backup.join("blobs.ndjson")).unwrap().lines().next().unwrap()).unwrap();
    let key = list["key"].as_str().unwrap();
    let blob = backup.join("blobs").join(list["bucket"].as_str().unwrap()).join(&key[30..]).join(key);
    let tables = fs::read_dir(backup.join("database")).unwrap().next().unwrap().unwrap().path();
    for file in [&blob, &tables] {
        let whole = fs::read(file).unwrap();
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 1;
        fs::write(file, damaged).unwrap();
        refused("damaged");
        fs::remove_file(file).unwrap();
        refused("missing");
        fs::write(file, whole).unwrap();
    }
    let manifest = fs::read_to_string(backup.join("manifest.json")).unwrap();
    for (change, says) in [
        (manifest.replace("\"format\": 1", "\"format\": 2"), "format 2"),
        (manifest.replace("\"database/", "\"../"), "no manifest"),
        (manifest.replacen('{', "", 1), "no manifest"),
        (manifest.replace("sqlite\"", "other\"").replace("postgresql\"", "other\""), "the backup is of other"),
    ] {
        fs::write(backup.join("manifest.json"), change).unwrap();
        refused(says);
    }
    fs::remove_file(backup.join("manifest.json")).unwrap();
    refused("no complete backup");
    assert!(!elsewhere.folder.join("control.sqlite").exists());
    fs::write(backup.join("manifest.json"), manifest).unwrap();
    succeeds(&elsewhere, &["restore", text(&backup)]);
    elsewhere.clear().await;
    fs::remove_dir_all(&backup).unwrap();
}

/// The complete backups in a folder.
fn complete(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.join("manifest.json").exists()).collect();
    paths.sort();
    paths
}

#[cairn_test]
async fn backups_are_made_on_a_schedule_and_the_newest_kept(place: &Place) {
    let all = folder(place, "backups");
    fs::create_dir_all(all.join("of somebody else")).unwrap();
    // Left by one that was cut.
    fs::create_dir_all(all.join("2020-01-01T00-00-00.5Z/database")).unwrap();
    let settings = [SHARED, ("CAIRN_BACKUP_FOLDER", text(&all)), ("CAIRN_BACKUPS_KEPT", "2")];
    let server = Cairn::start(place, &settings).await;
    let mut made = BTreeSet::new();
    eventually("three were made", async || {
        place.execute_control("UPDATE job SET due_ms = 1 WHERE kind = 'backup' AND lease IS NULL").await;
        made.extend(complete(&all));
        made.len() >= 3
    })
    .await;
    server.stop().await;
    let (kept, newest) = (complete(&all), made.last().unwrap());
    assert!(kept.len() == 2 && kept.last() >= Some(newest), "{kept:?} of {made:?}");
    assert!(all.join("of somebody else").exists() && !all.join("2020-01-01T00-00-00.5Z").exists());
    let elsewhere = another(place).await;
    succeeds(&elsewhere, &["restore", text(kept.last().unwrap())]);
    elsewhere.clear().await;
    fs::remove_dir_all(&all).unwrap();
}
