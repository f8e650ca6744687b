//! Requests to other hosts, to servers of the tests' own with the faults of real ones.

use std::time::{Duration, Instant};

use cairn::{
    config::Config,
    platform::{
        clock,
        metrics::Registry,
        outbound::{Host, HostSettings, Outbound, OutboundError, OutboundMetrics},
    },
};
use tokio::net::TcpListener;

use crate::support::provider::{Provider, ok};

fn host(base: &str, private: &str) -> Host {
    let settings = HostSettings {
        name: "test",
        base: base.to_owned(),
        deadline: Duration::from_millis(500),
        per_minute: 1000,
        max_bytes: 1000,
    };
    host_with(settings, private).unwrap()
}

fn host_with(settings: HostSettings, private: &str) -> Result<Host, OutboundError> {
    let variables = [("CAIRN_OUTBOUND_PRIVATE", private)].into_iter();
    let config = Config::read(None, variables.map(|(name, text)| (name.to_owned(), text.to_owned()))).unwrap();
    let metrics = OutboundMetrics::register(&Registry::new().unwrap()).unwrap();
    Outbound::new(&config.outbound, "https://cairn.example", &metrics).host(settings)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_asked_below_its_path_by_a_client_that_says_who_it_is() {
    let server = Provider::start(ok).await;
    let answer = host(&format!("{}/api/1.0/", server.base), "true").get("/deals?id=a%2Fb&x=1").await.unwrap();
    let request = String::from_utf8(answer.body.to_vec()).unwrap();
    assert_eq!(answer.status, 200);
    assert!(request.starts_with("GET /api/1.0/deals?id=a%2Fb&x=1 HTTP/1.1\r\n"), "{request}");
    let agent = format!("user-agent: Cairn/{} (+https://cairn.example)\r\n", env!("CARGO_PKG_VERSION"));
    assert!(request.to_ascii_lowercase().contains(&agent.to_ascii_lowercase()), "{request}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_address_is_refused_unless_it_is_allowed() {
    let server = Provider::start(|_| ok("here")).await;
    let by_name = server.base.replace("127.0.0.1", "localhost");
    for base in [&server.base, &by_name] {
        assert_eq!(host(base, "false").get("/").await.unwrap_err(), OutboundError::Private, "{base}");
    }
    assert_eq!(server.asked(), 0);
    assert_eq!(&host(&by_name, "true").get("/").await.unwrap().body[..], b"here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_followed_on_the_same_origin_alone() {
    let elsewhere = Provider::start(|_| ok("elsewhere")).await;
    let target = elsewhere.base.clone();
    let server = Provider::start(move |request| {
        let path = request.split(' ').nth(1).unwrap();
        let to = |location: &str| format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        match path {
            "/there" => ok("there"),
            "/away" => to(&target),
            "/round" => to("/round"),
            _ => to("/there"),
        }
    })
    .await;
    let host = host(&server.base, "true");
    assert_eq!(&host.get("/here").await.unwrap().body[..], b"there");
    assert_eq!(host.get("/away").await.unwrap_err(), OutboundError::Redirected);
    assert_eq!(host.get("/round").await.unwrap_err(), OutboundError::Redirected);
    assert_eq!(elsewhere.asked(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_bounded_in_bytes_and_in_time() {
    let large = Provider::start(|_| ok(&"x".repeat(1001))).await;
    assert_eq!(host(&large.base, "true").get("/").await.unwrap_err(), OutboundError::TooLarge);
    let begun = Instant::now();
    let silent = Provider::start(|_| String::new()).await;
    assert_eq!(host(&silent.base, "true").get("/").await.unwrap_err(), OutboundError::Late);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let cut = Provider::start(|_| "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_owned()).await;
    assert!(matches!(host(&cut.base, "true").get("/").await.unwrap_err(), OutboundError::Connection(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_for_a_pause_gets_it() {
    let server =
        Provider::start(|_| "HTTP/1.1 429 Too Many\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n".to_owned()).await;
    let host = host(&server.base, "true");
    let Err(OutboundError::Unwell(429, at_ms)) = host.get("/").await else { panic!("it answered") };
    let wait_ms = at_ms - clock::now_ms();
    assert!((80_000..=90_000).contains(&wait_ms), "{wait_ms}");
    assert!(matches!(host.get("/").await.unwrap_err(), OutboundError::Open(_)));
    assert_eq!(server.asked(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_host_costs_no_time_after_a_few_attempts() {
    let dead = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = Provider::start(|_| String::new()).await;
    let refusing = format!("http://{}", dead.local_addr().unwrap());
    drop(dead);
    for base in [&refusing, &silent.base] {
        let host = host(base, "true");
        for _ in 0..3 {
            assert!(host.get("/").await.is_err());
        }
        let begun = Instant::now();
        for _ in 0..100 {
            assert!(matches!(host.get("/").await.unwrap_err(), OutboundError::Open(_)));
        }
        assert!(begun.elapsed() < Duration::from_millis(50), "{:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn urls_of_hosts_are_http_and_hold_no_password() {
    for (base, is_good) in [
        ("https://api.example", true),
        ("http://api.example:8080/v1", true),
        ("ftp://api.example", false),
        ("api.example", false),
        ("/v1", false),
        ("https://me:secret@api.example", false),
    ] {
        let settings = HostSettings {
            name: "test",
            base: base.to_owned(),
            deadline: Duration::from_secs(1),
            per_minute: 1,
            max_bytes: 1,
        };
        assert_eq!(host_with(settings, "false").is_ok(), is_good, "{base}");
    }
}
