//! The environment in which the program finds itself: variables of others, spellings, standard output that is closed.

use std::{
    ffi::OsString,
    fs::File,
    io::{BufRead, BufReader, Read},
    os::unix::ffi::OsStringExt,
    process::{Child, Command, Stdio},
};

use crate::support::{
    Backend, Place,
    process::{Process, cairn},
    samples,
};

#[tokio::test(flavor = "multi_thread")]
async fn variables_of_a_kubernetes_service_and_of_others_do_not_stop_the_start() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut command = cairn(&place, &[]);
    command.envs([
        ("CAIRN_SERVICE_HOST", "10.96.0.17"),
        ("CAIRN_SERVICE_PORT", "8000"),
        ("CAIRN_SERVICE_PORT_HTTP", "8000"),
        ("CAIRN_PORT", "tcp://10.96.0.17:8000"),
        ("CAIRN_PORT_8000_TCP", "tcp://10.96.0.17:8000"),
        ("CAIRN_PORT_8000_TCP_PROTO", "tcp"),
        ("CAIRN_PORT_8000_TCP_PORT", "8000"),
        ("CAIRN_PORT_8000_TCP_ADDR", "10.96.0.17"),
        ("CAIRN_METRICS_SERVICE_HOST", "10.96.0.18"),
        ("CAIRN_METRICS_PORT", "tcp://10.96.0.18:9100"),
    ]);
    let foreign = OsString::from_vec(b"\xff\xfe".to_vec());
    command.env("UNRELATED", &foreign).env(&foreign, "x");
    // Empty variables count as unset.
    command.env("CAIRN_METRICS_LISTEN", "").env("CAIRN_BODY_LIMIT", "").env("DATABASE_URL", "").env("RUST_LOG", "");
    let process = Process::start(command);
    process.signal("TERM");
    assert!(process.wait().0.success());
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_read_as_operators_write_them() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    for (listen, host) in [("localhost:0", "127.0.0.1"), (":0", "127.0.0.1"), (" 127.0.0.1:0 ", "127.0.0.1")] {
        let mut command = cairn(&place, &[]);
        command.env("CAIRN_LISTEN", listen).env("CAIRN_METRICS_LISTEN", "localhost:0");
        command.env("CAIRN_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16");
        let process = Process::start(command);
        assert!(process.base.starts_with(&format!("http://{host}:")), "{}", process.base);
        process.signal("TERM");
        process.wait();
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_origin_is_allowed_however_it_is_written() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let origin = "https://game.example";
    for written in [origin, "https://game.example/", "https://Game.Example", "https://game.example:443", "[\"*\"]", "*"]
    {
        let mut command = cairn(&place, &[]);
        command.env("CAIRN_CORS_ORIGINS", written);
        let process = Process::start(command);
        let url = format!("{}/get-objects", process.base);
        let answer = reqwest::Client::new().get(url).header("Origin", origin).send().await.unwrap();
        let allowed = answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap());
        assert_eq!(allowed, Some(if written.contains('*') { "*" } else { origin }), "{written}");
        process.signal("TERM");
        process.wait();
    }
    let refused = cairn(&place, &[]).env("CAIRN_CORS_ORIGINS", "game.example").output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("CAIRN_CORS_ORIGINS has \"game.example\""));
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_url_of_the_database_can_be_in_a_file() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    std::fs::create_dir_all(&place.folder).unwrap();
    let secret = place.folder.join("database_url");
    std::fs::write(&secret, format!("{}\n", place.database_url.as_deref().unwrap())).unwrap();
    let mut command = cairn(&place, &[]);
    command.env_remove("DATABASE_URL").env("DATABASE_URL_FILE", &secret);
    let process = Process::start(command);
    assert!(process.greeting.contains("PostgreSQL at ") && process.greeting.contains("(DATABASE_URL_FILE)"));
    process.signal("TERM");
    assert!(process.wait().0.success());
    assert!(place.has_studio().await);
    place.clear().await;
}

/// A server that is killed at the end of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _reaped_already = self.0.wait();
    }
}

/// A pipe that nobody reads.
fn broken_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn start(command: &mut Command, stdout: Stdio, stderr: Stdio) -> Running {
    Running(command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).spawn().unwrap())
}

/// Asks the server for something that it logs, and for something that it does not.
async fn assert_serves(base: &str) {
    let client = reqwest::Client::new();
    for _ in 0..3 {
        let bad = client.post(format!("{base}/add-object")).header("Content-Type", "application/json").body("{");
        assert_eq!(bad.send().await.unwrap().status(), 400);
        let body = samples::all_three("a", "x").to_string();
        let good = client.post(format!("{base}/add-object")).header("Content-Type", "application/json").body(body);
        assert_eq!(good.send().await.unwrap().status(), 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_standard_output_does_not_stop_a_server() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let full = || File::options().write(true).open("/dev/full").unwrap().into();
    for stdout in [broken_pipe(), full()] {
        let mut running = start(&mut cairn(&place, &[]), stdout, Stdio::piped());
        let mut log = BufReader::new(running.0.stderr.take().unwrap()).lines();
        let line = log.find(|line| line.as_ref().is_ok_and(|line| line.contains("listening"))).unwrap().unwrap();
        let (_, address) = line.rsplit_once("address=").unwrap();
        assert_serves(&format!("http://{address}")).await;
        drop(running);
        let rest: Vec<String> = log.map(Result::unwrap).collect();
        assert!(rest.iter().any(|line| line.contains("standard output can't be written")), "{rest:?}");
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_standard_error_does_not_stop_a_server() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let full = || File::options().write(true).open("/dev/full").unwrap().into();
    for stderr in [broken_pipe(), full()] {
        let mut running = start(&mut cairn(&place, &[]), Stdio::piped(), stderr);
        let mut lines = BufReader::new(running.0.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.ends_with("  Ctrl-C stops it.\n") {
            assert!(lines.read_line(&mut greeting).unwrap() > 0, "it ended: {greeting}");
        }
        let address = greeting.lines().find_map(|line| line.trim().strip_prefix("API")).unwrap();
        assert_serves(address.trim().trim_end_matches("/openapi.json")).await;
        drop(running);
        lines.read_to_end(&mut Vec::new()).unwrap();
    }
    place.clear().await;
}
