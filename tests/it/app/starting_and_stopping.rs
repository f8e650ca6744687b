//! The program as a process: signals, kill -9, logs.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use cairn_test_macros::cairn_test;
use serde_json::Value;

use crate::support::{
    Backend, Cairn, Place, eventually,
    process::{Process, cairn},
    raw::Connection,
    samples,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_signal_drains_finishes_requests_and_exits_0() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut command = cairn(&place, &[]);
    command.env("CAIRN_DRAIN_SECS", "2");
    let process = Process::start(command);
    let address = process.base.trim_start_matches("http://").parse().unwrap();
    let mut idle = Connection::open(address).await;
    assert_eq!(idle.request("GET", "/readyz", "", b"").await.status, 200);
    // A request that is under way when the signal comes.
    let mut slow = Connection::open(address).await;
    let body = samples::all_three("a", "x").to_string();
    let head = format!("POST /add-object HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.len());
    slow.send(head.as_bytes()).await;
    process.signal("TERM");
    eventually("readyz answers `leaving`", async || {
        let mut fresh = Connection::open(address).await;
        let answer = fresh.request("GET", "/readyz", "", b"").await;
        answer.status == 503 && answer.header("connection") == Some("close")
    })
    .await;
    let answer = idle.request("GET", "/health", "", b"").await;
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert!(idle.answer(true).await.is_none(), "the connection was closed after its last answer");
    eventually("it no longer listens", async || tokio::net::TcpStream::connect(address).await.is_err()).await;
    slow.send(body.as_bytes()).await;
    assert_eq!(slow.answer(true).await.unwrap().status, 201);
    let (status, log) = process.wait();
    assert!(status.success(), "{log}");
    assert_eq!(place.numbers("SELECT count(*) FROM trace").await, [3]);
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut command = cairn(&place, &["serve"]);
    command.env("CAIRN_DRAIN_SECS", "600");
    let process = Process::start(command);
    process.signal("INT");
    let base = process.base.clone();
    eventually("it is leaving", async || reqwest::get(format!("{base}/readyz")).await.unwrap().status() == 503).await;
    process.signal("INT");
    let (status, _) = process.wait();
    assert_eq!(status.code(), Some(1));
    place.clear().await;
}

#[cairn_test]
async fn acknowledged_writes_survive_kill_9(place: &Place) {
    let process = Process::start(cairn(place, &[]));
    let client = crate::support::http::Client::new();
    let killed = AtomicBool::new(false);
    let write = async |writer: u32| {
        let mut acknowledged = Vec::new();
        for turn in 0.. {
            let mark = format!("{writer}-{turn}");
            let url = format!("{}/add-object", process.base);
            let sent = client.post(url).body(samples::all_three("a", &mark).to_string()).send().await;
            match sent {
                Ok(answer) if answer.status() == 201 => acknowledged.push(mark),
                Ok(answer) => panic!("{}", answer.status()),
                Err(_) => {
                    assert!(killed.load(Ordering::Acquire), "it broke before it was killed");
                    return acknowledged;
                }
            }
        }
        unreachable!()
    };
    let kill = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        killed.store(true, Ordering::Release);
        process.signal("KILL");
    };
    let (acknowledged, ()) = tokio::join!(futures_util::future::join_all((0..16).map(write)), kill);
    process.wait();
    let acknowledged: Vec<String> = acknowledged.into_iter().flatten().collect();
    assert!(acknowledged.len() > 16, "{}", acknowledged.len());

    let again = Cairn::start(place, &[]).await;
    let stored = place.numbers("SELECT count(*) FROM trace WHERE kind = 1").await[0];
    assert_eq!(place.numbers("SELECT count(*) FROM trace WHERE kind = 2").await, [stored]);
    assert_eq!(place.numbers("SELECT count(*) FROM recording").await, [stored]);
    for mark in &acknowledged {
        let found = format!("SELECT count(*) FROM trace WHERE kind = 1 AND body LIKE '%\"o_rot\":\"{mark}\"%'");
        assert_eq!(place.numbers(&found).await, [1], "{mark}");
    }
    again.leave(&samples::all_three("a", "after")).await;
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_holds_route_and_id_of_failed_requests_and_no_content() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let mut command = cairn(&place, &[]);
    command.env("CAIRN_LOG", "json");
    let process = Process::start(command);
    let client = crate::support::http::Client::new();
    eventually("it says that it listens", async || process.log().contains("\"listening\"")).await;
    let quiet = process.log();
    for _ in 0..5 {
        for path in ["/get-objects", "/get-objects?scope=secret-place", "/health", "/readyz"] {
            assert!(client.get(format!("{}{path}", process.base)).send().await.unwrap().status().is_success());
        }
    }
    let body = samples::all_three("secret-author", "secret-words").to_string();
    let url = format!("{}/add-object", process.base);
    assert_eq!(client.post(&url).body(body).send().await.unwrap().status(), 201);
    assert_eq!(process.log(), quiet, "nothing at info for healthy requests");

    let bad = client.post(&url).body(r#"{"secret":"secret-words"}"#).header("X-Request-Id", "find-me");
    assert_eq!(bad.send().await.unwrap().status(), 422);
    process.signal("TERM");
    let (_, log) = process.wait();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["request.id"] == "find-me").unwrap();
    assert_eq!((&line["route"], &line["status"]), (&"/add-object".into(), &422.into()));
    assert_eq!((&line["method"], &line["level"]), (&"POST".into(), &"INFO".into()));
    assert!(line["took_ms"].is_number());
    assert!(!log.contains("secret"), "{log}");
    assert!(lines.iter().any(|line| line["level"] == "WARN" && line["message"].to_string().contains("open world")));
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_does_not_reach_the_log() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut command = cairn(&place, &[]);
    command.env("DATABASE_URL", "postgresql://cairn:hunter2@127.0.0.1:1/none").env("RUST_LOG", "trace");
    command.env("CAIRN_DATABASE_TIMEOUT_MS", "300");
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("database unavailable") && !error.contains("hunter2"), "{error}");
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_only_stored_writes_are_acknowledged() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    // A file can't grow beyond some megabytes: to SQLite that is a full disk.
    let mut command = std::process::Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 6000; exec \"$0\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_cairn")]).envs(place.environment()).env_remove("RUST_LOG");
    let process = Process::start(command);
    let client = crate::support::http::Client::new();
    let mut random = fastrand::Rng::with_seed(1);
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for mark in 0..120 {
        // Small ones and large ones by turns: when the disk is full for a large one, a small one may find room.
        let frames = if mark % 2 == 0 { 0 } else { 2000 };
        let noise = (0..frames).map(|_| [(0..100).map(|_| random.alphanumeric()).collect::<String>()]);
        let phantom = serde_json::json!({"u_uuid": "a", "data": noise.collect::<Vec<_>>()});
        let body = serde_json::json!({"obj": samples::object("a", &mark.to_string()), "phantom": phantom});
        let url = format!("{}/add-object", process.base);
        match client.post(url).body(body.to_string()).send().await.unwrap().status().as_u16() {
            201 => acknowledged.push(mark),
            status => {
                assert_eq!(status, 503);
                refused += 1;
            }
        }
    }
    process.signal("TERM");
    process.wait();
    assert!(refused > 3 && acknowledged.len() > 3, "{refused} refused, {acknowledged:?} acknowledged");
    let server = Cairn::start(&place, &[]).await;
    for mark in acknowledged {
        let found = format!("SELECT count(*) FROM trace WHERE kind = 1 AND body LIKE '%\"o_rot\":\"{mark}\"%'");
        assert_eq!(place.numbers(&found).await, [1], "{mark}");
    }
    server.stop().await;
    place.clear().await;
}
