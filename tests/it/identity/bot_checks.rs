//! Proofs that one is no bot: who is asked, and what is taken.

use std::sync::{Arc, Mutex};

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{Answer, PASSWORD, Person, read, refusal},
    provider::{Provider, ok},
};

const ANN: &str = "ann@example.org";

/// A server that asks from the third request on, for little work.
async fn asking(place: &Place) -> Cairn {
    let settings = [("CAIRN_BOT_CHECK", "work"), ("CAIRN_BOT_CHECK_FREE", "2"), ("CAIRN_BOT_CHECK_BITS", "6")];
    let cairn = Cairn::start(place, &settings).await;
    // Until then it counts by itself.
    cairn.has_its_cache().await;
    cairn
}

/// The number that was looked for, behind the challenge.
fn solved(problem: &Value) -> String {
    let (challenge, bits) =
        (problem["proof"]["challenge"].as_str().unwrap(), problem["proof"]["bits"].as_u64().unwrap());
    let is_it = |text: &String| {
        let digest = Sha256::digest(text);
        u128::from_be_bytes(digest[..16].try_into().unwrap()).leading_zeros() >= u32::try_from(bits).unwrap()
    };
    (0..1_000_000).map(|number| format!("{challenge}:{number}")).find(is_it).unwrap()
}

async fn send(person: &Person<'_>, path: &str, body: &Value, proof: &str) -> Answer {
    let url = format!("{}{path}", person.cairn.base);
    let request = person.cairn.http.request(Method::POST, url).header("X-Forwarded-For", &person.from);
    let request = request.header("Content-Type", "application/json").header("Cairn-Proof", proof);
    read(request.body(body.to_string()).send().await.unwrap()).await
}

fn needed() -> (u16, String) {
    (403, "proof_needed".to_owned())
}

#[cairn_test]
async fn a_network_that_asks_for_much_works_for_it(place: &Place) {
    let cairn = asking(place).await;
    let mut person = Person::new(&cairn);
    let paths = ["/v1/account/register", "/v1/account/password/forgotten", "/api/users"];
    for (number, path) in paths[..2].iter().enumerate() {
        let body = json!({"email": format!("a{number}@example.org")});
        assert_eq!(send(&person, path, &body, "").await.0, 202, "{path}");
    }
    for path in paths {
        let body = json!({"email": "b@example.org"});
        let (status, problem) = send(&person, path, &body, "").await;
        assert_eq!(
            (status, &problem["code"], &problem["proof"]["kind"]),
            (403, &json!("proof_needed"), &json!("work"))
        );
        let proof = solved(&problem);
        let too_little = format!("{}:x", problem["proof"]["challenge"].as_str().unwrap());
        for wrong in [too_little.as_str(), "x", &proof.replacen('6', "1", 1)] {
            assert_eq!(refusal(send(&person, path, &body, wrong).await), needed(), "{wrong}");
        }
        assert_eq!(send(&person, path, &body, &proof).await.0, 202, "{path}");
        assert_eq!(refusal(send(&person, path, &body, &proof).await), needed(), "once");
    }
    let problem = send(&person, paths[0], &json!({"email": "c@example.org"}), "").await.1;
    assert!(problem["proof"]["bits"].as_u64().unwrap() > 6, "the more, the more: {problem}");
    let proof = solved(&problem);
    person.from = "198.51.100.1".to_owned();
    for number in 0..2 {
        let body = json!({"email": format!("d{number}@example.org")});
        assert_eq!(send(&person, paths[0], &body, "").await.0, 202, "another network");
    }
    let foreign = send(&person, paths[0], &json!({"email": "e@example.org"}), &proof).await;
    assert_eq!(refusal(foreign), needed(), "a proof is of one network");
    cairn.stop().await;
}

#[cairn_test]
async fn wrong_passwords_cost_work_and_right_ones_nothing(place: &Place) {
    let cairn = asking(place).await;
    let mailbox = Mailbox::in_data_of(place);
    let person = Person::new(&cairn);
    person.register(ANN, &mailbox).await;
    let path = "/v1/account/sessions";
    let body = |password: &str| json!({"email": ANN, "password": password});
    for _ in 0..4 {
        assert_eq!(send(&person, path, &body(PASSWORD), "").await.0, 201);
    }
    for _ in 0..2 {
        assert_eq!(send(&person, path, &body("not the password"), "").await.0, 401);
    }
    let (status, problem) = send(&person, path, &body(PASSWORD), "").await;
    assert_eq!((status, &problem["code"]), (403, &json!("proof_needed")));
    assert_eq!(send(&person, path, &body(PASSWORD), &solved(&problem)).await.0, 201);
    let mut elsewhere = Person::new(&cairn);
    elsewhere.from = "198.51.100.1".to_owned();
    assert_eq!(send(&elsewhere, path, &body(PASSWORD), "").await.0, 201, "her account is not closed to others");
    cairn.stop().await;
}

#[cairn_test]
async fn tokens_of_a_widget_are_verified_where_they_come_from(place: &Place) {
    let verdict = Arc::new(Mutex::new((String::new(), json!({"success": false}))));
    let told = Arc::clone(&verdict);
    let service = Provider::start(move |request| {
        let mut told = told.lock().unwrap();
        told.0 = request.rsplit_once("\r\n\r\n").unwrap().1.to_owned();
        ok(&told.1.to_string())
    })
    .await;
    let url = format!("{}/siteverify", service.base);
    for kind in ["recaptcha", "hcaptcha", "turnstile"] {
        let settings = [
            ("CAIRN_BOT_CHECK", kind),
            ("CAIRN_BOT_CHECK_FREE", "0"),
            ("CAIRN_BOT_CHECK_SITE_KEY", "the-site"),
            ("CAIRN_BOT_CHECK_SECRET", "the secret"),
            ("CAIRN_BOT_CHECK_URL", url.as_str()),
            ("CAIRN_PUBLIC_URL", "https://cairn.example"),
            ("CAIRN_OUTBOUND_PRIVATE", "true"),
        ];
        let cairn = Cairn::start(place, &settings).await;
        let person = Person::new(&cairn);
        let path = "/v1/account/register";
        let body = json!({"email": format!("{kind}@example.org")});
        let (status, problem) = send(&person, path, &body, "").await;
        assert_eq!((status, &problem["proof"]), (403, &json!({"kind": kind, "site_key": "the-site"})));
        for no in [
            json!({"success": false, "error-codes": ["invalid-input-response"]}),
            json!({"success": true, "hostname": "evil.example"}),
            json!({"success": true, "hostname": "cairn.example", "score": 0.1}),
        ] {
            verdict.lock().unwrap().1 = no.clone();
            assert_eq!(refusal(send(&person, path, &body, "a token").await), needed(), "{no}");
        }
        verdict.lock().unwrap().1 = json!({"success": true, "hostname": "cairn.example"});
        assert_eq!(send(&person, path, &body, "a token").await.0, 202);
        let form = verdict.lock().unwrap().0.clone();
        assert_eq!(form, "secret=the+secret&response=a+token&remoteip=203.0.113.9");
        cairn.stop().await;
    }
}

#[cairn_test]
async fn work_is_taken_while_the_service_can_not_be_asked(place: &Place) {
    let settings = [
        ("CAIRN_BOT_CHECK", "turnstile"),
        ("CAIRN_BOT_CHECK_FREE", "0"),
        ("CAIRN_BOT_CHECK_BITS", "6"),
        ("CAIRN_BOT_CHECK_SITE_KEY", "the-site"),
        ("CAIRN_BOT_CHECK_SECRET", "the secret"),
        ("CAIRN_BOT_CHECK_URL", "http://127.0.0.1:1/siteverify"),
        ("CAIRN_OUTBOUND_PRIVATE", "true"),
    ];
    let cairn = Cairn::start(place, &settings).await;
    let (person, body) = (Person::new(&cairn), json!({"email": ANN}));
    let problem = send(&person, "/v1/account/register", &body, "a token").await.1;
    assert_eq!(problem["proof"]["kind"], "work", "{problem}");
    assert_eq!(send(&person, "/v1/account/register", &body, &solved(&problem)).await.0, 202);
    cairn.stop().await;
}

#[test]
fn a_widget_needs_its_keys() {
    use cairn::config::Config;
    for (settings, named) in [
        (&[("CAIRN_BOT_CHECK", "captcha")][..], "CAIRN_BOT_CHECK is \"captcha\", and must be one of off, work, "),
        (&[("CAIRN_BOT_CHECK", "turnstile")], "CAIRN_BOT_CHECK_SITE_KEY is \"\", and must be set"),
        (
            &[("CAIRN_BOT_CHECK", "hcaptcha"), ("CAIRN_BOT_CHECK_SITE_KEY", "a")],
            "CAIRN_BOT_CHECK_SECRET is \"\", and must be set",
        ),
        (&[("CAIRN_BOT_CHECK_BITS", "21")], "CAIRN_BOT_CHECK_BITS is 21, and must be from 1 to 20"),
    ] {
        let refused = Config::read(None, settings.iter().copied()).unwrap_err().to_string();
        assert!(refused.contains(named), "{refused}");
    }
}
