//! Repeated POSTs: with an `Idempotency-Key` each has its effect once, and is answered as the first time.

use cairn_test_macros::cairn_test;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, OPENAPI, Place,
    game_client::GameClient,
    mail::Mailbox,
    person::{Answer, PASSWORD, Person, read, refusal},
};

const KEY: &str = "5f0c7f4e-6f0e-4f7a-9d62-3f1f3a0c8a11";

fn key_reused() -> (u16, String) {
    (422, "idempotency_key_reused".to_owned())
}

/// A POST of a person under `/v1`, with an idempotency key.
async fn post(person: &Person<'_>, path: &str, body: &Value, key: &str) -> Answer {
    let request = person.cairn.http.post(format!("{}/v1{path}", person.cairn.base));
    let mut request = request.header("X-Forwarded-For", &person.from).header("Idempotency-Key", key);
    if let Some(token) = &person.token {
        request = request.bearer_auth(token);
    }
    read(request.header("Content-Type", "application/json").body(body.to_string()).send().await.unwrap()).await
}

/// A POST of a player.
async fn play(player: &GameClient<'_>, path: &str, body: Option<&Value>, key: &str) -> Answer {
    let request = player.cairn.http.post(format!("{}{path}", player.cairn.base)).bearer_auth(&player.token);
    let mut request = request.header("Idempotency-Key", key);
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    read(request.send().await.unwrap()).await
}

#[test]
fn every_post_takes_an_idempotency_key() {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut posts = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(post) = methods.get("post") else { continue };
        posts += 1;
        let mut parameters = post["parameters"].as_array().unwrap().iter().map(|parameter| {
            let name = parameter["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
            name.map_or(parameter, |name| &document["components"]["parameters"][name])
        });
        assert!(parameters.any(|parameter| parameter["name"] == "Idempotency-Key"), "{path}");
    }
    assert!(posts > 30, "{posts}");
}

#[cairn_test]
async fn a_key_that_is_no_key_is_refused_by_every_post(cairn: &Cairn) {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let player = GameClient::with(cairn, &cairn.game_key("moss/climb/live").await).await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods.get("post").is_none() || path == "/v1/traces/import" {
            continue;
        }
        let path = path.replace(['{', '}'], "");
        let request = cairn.http.post(format!("{}{path}", cairn.base)).header("X-API-Key", &player.key);
        let request = request.bearer_auth(&player.token).header("Idempotency-Key", "x".repeat(256));
        let (status, _) = read(request.body("{}").send().await.unwrap()).await;
        assert!(matches!(status, 401 | 403 | 404 | 422), "{path}: {status}");
    }
}

#[cairn_test]
async fn what_was_created_once_is_answered_again(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let requests = [
        ("/studios", json!({"name": "moss"})),
        ("/studios/moss/games", json!({"game": "climb"})),
        ("/studios/moss/invitations", json!({"email": "bob@example.org", "role": "viewer"})),
    ];
    for (at, (path, body)) in requests.iter().enumerate() {
        let key = format!("{KEY} {at}");
        let first = post(&ann, path, body, &key).await;
        assert_eq!(first.0, 201, "{path}: {}", first.1);
        assert_eq!(post(&ann, path, body, &key).await, first, "{path}");
        let other = json!({"name": "tern", "email": "eve@example.org", "role": "owner"});
        assert_eq!(refusal(post(&ann, path, &other, &key).await), key_reused(), "{path}");
    }
    assert_eq!(ann.call(Method::GET, "/studios/moss/invitations", None).await.1["items"].as_array().unwrap().len(), 1);
    // The same key of somebody else is another key.
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    assert_eq!(post(&bob, "/studios", &json!({"name": "tern"}), &format!("{KEY} 0")).await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn a_code_that_was_used_once_is_answered_again(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let ann = Person::new(&cairn);
    assert_eq!(ann.post("/register", json!({"email": "ann@example.org"})).await.0, 202);
    let code = mailbox.take("ann@example.org", "Your code for a new account").await.code();
    let create = json!({"code": code, "password": PASSWORD});
    let first = post(&ann, "/account", &create, KEY).await;
    assert_eq!(first.0, 201);
    assert_eq!(post(&ann, "/account", &create, KEY).await, first);
    // A stranger who uses the same key asks for something else.
    assert_eq!(refusal(post(&ann, "/account", &json!({"code": "x", "password": PASSWORD}), KEY).await).0, 422);
    assert_eq!(post(&ann, "/account", &create, KEY).await, first);
    cairn.stop().await;
}

#[cairn_test]
async fn a_change_of_the_password_and_a_deletion_are_answered_again_though_they_end_the_session(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (mut ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let change = json!({"current": PASSWORD, "password": "correct horse b"});
    for _ in 0..2 {
        assert_eq!(post(&ann, "/account/password/change", &change, KEY).await.0, 204);
    }
    let other = json!({"current": "correct horse b", "password": "correct horse c"});
    assert_eq!(post(&ann, "/account/password/change", &other, KEY).await.0, 401, "the session has ended");
    ann.sign_in("ann@example.org", "correct horse b").await;
    let delete = json!({"password": "correct horse b"});
    for _ in 0..2 {
        assert_eq!(post(&ann, "/account/delete", &delete, "another").await.0, 204);
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_repeated_sign_in_of_a_user_opens_one_session(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (_, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let mut ann = Person::new(&cairn);
    let sign_in = json!({"email": "ann@example.org", "password": PASSWORD});
    let (status, first) = post(&ann, "/account/sessions", &sign_in, KEY).await;
    assert_eq!(status, 201);
    let (status, second) = post(&ann, "/account/sessions", &sign_in, KEY).await;
    assert_eq!(status, 201);
    for (answer, status) in [(&first, 401), (&second, 200)] {
        ann.token = Some(answer["token"].as_str().unwrap().to_owned());
        assert_eq!(ann.get("").await.0, status);
    }
    let (_, sessions) = ann.get("/sessions").await;
    assert_eq!(sessions["items"].as_array().unwrap().len(), 2, "that of the registration, and this");
    ann.token = None;
    let as_cookie = json!({"email": "ann@example.org", "password": "wrong"});
    assert_eq!(refusal(post(&ann, "/account/sessions", &as_cookie, KEY).await), (401, "wrong_credentials".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn a_repeated_request_for_a_key_gives_that_key_a_new_secret_until_it_is_used(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    assert_eq!(post(&ann, "/studios", &json!({"name": "moss"}), "a").await.0, 201);
    assert_eq!(post(&ann, "/studios/moss/games", &json!({"game": "climb"}), "b").await.0, 201);
    let issue = json!({"kind": "publishable", "environment": "live"});
    let keys = "/studios/moss/games/climb/keys";
    let secret = |answer: &Answer| answer.1["secret"].as_str().unwrap().to_owned();
    let first = post(&ann, keys, &issue, KEY).await;
    let second = post(&ann, keys, &issue, KEY).await;
    assert_eq!((first.0, second.0), (201, 201), "{} {}", first.1, second.1);
    assert_eq!(first.1["key"]["id"], second.1["key"]["id"], "the id");
    assert_ne!(secret(&first), secret(&second));
    assert_eq!(cairn.refusal(&secret(&first)).await, (401, "key_invalid".to_owned()));
    assert_eq!(cairn.refusal(&secret(&second)).await.0, 200);
    assert_eq!(refusal(post(&ann, keys, &issue, KEY).await), key_reused(), "it is in use");
    assert_eq!(cairn.refusal(&secret(&second)).await.0, 200, "and still opens the game");
    let other = json!({"kind": "secret", "environment": "live"});
    assert_eq!(refusal(post(&ann, keys, &other, KEY).await), key_reused());
    // A rotation.
    let id = second.1["key"]["id"].as_str().unwrap();
    let rotate = format!("{keys}/{id}/rotate");
    let answers = join_all((0..4).map(|_| post(&ann, &rotate, &Value::Null, "rotate"))).await;
    assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
    let (_, listed) = ann.call(Method::GET, keys, None).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    cairn.stop().await;
}

#[cairn_test]
async fn a_change_and_a_withdrawal_of_a_trace_are_answered_again(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let id = ann.leave_one(json!({"kind": "message", "scope": "a", "text": ["one"]})).await;
    let path = format!("/v1/traces/{id}/change");
    let change = json!({"revision": 1, "text": ["two"]});
    let first = play(&ann, &path, Some(&change), KEY).await;
    assert_eq!(first.0, 200, "{}", first.1);
    assert_eq!(play(&ann, &path, Some(&change), KEY).await, first);
    assert_eq!(play(&ann, &path, Some(&change), "another").await.0, 409);
    let withdraw = format!("/v1/traces/{id}/withdraw");
    assert_eq!(play(&bob, &withdraw, None, KEY).await.0, 403, "what was refused is not kept");
    for _ in 0..2 {
        assert_eq!(play(&ann, &withdraw, None, "w").await.0, 204);
    }
    assert_eq!(play(&ann, &withdraw, None, "v").await.0, 404);
    assert_eq!(refusal(play(&ann, &path, Some(&change), "w").await), key_reused(), "another route");
}

#[cairn_test]
async fn of_many_at_once_one_has_the_effect(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let body = json!({"name": "moss"});
    let answers = join_all((0..8).map(|_| post(&ann, "/studios", &body, KEY))).await;
    for (status, answer) in &answers {
        let is_running = *status == 503 && answer["code"] == "request_running";
        assert!(is_running || (*status == 201 && answer["studio"] == "moss"), "{status} {answer}");
    }
    assert!(answers.iter().any(|(status, _)| *status == 201));
    assert_eq!(post(&ann, "/studios", &body, KEY).await.0, 201, "in the end it is answered");
    cairn.stop().await;
}

#[cairn_test]
async fn an_answer_is_kept_for_a_day_and_a_lost_request_for_a_minute(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let body = json!({"name": "moss"});
    assert_eq!(post(&ann, "/studios", &body, KEY).await.0, 201);
    place.execute_control("UPDATE kept_answer SET status = NULL, body = NULL").await;
    assert_eq!(refusal(post(&ann, "/studios", &body, KEY).await), (503, "request_running".to_owned()));
    place.execute_control("UPDATE kept_answer SET created_at_ms = created_at_ms - 60001").await;
    assert_eq!(refusal(post(&ann, "/studios", &body, KEY).await), (409, "studio_taken".to_owned()));
    assert_eq!(post(&ann, "/studios", &json!({"name": "tern"}), KEY).await.0, 201, "a refusal frees the key");
    place.execute_control("UPDATE kept_answer SET created_at_ms = created_at_ms - 86400001").await;
    assert_eq!(post(&ann, "/studios", &json!({"name": "fern"}), KEY).await.0, 201);
    cairn.stop().await;
}
