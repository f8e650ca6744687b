//! The figures for Prometheus.

use std::{
    collections::BTreeMap,
    io::{ErrorKind, Write},
    process::{Command, Stdio},
};

use cairn_test_macros::cairn_test;

use crate::support::{Cairn, Place, samples};

/// Each line's name and labels, with its number.
fn read(text: &str) -> BTreeMap<&str, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap()).map(|(name, number)| (name, number.parse().unwrap())).collect()
}

/// Prometheus' own tool finds nothing wrong: neither the syntax, nor names and units against its rules.
fn promtool_accepts(text: &str) {
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool = match promtool.spawn() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("skipped: promtool is not there; `make test` fetches it");
            return;
        }
        started => started.unwrap(),
    };
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let said = promtool.wait_with_output().unwrap();
    assert!(said.status.success(), "{said:?} of\n{text}");
}

#[cairn_test]
async fn the_metrics_count_what_happened(place: &Place) {
    // The port is printed nowhere, so the test chooses one that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let cairn = Cairn::start(place, &[("CAIRN_METRICS_LISTEN", &free.to_string())]).await;
    cairn.leave(&samples::all_three("a", "x")).await;
    for _ in 0..3 {
        cairn.world().await;
    }
    assert_eq!(cairn.get("/nowhere/at-all").send().await.unwrap().status(), 404);
    let odd = reqwest::Method::from_bytes(b"BREW").unwrap();
    assert_eq!(cairn.http.request(odd, format!("{}/health", cairn.base)).send().await.unwrap().status(), 405);

    let answer = cairn.http.get(format!("http://{free}/metrics")).send().await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    let text = answer.text().await.unwrap();
    let figures = read(&text);
    for (name, number) in [
        (r#"cairn_http_requests_total{method="POST",route="/add-object",status="201"}"#, 1.0),
        (r#"cairn_http_requests_total{method="GET",route="/get-objects",status="200"}"#, 3.0),
        (r#"cairn_http_requests_total{method="GET",route="none",status="404"}"#, 1.0),
        (r#"cairn_http_requests_total{method="other",route="/health",status="405"}"#, 1.0),
        (r#"cairn_http_request_seconds_count{route="/get-objects"}"#, 3.0),
        (r#"cairn_view_reads_total{outcome="made"}"#, 1.0),
        (r#"cairn_view_reads_total{outcome="hot"}"#, 2.0),
        (r#"cairn_view_refreshes_total{from="database"}"#, 1.0),
        ("cairn_view_refresh_seconds_count", 1.0),
        (r#"cairn_cache_reads_total{outcome="missing"}"#, 1.0),
        ("cairn_write_batch_jobs_count", 1.0),
        ("cairn_write_batch_jobs_sum", 1.0),
        ("cairn_write_commit_seconds_count", 1.0),
        ("cairn_write_queue_jobs", 0.0),
    ] {
        assert_eq!(figures.get(name), Some(&number), "{name} in\n{text}");
    }
    assert!(figures["process_resident_memory_bytes"] > 1e6 && figures.contains_key("process_cpu_seconds_total"));
    assert!(figures[r#"cairn_database_connections{state="idle"}"#] >= 1.0);
    promtool_accepts(&text);
    assert_eq!(cairn.get("/metrics").send().await.unwrap().status(), 404, "not beside the API");
    cairn.stop().await;
}
