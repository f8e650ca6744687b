//! Installations of which only a part was restored: named and refused, and nothing is made anew in place of what is missing.

use std::{fs, path::PathBuf};

use cairn::app::Server;
use cairn_test_macros::cairn_test;

use crate::support::{Backend, Cairn, Place, each, process::cairn, samples};

/// Moves what SQLite has in its log into the file.
const INTO_THE_FILE: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// Why a server does not start.
async fn refusal(place: &Place) -> String {
    match Server::start(&place.config(&[])).await {
        Ok(_) => panic!("the server starts"),
        Err(error) => error.to_string(),
    }
}

/// A server with the studio `moss`, which has a game, stopped.
async fn with_moss(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    server.game_key("moss/climb/live").await;
    server.leave(&samples::all_three("a", "kept")).await;
    server.stop().await;
}

/// The files of a studio.
fn files(place: &Place, studio: i32) -> Vec<PathBuf> {
    let name = format!("studio_{studio}.sqlite");
    let entries = fs::read_dir(&place.folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&name)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_whose_file_is_missing_or_empty_is_refused_by_name() {
    for (studio, slug) in [(1, "default"), (2, "moss")] {
        let place = Place::make(Backend::Embedded).await.unwrap();
        with_moss(&place).await;
        let file = place.folder.join(format!("studio_{studio}.sqlite"));
        place.execute_on(usize::try_from(studio).unwrap(), INTO_THE_FILE).await;
        let content = fs::read(&file).unwrap();
        for path in files(&place, studio) {
            fs::remove_file(path).unwrap();
        }
        let said = refusal(&place).await;
        assert!(said.contains(slug) && said.contains(file.to_str().unwrap()), "{said}");
        assert!(files(&place, studio).is_empty(), "it is not made anew");
        fs::write(&file, "").unwrap();
        let said = refusal(&place).await;
        assert!(said.contains(slug) && said.contains(file.to_str().unwrap()), "{said}");
        assert_eq!(fs::metadata(&file).unwrap().len(), 0);
        fs::write(&file, "not a database, but as long as the header of one, which is what is read of it first")
            .unwrap();
        let said = refusal(&place).await;
        assert!(said.contains(file.to_str().unwrap()), "{said}");
        fs::write(&file, content).unwrap();
        let server = Cairn::start(&place, &[]).await;
        assert_eq!(each(&server.world().await, "objects", "o_rot"), ["kept"]);
        server.stop().await;
        place.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_whose_schema_is_missing_is_refused_by_name() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    with_moss(&place).await;
    place.execute_on(2, "DROP SCHEMA studio_2 CASCADE").await;
    let said = refusal(&place).await;
    assert!(said.contains("moss") && said.contains("studio_2"), "{said}");
    place.clear().await;
}

#[cairn_test]
async fn a_studio_whose_data_is_lost_can_be_given_up(place: &Place) {
    with_moss(place).await;
    if place.database_url.is_some() {
        place.execute_on(2, "DROP SCHEMA studio_2 CASCADE").await;
    } else {
        for path in files(place, 2) {
            fs::remove_file(path).unwrap();
        }
    }
    let deleted = cairn(place, &["studio", "delete", "moss", "--confirm", "moss"]).output().unwrap();
    assert!(deleted.status.success(), "{}", String::from_utf8_lossy(&deleted.stderr));
    let server = Cairn::start(place, &[]).await;
    assert_eq!(each(&server.world().await, "objects", "o_rot"), ["kept"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_control_tables_beside_studios_of_older_ones_are_refused() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    with_moss(&place).await;
    let control = place.folder.join("control.sqlite");
    fs::remove_file(&control).unwrap();
    for _ in 0..2 {
        let said = refusal(&place).await;
        assert!(said.contains("control.sqlite") && said.contains("studio_1.sqlite"), "{said}");
        assert!(!control.exists());
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_studio_takes_over_nobodys_file() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    with_moss(&place).await;
    let control = place.folder.join("control.sqlite");
    place.execute_control(INTO_THE_FILE).await;
    let older = fs::read(&control).unwrap();
    let server = Cairn::start(&place, &[]).await;
    server.game_key("fern/swim/live").await;
    server.stop().await;
    place.execute_control(INTO_THE_FILE).await;
    fs::write(&control, older).unwrap();
    let file = place.folder.join("studio_3.sqlite");
    let content = fs::read(&file).unwrap();
    let refused = cairn(&place, &["studio", "create", "heath"]).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains(file.to_str().unwrap()), "{said}");
    // The next one has another number.
    assert!(cairn(&place, &["studio", "create", "heath"]).output().unwrap().status.success());
    assert_eq!(fs::read(&file).unwrap(), content);
    place.clear().await;
}
