//! The schema: made on start, migrated where that is safe, refused otherwise.

use cairn::app::{Server, StartError};
use cairn_test_macros::cairn_test;

use crate::support::{
    Backend, Cairn, Place, each, samples,
    white_box::{NEWER, OLDER},
};

#[tokio::test(flavor = "multi_thread")]
async fn four_instances_that_start_at_once_make_one_schema() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let started = (0..4).map(|_| Cairn::start(&place, &[]));
    let instances = futures_util::future::join_all(started).await;
    for (mark, cairn) in instances.iter().enumerate() {
        cairn.leave(&samples::all_three("a", &mark.to_string())).await;
    }
    assert_eq!(place.numbers("SELECT count(*) FROM world").await, [2]);
    assert_eq!(place.numbers("SELECT id FROM trace WHERE kind = 1 ORDER BY id").await, [1, 4, 7, 10]);
    for cairn in instances {
        cairn.stop().await;
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_server_database_is_migrated_only_on_request() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let cairn = Cairn::start(&place, &[]).await;
    cairn.leave(&samples::all_three("a", "kept")).await;
    cairn.stop().await;
    place.execute(OLDER).await;
    let refused = Server::start(&place.config(&[])).await.unwrap_err();
    assert!(matches!(refused, StartError::Schema(_)));
    assert!(refused.to_string().contains("cairn migrate"), "{refused}");
    let cairn = Cairn::start(&place, &[("CAIRN_MIGRATE", "auto")]).await;
    assert_eq!(each(&cairn.world().await, "objects", "o_rot"), ["kept"]);
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_embedded_database_is_copied_and_migrated() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[]).await;
    cairn.leave(&samples::all_three("a", "kept")).await;
    cairn.stop().await;
    place.execute(OLDER).await;
    let cairn = Cairn::start(&place, &[]).await;
    assert_eq!(each(&cairn.world().await, "objects", "o_rot"), ["kept"]);
    cairn.leave(&samples::all_three("a", "new")).await;
    cairn.stop().await;
    let copies: Vec<_> = std::fs::read_dir(&place.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("before-migration"))
        .collect();
    assert!(matches!(&copies[..], [one] if one.starts_with("studio_1.sqlite.before-migration-")), "{copies:?}");
    place.clear().await;
}

#[cairn_test]
async fn a_newer_database_is_refused(place: &Place) {
    Cairn::start(place, &[]).await.stop().await;
    place.execute(NEWER).await;
    for migrate in ["check", "auto"] {
        let refused = Server::start(&place.config(&[("CAIRN_MIGRATE", migrate)])).await.unwrap_err().to_string();
        assert!(refused.contains("newer than this program") && refused.contains("m9999"), "{refused}");
    }
}
