//! The command line, and the lines that the server prints.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::support::{
    Backend, Cairn, Place, each,
    process::{Process, cairn},
    white_box::OLDER,
};

/// Runs a printed command in a shell; returns what it prints.
fn paste(line: &str) -> String {
    let output = Command::new("sh").args(["-c", &format!("{line} --silent --fail")]).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The printed curl commands.
fn curls(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| line.starts_with("curl ")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_curl_commands_work_as_they_are() {
    let has_ipv6 = TcpListener::bind("[::1]:0").is_ok();
    for listen in ["127.0.0.1:0", "0.0.0.0:0", "[::]:0"].into_iter().filter(|listen| has_ipv6 || !listen.contains("::"))
    {
        let place = Place::empty(Backend::Embedded).await.unwrap();
        let mut command = cairn(&place, &[]);
        command.env("CAIRN_LISTEN", listen);
        let process = Process::start(command);
        let outputs: Vec<String> = curls(&process.greeting).into_iter().map(paste).collect();
        assert_eq!(outputs.len(), 3, "{}", process.greeting);
        let administrator: Value = serde_json::from_str(&outputs[0]).unwrap();
        assert_eq!(administrator["administrator"], true, "{listen}: {administrator}");
        assert_eq!(outputs[1], "Created!!!");
        assert!(outputs[2].contains("climbing,") && outputs[2].contains("\"data\":[["), "{}", outputs[2]);
        for page in ["/docs", "/redoc", "/openapi.json"] {
            assert!(process.greeting.contains(&format!("{}{page}", process.base)), "{listen}: {}", process.greeting);
        }
        process.signal("TERM");
        assert!(process.wait().0.success());
        place.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_command_makes_a_key_for_the_running_server() {
    let place = Place::empty(Backend::Embedded).await.unwrap();
    let first = Process::start(cairn(&place, &[]));
    let address = first.base.trim_start_matches("http://").to_owned();
    first.signal("TERM");
    assert!(first.wait().0.success());

    let mut command = cairn(&place, &[]);
    command.env("CAIRN_LISTEN", &address);
    let process = Process::start(command);
    let line = process.greeting.lines().find(|line| line.contains("key create")).unwrap();
    let output = Command::new("sh").args(["-c", line]).output().unwrap();
    let (key, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(key.starts_with("ck_live_") && key.lines().count() == 1, "the key alone: {key}");
    assert!(said.contains("Created the studio moss and the game climb."), "{said}");
    assert!(said.contains(&format!("Data: {} (CAIRN_DATA)", place.folder.display())), "{said}");
    let game: Value = serde_json::from_str(&paste(curls(&said)[0])).unwrap();
    assert_eq!((&game["game"], &game["environment"]), (&"climb".into(), &"live".into()));
    process.signal("TERM");
    process.wait();
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_key_is_printed_once() {
    let place = Place::empty(Backend::Embedded).await.unwrap();
    let secret = ["key", "create", "--game", "moss/climb", "--environment", "dev", "--kind", "secret"];
    for said in ["Created the studio moss and the game climb.", "The key opens moss/climb, dev."] {
        let output = cairn(&place, &secret).output().unwrap();
        let (key, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(key.starts_with("sk_dev_"), "{key}");
        assert!(errors.starts_with(said) && !errors.contains(key.trim()), "{errors}");
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_is_reported_with_the_place_that_was_searched() {
    let place = Place::empty(Backend::Embedded).await.unwrap();
    let searched = format!("{} (CAIRN_DATA)", place.folder.display());
    for (arguments, expected) in [
        (&["key", "list", "moss"][..], format!("there is no studio moss in {searched}")),
        (&["game", "create", "default", "default"], format!("there is a game default already in {searched}")),
        (&["inspect", "scope", "x", "--game", "default/none"], format!("there is no game none in {searched}")),
    ] {
        let output = cairn(&place, arguments).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap().trim(), format!("cairn: {expected}"));
        assert_eq!(output.status.code(), Some(1));
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_is_wrapped_and_coloured_for_a_terminal() {
    let place = Place::empty(Backend::Embedded).await.unwrap();
    let help = |variables: &[(&str, &str)]| {
        let mut command = cairn(&place, &["--help"]);
        let output = command.envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = help(&[("COLUMNS", "60")]);
    assert!(plain.lines().all(|line| line.chars().count() <= 60) && !plain.contains('\x1b'), "{plain}");
    assert!(help(&[("CLICOLOR_FORCE", "1")]).contains('\x1b'));
    place.clear().await;
}

#[test]
fn the_documents_for_newcomers_say_what_happens() {
    let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/first-minutes"))
        .args(["--here", "--any-port"])
        .env("CAIRN_BINARY", env!("CARGO_BIN_EXE_cairn"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_fills_a_world_once() {
    let place = Place::empty(Backend::Embedded).await.unwrap();
    let demo = |arguments: &[&str]| {
        let output = cairn(&place, &[&["demo"], arguments].concat()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(demo(&[]).starts_with("300 climbers were in the open world"));
    assert!(demo(&[]).contains(" left 0 new traces"));
    assert!(demo(&["--game", "moss/climb"]).starts_with("300 climbers were in moss/climb"));
    let server = Cairn::start(&place, &[]).await;
    assert_eq!(each(&server.world().await, "phantoms", "id").len(), 20);
    let summit = server.scope("summit").await;
    assert!(each(&summit, "objects", "id").len() > 20 && each(&summit, "messages", "id").len() > 20);
    let key = server.game_key("moss/climb/live").await;
    let deck: Value = server.get_with(&key, "/v1/deck?scope=summit&deck=0").send().await.unwrap().json().await.unwrap();
    let kinds: BTreeSet<&str> =
        deck["traces"].as_array().unwrap().iter().map(|trace| trace["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, BTreeSet::from(["object", "message", "phantom", "bloodstain"]));
    server.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_brings_an_older_database_up_to_date() {
    let Some(place) = Place::empty(Backend::Server).await else { return };
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
    let place = Place::empty(Backend::Embedded).await.unwrap();
    for (variable, value, expected) in [
        ("CAIRN_LISTEN", "nowhere", "CAIRN_LISTEN"),
        ("CAIRN_BODY_LIMIT", "12", "CAIRN_BODY_LIMIT is 12, and must be from 1024 to 67108864"),
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
    let place = Place::empty(Backend::Embedded).await.unwrap();
    let process = Process::start(cairn(&place, &[]));
    let address = process.base.trim_start_matches("http://");
    let output = cairn(&place, &[]).env("CAIRN_LISTEN", address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(address) && error.contains("CAIRN_LISTEN sets another address"), "{error}");
    process.signal("TERM");
    process.wait();
    place.clear().await;
}
