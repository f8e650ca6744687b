//! The first run: how an installation gets its administrator.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, read, refusal},
    process::{Process, cairn},
};

const ANN: &str = "ann@example.org";

/// The code in what a server printed; nothing where it printed none.
fn code_in(greeting: &str) -> Option<String> {
    let request = greeting.lines().find(|line| line.contains("/v1/setup"))?;
    let body = request.split_once("-d '")?.1.trim_end_matches('\'');
    Some(serde_json::from_str::<Value>(body).unwrap()["code"].as_str().unwrap().to_owned())
}

async fn set_up(base: &str, code: &str, email: &str) -> (u16, Value) {
    let body = json!({"code": code, "email": email, "password": PASSWORD}).to_string();
    read(crate::support::http::Client::new().post(format!("{base}/v1/setup")).body(body).send().await.unwrap()).await
}

/// `cairn setup` with a password on its standard input.
fn setup(place: &Place, email: &str, password: &str) -> Output {
    let mut command = cairn(place, &["setup", "--email", email, "--password-stdin"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

#[cairn_test]
async fn the_printed_code_creates_the_administrator_once(place: &Place) {
    let first = Process::start(cairn(place, &[]));
    let void = code_in(&first.greeting).unwrap();
    first.signal("TERM");
    let (_, log) = first.wait();
    assert!(!log.contains(&void), "it is printed, not logged");

    let process = Process::start(cairn(place, &[]));
    let code = code_in(&process.greeting).unwrap();
    assert_ne!(code, void);
    let not_valid = || (422, "code_not_valid".to_owned());
    assert_eq!(refusal(set_up(&process.base, &void, ANN).await), not_valid(), "it ends with the next start");
    assert_eq!(refusal(set_up(&process.base, "0123456789abcdef0123456789abcdef", ANN).await), not_valid());
    let weak = json!({"code": code, "email": ANN, "password": "password"}).to_string();
    let weak =
        crate::support::http::Client::new().post(format!("{}/v1/setup", process.base)).body(weak).send().await.unwrap();
    assert_eq!(weak.status(), 422);
    let kept = place.control_texts("SELECT email FROM user_code").await;
    assert_eq!(kept, [""], "its digest alone is kept");
    let (status, account) = set_up(&process.base, &code, ANN).await;
    assert_eq!((status, &account["administrator"]), (201, &true.into()));
    assert_eq!(refusal(set_up(&process.base, &code, "eve@example.org").await), not_valid());
    process.signal("TERM");
    let (_, log) = process.wait();
    assert!(!log.contains(&code) && !log.contains(ANN), "{log}");

    let third = Process::start(cairn(place, &[]));
    assert_eq!(code_in(&third.greeting), None);
    third.signal("TERM");
    assert!(third.wait().0.success());
}

#[cairn_test]
async fn many_setups_at_once_create_one_administrator(place: &Place) {
    // The last one's code is good, wherever it is used.
    let mut instances = vec![Cairn::start(place, &[]).await];
    if place.database_url.is_some() {
        instances.push(Cairn::start(place, &[]).await);
    }
    let code = instances.last().unwrap().setup_code();
    let tries = (0..8).map(|turn| {
        let (base, email) = (instances[turn % instances.len()].base.clone(), format!("user{turn}@example.org"));
        let code = code.clone();
        async move { set_up(&base, &code, &email).await.0 }
    });
    let mut statuses = futures_util::future::join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, &[422; 7][..]));
    assert_eq!(place.control_texts("SELECT email FROM \"user\"").await.len(), 1);
    for cairn in instances {
        cairn.stop().await;
    }
}

#[cairn_test]
async fn the_command_line_creates_administrators(place: &Place) {
    for (email, password, error) in [
        (ANN, "password", "one of the first that are guessed"),
        (ANN, ANN, "is the address"),
        ("ann", PASSWORD, "is not an e-mail address"),
    ] {
        let output = setup(place, email, password);
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains(error), "{output:?}");
    }
    let asked = cairn(place, &["setup", "--email", ANN]).stdin(Stdio::null()).output().unwrap();
    assert!(String::from_utf8_lossy(&asked.stderr).contains("--password-stdin"), "{asked:?}");
    assert!(setup(place, ANN, PASSWORD).status.success());

    let (server, mailbox) =
        (Cairn::start(place, &[("CAIRN_STUDIOS_BY", "administrator")]).await, Mailbox::in_data_of(place));
    let mut ann = Person::new(&server);
    ann.sign_in(ANN, PASSWORD).await;
    assert_eq!(ann.get("").await.1["administrator"], true);
    let (bob, _) = Person::signed_in(&server, "bob@example.org", &mailbox).await;
    assert_eq!(bob.get("").await.1["administrator"], false);
    let moss = async |person: &Person<'_>| person.call(Method::POST, "/studios", Some(json!({"name": "moss"}))).await;
    assert_eq!(refusal(moss(&bob).await), (403, "administrator_needed".to_owned()));
    assert_eq!(moss(&ann).await.0, 201);

    // An existing account is kept, with the new password; its sessions end.
    assert!(setup(place, "BOB@example.org", "another horse battery").status.success());
    assert_eq!(bob.get("").await.0, 401);
    let mut bob = Person::new(&server);
    assert_eq!(bob.try_sign_in("bob@example.org", PASSWORD).await.0, 401);
    bob.sign_in("bob@example.org", "another horse battery").await;
    // An administrator sees every studio, and changes nothing in those that are others'.
    let (_, studios) = bob.call(Method::GET, "/studios", None).await;
    let seen: Vec<(&Value, &Value)> =
        studios["items"].as_array().unwrap().iter().map(|one| (&one["studio"], &one["role"])).collect();
    assert_eq!(seen, [(&"default".into(), &Value::Null), (&"moss".into(), &Value::Null)]);
    assert_eq!(bob.call(Method::GET, "/studios/moss/members", None).await.0, 200);
    let game = bob.call(Method::POST, "/studios/moss/games", Some(json!({"game": "climb"}))).await;
    assert_eq!(refusal(game), (403, "role_missing".to_owned()));
    server.stop().await;
}

/// In a terminal of its own: what is typed must not be seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_typed_password_is_not_echoed() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/typed_password.py");
    let mut typed = std::process::Command::new("python3");
    typed.arg(script).arg(PASSWORD).arg(env!("CARGO_BIN_EXE_cairn")).args(["setup", "--email", ANN]);
    let output = typed.envs(place.environment()).env_remove("RUST_LOG").output().unwrap();
    let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{shown}");
    assert!(shown.contains("Password: ") && !shown.contains(PASSWORD), "{shown}");
    let server = Cairn::start(&place, &[]).await;
    Person::new(&server).sign_in(ANN, PASSWORD).await;
    server.stop().await;
    place.clear().await;
}
