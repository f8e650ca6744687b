//! Common to all answers: request id, CORS, the open world.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Backend, Cairn, OPENAPI, Place, run, samples};

fn header<'a>(answer: &'a reqwest::Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_is_accepted_from_a_proxy_and_generated_otherwise() {
    run(Backend::Embedded, async |cairn| {
        let ask = async |id: &str| {
            let answer = cairn.get("/nowhere").header("X-Request-Id", id).send().await.unwrap();
            let request_id = header(&answer, "x-request-id").unwrap().to_owned();
            let problem: serde_json::Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
            assert_eq!(problem["request_id"], request_id);
            request_id
        };
        assert_eq!(ask("abc-123_4.5").await, "abc-123_4.5");
        for bad in ["", "two words", "<script>", &"a".repeat(65)] {
            let made = ask(bad).await;
            assert!(made != bad && made.len() == 32, "{made}");
        }
        assert_ne!(ask("").await, ask("").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_from_an_untrusted_client_is_replaced() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[("CAIRN_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    let answer = cairn.get("/health").header("X-Request-Id", "mine").send().await.unwrap();
    assert_ne!(header(&answer, "x-request-id"), Some("mine"));
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_origin_may_call_by_default() {
    run(Backend::Embedded, async |cairn| {
        let preflight = cairn
            .http
            .request(reqwest::Method::OPTIONS, format!("{}/add-object", cairn.base))
            .header("Origin", "https://game.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type,idempotency-key")
            .send()
            .await
            .unwrap();
        assert_eq!(preflight.status(), 204);
        assert_eq!(header(&preflight, "access-control-allow-origin"), Some("*"));
        assert!(header(&preflight, "access-control-allow-methods").unwrap().contains("POST"));
        let allowed = header(&preflight, "access-control-allow-headers").unwrap().to_lowercase();
        assert!(allowed.contains("content-type") && allowed.contains("idempotency-key"));
        for path in ["/get-objects", "/nowhere"] {
            let answer = cairn.get(path).header("Origin", "https://game.example").send().await.unwrap();
            assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"), "{path}");
            assert!(header(&answer, "access-control-expose-headers").unwrap().contains("ETag"));
        }
        let plain = cairn.get("/get-objects").send().await.unwrap();
        assert_eq!(header(&plain, "access-control-allow-origin"), None);
    })
    .await;
}

/// The headers that the API describes: those of requests, and those of answers.
fn described_headers() -> [BTreeSet<String>; 2] {
    let mut document: Value = serde_json::from_str(OPENAPI).unwrap();
    // Under names of their own; where they are used they have those of headers.
    document["components"]["headers"].take();
    let [mut sent, mut answered] = [BTreeSet::new(), BTreeSet::new()];
    let mut add = |value: &Value| {
        if value["in"] == "header" && value["name"].is_string() {
            sent.insert(value["name"].as_str().unwrap().to_lowercase());
        }
        // A member of a schema may have that name too.
        let headers = value["headers"]
            .as_object()
            .filter(|headers| headers.values().all(|it| it["schema"].is_object() || it["$ref"].is_string()));
        answered.extend(headers.into_iter().flatten().map(|(name, _)| name.to_lowercase()));
    };
    let mut left = vec![&document];
    while let Some(value) = left.pop() {
        add(value);
        match value {
            Value::Object(members) => left.extend(members.values()),
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
    // No page of another origin reads a cookie; a type each may read; and these are for the browser itself.
    let for_browsers =
        ["content-security-policy", "cross-origin-resource-policy", "referrer-policy", "x-content-type-options"];
    // So is where it is sent, and what each may read.
    let redirects = ["location", "cache-control"];
    for name in ["set-cookie", "content-type"].into_iter().chain(for_browsers).chain(redirects) {
        answered.remove(name);
    }
    [sent, answered]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_may_use_every_header_of_the_api() {
    run(Backend::Embedded, async |cairn| {
        let of = |answer: &reqwest::Response, name: &str| -> BTreeSet<String> {
            header(answer, name).unwrap().split(", ").map(str::to_lowercase).collect()
        };
        let url = format!("{}/api/library/1", cairn.base);
        let preflight = cairn.http.request(reqwest::Method::OPTIONS, url).header("Origin", "https://game.example");
        let preflight = preflight.header("Access-Control-Request-Method", "PUT").send().await.unwrap();
        let answer = cairn.get("/get-objects").header("Origin", "https://game.example").send().await.unwrap();
        let [sent, answered] = described_headers();
        assert!(sent.contains("if-match") && answered.contains("etag"), "{sent:?} {answered:?}");
        let allowed = of(&preflight, "access-control-allow-headers");
        assert_eq!(sent.difference(&allowed).collect::<Vec<_>>(), Vec::<&String>::new(), "may be sent");
        let readable = of(&answer, "access-control-expose-headers");
        assert_eq!(answered.difference(&readable).collect::<Vec<_>>(), Vec::<&String>::new(), "may be read");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_listed_origins_may_call_where_there_is_a_list() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[("CAIRN_CORS_ORIGINS", "https://game.example,https://other.example")]).await;
    for (origin, allowed) in [("https://game.example", true), ("https://evil.example", false), ("null", false)] {
        let answer = cairn.get("/get-objects").header("Origin", origin).send().await.unwrap();
        assert_eq!(answer.status(), 200, "the browser refuses, not the server");
        assert_eq!(header(&answer, "access-control-allow-origin"), allowed.then_some(origin));
        assert!(answer.headers().get_all("vary").iter().any(|vary| vary == "Origin"));
    }
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_open_world_the_v0_routes_need_a_key() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[("CAIRN_OPEN_WORLD", "false")]).await;
    let read = cairn.get("/get-objects").send().await.unwrap();
    let write = cairn.post(samples::all_three("a", "x").to_string()).send().await.unwrap();
    for answer in [read, write] {
        assert_eq!(answer.status(), 401);
        assert!(header(&answer, "www-authenticate").is_some());
        assert!(answer.text().await.unwrap().contains("key_needed"));
    }
    assert_eq!(cairn.get("/health").send().await.unwrap().status(), 200);
    cairn.stop().await;
    place.clear().await;
}
