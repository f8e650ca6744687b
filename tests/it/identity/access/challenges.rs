//! `WWW-Authenticate`: which schemes a route takes.

use cairn_test_macros::cairn_test;
use reqwest::Method;

use crate::support::{Cairn, http::RequestBuilder};

/// The challenge of a refused request.
async fn challenge(request: RequestBuilder) -> String {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 401, "{}", answer.url());
    answer.headers()["www-authenticate"].to_str().unwrap().to_owned()
}

#[cairn_test]
async fn a_refusal_names_the_schemes_that_the_route_takes(cairn: &Cairn) {
    for (method, path, schemes) in [
        (Method::POST, "/v1/players", "ApiKey"),
        (Method::GET, "/v1/deck", "ApiKey"),
        (Method::GET, "/v1/players/me", "Bearer"),
        (Method::GET, "/v1/account", "Bearer"),
        (Method::GET, "/v1/studios", "Bearer"),
        (Method::GET, "/v1/games/climb/keys?studio=moss", "ApiKey, Bearer"),
        (Method::GET, "/v1/moderation/queue", "ApiKey, Bearer"),
    ] {
        let request = || cairn.http.request(method.clone(), format!("{}{path}", cairn.base));
        assert_eq!(challenge(request()).await, schemes, "{path}, without credentials");
        if schemes.contains("ApiKey") {
            assert_eq!(challenge(request().header("X-API-Key", "ck_live_no")).await, schemes, "{path}, a wrong key");
        }
        if schemes.contains("Bearer") {
            assert_eq!(challenge(request().bearer_auth("none")).await, schemes, "{path}, a wrong token");
        }
    }
}

#[cairn_test]
async fn a_wrong_refresh_token_names_the_scheme_of_the_key(cairn: &Cairn) {
    let key = cairn.game_key("moss/climb/live").await;
    let request = cairn.http.post(format!("{}/v1/players/refresh", cairn.base)).header("X-API-Key", key);
    let request = request.header("Content-Type", "application/json").body(r#"{"refresh_token":"rt_none"}"#);
    assert_eq!(challenge(request).await, "ApiKey");
}
