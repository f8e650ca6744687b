//! Second factors: turned on in two steps, asked for at sign-in, replaced by recovery codes, and turned off.

use std::collections::BTreeSet;

use cairn::platform::{clock, codec::hex, sealing::Sealer, token, totp::TotpSecret};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, read, refusal},
    process::cairn,
};

const ANN: &str = "ann@example.org";

/// The code that an app shows now.
pub fn code_of(secret: &str) -> String {
    let secret = TotpSecret::from_base32(secret).unwrap();
    format!("{:06}", secret.code(clock::now_ms() / 30_000))
}

/// Lets the code of this moment be used again, as time would.
async fn forget_used(place: &Place) {
    place.execute_control("UPDATE second_factor SET used_step = 0").await;
}

/// Ann, signed in, with a second factor: its secret, and her recovery codes.
async fn with_factor<'a>(cairn: &'a Cairn, place: &Place) -> (Person<'a>, String, Vec<String>) {
    let (ann, _) = Person::signed_in(cairn, ANN, &Mailbox::in_data_of(place)).await;
    let (status, begun) = ann.post("/second-factor", json!({"password": PASSWORD})).await;
    assert_eq!(status, 201, "{begun}");
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let (status, confirmed) = ann.post("/second-factor/confirm", json!({"code": code_of(&secret)})).await;
    assert_eq!(status, 200, "{confirmed}");
    let codes = confirmed["recovery_codes"].as_array().unwrap();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    forget_used(place).await;
    (ann, secret, codes)
}

async fn challenge(person: &Person<'_>) -> String {
    let (status, answer) = person.try_sign_in(ANN, PASSWORD).await;
    assert_eq!((status, &answer["token"]), (202, &Value::Null), "{answer}");
    answer["challenge"].as_str().unwrap().to_owned()
}

async fn finish(person: &Person<'_>, challenge: &str, code: &str) -> (u16, Value) {
    person.post("/sessions/second-factor", json!({"challenge": challenge, "code": code})).await
}

fn wrong_code() -> (u16, String) {
    (403, "second_factor_wrong".to_owned())
}

fn challenge_over() -> (u16, String) {
    (401, "challenge_not_valid".to_owned())
}

#[cairn_test]
async fn a_factor_is_asked_for_once_a_code_has_confirmed_it(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mailbox = Mailbox::in_data_of(place);
    let (ann, _) = Person::signed_in(&cairn, ANN, &mailbox).await;
    assert_eq!(ann.get("/second-factor").await, (200, json!({"enabled": false})));
    let none_yet = ann.post("/second-factor/confirm", json!({"code": "123456"})).await;
    assert_eq!(refusal(none_yet), (409, "second_factor_not_begun".to_owned()));
    let wrong = ann.post("/second-factor", json!({"password": "not the password"})).await;
    assert_eq!(refusal(wrong), (403, "wrong_password".to_owned()));
    let another = async || ann.post("/second-factor", json!({"password": PASSWORD})).await.1;
    let (earlier, begun) = (another().await, another().await);
    let secret = begun["secret"].as_str().unwrap();
    assert_ne!(&earlier["secret"], secret);
    let url = begun["otpauth_url"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/127%2E0%2E0%2E1") && url.contains(":ann%40example%2Eorg?"), "{url}");
    assert!(url.contains(&format!("secret={secret}&issuer=")) && url.ends_with("&digits=6&period=30"), "{url}");
    assert_eq!(ann.try_sign_in(ANN, PASSWORD).await.0, 201, "it is not confirmed");
    for code in [code_of(earlier["secret"].as_str().unwrap()), "0123-4567-89ab-cdef".to_owned()] {
        assert_eq!(refusal(ann.post("/second-factor/confirm", json!({"code": code})).await), wrong_code());
    }
    let (status, confirmed) = ann.post("/second-factor/confirm", json!({"code": code_of(secret)})).await;
    let codes: BTreeSet<&str> =
        confirmed["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    assert_eq!((status, codes.len()), (200, 10));
    mailbox.take(ANN, "Second factor turned on").await;
    let shown = ann.get("/second-factor").await.1;
    assert_eq!((&shown["enabled"], &shown["recovery_codes_left"]), (&json!(true), &json!(10)));
    let again = ann.post("/second-factor", json!({"password": PASSWORD})).await;
    assert_eq!(refusal(again), (409, "second_factor_exists".to_owned()));
    assert_eq!(ann.get("").await.0, 200, "open sessions stay open");

    forget_used(place).await;
    let mut at_home = Person::new(&cairn);
    let first = challenge(&at_home).await;
    assert_eq!(refusal(finish(&at_home, &first, "000000").await), wrong_code());
    let code = code_of(secret);
    let (status, session) = finish(&at_home, &first, &format!("{} {}", &code[..3], &code[3..])).await;
    assert_eq!(status, 201, "{session}");
    at_home.token = session["token"].as_str().map(str::to_owned);
    assert_eq!(at_home.get("").await.1["email"], ANN);
    let second = challenge(&ann).await;
    assert_eq!(refusal(finish(&ann, &second, &code).await), wrong_code(), "a code works once");
    forget_used(place).await;
    assert_eq!(refusal(finish(&ann, &first, &code_of(secret)).await), challenge_over(), "and so does a challenge");
    cairn.stop().await;
}

#[cairn_test]
async fn a_factor_that_was_begun_too_long_ago_can_not_be_confirmed(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = Person::signed_in(&cairn, ANN, &Mailbox::in_data_of(place)).await;
    let begun = ann.post("/second-factor", json!({"password": PASSWORD})).await.1;
    place.execute_control("UPDATE second_factor SET begun_at_ms = begun_at_ms - 901000").await;
    let code = code_of(begun["secret"].as_str().unwrap());
    let late = ann.post("/second-factor/confirm", json!({"code": code})).await;
    assert_eq!(refusal(late), (409, "second_factor_not_begun".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn a_recovery_code_stands_in_for_the_app_once(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mailbox = Mailbox::in_data_of(place);
    let (ann, secret, codes) = with_factor(&cairn, place).await;
    assert_eq!(finish(&ann, &challenge(&ann).await, &codes[0].to_uppercase()).await.0, 201);
    let told = mailbox.take(ANN, "A recovery code was used").await;
    assert!(told.text.contains("Left: 9 codes."), "{}", told.text);
    assert_eq!(refusal(finish(&ann, &challenge(&ann).await, &codes[0]).await), wrong_code());
    assert_eq!(ann.get("/second-factor").await.1["recovery_codes_left"], 9);

    let renew = async |password: &str, code: &str| {
        ann.post("/second-factor/recovery-codes", json!({"password": password, "code": code})).await
    };
    assert_eq!(refusal(renew("not the password", &codes[1]).await), (403, "wrong_password".to_owned()));
    assert_eq!(refusal(renew(PASSWORD, "000000").await), wrong_code());
    let (status, renewed) = renew(PASSWORD, &code_of(&secret)).await;
    assert_eq!(status, 200, "{renewed}");
    mailbox.take(ANN, "New recovery codes").await;
    assert_eq!(refusal(finish(&ann, &challenge(&ann).await, &codes[1]).await), wrong_code(), "the old ones are void");
    let new = renewed["recovery_codes"][9].as_str().unwrap();
    assert_eq!(finish(&ann, &challenge(&ann).await, new).await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn a_new_password_does_not_get_past_the_factor(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mailbox = Mailbox::in_data_of(place);
    let (ann, secret, _) = with_factor(&cairn, place).await;
    let before = challenge(&ann).await;
    assert_eq!(ann.post("/password/forgotten", json!({"email": ANN})).await.0, 202);
    let code = mailbox.take(ANN, "Your code for a new password").await.code();
    let reset = json!({"code": code, "password": "quite another one"});
    assert_eq!(ann.post("/password/reset", reset).await.0, 204);
    assert_eq!(
        refusal(finish(&ann, &before, &code_of(&secret)).await),
        challenge_over(),
        "it was for the old password"
    );
    let (status, answer) = ann.try_sign_in(ANN, "quite another one").await;
    assert_eq!(status, 202);
    assert_eq!(finish(&ann, answer["challenge"].as_str().unwrap(), &code_of(&secret)).await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn a_factor_is_removed_with_the_password_and_a_code(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, secret, codes) = with_factor(&cairn, place).await;
    let remove = async |password: &str, code: &str| {
        ann.post("/second-factor/remove", json!({"password": password, "code": code})).await
    };
    assert_eq!(refusal(remove("not the password", &code_of(&secret)).await), (403, "wrong_password".to_owned()));
    assert_eq!(refusal(remove(PASSWORD, "000000").await), wrong_code());
    assert_eq!(remove(PASSWORD, &codes[3]).await.0, 204);
    Mailbox::in_data_of(place).take(ANN, "Second factor turned off").await;
    assert_eq!(ann.get("/second-factor").await, (200, json!({"enabled": false})));
    assert_eq!(ann.try_sign_in(ANN, PASSWORD).await.0, 201);
    let none = remove(PASSWORD, &codes[4]).await;
    assert_eq!(refusal(none), (409, "second_factor_not_on".to_owned()));
    assert!(place.control_texts("SELECT user_id FROM recovery_code").await.is_empty());
    cairn.stop().await;
}

#[cairn_test]
async fn a_challenge_holds_for_the_program_that_asked_for_a_while_and_for_nobody_else(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, secret, _) = with_factor(&cairn, place).await;
    let given = challenge(&ann).await;
    let body = json!({"challenge": given, "code": code_of(&secret)}).to_string();
    let other = ann.request(Method::POST, "/sessions/second-factor").header("User-Agent", "another").body(body);
    let other = other.header("Content-Type", "application/json");
    assert_eq!(refusal(read(other.send().await.unwrap()).await), challenge_over(), "another program");

    let sealer = Sealer::with_key(&[[0x5e, 0xa1]; 16].concat().try_into().unwrap());
    let mut pending: Value = serde_json::from_str(&sealer.open("second step of a sign-in", &given).unwrap()).unwrap();
    pending["expires_at_ms"] = json!(clock::now_ms() - 1);
    let expired = sealer.seal("second step of a sign-in", &pending.to_string()).unwrap();
    let elsewhere = sealer.seal("another purpose", &pending.to_string()).unwrap();
    for broken in [&expired, &elsewhere, &given[1..], &given.to_uppercase(), "AQ"] {
        assert_eq!(refusal(finish(&ann, broken, &code_of(&secret)).await), challenge_over(), "{broken}");
    }
    assert_eq!(finish(&ann, &given, &code_of(&secret)).await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn codes_are_not_guessed_from_many_networks(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ACCOUNT_ATTEMPTS", "3")]).await;
    let (mut ann, secret, codes) = with_factor(&cairn, place).await;
    let given = challenge(&ann).await;
    let mut answers = Vec::new();
    for network in 0..5 {
        ann.from = format!("198.51.100.{network}");
        answers.push(finish(&ann, &given, &format!("00000{network}")).await);
    }
    let codes_of_answers: Vec<(u16, String)> = answers.into_iter().map(refusal).collect();
    let too_many = (429, "too_many_attempts".to_owned());
    assert_eq!(codes_of_answers, [wrong_code(), wrong_code(), wrong_code(), wrong_code(), too_many.clone()]);
    let within = ann.post("/second-factor/remove", json!({"password": PASSWORD, "code": code_of(&secret)})).await;
    assert_eq!(refusal(within), too_many.clone(), "nor in a session");
    assert_eq!(refusal(finish(&ann, &given, &codes[0]).await), too_many, "nor recovery codes");
    cairn.stop().await;
}

#[cairn_test]
async fn of_many_sign_ins_at_once_with_one_code_one_succeeds(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ACCOUNT_ATTEMPTS", "1000")]).await;
    let (ann, secret, codes) = with_factor(&cairn, place).await;
    for code in [code_of(&secret), codes[0].clone()] {
        let mut challenges = Vec::new();
        for _ in 0..8 {
            challenges.push(challenge(&ann).await);
        }
        let finished = challenges.iter().map(|challenge| finish(&ann, challenge, &code));
        let answers = futures_util::future::join_all(finished).await;
        assert_eq!(answers.iter().filter(|answer| answer.0 == 201).count(), 1, "{answers:?}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_browser_gets_its_cookie_with_the_second_step(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (_, secret, _) = with_factor(&cairn, place).await;
    let browser = Person::new(&cairn);
    let send = async |path: &str, body: Value, origin: &str| {
        let request = browser.request(Method::POST, path).header("Origin", origin).body(body.to_string());
        request.send().await.unwrap()
    };
    let first = send("/sessions", json!({"email": ANN, "password": PASSWORD, "cookie": true}), &cairn.base).await;
    assert!(!first.headers().contains_key("set-cookie"));
    let (status, first) = read(first).await;
    assert_eq!(status, 202);
    let step = json!({"challenge": first["challenge"], "code": code_of(&secret)});
    let foreign = send("/sessions/second-factor", step.clone(), "https://evil.example").await;
    assert_eq!(refusal(read(foreign).await), (403, "cross_site".to_owned()));
    let opened = send("/sessions/second-factor", step, &cairn.base).await;
    let cookie = opened.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("cairn_session=") && cookie.contains("; HttpOnly"), "{cookie}");
    assert_eq!(read(opened).await.1["token"], Value::Null);
    cairn.stop().await;
}

#[cairn_test]
async fn the_database_holds_neither_the_secret_nor_codes(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, secret, codes) = with_factor(&cairn, place).await;
    let user = ann.get("").await.1["user_id"].as_str().unwrap().to_owned();
    let stored = place.control_texts("SELECT secret FROM second_factor").await;
    assert!(stored.len() == 1 && !stored[0].contains(&secret), "{stored:?}");
    let hex = if place.database_url.is_some() { "encode(digest, 'hex')" } else { "lower(hex(digest))" };
    let digests = place.control_texts(&format!("SELECT {hex} FROM recovery_code")).await;
    let plain = codes[0].replace('-', "");
    let of_code = token::digest_of_parts(&[b"recovery code", user.as_bytes(), plain.as_bytes()]);
    let of_code = hex::of_bytes(&of_code);
    assert!(digests.len() == 10 && digests.contains(&of_code), "{digests:?}");
    let kept = place.control_texts("SELECT body FROM kept_answer").await.concat();
    assert!(!kept.contains(&codes[0]) && !kept.contains(&secret));
    // What is sealed for one user is of no use to another.
    let bobs = Person::signed_in(&cairn, "bob@example.org", &Mailbox::in_data_of(place)).await;
    bobs.0.post("/second-factor", json!({"password": PASSWORD})).await;
    place
        .execute_control(
            "UPDATE second_factor SET secret = (SELECT secret FROM second_factor WHERE since_ms IS NOT NULL)",
        )
        .await;
    let swapped = bobs.0.post("/second-factor/confirm", json!({"code": code_of(&secret)})).await;
    assert_eq!(swapped.0, 500);
    cairn.stop().await;
}

#[cairn_test]
async fn whoever_runs_the_server_removes_a_factor_that_is_lost(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    with_factor(&server, place).await;
    server.stop().await;
    let reset = |email: &str| cairn(place, &["account", "reset-second-factor", email]).output().unwrap();
    let unknown = reset("bob@example.org");
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(!unknown.status.success() && said.contains("no account with the address bob@example.org in "), "{said}");
    assert!(reset(ANN).status.success());
    let entries = place.control_texts("SELECT actor || ' ' || action || ' ' || object FROM audit").await;
    let entry = entries.iter().find(|entry| entry.starts_with("command line account.second_factor_reset user:"));
    assert!(entry.is_some(), "{entries:?}");
    let again = reset(ANN);
    assert!(String::from_utf8(again.stderr).unwrap().contains("This account has no second factor."));
    let server = Cairn::start(place, &[]).await;
    assert_eq!(Person::new(&server).try_sign_in(ANN, PASSWORD).await.0, 201);
    Mailbox::in_data_of(place).take(ANN, "Second factor removed").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_secret_key_no_factor_is_begun_and_none_is_passed_over() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let cairn = Cairn::start(&place, &[]).await;
    let mailbox = Mailbox::in_data_of(&place);
    with_factor(&cairn, &place).await;
    Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    cairn.stop().await;
    let cairn = Cairn::start(&place, &[("CAIRN_SECRET_KEY", "")]).await;
    let missing = (503, "sealing_key_missing".to_owned());
    let mut bob = Person::new(&cairn);
    bob.sign_in("bob@example.org", PASSWORD).await;
    assert_eq!(refusal(bob.post("/second-factor", json!({"password": PASSWORD})).await), missing.clone());
    assert_eq!(refusal(bob.try_sign_in(ANN, PASSWORD).await), missing);
    cairn.stop().await;
    place.clear().await;
}

#[cairn_test]
async fn emails_are_in_the_language_that_was_asked_for_or_that_the_profile_says(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (mailbox, mut ann) = (Mailbox::in_data_of(place), Person::new(&cairn));
    assert_eq!(ann.post("/register", json!({"email": ANN, "language": "ro-RO"})).await.0, 202);
    let email = mailbox.take(ANN, "Codul tău pentru un cont nou").await;
    let link = format!("{}/account/confirm#code={}\n", cairn.base, email.code());
    assert!(email.text.contains(&link) && email.text.contains("timp de 60 de minute."), "{}", email.text);
    assert_eq!(ann.post("", json!({"code": email.code(), "password": PASSWORD})).await.0, 201);
    ann.sign_in(ANN, PASSWORD).await;
    let profile = json!({"username": "ann", "preferences": {"language": "ro"}}).to_string();
    let url = format!("{}/api/users", cairn.base);
    let put = cairn
        .http
        .request(Method::PUT, url)
        .bearer_auth(ann.token.as_ref().unwrap())
        .header("Content-Type", "application/json");
    assert_eq!(put.body(profile).send().await.unwrap().status(), 200);
    assert_eq!(ann.post("/password/forgotten", json!({"email": ANN, "language": "en"})).await.0, 202);
    let email = mailbox.take(ANN, "Codul tău pentru o parolă nouă").await;
    assert!(email.text.contains(&format!("{}/account/reset#code={}\n", cairn.base, email.code())), "{}", email.text);
    let wrong = ann.post("/register", json!({"email": ANN, "language": "ro_RO"})).await;
    assert_eq!(wrong.1["errors"][0]["pointer"], "/language");
    cairn.stop().await;
}
