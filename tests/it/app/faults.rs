//! What an operator meets first: missing rights, a database that does not answer, a newer schema, limits of the system. The
//! message names the cause at once.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use cairn_test_macros::cairn_test;
use serde_json::Value;

use crate::support::{
    Backend, Cairn, Place, eventually,
    process::{Process, cairn},
    proxy::Proxy,
    samples,
    white_box::{NEWER, execute},
};

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

/// The statements in the section "Rights on PostgreSQL" of the guide.
fn documented_rights() -> String {
    let guide = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md"));
    let (_, section) = guide.split_once("## Rights on PostgreSQL").unwrap();
    let (_, block) = section.split_once("```sql\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_right_is_named_and_the_documented_ones_suffice() {
    let Some(place) = Place::empty(Backend::Server).await else { return };
    let url = place.database_url.clone().unwrap();
    let (server, database) = url.rsplit_once('/').unwrap();
    let user = format!("{database}_user");
    execute(&url, &format!("CREATE ROLE {user} LOGIN")).await;
    let start = || {
        let mut command = cairn(&place, &[]);
        command.env("DATABASE_URL", url.replacen("cairn@", &format!("{user}@"), 1));
        command
    };
    for (hindrance, code, cause) in [
        ("REVOKE CREATE ON SCHEMA public FROM PUBLIC", "42501", "permission denied for schema public"),
        ("REVOKE USAGE ON SCHEMA public FROM PUBLIC", "3F000", "no schema has been selected to create in"),
    ] {
        execute(&url, hindrance).await;
        let output = start().output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(cause) && said.contains(code) && said.contains("Rights on PostgreSQL"), "{said}");
        assert!(said.contains(&format!("/{database} (DATABASE_URL)")), "{said}");
    }
    let rights = documented_rights();
    for statement in rights.split(';').map(str::trim).filter(|statement| statement.starts_with("GRANT")) {
        execute(
            &url,
            &statement
                .replace("DATABASE cairn", &format!("DATABASE {database}"))
                .replace("TO cairn", &format!("TO {user}")),
        )
        .await;
    }
    let process = Process::start(start());
    let client = reqwest::Client::new();
    let leave = async |mark: &str| {
        let body = samples::all_three("a", mark).to_string();
        let request = client.post(format!("{}/add-object", process.base)).header("Content-Type", "application/json");
        request.body(body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(leave("x").await, 201);

    // A right that goes while it runs is no lost race, and not worth another try.
    execute(&url, &format!("REVOKE INSERT ON studio_1.trace FROM {user}")).await;
    assert_eq!(leave("y").await, 500);
    process.signal("TERM");
    let (_, log) = process.wait();
    assert!(log.contains("permission denied for table trace"), "{log}");
    place.clear().await;
    execute(&format!("{server}/postgres"), &format!("DROP ROLE {user}")).await;
}

/// Sends writes one shortly after the other while the database does not take any; returns how long the slowest took to fail.
async fn slowest_refusal(cairn: &Cairn) -> Duration {
    let write = async |mark: u64| {
        tokio::time::sleep(Duration::from_millis(mark * 100)).await;
        let began = Instant::now();
        let answer = cairn.post(samples::all_three("a", &mark.to_string()).to_string()).send().await.unwrap();
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        assert!(status == 503 && body.contains("database_away"), "{status}: {body}");
        began.elapsed()
    };
    futures_util::future::join_all((0..12).map(write)).await.into_iter().max().unwrap()
}

/// The setting in the tests of the deadline, and what a busy machine may add to it.
const DEADLINE: (&str, &str) = ("CAIRN_DATABASE_TIMEOUT_MS", "1000");
const AT_MOST: Duration = Duration::from_millis(1600);

#[tokio::test(flavor = "multi_thread")]
async fn a_write_ends_at_its_deadline_while_postgresql_hangs() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let direct = place.database_url.clone();
    let (proxy, url) = Proxy::before(place.database_url.as_deref().unwrap()).await;
    place.database_url = Some(url);
    let cairn = Cairn::start(&place, &[DEADLINE]).await;
    cairn.leave(&samples::all_three("a", "before")).await;
    proxy.stall();
    let slowest = slowest_refusal(&cairn).await;
    assert!(slowest < AT_MOST, "{slowest:?}");
    proxy.mend();
    eventually("writes are taken again", async || {
        cairn.post(samples::all_three("a", "after").to_string()).send().await.unwrap().status() == 201
    })
    .await;
    cairn.stop().await;
    place.database_url = direct;
    place.clear().await;
}

#[cairn_test]
async fn a_write_ends_at_its_deadline_while_somebody_holds_a_lock(place: &Place) {
    let cairn = Cairn::start(place, &[DEADLINE]).await;
    cairn.leave(&samples::all_three("a", "before")).await;
    let lock = place.lock_first_world().await;
    let slowest = slowest_refusal(&cairn).await;
    assert!(slowest < AT_MOST, "{slowest:?}");
    lock.close().await.unwrap();
    eventually("writes are taken again", async || {
        cairn.post(samples::all_three("a", "after").to_string()).send().await.unwrap().status() == 201
    })
    .await;
    cairn.stop().await;
}

/// The messages of a log in JSON, each line of which must be JSON.
fn messages(log: &[u8]) -> Vec<Value> {
    let lines = std::str::from_utf8(log).unwrap().lines();
    lines.map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
}

/// The last message of a server that can't start, and how long it tried.
fn fatal(place: &Place, variables: &[(&str, &str)]) -> (String, Duration) {
    let mut command = cairn(place, &[]);
    command.env("CAIRN_LOG", "json").env("CAIRN_DATABASE_TIMEOUT_MS", "60000").envs(variables.iter().copied());
    let began = Instant::now();
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let last = messages(&output.stderr).pop().unwrap();
    assert_eq!(last["level"], "ERROR");
    (last["message"].as_str().unwrap().to_owned(), began.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fatal_error_is_in_the_logs_format_and_names_host_and_cause_at_once() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut cases = vec![
        (vec![("DATABASE_URL", "postgres://cairn@127.0.0.1:1/x".to_owned())], "127.0.0.1:1/x", "Connection refused"),
        (vec![("CAIRN_BODY_LIMIT", "1".to_owned())], "CAIRN_BODY_LIMIT", "must be from 1024"),
        (vec![("CAIRN_CONFIG", "/no/such/file.toml".to_owned())], "/no/such/file.toml", "No such file"),
        (vec![("CAIRN_LISTEN", "192.0.2.1:1".to_owned())], "192.0.2.1:1", "CAIRN_LISTEN"),
        (vec![("CAIRN_DATA", "/dev/null/x".to_owned())], "/dev/null/x", "Not a directory"),
    ];
    if let Some((url, _)) = crate::support::servers() {
        let (server, _) = url.rsplit_once('/').unwrap();
        let nobody = server.replacen("cairn@", "nobody@", 1);
        cases.push((vec![("DATABASE_URL", format!("{server}/no_such"))], "/no_such", "\"no_such\" does not exist"));
        cases.push((vec![("DATABASE_URL", format!("{nobody}/postgres"))], "127.0.0.1", "\"nobody\" does not exist"));
        let tls = format!("{server}/postgres?sslmode=require");
        cases.push((vec![("DATABASE_URL", tls)], "127.0.0.1", "TLS"));
    }
    for (variables, host, cause) in cases {
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (message, took) = fatal(&place, &variables);
        assert!(message.contains(host) && message.contains(cause), "{message}");
        assert!(took < Duration::from_secs(20), "{took:?}: {message}");
    }
    place.clear().await;
}

/// A server of the test, which is killed at its end.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _reaped_already = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_trusted_is_named_at_once() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    std::fs::create_dir_all(&place.folder).unwrap();
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| place.folder.join(name).display().to_string());
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-out", &certificate, "-keyout", &key])
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        println!("skipped: openssl is not there");
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/untrusted_postgres.py");
    let child = Command::new("python3").args([script, &certificate, &key]).stdout(Stdio::piped()).spawn().unwrap();
    let mut server = Running(child);
    let mut port = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let url = format!("postgres://cairn@127.0.0.1:{}/x?sslmode=verify-full", port.trim());
    let (message, took) = fatal(&place, &[("DATABASE_URL", &url)]);
    assert!(message.contains("127.0.0.1") && message.contains("certificate"), "{message}");
    assert!(took < Duration::from_secs(20), "{took:?}: {message}");
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_refuses_is_named_with_its_host_and_the_cause() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut cases = vec![("redis://127.0.0.1:1".to_owned(), "127.0.0.1:1", "refused")];
    if let Some((_, url)) = crate::support::servers() {
        cases.push((url.replacen("redis://", "redis://nobody:S3cret@", 1), "127.0.0.1", "WRONGPASS"));
    }
    for (url, host, cause) in cases {
        let mut command = cairn(&place, &[]);
        command.env("REDIS_URL", url);
        let process = Process::start(command);
        eventually("it says why", async || {
            let log = process.log();
            log.lines().any(|line| line.contains("redis unavailable") && line.contains(host) && line.contains(cause))
        })
        .await;
        process.signal("TERM");
        process.wait();
    }
    place.clear().await;
}

#[cairn_test]
async fn studios_of_a_newer_schema_are_listed(place: &Place) {
    Cairn::start(place, &[]).await.stop().await;
    place.execute(NEWER).await;
    let output = cairn(place, &["studio", "list", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&listed[0]["schema"], &listed[0]["pending"]), (&"newer".into(), &0.into()), "{listed}");
    let output = cairn(place, &["game", "list", "default"]).output().unwrap();
    assert!(!output.status.success() && text(&output).contains("newer than this program"), "{}", text(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_open_files_is_raised_and_a_low_one_is_reported() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    for (limit, connections, is_enough) in [(900, "800", false), (900, "300", true)] {
        let mut command = Command::new("sh");
        let script = format!("ulimit -Sn 64 && ulimit -Hn {limit} && exec \"$0\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_cairn")]).envs(place.environment()).env_remove("RUST_LOG");
        command.env("CAIRN_CONNECTIONS", connections).env("CAIRN_LOG", "json");
        let process = Process::start(command);
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
        let files: Vec<&str> =
            limits.lines().find(|line| line.starts_with("Max open files")).unwrap().split_whitespace().collect();
        assert_eq!(files[3..5], [limit.to_string(), limit.to_string()]);
        process.signal("TERM");
        let (_, log) = process.wait();
        let warned = messages(log.as_bytes()).iter().any(|line| line["limit"] == limit && line["level"] == "WARN");
        assert_eq!(warned, !is_enough, "{log}");
    }
    place.clear().await;
}
