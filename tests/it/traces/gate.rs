//! Who may write what: bans, kinds, words, and v0, by whatever route something is written.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place, each, eventually,
    game_client::GameClient,
    keys::{admin, decide},
    player::answered,
    samples,
};

const WORLD: &str = "moss/climb/live";

/// What a moderator's action affects.
async fn moderate(cairn: &Cairn, action: Value) -> u64 {
    let url = format!("{}/v1/moderation/actions", cairn.base);
    let request = cairn.http.post(url).header("X-API-Key", admin(cairn, WORLD).await);
    let (status, answer) = answered(request, Some(action)).await;
    assert_eq!(status, 200, "{answer}");
    answer["affected"].as_u64().unwrap()
}

/// The answer to a v0 request with that key: its status, and its code or body.
async fn add(cairn: &Cairn, key: &str, body: &Value) -> (u16, String) {
    let answer = cairn.post(body.to_string()).header("X-API-Key", key).send().await.unwrap();
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    let problem: Value = serde_json::from_str(&text).unwrap_or_default();
    (status, problem["code"].as_str().map_or(text, str::to_owned))
}

fn created() -> (u16, String) {
    (201, "Created!!!".to_owned())
}

fn refused(code: &str) -> (u16, String) {
    (403, code.to_owned())
}

async fn author_of_messages(cairn: &Cairn, key: &str) -> Vec<Value> {
    let answer = cairn.get_with(key, "/get-objects").send().await.unwrap();
    let world: Value = answer.json().await.unwrap();
    each(&world, "messages", "u_uuid").into_iter().cloned().collect()
}

fn message(text: &str) -> Value {
    json!({"kind": "message", "text": [text]})
}

/// What became of one trace that is left: its status and code.
async fn left(player: &GameClient<'_>, trace: Value) -> (u64, String) {
    let result = &player.leave(json!([trace])).await[0];
    (result["status"].as_u64().unwrap(), result["code"].as_str().unwrap_or_default().to_owned())
}

#[cairn_test]
async fn a_banned_player_writes_by_no_route(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    let own = ann.leave_one(message("before")).await;
    let bobs = bob.leave_one(message("mine")).await;
    let legacy = format!("/v1/players/{}/v0-names/old%20name", ann.id);
    let bound = cairn
        .http
        .request(Method::PUT, format!("{}{legacy}", cairn.base))
        .header("X-API-Key", admin(&cairn, WORLD).await);
    let (status, answer) = answered(bound, None).await;
    assert!(status < 300, "{status} {answer}");
    let from = |author: &str| samples::all_three(author, "0.0");
    for author in [ann.id.as_str(), "old name", "nobody"] {
        assert_eq!(add(&cairn, &ann.key, &from(author)).await, created(), "{author}");
    }
    assert_eq!(moderate(&cairn, json!({"action": "ban", "player_id": ann.id})).await, 1);
    for author in [ann.id.clone(), ann.id.to_uppercase(), "old name".to_owned()] {
        assert_eq!(add(&cairn, &ann.key, &from(&author)).await, refused("banned"), "{author}");
    }
    assert_eq!(add(&cairn, &ann.key, &from("nobody")).await, created());
    assert_eq!(left(&ann, message("after")).await, (403, "banned".to_owned()));
    let recording = json!({"t_ms": [0, 50], "pos": [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]});
    let change = json!({"revision": 1, "data": "after"});
    for (method, path, body) in [
        (Method::PATCH, format!("/v1/traces/{own}"), change.clone()),
        (Method::POST, format!("/v1/traces/{own}/change"), change),
        (Method::POST, "/v1/recordings".to_owned(), recording),
        (Method::PATCH, "/v1/players/me".to_owned(), json!({"display_name": "Ann the Banned"})),
        (Method::PUT, format!("/v1/traces/{bobs}/vote"), json!({"vote": "poor"})),
        (Method::PUT, format!("/v1/traces/{bobs}/report"), json!({"reason": "spam"})),
        (Method::POST, format!("/v1/traces/{bobs}/uses"), Value::Null),
    ] {
        let body = Some(body).filter(|body| !body.is_null());
        let (status, answer) = ann.send(method, &path, body).await;
        assert_eq!((status, answer["code"].as_str()), (403, Some("banned")), "{path}: {answer}");
    }
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{own}"), None).await.0, 204, "what is theirs may go");
    assert_eq!(moderate(&cairn, json!({"action": "unban", "player_id": ann.id})).await, 1);
    assert_eq!(add(&cairn, &ann.key, &from("old name")).await, created());
    assert_eq!(left(&ann, message("again")).await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn a_ban_that_has_ended_holds_nowhere(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let ban = |author: Value| {
        let mut action = json!({"action": "ban", "until": "2999-01-01T00:00:00Z"});
        action.as_object_mut().unwrap().extend(author.as_object().unwrap().clone());
        action
    };
    moderate(&cairn, ban(json!({"player_id": ann.id}))).await;
    moderate(&cairn, ban(json!({"claimed_author": "vandal"}))).await;
    for author in [ann.id.as_str(), "vandal"] {
        let answer = cairn.post(samples::all_three(author, "0").to_string()).header("X-API-Key", &ann.key);
        let problem: Value = answer.send().await.unwrap().json().await.unwrap();
        assert_eq!(problem["detail"], "This author is banned until 2999-01-01T00:00:00Z.", "{author}");
    }
    place.execute_on(2, "UPDATE ban SET until_ms = 1").await;
    place.execute_on(2, "UPDATE claimed_ban SET until_ms = 1").await;
    for author in [ann.id.as_str(), "vandal"] {
        assert_eq!(add(&cairn, &ann.key, &samples::all_three(author, "0")).await, created(), "{author}");
    }
    assert_eq!(left(&ann, message("again")).await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn a_claimed_author_is_banned_and_wiped_and_nobody_else(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    // The vandal claims to be Ann.
    for author in [ann.id.as_str(), "vandal", "other"] {
        assert_eq!(add(&cairn, &ann.key, &samples::all_three(author, "0")).await, created());
    }
    ann.leave_one(message("Ann's own")).await;
    assert_eq!(moderate(&cairn, json!({"action": "wipe", "claimed_author": ann.id, "scope": "elsewhere"})).await, 0);
    assert_eq!(moderate(&cairn, json!({"action": "wipe", "claimed_author": ann.id, "scope": ""})).await, 3);
    assert_eq!(moderate(&cairn, json!({"action": "wipe", "claimed_author": "vandal"})).await, 3);
    let mut authors = author_of_messages(&cairn, &ann.key).await;
    authors.sort_by_key(|author| author == "other");
    assert_eq!(authors, [json!(ann.id), json!("other")], "Ann's own message is still there");
    assert_eq!(moderate(&cairn, json!({"action": "ban", "claimed_author": ann.id})).await, 1);
    assert_eq!(add(&cairn, &ann.key, &samples::all_three(&ann.id, "0")).await, refused("banned"));
    assert_eq!(left(&ann, message("the player herself is not banned")).await.0, 201);
    assert_eq!(left(&bob, message("nor is another")).await.0, 201);
    assert_eq!(moderate(&cairn, json!({"action": "unban", "claimed_author": ann.id})).await, 1);
    assert_eq!(add(&cairn, &ann.key, &samples::all_three(&ann.id, "0")).await, created());
    cairn.stop().await;
}

#[cairn_test]
async fn a_batch_is_refused_for_its_banned_authors_alone(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    moderate(&cairn, json!({"action": "ban", "claimed_author": "vandal"})).await;
    let posts = (0..40).map(async |at| {
        let author = if at % 2 == 0 { "vandal".to_owned() } else { format!("guest {at}") };
        (at % 2, add(&cairn, &ann.key, &samples::all_three(&author, "0")).await)
    });
    for (kind, answer) in futures_util::future::join_all(posts).await {
        assert_eq!(answer, if kind == 0 { refused("banned") } else { created() });
    }
    assert_eq!(author_of_messages(&cairn, &ann.key).await.len(), 20);
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ban_holds_at_once_on_the_other_instance() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let (one, other) = (Cairn::start(&place, &[]).await, Cairn::start(&place, &[]).await);
    let (ann, _) = GameClient::two(&one).await;
    eventually("the other knows the key", async || {
        add(&other, &ann.key, &samples::all_three("vandal", "0")).await == created()
    })
    .await;
    for at in 0..5 {
        let author = format!("vandal {at}");
        assert_eq!(add(&other, &ann.key, &samples::all_three(&author, "0")).await, created());
        moderate(&one, json!({"action": "ban", "claimed_author": author})).await;
        assert_eq!(add(&other, &ann.key, &samples::all_three(&author, "0")).await, refused("banned"));
    }
    one.stop().await;
    other.stop().await;
    place.clear().await;
}

/// The kinds of authors of these traces: of Ann's own, and of all others.
fn kinds<'a>(traces: impl IntoIterator<Item = &'a Value>, own: &str) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut minted, mut others) = (Vec::new(), Vec::new());
    for trace in traces {
        let kind = trace["author_kind"].as_str().unwrap_or_else(|| panic!("{trace}"));
        if trace["id"] == own { minted.push(kind) } else { others.push(kind) }
    }
    (minted, others)
}

#[cairn_test]
async fn an_author_who_claims_an_id_is_told_from_the_player(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    assert_eq!(add(cairn, &ann.key, &samples::all_three(&ann.id, "0")).await, created());
    let own = ann.leave_one(message("Ann's own")).await;
    bob.send(Method::PUT, &format!("/v1/traces/{own}/report"), Some(json!({"reason": "spam"}))).await;
    let all = (vec!["minted"], vec!["claimed"; 3]);
    let mut deck = Value::Null;
    eventually("the deck has all", async || {
        deck = ann.get("/v1/deck?scope=&deck=0").await;
        deck["traces"].as_array().unwrap().len() == 4
    })
    .await;
    assert_eq!(kinds(deck["traces"].as_array().unwrap(), &own), all);
    let query = json!({"mode": "recent", "scopes": [""]});
    let (status, page) = ann.send(Method::POST, "/v1/traces/query", Some(query)).await;
    assert_eq!(status, 200, "{page}");
    let found = page["traces"].as_array().or_else(|| page["items"].as_array()).unwrap();
    assert_eq!(kinds(found, &own), all);
    let changes = ann.get("/v1/changes?after=0").await;
    assert_eq!(kinds(changes["items"].as_array().unwrap().iter().map(|item| &item["trace"]), &own), all);
    let mine = ann.get("/v1/players/me/traces").await;
    assert_eq!(kinds(mine["items"].as_array().unwrap(), &own), (vec!["minted"], vec![]));
    assert_eq!(ann.get(&format!("/v1/traces/{own}")).await["author_kind"], "minted");
    let (_, edited) =
        ann.send(Method::PATCH, &format!("/v1/traces/{own}"), Some(json!({"revision": 1, "data": "x"}))).await;
    assert_eq!(edited["author_kind"], "minted");
    let queue = cairn.get_with(&admin(cairn, WORLD).await, "/v1/moderation/queue").send().await.unwrap();
    let queue: Value = queue.json().await.unwrap();
    assert_eq!(queue["items"][0]["trace"]["author_kind"], "minted");
}

#[cairn_test]
async fn kinds_that_are_switched_off_are_taken_by_no_route(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let own = ann.leave_one(message("before")).await;
    let v0 = |members: &[&str]| {
        let all = samples::all_three("guest", "0");
        let some = all.as_object().unwrap().iter().filter(|(name, _)| members.contains(&name.as_str()));
        Value::Object(some.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    let set = async |kind: &str, enabled: bool| {
        decide(cairn, WORLD, &json!({"kinds": [{"kind": kind, "enabled": enabled}]})).await;
    };
    set("message", false).await;
    eventually("no messages", async || add(cairn, &ann.key, &v0(&["message", "phantom"])).await.0 == 403).await;
    assert_eq!(add(cairn, &ann.key, &v0(&["obj", "message", "phantom"])).await, refused("kind_disabled"));
    assert_eq!(add(cairn, &ann.key, &v0(&["obj", "phantom"])).await, created());
    assert_eq!(left(&ann, message("after")).await, (403, "kind_disabled".to_owned()));
    let (status, answer) =
        ann.send(Method::PATCH, &format!("/v1/traces/{own}"), Some(json!({"revision": 1, "text": ["x"]}))).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("kind_disabled")));
    set("message", true).await;
    set("phantom", false).await;
    eventually("no phantoms", async || add(cairn, &ann.key, &v0(&["obj", "phantom"])).await.0 == 403).await;
    set("bloodstain", false).await;
    let recording = json!({"t_ms": [0, 50], "pos": [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]});
    eventually("no recordings", async || {
        let (status, answer) = ann.send(Method::POST, "/v1/recordings", Some(recording.clone())).await;
        (status, answer["code"].as_str()) == (403, Some("kind_disabled"))
    })
    .await;
}

#[cairn_test]
async fn a_game_closes_v0_for_its_world_and_no_other(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let other = cairn.game_key("moss/climb/dev").await;
    let body = samples::all_three("guest", "0");
    assert_eq!(add(cairn, &ann.key, &body).await, created());
    assert_eq!(author_of_messages(cairn, &ann.key).await.len(), 1);
    decide(cairn, WORLD, &json!({"v0": false})).await;
    eventually("v0 is closed", async || add(cairn, &ann.key, &body).await == refused("v0_closed")).await;
    let read = cairn.get_with(&ann.key, "/get-objects").send().await.unwrap();
    let (status, problem): (_, Value) = (read.status(), read.json().await.unwrap());
    assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("v0_closed")), "not from memory either");
    assert_eq!(add(cairn, &other, &body).await, created());
    assert_eq!(author_of_messages(cairn, &other).await.len(), 1);
    assert_eq!(left(&ann, message("players still write")).await.0, 201);
    assert_eq!(ann.get("/v1/game").await["v0"], false);
    decide(cairn, WORLD, &json!({"v0": true})).await;
    eventually("v0 is open", async || add(cairn, &ann.key, &body).await == created()).await;
    assert_eq!(author_of_messages(cairn, &ann.key).await.len(), 3);
}

/// A v0 request with a message of these parts, and nothing in it that is not a number.
fn parts(all: [Value; 3]) -> Value {
    let [part1, part2, part3] = all;
    let mut body = samples::all_three("guest", "0");
    body["message"] = json!({"u_uuid": "guest", "part1": part1, "part2": part2, "part3": part3});
    body
}

#[cairn_test]
async fn a_game_without_free_text_gets_none_by_any_route(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let sentence = |template: u32, word: u32| json!({"kind": "message", "template": template, "word": word});
    let free = ann.leave_one(message("before")).await;
    let own = ann.leave_one(sentence(1, 1)).await;
    let change = async |id: &str, change: Value| {
        let (status, answer) = ann.send(Method::PATCH, &format!("/v1/traces/{id}"), Some(change)).await;
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    };
    decide(cairn, WORLD, &json!({"text": "templates"})).await;
    eventually("no free text", async || left(&ann, message("after")).await == (403, "text_disabled".to_owned())).await;
    let mixed = json!({"kind": "message", "text": ["x"], "template": 1});
    assert_eq!(left(&ann, mixed).await, (403, "text_disabled".to_owned()));
    assert_eq!(left(&ann, sentence(3, 117)).await.0, 201);
    assert_eq!(change(&own, json!({"revision": 1, "text": ["x"]})).await, refused("text_disabled"));
    assert_eq!(change(&own, json!({"revision": 1, "template": 2})).await.0, 200);
    assert_eq!(change(&free, json!({"revision": 1, "data": "what is there may stay"})).await.0, 200);
    assert_eq!(add(cairn, &ann.key, &parts([json!(1), json!(2), json!("")])).await, created());
    assert_eq!(add(cairn, &ann.key, &parts([json!(1), json!("rude"), json!(3)])).await, refused("text_disabled"));
    // Other members of v0 carry texts too.
    for pointer in ["/obj/o_pos", "/obj/o_rot", "/message/m_pos", "/phantom/data/0/0", "/phantom/data/1/1"] {
        let mut body = parts([json!(1), json!(2), json!(3)]);
        body["message"]["m_pos"] = json!("1,2,3");
        *body.pointer_mut(pointer).unwrap() = json!("something rude");
        let answer = cairn.post(body.to_string()).header("X-API-Key", &ann.key).send().await.unwrap();
        let (status, problem): (_, Value) = (answer.status(), answer.json().await.unwrap());
        assert_eq!((status.as_u16(), &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    decide(cairn, WORLD, &json!({"text": "off"})).await;
    eventually("no words", async || left(&ann, sentence(3, 117)).await == (403, "text_disabled".to_owned())).await;
    assert_eq!(add(cairn, &ann.key, &parts([json!(1), json!(2), json!(3)])).await, refused("text_disabled"));
    assert_eq!(change(&own, json!({"revision": 2, "word": 5})).await, refused("text_disabled"));
    let object = json!({"kind": "object", "type": "7", "pos": [1, 2, 3]});
    assert_eq!(left(&ann, object).await.0, 201);
    let named = json!({"display_name": "Something Rude"});
    let (status, answer) = ann.send(Method::PATCH, "/v1/players/me", Some(named.clone())).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("text_disabled")));
    let request = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", &ann.key);
    let (status, signed) = answered(request, Some(named)).await;
    assert_eq!(status, 200, "who may not have a name may play");
    let query = json!({"player_ids": [signed["player_id"]]});
    let asked = cairn.http.post(format!("{}/v1/players/names", cairn.base)).header("X-API-Key", &ann.key).json(&query);
    let shown: Value = asked.send().await.unwrap().json().await.unwrap();
    assert!(!shown.to_string().contains("Something Rude"), "{shown}");
    assert_eq!(ann.get("/v1/game").await["text"], "off");
}

#[cairn_test]
async fn templates_and_words_are_those_of_the_game(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let lists = json!({"templates": 10, "words": 100, "conjunctions": 4, "gestures": 7});
    decide(cairn, WORLD, &lists).await;
    let wrong = json!({"kind": "message", "template": 11, "word": 100, "conjunction": 5, "template2": 10, "word2": 101,
        "gesture": 8});
    let mut result = Value::Null;
    eventually("a template too many", async || {
        result = ann.leave(json!([{"kind": "message", "template": 10, "word": 1}, wrong])).await.remove(1);
        result["status"] == 422
    })
    .await;
    let pointers: Vec<&Value> = result["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
    let expected = ["template", "conjunction", "word2", "gesture"].map(|name| json!(format!("/traces/1/{name}")));
    assert_eq!(pointers, expected.iter().collect::<Vec<_>>());
    let own = ann.leave_one(json!({"kind": "message", "template": 10, "word": 100, "gesture": 7})).await;
    let change = json!({"revision": 1, "word": 101});
    let (status, problem) = ann.send(Method::PATCH, &format!("/v1/traces/{own}"), Some(change)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/word")), "{problem}");
    assert_eq!(add(cairn, &ann.key, &parts([json!(10), json!(100), json!(4)])).await, created());
    assert_eq!(add(cairn, &ann.key, &parts([json!(10), json!(101), json!(4)])).await, (422, "invalid".to_owned()));
    let game = ann.get("/v1/game").await;
    assert_eq!([&game["templates"], &game["gestures"]], [&json!(10), &json!(7)]);
    decide(cairn, WORLD, &json!({"templates": 0, "words": 0})).await;
    eventually("no lists", async || add(cairn, &ann.key, &parts([json!(10), json!(101), json!(4)])).await == created())
        .await;
}
