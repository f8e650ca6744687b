//! Sessions: as tokens and as cookies, how long they last, and what ends them.

use std::collections::BTreeSet;

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, read, refusal},
};

const ANN: &str = "ann@example.org";

/// Signs in as a browser does on a page of `origin`; returns `Set-Cookie`.
async fn cookie_from(person: &Person<'_>, origin: Option<(&str, &str)>) -> Result<String, (u16, String)> {
    let body = json!({"email": ANN, "password": PASSWORD, "cookie": true}).to_string();
    let mut request = person.request(Method::POST, "/sessions").body(body);
    if let Some((header, value)) = origin {
        request = request.header(header, value);
    }
    let answer = request.send().await.unwrap();
    let cookie = answer.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
    let answer = read(answer).await;
    match cookie {
        Some(cookie) => {
            assert_eq!((answer.0, &answer.1["token"]), (201, &Value::Null), "scripts must not see it");
            Ok(cookie)
        }
        None => Err(refusal(answer)),
    }
}

fn cross_site() -> (u16, String) {
    (403, "cross_site".to_owned())
}

/// A server with a registered user, and the cookie of a session of theirs as a pair for `Cookie`.
async fn with_cookie(place: &Place) -> (Cairn, String) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    let set_cookie = cookie_from(&ann, Some(("Origin", &cairn.base))).await.unwrap();
    let pair = set_cookie.split(';').next().unwrap().to_owned();
    (cairn, pair)
}

/// Sends a request with the cookie, and another header perhaps.
async fn ask(
    person: &Person<'_>,
    pair: &str,
    method: Method,
    path: &str,
    header: Option<(&str, &str)>,
) -> (u16, Value) {
    let mut request = person.request(method, path).header("Cookie", format!("theme=dark; {pair}"));
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    read(request.send().await.unwrap()).await
}

#[cairn_test]
async fn a_cookie_is_given_only_to_pages_of_this_server(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    // Other sites may not sign a browser in either.
    for origin in [None, Some(("Origin", "https://evil.example")), Some(("Sec-Fetch-Site", "cross-site"))] {
        assert_eq!(cookie_from(&ann, origin).await, Err(cross_site()), "{origin:?}");
    }
    let given = cookie_from(&ann, Some(("Origin", &cairn.base))).await.unwrap();
    assert!(given.starts_with("cairn_session=") && !given.contains("Secure"), "{given}");
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=7776000"] {
        assert!(given.contains(attribute), "{given}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn reads_with_a_cookie_need_no_origin(place: &Place) {
    let (cairn, pair) = with_cookie(place).await;
    let ann = Person::new(&cairn);
    assert_eq!(ask(&ann, &pair, Method::GET, "", None).await.0, 200);
    assert_eq!(ask(&ann, &pair, Method::GET, "", Some(("Origin", "https://evil.example"))).await.0, 200);
    cairn.stop().await;
}

#[cairn_test]
async fn writes_with_a_cookie_are_accepted_only_from_pages_of_this_server(place: &Place) {
    let (cairn, pair) = with_cookie(place).await;
    let ann = Person::new(&cairn);
    let evil = [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", "none"),
    ];
    for header in evil.map(Some).into_iter().chain([None]) {
        for path in ["/sessions", "/sessions/current", "/sessions/x"] {
            let answer = ask(&ann, &pair, Method::DELETE, path, header).await;
            assert_eq!(refusal(answer), cross_site(), "{path} {header:?}");
        }
        for path in ["/delete", "/password/change", "/email/change", "/email/confirm"] {
            let answer = ask(&ann, &pair, Method::POST, path, header).await;
            assert_eq!(refusal(answer), cross_site(), "{path} {header:?}");
        }
    }
    cairn.stop().await;
}

#[cairn_test]
async fn other_sites_cannot_read_answers_to_a_cookie(place: &Place) {
    let (cairn, pair) = with_cookie(place).await;
    // The answer allows any origin, but none with cookies.
    let answer = Person::new(&cairn)
        .request(Method::GET, "")
        .header("Cookie", pair)
        .header("Origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert!(!answer.headers().contains_key("access-control-allow-credentials"));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    cairn.stop().await;
}

#[cairn_test]
async fn signing_out_removes_the_cookie(place: &Place) {
    let (cairn, pair) = with_cookie(place).await;
    let ann = Person::new(&cairn);
    let out = ann
        .request(Method::DELETE, "/sessions/current")
        .header("Cookie", &pair)
        .header("Sec-Fetch-Site", "same-origin")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (out.status().as_u16(), out.headers()["set-cookie"].to_str().unwrap()),
        (204, "cairn_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
    );
    assert_eq!(ask(&ann, &pair, Method::GET, "", None).await.0, 401, "the session has ended");
    cairn.stop().await;
}

#[cairn_test]
async fn a_cookie_of_an_https_site_is_secure(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_PUBLIC_URL", "https://cairn.example")]).await;
    let ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    assert_eq!(cookie_from(&ann, Some(("Origin", &cairn.base))).await, Err(cross_site()));
    let given = cookie_from(&ann, Some(("Origin", "https://cairn.example"))).await.unwrap();
    assert!(given.starts_with("__Host-cairn_session=") && given.ends_with("; Secure"), "{given}");
    let pair = given.split(';').next().unwrap();
    assert_eq!(ann.request(Method::GET, "").header("Cookie", pair).send().await.unwrap().status(), 200);
    let plain = pair.trim_start_matches("__Host-");
    assert_eq!(ann.request(Method::GET, "").header("Cookie", plain).send().await.unwrap().status(), 401);
    cairn.stop().await;
}

/// A registered user who is signed in twice, from two addresses: each with the session's id.
async fn signed_in_twice<'a>(cairn: &'a Cairn, place: &Place) -> [(Person<'a>, String); 2] {
    let mut ann = Person::new(cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    let mut other = Person::new(cairn);
    other.from = "2001:db8::7".to_owned();
    let (first, second) = (ann.sign_in(ANN, PASSWORD).await, other.sign_in(ANN, PASSWORD).await);
    [(ann, first), (other, second)]
}

#[cairn_test]
async fn sessions_are_listed_newest_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let [(ann, first), (_, second)] = signed_in_twice(&cairn, place).await;
    let (_, listed) = ann.get("/sessions").await;
    let shown: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| (&session["session_id"], &session["current"], &session["address"]))
        .collect();
    assert_eq!(json!(shown), json!([[second, false, "2001:db8::7"], [first, true, "203.0.113.9"]]));
    cairn.stop().await;
}

#[cairn_test]
async fn a_session_is_ended_by_its_id(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let [(ann, _), (other, second)] = signed_in_twice(&cairn, place).await;
    assert_eq!(ann.delete(&format!("/sessions/{second}")).await.0, 204);
    assert_eq!((other.get("").await.0, ann.get("").await.0), (401, 200), "only that session has ended");
    assert_eq!(ann.delete(&format!("/sessions/{second}")).await.0, 404);
    cairn.stop().await;
}

#[cairn_test]
async fn a_session_of_another_user_is_not_found(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let [(ann, _), _] = signed_in_twice(&cairn, place).await;
    let mut bob = Person::new(&cairn);
    bob.register("bob@example.org", &Mailbox::in_data_of(place)).await;
    let bobs = bob.sign_in("bob@example.org", PASSWORD).await;
    assert_eq!(ann.delete(&format!("/sessions/{bobs}")).await.0, 404);
    cairn.stop().await;
}

#[cairn_test]
async fn all_sessions_of_a_user_are_ended_at_once(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let [(ann, _), (other, _)] = signed_in_twice(&cairn, place).await;
    let mut bob = Person::new(&cairn);
    bob.register("bob@example.org", &Mailbox::in_data_of(place)).await;
    bob.sign_in("bob@example.org", PASSWORD).await;
    assert_eq!(ann.delete("/sessions").await.0, 204);
    assert_eq!((other.get("").await.0, ann.get("").await.0, bob.get("").await.0), (401, 401, 200));
    cairn.stop().await;
}

const SHORT_SESSIONS: [(&str, &str); 2] = [("CAIRN_SESSION_IDLE_HOURS", "2"), ("CAIRN_SESSION_HOURS", "10")];

/// Sets a time of all sessions back.
async fn set_back(place: &Place, column: &str, mins: u64) {
    place.execute_control(&format!("UPDATE user_session SET {column} = {column} - {mins} * 60000")).await;
}

#[cairn_test]
async fn an_idle_session_ends(place: &Place) {
    let cairn = Cairn::start(place, &SHORT_SESSIONS).await;
    let mut ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    ann.sign_in(ANN, PASSWORD).await;
    // Used in time, again and again, it is not idle.
    for _ in 0..3 {
        set_back(place, "used_at_ms", 119).await;
        assert_eq!(ann.get("").await.0, 200);
    }
    set_back(place, "used_at_ms", 121).await;
    assert_eq!(refusal(ann.get("").await), (401, "session_not_valid".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn a_session_ends_at_its_maximum_age(place: &Place) {
    let cairn = Cairn::start(place, &SHORT_SESSIONS).await;
    let mut ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    ann.sign_in(ANN, PASSWORD).await;
    set_back(place, "expires_at_ms", 599).await;
    assert_eq!(ann.get("").await.0, 200, "a minute before");
    set_back(place, "expires_at_ms", 1).await;
    assert_eq!(ann.get("").await.0, 401);
    cairn.stop().await;
}

#[cairn_test]
async fn a_session_of_an_older_epoch_is_refused(place: &Place) {
    let cairn = Cairn::start(place, &SHORT_SESSIONS).await;
    let mut ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    // As if it had been opened while all sessions of the user were ended.
    ann.sign_in(ANN, PASSWORD).await;
    place.execute_control(r#"UPDATE "user" SET epoch = epoch + 1"#).await;
    assert_eq!(ann.get("").await.0, 401);
    cairn.stop().await;
}

#[cairn_test]
async fn secrets_are_stored_only_as_digests(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (mut ann, mailbox) = (Person::new(&cairn), Mailbox::in_data_of(place));
    ann.register(ANN, &mailbox).await;
    ann.sign_in(ANN, PASSWORD).await;
    ann.post("/password/forgotten", json!({"email": ANN})).await;
    let code = mailbox.take(ANN, "Your code for a new password").await.code();
    assert_eq!((ann.token.as_ref().unwrap().len(), code.len()), (64, 32));
    let hex = if place.database_url.is_some() { "encode(digest, 'hex')" } else { "lower(hex(digest))" };
    let token = ann.token.clone().unwrap();
    for (table, secrets) in [("user_session", vec![token]), ("user_code", vec![code, cairn.setup_code()])] {
        let kept: BTreeSet<String> =
            place.control_texts(&format!("SELECT {hex} FROM {table}")).await.into_iter().collect();
        assert_eq!(kept, secrets.iter().map(|secret| sha256(secret)).collect(), "{table}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_password_is_hashed_again_with_new_parameters_at_the_next_sign_in(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (mut ann, mailbox) = (Person::new(&cairn), Mailbox::in_data_of(place));
    ann.register(ANN, &mailbox).await;
    ann.sign_in(ANN, PASSWORD).await;
    let password = place.control_texts(r#"SELECT password FROM "user""#).await;
    assert!(password[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{password:?}");
    let token = ann.token.clone();
    cairn.stop().await;

    let cairn = Cairn::start(place, &[("CAIRN_PASSWORD_PASSES", "3")]).await;
    let mut ann = Person { token, ..Person::new(&cairn) };
    assert_eq!(ann.get("").await.0, 200, "sessions outlive a restart");
    assert_eq!(ann.try_sign_in(ANN, "not the password").await.0, 401);
    assert_eq!(
        place.control_texts(r#"SELECT password FROM "user""#).await,
        password,
        "a wrong password changes nothing"
    );
    ann.sign_in(ANN, PASSWORD).await;
    let dearer = place.control_texts(r#"SELECT password FROM "user""#).await;
    assert!(dearer[0].starts_with("$argon2id$v=19$m=19456,t=3,p=1$"), "{dearer:?}");
    ann.sign_in(ANN, PASSWORD).await;
    assert_eq!(place.control_texts(r#"SELECT password FROM "user""#).await, dearer, "hashed again only once");
    cairn.stop().await;
}

#[cairn_test]
async fn a_user_has_fifty_sessions_at_most(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mut ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    let mut opened = Vec::new();
    for _ in 0..53 {
        opened.push(ann.sign_in(ANN, PASSWORD).await);
    }
    let (_, listed) = ann.get("/sessions").await;
    let open: BTreeSet<&str> =
        listed["items"].as_array().unwrap().iter().map(|session| session["session_id"].as_str().unwrap()).collect();
    assert_eq!(open, opened[3..].iter().map(String::as_str).collect());
    cairn.stop().await;
}

fn sha256(text: &str) -> String {
    use std::{
        io::Write,
        process::{Command, Stdio},
    };
    let mut sum = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    sum.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(sum.wait_with_output().unwrap().stdout).unwrap()[..64].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_on_one_instance_is_refused_at_once_by_another() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let (one, other) = (Cairn::start(&place, &[]).await, Cairn::start(&place, &[]).await);
    let (mut here, mailbox) = (Person::new(&one), Mailbox::in_data_of(&place));
    here.register(ANN, &mailbox).await;
    for ending in ["/sessions/current", "/sessions"] {
        here.sign_in(ANN, PASSWORD).await;
        let there = here.at(&other);
        assert_eq!(there.get("").await.0, 200);
        assert_eq!(here.delete(ending).await.0, 204);
        assert_eq!(there.get("").await.0, 401);
    }
    here.sign_in(ANN, PASSWORD).await;
    let there = here.at(&other);
    let change = json!({"current": PASSWORD, "password": "another horse battery"});
    assert_eq!(here.post("/password/change", change).await.0, 204);
    assert_eq!(there.get("").await.0, 401);
    one.stop().await;
    other.stop().await;
    place.clear().await;
}
