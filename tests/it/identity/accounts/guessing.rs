//! Limits against guessing: of passwords, of codes, and of who has an account.

use std::{collections::BTreeMap, time::Instant};

use cairn_test_macros::cairn_test;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{
    Backend, Cairn, Place, eventually,
    mail::Mailbox,
    person::{PASSWORD, Person, read, refusal},
    proxy::Proxy,
};

const ANN: &str = "ann@example.org";

/// The `Retry-After` of a sign-in in seconds; `None` unless it is refused with 429.
async fn retry_after(person: &Person<'_>, email: &str, password: &str) -> Option<u64> {
    let body = json!({"email": email, "password": password}).to_string();
    let answer = person.request(Method::POST, "/sessions").body(body).send().await.unwrap();
    let wait = answer.headers().get("retry-after").map(|secs| secs.to_str().unwrap().parse().unwrap());
    assert_eq!(answer.status() == 429, wait.is_some());
    wait
}

#[cairn_test]
async fn failed_sign_ins_do_not_reveal_whether_an_account_exists(place: &Place) {
    const AT_ONCE: usize = 4;
    // Hashes take their time: a thousand on one backend, fewer on the other where nobody says how many.
    let attempts = if place.database_url.is_some() { 1000 } else { 200 };
    let attempts_set = std::env::var("CAIRN_TEST_ATTEMPTS").ok().map(|attempts| attempts.parse().unwrap());
    let turns = attempts_set.unwrap_or(attempts) / AT_ONCE;
    let metrics = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let many = "1000000";
    let settings = [
        ("CAIRN_METRICS_LISTEN", metrics.as_str()),
        ("CAIRN_ACCOUNT_ATTEMPTS", many),
        ("CAIRN_NETWORK_ATTEMPTS", many),
        ("CAIRN_PASSWORD_WAIT_MS", "60000"),
    ];
    let cairn = Cairn::start(place, &settings).await;
    let ann = Person::new(&cairn);
    ann.register(ANN, &Mailbox::in_data_of(place)).await;
    let attempt = async |email: String, turn: usize| {
        let body = json!({"email": email, "password": format!("wrong horse {turn}")}).to_string();
        let sent = Instant::now();
        let answer = ann.request(Method::POST, "/sessions").body(body).send().await.unwrap();
        let (took, status, mut headers) = (sent.elapsed(), answer.status(), answer.headers().clone());
        let request_id = headers.remove("x-request-id").unwrap().to_str().unwrap().to_owned();
        headers.remove("date");
        let text = answer.text().await.unwrap().replace(&request_id, "<request id>");
        (took, format!("{status}\n{headers:?}\n{text}"))
    };
    let mut seen: BTreeMap<(bool, String), usize> = BTreeMap::new();
    let mut times = [Vec::new(), Vec::new()];
    let (began, mut before) = (Instant::now(), cairn.figure(&metrics, "cairn_password_hashes_total").await);
    for turn in 0..turns {
        let known = turn % 2 == 0;
        let email = |one: usize| if known { ANN.to_owned() } else { format!("no{turn}.{one}@example.org") };
        let answers = join_all((0..AT_ONCE).map(|one| attempt(email(one), turn))).await;
        let after = cairn.figure(&metrics, "cairn_password_hashes_total").await;
        assert_eq!(after - before, 4, "one hash an attempt, known: {known}");
        before = after;
        for (took, answer) in answers {
            times[usize::from(known)].push(took);
            *seen.entry((known, answer)).or_default() += 1;
        }
    }
    let answers: Vec<_> = seen.iter().map(|((known, answer), times)| (known, answer, times)).collect();
    let [(false, unknown, times_unknown), (true, known, times_known)] = answers[..] else { panic!("{answers:#?}") };
    assert_eq!((unknown, *times_unknown, *times_known), (known, turns * 2, turns * 2));
    assert!(known.starts_with("401") && known.contains("wrong_credentials"), "{known}");
    for (name, times) in ["unknown", "known"].iter().zip(&mut times) {
        times.sort();
        println!(
            "{name}: p10 {:?}, p50 {:?}, p90 {:?}",
            times[times.len() / 10],
            times[times.len() / 2],
            times[times.len() * 9 / 10]
        );
    }
    println!("{} attempts in {:?}", turns * AT_ONCE, began.elapsed());
    cairn.stop().await;
}

#[cairn_test]
async fn a_request_for_an_email_gets_the_same_answer_for_all_addresses(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    cairn.has_its_cache().await;
    let (ann, mailbox) = (Person::new(&cairn), Mailbox::in_data_of(place));
    ann.register(ANN, &mailbox).await;
    for path in ["/register", "/password/forgotten"] {
        let mut answers = Vec::new();
        for email in [ANN, "not@example.org"] {
            let answer =
                ann.request(Method::POST, path).body(json!({"email": email}).to_string()).send().await.unwrap();
            let mut headers = answer.headers().clone();
            // As long as the address is.
            for differing in ["x-request-id", "date", "content-length"] {
                headers.remove(differing);
            }
            answers.push((
                answer.status(),
                format!("{headers:?}"),
                answer.text().await.unwrap().replace(email, "<email>"),
            ));
        }
        assert_eq!(answers[0], answers[1], "{path}");
        assert_eq!(answers[0].0, 202);
    }
    cairn.stop().await;
}

/// A server that allows 3 attempts on an account and 8 of a network, with the accounts of Ann and Bob.
async fn with_two_accounts(place: &Place) -> Cairn {
    let cairn = Cairn::start(place, &[("CAIRN_ACCOUNT_ATTEMPTS", "3"), ("CAIRN_NETWORK_ATTEMPTS", "8")]).await;
    cairn.has_its_cache().await;
    let (person, mailbox) = (Person::new(&cairn), Mailbox::in_data_of(place));
    person.register(ANN, &mailbox).await;
    person.register("bob@example.org", &mailbox).await;
    cairn
}

#[cairn_test]
async fn repeated_guesses_at_an_account_wait_longer_from_any_address(place: &Place) {
    let cairn = with_two_accounts(place).await;
    let mut guesser = Person::new(&cairn);
    // Whether there is an account or not.
    for email in [ANN, "not@example.org"] {
        for turn in 0..3 {
            guesser.from = format!("198.51.100.{turn}");
            assert_eq!(retry_after(&guesser, email, "wrong").await, None, "{email}: {turn}");
        }
        guesser.from = "198.51.100.9".to_owned();
        for longest in [1, 2] {
            // The attempt is made, and the next one waits, with the right password too.
            eventually("the wait is over", async || retry_after(&guesser, email, "wrong").await.is_none()).await;
            let wait = retry_after(&guesser, email, PASSWORD).await.unwrap();
            assert!((1..=longest).contains(&wait), "{email}: {wait}");
        }
    }
    cairn.stop().await;
}

#[cairn_test]
async fn repeated_guesses_of_a_network_wait_for_any_account(place: &Place) {
    let cairn = with_two_accounts(place).await;
    let mut guesser = Person::new(&cairn);
    for turn in 0..9 {
        guesser.from = format!("2001:db8:1:2::{turn}");
        let wait = retry_after(&guesser, &format!("not{turn}@example.org"), "wrong").await;
        assert_eq!(wait, None, "{turn}");
    }
    assert_eq!(retry_after(&guesser, "bob@example.org", PASSWORD).await, Some(1), "with the right password too");
    guesser.from = "2001:db8:1:3::1".to_owned();
    assert_eq!(retry_after(&guesser, "bob@example.org", PASSWORD).await, None, "another network");
    cairn.stop().await;
}

#[cairn_test]
async fn guesses_of_account_codes_are_slowed_down(place: &Place) {
    let cairn = with_two_accounts(place).await;
    let mut guesser = Person::new(&cairn);
    guesser.from = "198.51.100.77".to_owned();
    let guess = async || guesser.post("", json!({"code": "0".repeat(32), "password": PASSWORD})).await.0;
    for turn in 0..9 {
        assert_eq!(guess().await, 422, "{turn}");
    }
    assert_eq!(guess().await, 429);
    cairn.stop().await;
}

#[cairn_test]
async fn emails_to_one_address_are_limited(place: &Place) {
    let cairn = with_two_accounts(place).await;
    let mut guesser = Person::new(&cairn);
    guesser.from = "198.51.100.77".to_owned();
    let mailbox = Mailbox::in_data_of(place);
    let emails = || mailbox.all().len();
    let before = emails();
    // Whoever asks is answered, and the address gets few.
    for turn in 0..12 {
        guesser.from = format!("198.51.100.{}", 77 + turn % 3);
        let answer = guesser.post("/password/forgotten", json!({"email": "cat@example.org"})).await;
        assert_eq!(answer.0, 202, "{turn}");
    }
    eventually("the emails are there", async || emails() - before >= 4).await;
    // The gate opens after a second, and then after two.
    assert!(emails() - before <= 6, "{}", emails() - before);
    // Who asks for many addresses waits.
    let ask = async |number: usize| {
        guesser.post("/password/forgotten", json!({"email": format!("cat{number}@example.org")})).await
    };
    let mut statuses = Vec::new();
    for number in 0..12 {
        statuses.push(ask(number).await);
    }
    let is_refused =
        |(status, problem): &(u16, serde_json::Value)| *status == 429 && problem["code"] == "too_many_attempts";
    assert!(statuses.iter().any(is_refused), "{statuses:?}");
    cairn.stop().await;
}

#[cairn_test]
async fn strangers_close_neither_the_sign_in_of_a_known_network_nor_the_email(place: &Place) {
    let cairn = with_two_accounts(place).await;
    let (mut ann, mut stranger) = (Person::new(&cairn), Person::new(&cairn));
    ann.from = "203.0.113.5".to_owned();
    ann.sign_in(ANN, PASSWORD).await;
    for network in 0..12 {
        stranger.from = format!("198.51.100.{network}");
        for _ in 0..4 {
            retry_after(&stranger, ANN, "wrong").await;
            stranger.post("/password/forgotten", json!({"email": ANN})).await;
        }
    }
    stranger.from = "192.0.2.1".to_owned();
    retry_after(&stranger, ANN, "wrong").await;
    let wait = retry_after(&stranger, ANN, PASSWORD).await;
    assert!(wait.is_some(), "an unknown network waits");
    assert_eq!(retry_after(&ann, ANN, PASSWORD).await, None, "a known one does not");

    // From anywhere there is the email, whose code is right the first time.
    let mut away = Person::new(&cairn);
    away.from = "192.0.2.77".to_owned();
    assert_eq!(away.post("/password/forgotten", json!({"email": ANN})).await.0, 202);
    for _ in 0..12 {
        away.post("/password/reset", json!({"code": "0".repeat(32), "password": PASSWORD})).await;
    }
    // The newest is valid, though its network has guessed.
    let mailbox = Mailbox::in_data_of(place);
    let is_reset = async || {
        for email in
            mailbox.all().iter().filter(|email| email.to == ANN && email.subject == "Your code for a new password")
        {
            let body = json!({"code": email.code(), "password": "a new horse battery"});
            if away.post("/password/reset", body).await.0 == 204 {
                return true;
            }
        }
        false
    };
    eventually("a new password is set", is_reset).await;
    assert_eq!(retry_after(&away, ANN, "a new horse battery").await, None);
    cairn.stop().await;
}

#[cairn_test]
async fn one_network_closes_an_account_to_itself_alone(place: &Place) {
    let cairn = with_two_accounts(place).await;
    let (mut stranger, mut ann) = (Person::new(&cairn), Person::new(&cairn));
    stranger.from = "198.51.100.1".to_owned();
    for _ in 0..4 {
        retry_after(&stranger, ANN, "wrong").await;
    }
    assert!(retry_after(&stranger, ANN, PASSWORD).await.is_some());
    ann.from = "203.0.113.5".to_owned();
    assert_eq!(retry_after(&ann, ANN, PASSWORD).await, None);
    cairn.stop().await;
}

#[cairn_test]
async fn hashing_is_shared_out_by_network(place: &Place) {
    const MANY: usize = 40;
    let settings = [
        ("CAIRN_PASSWORD_HASHES", "1"),
        ("CAIRN_PASSWORD_WAIT_MS", "60000"),
        ("CAIRN_ACCOUNT_ATTEMPTS", "1000"),
        ("CAIRN_NETWORK_ATTEMPTS", "1000"),
    ];
    let cairn = Cairn::start(place, &settings).await;
    cairn.has_its_cache().await;
    let done = std::sync::atomic::AtomicUsize::new(0);
    let count = || done.load(std::sync::atomic::Ordering::Relaxed);
    let greedy = |number: usize| {
        let mut person = Person::new(&cairn);
        // All of one site.
        person.from = format!("2001:db8:0:{number:x}::1");
        let done = &done;
        async move {
            assert_eq!(person.try_sign_in(&format!("no{number}@example.org"), "wrong").await.0, 401);
            done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let mut neighbour = Person::new(&cairn);
    neighbour.from = "203.0.113.5".to_owned();
    let neighbour = async {
        eventually("they are being hashed", async || count() > 2).await;
        let before = count();
        assert_eq!(neighbour.try_sign_in("not@example.org", "wrong").await.0, 401);
        let meanwhile = count() - before;
        assert!(meanwhile < MANY / 4, "{meanwhile} of {MANY} were before");
    };
    tokio::join!(join_all((0..MANY).map(greedy)), neighbour);
    cairn.stop().await;
}

#[cairn_test]
async fn a_wrong_password_in_a_session_counts_too(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ACCOUNT_ATTEMPTS", "3")]).await;
    cairn.has_its_cache().await;
    let (mut ann, mailbox) = (Person::new(&cairn), Mailbox::in_data_of(place));
    ann.register(ANN, &mailbox).await;
    ann.sign_in(ANN, PASSWORD).await;
    for _ in 0..4 {
        assert_eq!(ann.post("/delete", json!({"password": "wrong"})).await.0, 403);
    }
    assert_eq!(ann.post("/delete", json!({"password": PASSWORD})).await.0, 429);
    cairn.stop().await;
}

#[cairn_test]
async fn only_a_trusted_proxy_sets_the_client_address(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_NETWORK_ATTEMPTS", "2"), ("CAIRN_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    cairn.has_its_cache().await;
    let mut ann = Person::new(&cairn);
    for turn in 0..4 {
        ann.from = format!("198.51.100.{turn}");
        let wait = retry_after(&ann, &format!("not{turn}@example.org"), "wrong").await;
        assert_eq!(wait.is_some(), turn == 3, "{turn}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn hashing_is_bounded_and_a_long_wait_is_refused(place: &Place) {
    let settings = [
        ("CAIRN_PASSWORD_HASHES", "1"),
        ("CAIRN_PASSWORD_WAIT_MS", "10"),
        ("CAIRN_PASSWORD_PASSES", "16"),
        ("CAIRN_ACCOUNT_ATTEMPTS", "100"),
    ];
    let cairn = Cairn::start(place, &settings).await;
    cairn.has_its_cache().await;
    let ann = Person::new(&cairn);
    let answers = join_all((0..8).map(|_| ann.try_sign_in(ANN, "wrong"))).await;
    let refused: Vec<_> = answers.into_iter().map(refusal).collect();
    assert!(refused.contains(&(401, "wrong_credentials".to_owned())), "{refused:?}");
    assert!(refused.contains(&(503, "too_many_sign_ins".to_owned())), "{refused:?}");
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_share_counts_and_count_alone_while_redis_is_unavailable() {
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let settings = [("CAIRN_ACCOUNT_ATTEMPTS", "4")];
    let (one, other) = (Cairn::start(&place, &settings).await, Cairn::start(&place, &settings).await);
    for cairn in [&one, &other] {
        cairn.has_its_cache().await;
    }
    let (here, there) = (Person::new(&one), Person::new(&other));
    for _ in 0..2 {
        assert_eq!(retry_after(&here, ANN, "wrong").await, None);
        assert_eq!(retry_after(&there, ANN, "wrong").await, None);
    }
    assert_eq!(retry_after(&here, ANN, "wrong").await, None);
    assert_eq!(retry_after(&there, ANN, "wrong").await, Some(1));

    proxy.cut();
    for person in [&here, &there] {
        for _ in 0..5 {
            assert_eq!(retry_after(person, "bob@example.org", "wrong").await, None);
        }
        assert_eq!(retry_after(person, "bob@example.org", "wrong").await, Some(1));
    }
    let answer = here.request(Method::POST, "/sessions").body("{}").send().await.unwrap();
    assert_eq!(read(answer).await.0, 422, "and it goes on answering");
    one.stop().await;
    other.stop().await;
    place.clear().await;
}
