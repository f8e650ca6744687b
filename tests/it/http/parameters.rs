//! Query parameters: what a route does not know, or what is out of its bounds, is refused by name.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Backend, Cairn, document::DOCUMENT, game_client::GameClient, run};

/// The faults of a refused request.
async fn faults(cairn: &Cairn, method: Method, path: &str) -> (u16, Vec<(String, String)>) {
    let answer = cairn.http.request(method, format!("{}{path}", cairn.base)).send().await.unwrap();
    let status = answer.status().as_u16();
    let problem: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    let faults = problem["errors"].as_array().into_iter().flatten();
    (status, faults.map(|fault| (text(fault, "pointer"), text(fault, "detail"))).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_v1_route_refuses_a_parameter_that_it_does_not_know() {
    run(Backend::Embedded, async |cairn| {
        let mut routes = 0;
        for (path, methods) in DOCUMENT.whole["paths"].as_object().unwrap() {
            // Issuers add parameters of their own to the address to which they send people back.
            if !path.starts_with("/v1/") || path.ends_with("/callback") {
                continue;
            }
            let sent = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
            let sent = format!("{}?studoi=x&utm_source=mail", sent.collect::<Vec<_>>().join("/"));
            for method in methods.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let (status, faults) = faults(cairn, method.clone(), &sent).await;
                let pointers: Vec<&str> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
                assert_eq!((status, pointers.as_slice()), (422, ["?studoi"].as_slice()), "{method} {path}");
                routes += 1;
            }
        }
        assert!(routes > 50, "{routes}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_name_is_suggested() {
    run(Backend::Embedded, async |cairn| {
        let refused = faults(cairn, Method::GET, "/v1/deck?scpoe=a").await;
        let detail = "is not known here; did you mean scope?".to_owned();
        assert_eq!(refused, (422, vec![("?scpoe".to_owned(), detail)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deck_that_is_ready_in_memory_is_no_way_around_it() {
    run(Backend::Embedded, async |cairn| {
        let (player, _) = GameClient::two(cairn).await;
        player.leave_one(serde_json::json!({"kind": "message", "text": ["a"]})).await;
        // The first one makes the deck ready, the second one is served from memory.
        for _ in 0..2 {
            player.get("/v1/deck?deck=0&utm_source=mail").await;
        }
        let (status, problem) = player.send(Method::GET, "/v1/deck?deck=0&limit=3", None).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"?limit".into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_out_of_bounds_is_cut_silently() {
    run(Backend::Embedded, async |cairn| {
        let (player, _) = GameClient::two(cairn).await;
        for (path, pointer) in [
            ("/v1/changes?wait_s=61", "?wait_s"),
            ("/v1/changes?wait_s=-1", "?wait_s"),
            ("/v1/changes?limit=1001", "?limit"),
            ("/v1/inbox?limit=0", "?limit"),
            ("/v1/players/me/traces?limit=201", "?limit"),
            ("/v1/players/me/traces?limit=1&limit=1", "?limit"),
            ("/v1/deck?deck=65536", "?deck"),
            ("/v1/deck?deck=1.5", "?deck"),
        ] {
            let (status, problem) = player.send(Method::GET, path, None).await;
            assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &pointer.into()), "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v0_ignores_what_it_does_not_know() {
    run(Backend::Embedded, async |cairn| {
        assert_eq!(cairn.get("/get-objects?scpoe=a&x=1").send().await.unwrap().status(), 200);
        assert_eq!(cairn.get("/health?x=1").send().await.unwrap().status(), 200);
    })
    .await;
}
