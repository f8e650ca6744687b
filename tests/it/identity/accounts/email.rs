//! How emails are delivered.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use crate::support::{
    Backend, Cairn, Place, eventually, faulty_mail,
    faulty_mail::FaultyMailServer,
    mail::{MailServer, Manner},
    person::Person,
    process::{Process, cairn},
};

#[cairn_test]
async fn an_email_is_retried_until_the_mail_server_is_available(place: &Place) {
    let Some(mut mail) = MailServer::prepare(Manner::Plain) else { return };
    let cairn = Cairn::start(
        place,
        &[("CAIRN_MAIL_URL", &mail.url), ("CAIRN_PUBLIC_URL", "http://cairn.example"), ("CAIRN_MAIL_LETTERS", "2")],
    )
    .await;
    let ann = Person::new(&cairn);
    for email in ["one@example.org", "two@example.org"] {
        assert_eq!(ann.post("/register", json!({"email": email})).await.0, 202);
    }
    // No third may be on its way: each request is refused, whether there is an account or not.
    let full = ann.request(Method::POST, "/register").body(r#"{"email":"three@example.org"}"#).send().await.unwrap();
    assert_eq!((full.status().as_u16(), full.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    assert!(mail.mailbox.all().is_empty());
    mail.start().await;
    for to in ["one@example.org", "two@example.org"] {
        mail.mailbox.take(to, "Your code for a new account").await;
    }
    eventually("there is room again", async || {
        ann.post("/password/forgotten", json!({"email": "three@example.org"})).await.0 == 202
    })
    .await;
    mail.mailbox.take("three@example.org", "There is no account with this address").await;
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emails_by_tls_go_only_to_a_server_whose_certificate_is_trusted() {
    for manner in [Manner::Tls, Manner::StartTls] {
        let Some(mail) = MailServer::running(manner).await else { return };
        let place = Place::make(Backend::Embedded).await.unwrap();
        let ask = async |process: &Process, email: &str| {
            let request = crate::support::http::Client::new().post(format!("{}/v1/account/register", process.base));
            let answer = request.body(json!({"email": email}).to_string()).send().await.unwrap();
            assert_eq!(answer.status(), 202);
        };
        let program = || {
            let mut program = cairn(&place, &[]);
            program.env("CAIRN_MAIL_URL", &mail.url).env("CAIRN_PUBLIC_URL", "http://cairn.example");
            program
        };
        let wary = Process::start(program());
        ask(&wary, "first@example.org").await;
        eventually("it notices", async || wary.log().contains("a job failed, retrying")).await;
        assert!(!wary.log().contains("pass:word"));
        assert!(mail.mailbox.all().is_empty());
        wary.signal("TERM");
        assert!(wary.wait().0.success());

        let mut trusting = program();
        // The list of the system's certificates, to those who ask for it as OpenSSL does.
        trusting.env("SSL_CERT_FILE", mail.certificate());
        let trusting = Process::start(trusting);
        ask(&trusting, "second@example.org").await;
        mail.mailbox.take("second@example.org", "Your code for a new account").await;
        trusting.signal("TERM");
        assert!(trusting.wait().0.success());
        place.clear().await;
    }
}

/// The settings with that mail server.
fn with_mail(url: &str) -> [(&str, &str); 2] {
    [("CAIRN_MAIL_URL", url), ("CAIRN_PUBLIC_URL", "http://cairn.example")]
}

#[cairn_test]
async fn an_email_that_waits_survives_a_restart(place: &Place) {
    let Some(mut mail) = MailServer::prepare(Manner::Plain) else { return };
    let cairn = Cairn::start(place, &with_mail(&mail.url)).await;
    assert_eq!(Person::new(&cairn).post("/register", json!({"email": "ann@example.org"})).await.0, 202);
    cairn.stop().await;
    mail.start().await;
    let cairn = Cairn::start(place, &with_mail(&mail.url)).await;
    let code = mail.mailbox.take("ann@example.org", "Your code for a new account").await.code();
    let made = Person::new(&cairn).post("", json!({"code": code, "password": "correct horse battery"})).await;
    assert_eq!(made.0, 201, "the code in it is valid");
    cairn.stop().await;
    assert!(mail.mailbox.all().is_empty(), "it was sent once");
}

#[cairn_test]
async fn an_email_of_which_nobody_knows_whether_it_was_taken_is_sent_twice_at_most(place: &Place) {
    let mail = FaultyMailServer::start(faulty_mail::Manner::Vanish).await;
    let cairn = Cairn::start(place, &with_mail(&mail.url)).await;
    assert_eq!(Person::new(&cairn).post("/register", json!({"email": "ann@example.org"})).await.0, 202);
    let errors = async || place.control_texts("SELECT error FROM job WHERE dead").await;
    eventually("it is given up", async || errors().await.len() == 1).await;
    assert!(errors().await[0].contains("it may have been done already"), "{:?}", errors().await);
    let arrived = mail.arrived();
    let [first, second] = &arrived[..] else { panic!("{arrived:?}") };
    assert_eq!((&first.message_id, &first.text.contains("ann@example.org")), (&second.message_id, &true));
    let code = |text: &str| text.lines().find_map(|line| line.strip_prefix("    ").map(str::to_owned)).unwrap();
    assert_eq!(code(&first.text), code(&second.text), "both are valid");
    cairn.stop().await;
}

#[cairn_test]
async fn an_email_that_is_refused_for_good_is_given_up_and_tells_no_address(place: &Place) {
    let mail = FaultyMailServer::start(faulty_mail::Manner::Refuse).await;
    let cairn = Cairn::start(place, &with_mail(&mail.url)).await;
    assert_eq!(Person::new(&cairn).post("/register", json!({"email": "ann@example.org"})).await.0, 202);
    let dead = async || place.control_texts("SELECT payload || error FROM job WHERE dead").await;
    eventually("it is given up", async || dead().await.len() == 1).await;
    let text = dead().await.pop().unwrap();
    assert!(text.contains("refused the email (550)"), "{text}");
    assert!(!text.contains("ann") && !text.contains("example.org"), "{text}");
    cairn.stop().await;
}

#[cairn_test]
async fn a_known_and_an_unknown_address_cause_the_same_row(place: &Place) {
    let Some(mail) = MailServer::running(Manner::Plain).await else { return };
    let cairn = Cairn::start(place, &with_mail(&mail.url)).await;
    Person::signed_in(&cairn, "ann@example.org", &mail.mailbox).await;
    cairn.stop().await;
    drop(mail);
    let cairn = Cairn::start(place, &with_mail("smtp://127.0.0.1:1")).await;
    let person = Person::new(&cairn);
    for (path, purpose) in [("/register", "registration"), ("/password/forgotten", "password_reset")] {
        let mut rows = Vec::new();
        for email in ["ann@example.org", "bob@example.org"] {
            assert_eq!(person.post(path, json!({"email": email})).await.0, 202);
            let sql = "SELECT kind || ' ' || payload FROM job ORDER BY id DESC LIMIT 1";
            let row = place.control_texts(sql).await.pop().unwrap();
            assert!(!row.contains("ann") && !row.contains("bob") && !row.contains("example"), "{row}");
            rows.push(row);
        }
        let parse = |row: &str| serde_json::from_str::<serde_json::Value>(row.split_once(' ').unwrap().1).unwrap();
        for row in &rows {
            let payload = parse(row);
            assert_eq!((payload["purpose"].as_str(), payload.as_object().unwrap().len()), (Some(purpose), 2), "{row}");
        }
        let shape = |row: &String| {
            let payload = parse(row);
            row.replace(payload["to"]["sealed"].as_str().unwrap(), "")
        };
        assert_eq!((shape(&rows[0]), rows[0].len()), (shape(&rows[1]), rows[1].len()));
    }
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_secret_key_a_server_works_and_says_what_it_can_not_send() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let cairn = Cairn::start(&place, &[("CAIRN_SECRET_KEY", "")]).await;
    let refused = Person::new(&cairn).post("/register", json!({"email": "ann@example.org"})).await;
    assert_eq!((refused.0, refused.1["code"].as_str()), (503, Some("sealing_key_missing")));
    assert_eq!(cairn.get("/readyz").send().await.unwrap().status(), 200);
    assert!(place.control_texts("SELECT payload FROM job WHERE kind = 'mail'").await.is_empty());
    cairn.stop().await;
    place.clear().await;
}
