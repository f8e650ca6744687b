//! Common to all answers: request id, CORS, the open world.

use crate::support::{Backend, Cairn, Place, run, samples};

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
