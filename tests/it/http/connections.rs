//! What one network can keep others from: connections, room for bodies, requests that wait.

use std::{net::Ipv4Addr, time::Duration};

use cairn_test_macros::cairn_test;
use futures_util::future::join_all;
use serde_json::Value;

use crate::support::{Backend, Cairn, Place, eventually, http::RequestBuilder, raw::Connection, samples};

const WORLD: &str = "moss/climb/live";

/// What a neighbour of an attack expects within seconds.
async fn is_served(cairn: &Cairn) {
    let within = async |what: &str, request: RequestBuilder| {
        let answer = tokio::time::timeout(Duration::from_secs(10), request.send()).await;
        answer.unwrap_or_else(|_| panic!("{what} is not answered")).unwrap().status().as_u16()
    };
    for path in ["/livez", "/readyz", "/health", "/get-objects"] {
        assert_eq!(within(path, cairn.get(path)).await, 200, "{path}");
    }
    assert_eq!(within("a write", cairn.post(samples::all_three("a", "x").to_string())).await, 201);
}

/// Connections on which these bytes were sent.
async fn sending(count: usize, cairn: &Cairn, bytes: &[u8]) -> Vec<Connection> {
    join_all((0..count).map(|_| async {
        let mut connection = Connection::open(cairn.address()).await;
        connection.send(bytes).await;
        connection
    }))
    .await
}

#[cairn_test]
async fn half_sent_requests_keep_nobody_out(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_CONNECTIONS", "50")]).await;
    for bytes in [&b"GET /get-objects HTTP/1.1\r\nHost: a\r\nX-Slow: "[..], b"", b"POST /add-obj"] {
        let _held = sending(300, &cairn, bytes).await;
        is_served(&cairn).await;
    }
    cairn.stop().await;
}

#[cairn_test]
async fn where_all_connections_are_in_use_health_checks_are_answered_and_others_told_so(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_CONNECTIONS", "8")]).await;
    let key = cairn.game_key(WORLD).await;
    let poll = format!("GET /v1/changes?wait_s=60 HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\n\r\n");
    let mut polls = Vec::new();
    eventually("there is no place left", async || {
        // One whose request is not read yet is closed in favour of the next.
        polls.extend(sending(1, &cairn, poll.as_bytes()).await);
        let mut asked = Connection::open(cairn.address()).await;
        let answer = asked.request("GET", "/get-objects", "", b"").await;
        answer.status == 503 && answer.problem()["code"] == "too_many_connections"
    })
    .await;
    for _ in 0..100 {
        let mut checked = Connection::open(cairn.address()).await;
        let answer = checked.request("GET", "/livez", "", b"").await;
        assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    }
    // Nor do half-sent requests take the reserve.
    let _held = sending(200, &cairn, b"GET /livez HTTP/1.1\r\n").await;
    let answer = Connection::open(cairn.address()).await.request("GET", "/livez", "", b"").await;
    assert_eq!(answer.status, 200);
    drop(polls);
    eventually("there are places again", async || {
        Connection::open(cairn.address()).await.request("GET", "/get-objects", "", b"").await.status == 200
    })
    .await;
    cairn.stop().await;
}

#[cairn_test]
async fn a_network_has_a_bound_of_connections_and_its_neighbours_have_theirs(place: &Place) {
    let settings = [("CAIRN_ADDRESS_CONNECTIONS", "4"), ("CAIRN_TRUSTED_PROXIES", "10.0.0.0/8")];
    let cairn = Cairn::start(place, &settings).await;
    let key = cairn.game_key(WORLD).await;
    let poll = format!("GET /v1/changes?wait_s=60 HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\n\r\n");
    let mut polls = Vec::new();
    let status = async |own: Ipv4Addr, path: &str| {
        Connection::open_from(own, cairn.address()).await.request("GET", path, "", b"").await.status
    };
    let [own, neighbour] = [Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2)];
    eventually("the network has no more", async || {
        polls.extend(sending(1, &cairn, poll.as_bytes()).await);
        status(own, "/get-objects").await == 503
    })
    .await;
    assert_eq!(status(own, "/livez").await, 200);
    for _ in 0..10 {
        assert_eq!(status(neighbour, "/get-objects").await, 200);
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_network_has_a_bound_of_requests_that_wait(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ADDRESS_POLLS", "2")]).await;
    let key = cairn.game_key(WORLD).await;
    let poll = |from: &str, wait: u32| {
        let request = cairn.get("/v1/changes").query(&[("wait_s", wait)]).header("X-API-Key", &key);
        request.header("X-Forwarded-For", from)
    };
    let waiting = async |from: &str| {
        let one = async || {
            // Those that ask without waiting have a part in the bound too, for a moment.
            while poll(from, 60).send().await.unwrap().status() == 429 {}
        };
        drop(join_all((0..2).map(|_| one())).await);
    };
    let others = async {
        eventually("a third one is refused", async || {
            let answer = poll("2001:db8::1", 0).send().await.unwrap();
            if answer.status() == 200 {
                return false;
            }
            assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "1"));
            let limit = answer.headers().get_all("ratelimit").iter().any(|limit| limit == "\"polls\";r=0;t=1");
            let problem: Value = answer.json().await.unwrap();
            limit && problem["code"] == "too_many_polls"
        })
        .await;
        assert_eq!(poll("2001:db8:1::1", 0).send().await.unwrap().status(), 200, "another network");
        assert_eq!(cairn.get_with(&key, "/v1/game").send().await.unwrap().status(), 200, "another question");
    };
    tokio::select! {
        () = waiting("2001:db8::2") => panic!("a poll has ended"),
        () = others => {}
    }
    cairn.stop().await;
}

#[cairn_test]
async fn bodies_that_are_announced_and_not_sent_take_no_room(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let head =
        b"POST /add-object HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n{";
    let chunked = b"POST /add-object HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n";
    let gzipped =
        b"POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1048576\r\n\r\n\x1f";
    let mut senders = Vec::new();
    for bytes in [&head[..], chunked, gzipped] {
        senders.extend(sending(300, &cairn, bytes).await);
        is_served(&cairn).await;
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_network_has_a_share_of_the_room_for_bodies(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ADDRESS_BODY_BYTES", "65536")]).await;
    let leave = async |from: &str| {
        let body = samples::all_three("a", "x").to_string();
        let answer = cairn.post(body).header("X-Forwarded-For", from).send().await.unwrap();
        answer.status().as_u16()
    };
    let head = "POST /add-object HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.1\r\nContent-Length: 100000\r\n\r\n";
    let mut slow = Connection::open(cairn.address()).await;
    slow.send(&[head.as_bytes(), &vec![b' '; 65_536]].concat()).await;
    eventually("its share is used up", async || leave("203.0.113.1").await == 503).await;
    assert_eq!(leave("203.0.113.2").await, 201, "another network has its own");
    drop(slow);
    eventually("it has its share back", async || leave("203.0.113.1").await == 201).await;
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_too_slowly_is_given_up() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[("CAIRN_BODY_RATE", "1000000")]).await;
    let mut slow = Connection::open(cairn.address()).await;
    slow.send(b"POST /add-object HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{").await;
    let answer = slow.answer(true).await.unwrap();
    assert_eq!((answer.status, answer.problem()["code"].as_str()), (408, Some("body_too_slow")));
    cairn.stop().await;
    place.clear().await;
}
