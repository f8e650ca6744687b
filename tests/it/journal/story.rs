//! What the journal is for, from signing up to a friend who reads a thought: by HTTP alone, with emails that a mail server
//! delivers.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Gamer, texts};
use crate::support::{
    Cairn, Place,
    mail::{MailServer, Mailbox, Manner},
    person::{PASSWORD, Person, read, refusal},
};

/// Somebody new, who signs up with a code from an email and chooses a username.
async fn sign_up<'a>(cairn: &'a Cairn, mailbox: &Mailbox, name: &str) -> Gamer<'a> {
    let (email, nobody) = (format!("{name}@example.org"), Gamer::stranger(cairn));
    assert_eq!(nobody.post("/users", json!({"email": email})).await, (202, json!({"email": email})));
    let code = mailbox.take(&email, "Your code for a new account").await.code();
    let body = json!({"code": code, "password": PASSWORD, "username": name});
    let (status, me) = nobody.post("/users", body).await;
    assert_eq!((status, &me["username"]), (201, &name.into()), "{me}");
    sign_in(cairn, &email).await
}

async fn sign_in<'a>(cairn: &'a Cairn, email: &str) -> Gamer<'a> {
    let mut person = Person::new(cairn);
    person.sign_in(email, PASSWORD).await;
    Gamer { cairn, user: String::new(), token: person.token }
}

/// Adds two games, of platforms that have no shop in common, as who runs the installation; returns their ids.
async fn add_games(cairn: &Cairn) -> [String; 2] {
    let setup = json!({"code": cairn.setup_code(), "email": "host@example.org", "password": PASSWORD}).to_string();
    let answer = cairn.http.post(format!("{}/v1/setup", cairn.base)).body(setup).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let host = sign_in(cairn, "host@example.org").await;
    let mut ids = Vec::new();
    for (name, platform) in [("Glass Rally", "pc"), ("Moss Harbour", "switch")] {
        let facts = json!({"name": name, "released": "2020", "platforms": [platform], "genres": ["racing"]});
        let (status, game) = host.post("/games", facts).await;
        assert_eq!(status, 201, "{game}");
        ids.push(game["id"].as_str().unwrap().to_owned());
    }
    ids.try_into().unwrap()
}

/// Answered with 200; the body.
async fn got(gamer: &Gamer<'_>, path: &str) -> Value {
    let (status, body) = gamer.get(path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// The values of a member of the items of a page.
fn each<'a>(page: &'a Value, pointer: &str) -> Vec<&'a str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default()).collect()
}

/// Ann keeps two games, in the states of the journal.
async fn keep_games(ann: &Gamer<'_>, rally: &str, harbour: &str) {
    let found = got(ann, "/games?q=glas%20raly").await;
    assert_eq!(found["items"][0]["id"], rally, "found in spite of slips: {found}");
    assert_eq!(ann.post("/library", json!({"game": rally, "state": "wishlist"})).await.0, 201);
    let entry = format!("/library/{rally}");
    let change = async |body: Value| ann.send(Method::PUT, &entry, None, Some(body)).await.0;
    assert_eq!(change(json!({"state": "ongoing"})).await, 200);
    assert_eq!(ann.post(&format!("{entry}/time"), json!({"time": "add 1 h 34"})).await.0, 200);
    let run = json!({"platform": "pc", "finished": "2026-03", "time": "10 h", "grade": "story"});
    assert_eq!(ann.post(&format!("{entry}/playthroughs"), run).await.0, 201);
    assert_eq!(change(json!({"state": "completed", "score": 85})).await, 200);
    assert_eq!(ann.post("/library", json!({"game": harbour, "state": "wishlist", "audience": "private"})).await.0, 201);
    let kept = got(ann, &entry).await;
    let history: Vec<&str> =
        kept["history"].as_array().unwrap().iter().map(|change| change["state"].as_str().unwrap()).collect();
    assert_eq!((history, &kept["minutes"]), (vec!["wishlist", "ongoing", "completed"], &(94 + 600).into()));
}

/// Bob finds Ann by where she is, follows her, and she him.
async fn become_friends(ann: &Gamer<'_>, bob: &Gamer<'_>) {
    let profile =
        json!({"display_name": "Ann", "bio": "I keep what I play.", "found_by": {"name": true, "place": true}});
    assert_eq!(ann.send(Method::PUT, "/users", None, Some(profile)).await.0, 200);
    for who in [ann, bob] {
        let place = json!({"latitude": 47.16, "longitude": 27.59, "audience": "public"});
        assert_eq!(who.send(Method::PUT, "/people/place", None, Some(place)).await.0, 200);
    }
    assert_eq!(each(&got(bob, "/people?name=an").await, "/username"), ["ann"]);
    let near = got(bob, "/people?within=same_area").await;
    assert_eq!((each(&near, "/username"), each(&near, "/band")), (vec!["ann"], vec!["same_area"]));
    assert_eq!(bob.put("/follows/ann").await.0, 204);
    let told = got(ann, "/notices?show=unread").await;
    assert_eq!((each(&told, "/kind"), each(&told, "/person/username")), (vec!["followed"], vec!["bob"]));
    assert_eq!(ann.put("/follows/bob").await.0, 204);
    assert_eq!(each(&got(bob, "/notices?show=unread").await, "/kind"), ["befriended"]);
    assert_eq!(ann.post("/notices/read", json!({"all": true})).await.0, 204);
    for (who, friend) in [(ann, "bob"), (bob, "ann")] {
        assert_eq!(each(&got(who, "/follows?list=friends").await, "/username"), [friend]);
    }
}

/// A friend of Ann's sees what she keeps and thinks, and answers.
async fn read_and_answer(bob: &Gamer<'_>, ann: &Gamer<'_>, thought: &str) {
    let (feed, home) = (got(bob, "/feed").await, got(bob, "/home").await);
    assert_eq!(feed, home["feed"]);
    let mut whats = each(&feed, "/what");
    whats.sort_unstable();
    assert_eq!(whats, ["follow", "review", "state", "state", "state"], "{feed}");
    let review = feed["items"].as_array().unwrap().iter().find(|item| item["what"] == "review").unwrap();
    assert_eq!((&review["thought_id"], &review["by"]["username"]), (&thought.into(), &"ann".into()));
    assert!(!review["excerpt"].as_str().unwrap().contains("bridge"), "no spoiler: {review}");
    assert_eq!((&home["me"]["username"], &home["unread_notices"]), (&"bob".into(), &1.into()));
    let path = format!("/thoughts/{thought}");
    let read = got(bob, &path).await;
    let html = read["html"].as_str().unwrap();
    assert!(html.contains("<strong>fast</strong>") && html.contains("<span class=\"spoiler\">bridge</span>"), "{html}");
    assert_eq!((&read["rating"], &read["game"]["name"]), (&85.into(), &"Glass Rally".into()));
    assert_eq!(each(&got(bob, "/users/ann/library").await, "/game/name"), ["Glass Rally"], "not what is private");
    assert_eq!(bob.put(&format!("{path}/reaction")).await.0, 204);
    assert_eq!(bob.post(&format!("{path}/comments"), json!({"text": "Let us race on Friday."})).await.0, 201);
    let told = got(ann, "/notices?show=unread").await;
    let mut kinds = each(&told, "/kind");
    kinds.sort_unstable();
    assert_eq!(
        (kinds, each(&told, "/person/username")),
        (vec!["thought_commented", "thought_liked"], vec!["bob", "bob"])
    );
    assert_eq!(texts(&got(ann, &format!("{path}/comments")).await), ["Let us race on Friday."]);
}

/// Who is no friend of Ann's sees neither the thought nor the entry, in no list.
async fn see_nothing(who: &Gamer<'_>, name: &str, rally: &str, thought: &str) {
    let path = format!("/thoughts/{thought}");
    for path in [&path, &format!("{path}/comments")] {
        assert_eq!(refusal(who.get(path).await), (404, "thought_not_found".to_owned()), "{name}: {path}");
    }
    for path in ["/users/ann/library", "/users/ann/thoughts", &format!("/games/{rally}/thoughts")] {
        assert_eq!(got(who, path).await["items"], json!([]), "{name}: {path}");
    }
    assert_eq!(got(who, "/users/ann/statistics").await["entries"], 0, "{name}");
}

#[cairn_test]
async fn a_friend_reads_what_somebody_thinks_of_a_game_and_a_stranger_does_not(place: &Place) {
    let Some(mail) = MailServer::running(Manner::Plain).await else { return };
    let settings = [("CAIRN_MAIL_URL", mail.url.as_str()), ("CAIRN_PUBLIC_URL", "http://cairn.example")];
    let cairn = Cairn::start(place, &settings).await;
    let [rally, harbour] = add_games(&cairn).await;
    let ann = sign_up(&cairn, &mail.mailbox, "ann").await;
    let bob = sign_up(&cairn, &mail.mailbox, "bob").await;
    let eve = sign_up(&cairn, &mail.mailbox, "eve").await;

    keep_games(&ann, &rally, &harbour).await;
    become_friends(&ann, &bob).await;
    let text = "It is **fast**, and the ||bridge|| was a surprise.";
    let review = json!({"game": rally, "text": text, "rating": 85, "audience": "friends"});
    let (status, thought) = ann.post("/thoughts", review).await;
    assert_eq!(status, 201, "{thought}");
    let thought = thought["id"].as_str().unwrap();
    read_and_answer(&bob, &ann, thought).await;

    assert_eq!(eve.put("/follows/ann").await.0, 204, "a follower is no friend");
    see_nothing(&eve, "eve", &rally, thought).await;
    see_nothing(&Gamer::stranger(&cairn), "nobody", &rally, thought).await;
    assert_eq!(each(&got(&eve, "/feed").await, "/what"), ["follow"], "{}", got(&eve, "/feed").await);

    let export = read(ann.at(Method::GET, "/v1/account/export").send().await.unwrap()).await;
    assert_eq!((export.0, &export.1["kept"]["thoughts"]["thoughts"][0]["text"]), (200, &text.into()));
    let end = ann.send(Method::DELETE, "/users", None, Some(json!({"password": PASSWORD}))).await;
    assert_eq!(end, (204, Value::Null));
    mail.mailbox.take("ann@example.org", "Your account was deleted").await;
    assert_eq!(bob.get(&format!("/thoughts/{thought}")).await.0, 404, "it went with her account");
    assert!(mail.mailbox.all().is_empty(), "no other email: {:?}", mail.mailbox.all());
    cairn.stop().await;
}
