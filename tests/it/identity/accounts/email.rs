//! How emails are delivered.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use crate::support::{
    Backend, Cairn, Place, eventually,
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
        eventually("it notices", async || wary.log().contains("email delivery failed, retrying")).await;
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
