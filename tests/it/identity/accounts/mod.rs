//! Accounts: from the first letter to the last, and the codes that letters carry.

mod bad_input;
mod guessing;
mod sessions;
mod setup;

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place, eventually,
    mail::{MailServer, Mailbox, Manner},
    person::{PASSWORD, Person, refusal},
    process::{Process, cairn},
};

const ANN: &str = "Ann@example.org";

async fn rows(place: &Place) -> usize {
    let tables = [
        r#"SELECT id FROM "user""#,
        r#"SELECT "user" FROM user_session"#,
        "SELECT email FROM user_code WHERE purpose <> 4",
    ];
    let mut rows = 0;
    for select in tables {
        rows += place.control_texts(select).await.len();
    }
    rows
}

#[cairn_test]
async fn an_account_is_made_used_changed_and_deleted_with_letters_through_a_mail_server(place: &Place) {
    let Some(mail) = MailServer::running(Manner::Plain).await else { return };
    let mailbox = &mail.mailbox;
    let cairn =
        Cairn::start(place, &[("CAIRN_MAIL_URL", &mail.url), ("CAIRN_PUBLIC_URL", "http://cairn.example")]).await;
    let mut ann = Person::new(&cairn);

    let user = ann.register(ANN, mailbox).await;
    ann.sign_in("ann@EXAMPLE.org", PASSWORD).await;
    let (status, account) = ann.get("").await;
    assert_eq!((status, &account["email"], &account["user_id"]), (200, &ANN.into(), &user.as_str().into()));

    // Another address: proven by the new one, told to the old one.
    let change = json!({"email": "ann@new.example", "password": PASSWORD});
    assert_eq!(ann.post("/email/change", change).await, (202, json!({"email": "ann@new.example"})));
    let code = mailbox.take("ann@new.example", "Your code for a new address").await.code();
    assert_eq!(ann.get("").await.1["email"], ANN, "not before it is proven");
    let (status, account) = ann.post("/email/confirm", json!({"code": code})).await;
    assert_eq!((status, &account["email"]), (200, &"ann@new.example".into()));
    mailbox.take(ANN, "The address of your account was changed").await;
    assert_eq!(refusal(ann.try_sign_in(ANN, PASSWORD).await), (401, "wrong_credentials".to_owned()));

    // A forgotten password: the new one ends all sessions.
    ann.post("/password/forgotten", json!({"email": "ann@new.example"})).await;
    let code = mailbox.take("ann@new.example", "Your code for a new password").await.code();
    let reset = json!({"code": code, "password": "another horse battery"});
    assert_eq!(ann.post("/password/reset", reset).await, (204, Value::Null));
    mailbox.take("ann@new.example", "Your password was changed").await;
    assert_eq!(refusal(ann.get("").await), (401, "session_not_valid".to_owned()));
    assert_eq!(ann.try_sign_in("ann@new.example", PASSWORD).await.0, 401);
    ann.sign_in("ann@new.example", "another horse battery").await;

    // A changed one too.
    let change = json!({"current": PASSWORD, "password": "third horse battery"});
    assert_eq!(refusal(ann.post("/password/change", change).await), (403, "wrong_password".to_owned()));
    let change = json!({"current": "another horse battery", "password": "third horse battery"});
    assert_eq!(ann.post("/password/change", change).await.0, 204);
    mailbox.take("ann@new.example", "Your password was changed").await;
    assert_eq!(ann.get("").await.0, 401);
    ann.sign_in("ann@new.example", "third horse battery").await;

    // All that is kept, and then nothing.
    let (status, export) = ann.get("/export").await;
    assert_eq!((status, &export["account"]["email"]), (200, &"ann@new.example".into()));
    assert_eq!(export["sessions"].as_array().unwrap().len(), 1);
    assert!(!export.to_string().contains("argon2"));
    assert_eq!(ann.post("/delete", json!({"password": PASSWORD})).await.0, 403);
    assert_eq!(ann.post("/delete", json!({"password": "third horse battery"})).await.0, 204);
    mailbox.take("ann@new.example", "Your account was deleted").await;
    assert_eq!(ann.get("").await.0, 401);
    assert_eq!(ann.try_sign_in("ann@new.example", "third horse battery").await.0, 401);
    assert_eq!(rows(place).await, 0);
    assert!(mailbox.all().is_empty(), "{:?}", mailbox.all());
    cairn.stop().await;
}

#[cairn_test]
async fn a_code_works_once_for_what_it_was_sent_for_and_not_for_ever(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let mut ann = Person::new(&cairn);
    let not_valid = || (422, "code_not_valid".to_owned());
    let make = async |code: &str| ann.post("", json!({"code": code, "password": PASSWORD})).await;
    let ask = async || {
        ann.post("/register", json!({"email": ANN})).await;
        mailbox.take(ANN, "Your code for a new account").await.code()
    };
    assert_eq!(refusal(make("0123456789abcdef0123456789abcdef").await), not_valid());

    // Only the newest is good; a bad password does not use it up.
    let (older, newer) = (ask().await, ask().await);
    assert_ne!(older, newer);
    assert_eq!(refusal(make(&older).await), not_valid());
    assert_eq!(refusal(ann.post("/password/reset", json!({"code": newer, "password": PASSWORD})).await), not_valid());
    assert_eq!(ann.post("", json!({"code": newer, "password": "ann@example.org"})).await.0, 422);
    assert_eq!(make(&format!(" {newer}\n")).await.0, 201);
    assert_eq!(refusal(make(&newer).await), not_valid());

    // Of two at once one wins.
    ann.post("/password/forgotten", json!({"email": ANN})).await;
    let code = mailbox.take(ANN, "Your code for a new password").await.code();
    let reset = || ann.post("/password/reset", json!({"code": code, "password": "another horse battery"}));
    let (one, other) = tokio::join!(reset(), reset());
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);

    // It ends.
    ann.post("/password/forgotten", json!({"email": ANN})).await;
    let code = mailbox.take(ANN, "Your code for a new password").await.code();
    place.execute_control("UPDATE user_code SET expires_at_ms = 1").await;
    let late = ann.post("/password/reset", json!({"code": code, "password": PASSWORD})).await;
    assert_eq!(refusal(late), not_valid());

    // A new address is proven in a session of the same account.
    let mut bob = Person::new(&cairn);
    bob.register("bob@example.org", &mailbox).await;
    bob.sign_in("bob@example.org", PASSWORD).await;
    ann.sign_in(ANN, "another horse battery").await;
    let change = json!({"email": "other@example.org", "password": "another horse battery"});
    assert_eq!(ann.post("/email/change", change).await.0, 202);
    let code = mailbox.take("other@example.org", "Your code for a new address").await.code();
    assert_eq!(refusal(bob.post("/email/confirm", json!({"code": code})).await), not_valid());
    assert_eq!(ann.post("/email/confirm", json!({"code": code})).await.0, 200);
    cairn.stop().await;
}

#[cairn_test]
async fn an_address_has_one_account_and_only_its_letters_tell(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let mut ann = Person::new(&cairn);
    // Asked twice, in two spellings: the first code that is used makes the account.
    let both = ["Cat@example.org", "cat@EXAMPLE.ORG"];
    let mut codes = Vec::new();
    for email in both {
        ann.post("/register", json!({"email": email})).await;
        codes.push(mailbox.take(email, "Your code for a new account").await.code());
    }
    assert_eq!(ann.post("", json!({"code": codes[0], "password": PASSWORD})).await.0, 422);
    assert_eq!(ann.post("", json!({"code": codes[1], "password": PASSWORD})).await.0, 201);
    ann.from = "203.0.113.10".to_owned();
    assert_eq!(ann.post("/register", json!({"email": "CAT@example.org"})).await.0, 202);
    mailbox.take("CAT@example.org", "You have an account already").await;

    assert_eq!(ann.post("/password/forgotten", json!({"email": "no.one@example.org"})).await.0, 202);
    mailbox.take("no.one@example.org", "There is no account with this address").await;

    ann.register(ANN, &mailbox).await;
    ann.sign_in(ANN, PASSWORD).await;
    let change = json!({"email": "cat@example.org", "password": PASSWORD});
    assert_eq!(ann.post("/email/change", change).await.0, 202);
    mailbox.take("cat@example.org", "This address has an account already").await;
    // One that was free when it was asked for, and is not when it is proven.
    let change = json!({"email": "dan@example.org", "password": PASSWORD});
    assert_eq!(ann.post("/email/change", change).await.0, 202);
    let code = mailbox.take("dan@example.org", "Your code for a new address").await.code();
    Person::new(&cairn).register("dan@example.org", &mailbox).await;
    let late = ann.post("/email/confirm", json!({"code": code})).await;
    assert_eq!(refusal(late), (409, "address_taken".to_owned()));
    assert_eq!(ann.get("").await.1["email"], ANN);
    cairn.stop().await;
}

#[cairn_test]
async fn a_letter_is_sent_again_until_the_mail_server_is_there(place: &Place) {
    let Some(mut mail) = MailServer::prepare(Manner::Plain) else { return };
    let cairn = Cairn::start(
        place,
        &[("CAIRN_MAIL_URL", &mail.url), ("CAIRN_PUBLIC_URL", "http://cairn.example"), ("CAIRN_MAIL_LETTERS", "2")],
    )
    .await;
    let ann = Person::new(&cairn);
    for letter in ["one@example.org", "two@example.org"] {
        assert_eq!(ann.post("/register", json!({"email": letter})).await.0, 202);
    }
    // No third may be on its way: whoever asks is told, whether there is an account or not.
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
async fn by_tls_letters_go_only_to_a_server_whose_certificate_is_trusted() {
    for manner in [Manner::Tls, Manner::StartTls] {
        let Some(mail) = MailServer::running(manner).await else { return };
        let place = Place::make(Backend::Embedded).await.unwrap();
        let ask = async |process: &Process, email: &str| {
            let request = reqwest::Client::new().post(format!("{}/v1/account/register", process.base));
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
        eventually("it notices", async || wary.log().contains("a letter is not delivered yet")).await;
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
