//! The secret key: where it comes from, and what happens with another one.

use std::{fs, os::unix::fs::PermissionsExt};

use cairn::app::{Server, Services};
use cairn_test_macros::cairn_test;

use crate::support::{Backend, Place, run_in};

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// Starts with that key, and stops again; returns the error.
async fn start_with(place: &Place, key: &str) -> Result<(), String> {
    let started = Box::pin(Server::start(&place.config(&[("CAIRN_SECRET_KEY", key)]))).await;
    match started {
        Ok(server) => {
            Box::pin(server.stop()).await;
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

#[cairn_test]
async fn another_key_than_the_first_is_refused_at_the_start(place: &Place) {
    assert_eq!(start_with(place, KEY).await, Ok(()));
    let refused = start_with(place, &KEY.replace('0', "f")).await.unwrap_err();
    assert!(refused.contains("another one than this database was sealed with"), "{refused}");
    assert!(!refused.contains(&KEY.replace('0', "f")), "{refused}");
    assert_eq!(start_with(place, KEY).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_the_key_is_made_once_for_this_user_alone() {
    run_in(Backend::Embedded, async |place| {
        let path = place.folder.join("secret.key");
        let start = async || {
            let services =
                Box::new(Box::pin(Services::start(&place.config(&[("CAIRN_SECRET_KEY", "")]))).await.unwrap());
            services.stop().await;
            fs::read_to_string(&path).ok()
        };
        let first = start().await.unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(start().await.unwrap(), first);
        // With a lost key the program starts, and makes no other: it could not open what there is.
        fs::remove_file(&path).unwrap();
        assert_eq!(start().await, None);
        fs::write(&path, "not a key").unwrap();
        let refused =
            Box::pin(Services::start(&place.config(&[("CAIRN_SECRET_KEY", "")]))).await.unwrap_err().to_string();
        assert!(refused.contains("secret.key: is not 64 hexadecimal digits"), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_nobody_makes_a_key() {
    run_in(Backend::Server, async |place| {
        let services = Box::new(Box::pin(Services::start(&place.config(&[("CAIRN_SECRET_KEY", "")]))).await.unwrap());
        services.stop().await;
        assert!(!place.folder.join("secret.key").exists());
        assert_eq!(start_with(place, "").await, Ok(()), "it serves without one");
    })
    .await;
}
