//! Bad input to the operations of accounts.

use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, read, refusal},
};

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_named_with_its_place_and_its_limit() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[]).await;
    let mut ann = Person::new(&cairn);
    let mailbox = Mailbox::in_data_of(&place);
    ann.register("ann@example.org", &mailbox).await;
    ann.sign_in("ann@example.org", PASSWORD).await;
    let long = format!("{}@example.org", "a".repeat(250));
    for (path, body, faults) in [
        ("/register", json!({}), &[("/email", "is missing")][..]),
        ("/register", json!({"email": ""}), &[("/email", "is missing")]),
        ("/register", json!({"email": 7}), &[("/email", "must be a text")]),
        ("/register", json!({"email": "ann"}), &[("/email", "is not an e-mail address")]),
        (
            "/register",
            json!({"email": "ann@example.org\r\nBcc: bob@example.org"}),
            &[("/email", "is not an e-mail address")],
        ),
        ("/register", json!({"email": long}), &[("/email", "is 262 bytes long; at most 254")]),
        ("/register", json!([]), &[("", "must be an object")]),
        ("", json!({"password": "short"}), &[("/code", "is missing"), ("/password", "has 5 characters; 8 to 128")]),
        ("", json!({"code": "x", "password": "x".repeat(129)}), &[("/password", "has 129 characters; 8 to 128")]),
        (
            "",
            json!({"code": "x", "password": "Password1"}),
            &[("/password", "is one of the first that are guessed; choose another")],
        ),
        (
            "/sessions",
            json!({"email": "x@y", "password": "x".repeat(129)}),
            &[("/password", "has more than 128 characters")],
        ),
        (
            "/sessions",
            json!({"email": "x@y", "password": "x", "cookie": "yes"}),
            &[("/cookie", "must be true or false")],
        ),
        ("/password/forgotten", json!({"email": null}), &[("/email", "is missing")]),
        ("/password/reset", json!({}), &[("/code", "is missing"), ("/password", "is missing")]),
        ("/password/change", json!({"current": "x"}), &[("/password", "is missing")]),
        (
            "/password/change",
            json!({"current": PASSWORD, "password": "ann@example.org"}),
            &[("/password", "is the address; choose another")],
        ),
        (
            "/email/change",
            json!({"email": "a@b@c", "password": ["x"]}),
            &[("/email", "is not an e-mail address"), ("/password", "must be a text")],
        ),
        ("/email/confirm", json!({"code": false}), &[("/code", "must be a text")]),
        ("/delete", json!({}), &[("/password", "is missing")]),
    ] {
        let (status, problem) = ann.post(path, body.clone()).await;
        let errors: Vec<Value> =
            faults.iter().map(|(pointer, detail)| json!({"pointer": pointer, "detail": detail})).collect();
        assert_eq!((status, &problem["errors"]), (422, &errors.into()), "{path} {body}: {problem}");
    }
    for (body, status, word) in [
        ("{", 400, "malformed"),
        (r#"{"email":"a","email":"b"}"#, 422, "invalid"),
        (r#"{"email":"\u0000"}"#, 400, "malformed"),
        (&"[".repeat(100), 400, "malformed"),
    ] {
        let answer = ann.request(reqwest::Method::POST, "/register").body(body.to_owned()).send().await.unwrap();
        assert_eq!(refusal(read(answer).await), (status, word.to_owned()), "{body}");
    }
    let form = ann.request(reqwest::Method::POST, "/sessions").header("Content-Type", "text/plain").body("{}");
    assert_eq!(read(form.send().await.unwrap()).await.0, 415);
    assert_eq!(ann.delete("/sessions/nobodys").await.0, 404);
    assert!(mailbox.all().is_empty(), "nothing was sent: {:?}", mailbox.all());
    cairn.stop().await;
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_of_an_account_need_a_session() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let cairn = Cairn::start(&place, &[]).await;
    let mut nobody = Person::new(&cairn);
    for (token, word) in [(None, "not_signed_in"), (Some("made-up"), "session_not_valid")] {
        nobody.token = token.map(str::to_owned);
        for path in ["", "/sessions", "/export"] {
            let answer = nobody.request(reqwest::Method::GET, path).send().await.unwrap();
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            assert_eq!(answer.headers()["cache-control"], "no-store");
            assert_eq!(refusal(read(answer).await), (401, word.to_owned()), "{path}");
        }
        for path in ["/delete", "/password/change", "/email/change", "/email/confirm"] {
            assert_eq!(refusal(nobody.post(path, json!({})).await), (401, word.to_owned()), "{path}");
        }
        for path in ["/sessions", "/sessions/current", "/sessions/x"] {
            assert_eq!(refusal(nobody.delete(path).await), (401, word.to_owned()), "{path}");
        }
    }
    let put = nobody.request(reqwest::Method::PUT, "/sessions/x").send().await.unwrap();
    assert_eq!((put.status().as_u16(), put.headers()["allow"].to_str().unwrap()), (405, "DELETE"));
    cairn.stop().await;
    place.clear().await;
}
