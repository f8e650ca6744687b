//! The command line, and the lines that the server prints.

use std::process::Command;

use crate::support::{
    Backend, Cairn, Place, each,
    process::{Process, cairn},
    white_box::OLDER,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_curl_commands_leave_a_trace_and_fetch_the_world() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let process = Process::start(cairn(&place, &[]));
    let lines: Vec<&str> = process.greeting.lines().map(str::trim).filter(|line| line.starts_with("curl ")).collect();
    let outputs: Vec<String> = lines
        .iter()
        .map(|line| {
            let output = Command::new("sh").args(["-c", &format!("{line} --silent --fail")]).output().unwrap();
            assert!(output.status.success(), "{line}");
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    assert_eq!(outputs.len(), 2);
    assert_eq!(outputs[0], "Created!!!");
    assert!(outputs[1].contains("climbing,") && outputs[1].contains("\"data\":[["), "{}", outputs[1]);
    for page in ["/docs", "/redoc"] {
        assert!(process.greeting.contains(&format!("{}{page}", process.base)));
    }
    process.signal("TERM");
    assert!(process.wait().0.success());
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_fills_a_world() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let output = cairn(&place, &["demo"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8(output.stdout).unwrap().contains("300 climbers"));
    let server = Cairn::start(&place, &[]).await;
    assert_eq!(each(&server.world().await, "phantoms", "id").len(), 20);
    let summit = server.scope("summit").await;
    assert!(each(&summit, "objects", "id").len() > 20 && each(&summit, "messages", "id").len() > 20);
    server.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_brings_an_older_database_up_to_date() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    assert!(cairn(&place, &["migrate"]).output().unwrap().status.success());
    place.execute(OLDER).await;
    let refused = cairn(&place, &[]).output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("cairn migrate"));
    assert!(cairn(&place, &["migrate"]).output().unwrap().status.success());
    Cairn::start(&place, &[]).await.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_the_configuration_is_named() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    for (variable, value, expected) in [
        ("CAIRN_LISTEN", "nowhere", "listen"),
        ("CAIRN_BODY_LIMIT", "12", "body_limit is 12, and must be from 1024 to 67108864"),
        ("CAIRN_BODY_LIMT", "2048", "CAIRN_BODY_LIMT"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL"),
        ("REDIS_URL", "memcached://x", "REDIS_URL"),
        ("RUST_LOG", "=====", "RUST_LOG"),
        ("CAIRN_CONFIG", "/no/such/file.toml", "/no/such/file.toml"),
    ] {
        let output = cairn(&place, &[]).env(variable, value).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{variable}");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains(expected), "{variable}: {error}");
    }
    assert!(!place.folder.exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_port_reports_the_conflict() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let process = Process::start(cairn(&place, &[]));
    let address = process.base.trim_start_matches("http://");
    let output = cairn(&place, &[]).env("CAIRN_LISTEN", address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains(address));
    process.signal("TERM");
    process.wait();
    place.clear().await;
}
