//! App passwords: made, listed, revoked; what they open, and how.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::{Gamer, SHARED, door::Program};
use crate::support::{
    Cairn, Place,
    person::{PASSWORD, read},
};

#[cairn_test]
async fn an_app_password_is_shown_once_and_opens_the_door_until_it_is_revoked(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let deck = Program::new(&ann, "Deck").await;
    assert_eq!(deck.password.len(), 32, "128 bits");
    let listed = ann.get("/app-passwords").await.1;
    assert_eq!(listed["items"][0]["name"], "Deck");
    assert!(!listed.to_string().contains(&deck.password), "{listed}");
    for table in ["app_password", "save_window"] {
        let hex = if place.database_url.is_some() { "encode(digest, 'hex')" } else { "hex(digest)" };
        let column = if table == "app_password" { hex } else { "password" };
        let stored = place.control_texts(&format!("SELECT {column} FROM {table}")).await;
        assert!(stored.iter().all(|text| *text != deck.password), "{table}");
    }
    assert_eq!(deck.at("OPTIONS", "/").send().await.unwrap().status(), 200);
    // It opens nothing else.
    let other = cairn.http.get(format!("{}/api/saves", cairn.base)).bearer_auth(&deck.password).send().await.unwrap();
    assert_eq!(other.status(), 401);
    let id = listed["items"][0]["id"].as_str().unwrap();
    assert_eq!(bob.delete(&format!("/app-passwords/{id}")).await.1["code"], "app_password_not_found");
    assert_eq!(ann.delete(&format!("/app-passwords/{id}")).await.0, 204);
    assert_eq!(deck.at("OPTIONS", "/").send().await.unwrap().status(), 401);
    for name in ["", &"x".repeat(65), "a\nb"] {
        assert_eq!(ann.post("/app-passwords", json!({"name": name})).await.0, 422, "{name:?}");
    }
    for number in 0..20 {
        assert_eq!(ann.post("/app-passwords", json!({"name": format!("device {number}")})).await.0, 201);
    }
    assert_eq!(ann.post("/app-passwords", json!({"name": "one more"})).await.1["code"], "too_many_app_passwords");
    cairn.stop().await;
}

#[cairn_test]
async fn a_new_password_of_the_account_ends_app_passwords(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let deck = Program::new(&ann, "Deck").await;
    let change = json!({"current": PASSWORD, "password": "another battery staple"}).to_string();
    let change =
        ann.at(Method::POST, "/v1/account/password/change").header("Content-Type", "application/json").body(change);
    let answer = read(change.send().await.unwrap()).await;
    assert_eq!(answer.0, 204, "{answer:?}");
    assert_eq!(deck.at("OPTIONS", "/").send().await.unwrap().status(), 401);
    cairn.stop().await;
}

#[cairn_test]
async fn app_passwords_are_taken_over_https_or_from_this_machine_alone(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED, ("CAIRN_TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let deck = Program::new(&ann, "Deck").await;
    for (headers, status) in [
        (&[][..], 200),
        (&[("X-Forwarded-For", "203.0.113.9")], 403),
        (&[("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "http")], 403),
        (&[("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")], 200),
        (&[("Forwarded", "for=203.0.113.9;proto=https")], 200),
    ] {
        let mut request = deck.at("OPTIONS", "/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(request.send().await.unwrap().status(), status, "{headers:?}");
    }
    cairn.stop().await;
    // Whom nobody trusts is not believed.
    let cairn = Cairn::start(place, &[SHARED, ("CAIRN_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    let deck = Program { base: format!("{}/dav/saves", cairn.base), ..deck };
    let forged = deck.at("OPTIONS", "/").header("X-Forwarded-For", "127.0.0.1").header("X-Forwarded-Proto", "https");
    assert_eq!(forged.send().await.unwrap().status(), 403);
    cairn.stop().await;
}

#[cairn_test]
async fn wrong_passwords_are_slowed_down_and_right_ones_are_not(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let deck = Program::new(&ann, "Deck").await;
    let wrong = Program { password: "0".repeat(32), base: deck.base.clone(), ..Program::new(&ann, "PC").await };
    let mut statuses = Vec::new();
    for _ in 0..200 {
        let answer = wrong.at("OPTIONS", "/").send().await.unwrap();
        statuses.push(answer.status().as_u16());
        if answer.status() == 429 {
            assert!(answer.headers().contains_key("retry-after"));
            break;
        }
    }
    assert_eq!((statuses.first(), statuses.last()), (Some(&401), Some(&429)), "{statuses:?}");
    assert_eq!(deck.at("OPTIONS", "/").send().await.unwrap().status(), 200);
    cairn.stop().await;
}
