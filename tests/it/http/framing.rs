//! Requests that are malformed before any route is asked, and what of a connection is left after an early answer.

use cairn_test_macros::cairn_test;

use crate::support::{Backend, Cairn, Place, raw::Connection, run, samples};

/// The status and the code of the answer to these bytes, and whether it ends the connection.
async fn refused(cairn: &Cairn, bytes: &[u8]) -> (u16, String, bool) {
    let mut connection = Connection::open(cairn.address()).await;
    connection.send(bytes).await;
    let answer = connection.answer(true).await.expect("an answer");
    let code = answer.problem()["code"].as_str().unwrap().to_owned();
    (answer.status, code, answer.header("connection") == Some("close"))
}

fn request(headers: &str) -> Vec<u8> {
    format!("GET /get-objects HTTP/1.1\r\n{headers}\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_has_one_host() {
    run(Backend::Embedded, async |cairn| {
        for headers in [
            "",
            "Host: a\r\nHost: a\r\n",
            "Host: a\r\nHost: b\r\n",
            "Host:\r\n",
            "Host: a b\r\n",
            "Host: a, b\r\n",
            "Host: a/b\r\n",
            "Host: user@a\r\n",
            "Host: a:port\r\n",
            "Host: [::1\r\n",
            "Host: http://a\r\n",
        ] {
            assert_eq!(refused(cairn, &request(headers)).await, (400, "bad_host".to_owned(), true), "{headers:?}");
        }
        for host in ["cairn.example", "127.0.0.1:8000", "[::1]:8000", "cairn_1"] {
            let mut connection = Connection::open(cairn.address()).await;
            connection.send(&request(&format!("Host: {host}\r\n"))).await;
            assert_eq!(connection.answer(true).await.unwrap().status, 200, "{host}");
        }
        let mut old = Connection::open(cairn.address()).await;
        old.send(b"GET /health HTTP/1.0\r\n\r\n").await;
        assert_eq!(old.answer(true).await.unwrap().status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_coding_that_is_not_known_is_not_implemented() {
    run(Backend::Embedded, async |cairn| {
        for coding in ["gzip", "gzip, chunked", "identity", "chunked, gzip", "xchunked", "deflate"] {
            let text = format!("POST /add-object HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {coding}\r\n\r\n");
            let expected = (501, "not_implemented".to_owned(), true);
            assert_eq!(refused(cairn, text.as_bytes()).await, expected, "{coding}");
        }
        let twice = b"POST /add-object HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n";
        assert_eq!(refused(cairn, twice).await, (400, "bad_request".to_owned(), true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_is_refused_with_a_problem() {
    run(Backend::Embedded, async |cairn| {
        let long = "a".repeat(70_000);
        let malformed = (400, "bad_request".to_owned(), true);
        for bytes in [
            "nonsense\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n",
            "G\u{1}T / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /add-object HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "POST /add-object HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        ] {
            assert_eq!(refused(cairn, bytes.as_bytes()).await, malformed, "{bytes:?}");
        }
        let expected = (414, "uri_too_long".to_owned(), true);
        assert_eq!(refused(cairn, format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await, expected);
        let many = "X-Header: a\r\n".repeat(200);
        let expected = (431, "headers_too_large".to_owned(), true);
        assert_eq!(refused(cairn, &request(&format!("Host: a\r\n{many}"))).await, expected);
        // After an ordinary request on the same connection too.
        let mut connection = Connection::open(cairn.address()).await;
        assert_eq!(connection.request("GET", "/get-objects", "", b"").await.status, 200);
        connection.send(b"nonsense\r\n\r\n").await;
        assert_eq!(connection.answer(true).await.unwrap().problem()["code"], "bad_request");
        assert!(connection.answer(true).await.is_none());
    })
    .await;
}

#[cairn_test]
async fn an_early_answer_to_a_large_body_ends_the_connection_and_says_so(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ADDRESS_RATE", "1000"), ("CAIRN_OPEN_WORLD", "false")]).await;
    for (path, length, status) in [
        ("/v1/traces", 30_000, 401),
        ("/v1/traces", 900_000, 401),
        ("/v1/traces/import", 900_000, 401),
        ("/v1/players", 900_000, 401),
        ("/v1/account/register", 20_000_000, 413),
        ("/v1/nowhere", 900_000, 404),
    ] {
        let mut connection = Connection::open(cairn.address()).await;
        let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
        connection.send(head.as_bytes()).await;
        let sent = connection.send_what_is_taken(&vec![b' '; length]).await;
        let answer = connection.answer(true).await.unwrap_or_else(|| panic!("{path}: no answer"));
        assert_eq!((answer.status, answer.header("connection")), (status, Some("close")), "{path}, {sent} sent");
        assert!(connection.answer(true).await.is_none());
    }
    // A small one costs no connection, though it comes after the headers.
    let mut connection = Connection::open(cairn.address()).await;
    for length in [0, 2, 10_000, 16_000] {
        let head = format!("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
        connection.send(head.as_bytes()).await;
        connection.send(&vec![b' '; length]).await;
        let answer = connection.answer(true).await.unwrap();
        assert_eq!((answer.status, answer.header("connection")), (401, None), "{length}");
    }
    // Unless it does not come.
    connection.send(b"POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n").await;
    assert_eq!(connection.answer(true).await.unwrap().header("connection"), Some("close"));
    cairn.stop().await;
}

#[cairn_test]
async fn if_match_of_a_get_asks_for_one_version(cairn: &Cairn) {
    cairn.leave(&samples::all_three("a", "x")).await;
    let ask = async |path: &str, named: &str| {
        let answer = cairn.get(path).header("If-Match", named).send().await.unwrap();
        let status = answer.status().as_u16();
        if status == 412 {
            let problem: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(problem["code"], "precondition_failed");
        }
        status
    };
    for path in ["/get-objects", "/openapi.json"] {
        let tag = cairn.get(path).send().await.unwrap().headers()["etag"].to_str().unwrap().to_owned();
        for (named, status) in [
            (tag.clone(), 200),
            ("*".to_owned(), 200),
            (format!("\"other\", {tag}"), 200),
            ("\"other\"".to_owned(), 412),
            (format!("W/{tag}"), 412),
        ] {
            assert_eq!(ask(path, &named).await, status, "{path} {named}");
        }
        let both = cairn.get(path).header("If-Match", "\"other\"").header("If-None-Match", &tag);
        assert_eq!(both.send().await.unwrap().status(), 412, "If-Match comes first");
    }
    assert_eq!(ask("/health", "\"other\"").await, 412, "a content without a tag is no version");
    assert_eq!(ask("/v1/nowhere", "\"other\"").await, 404);
}
