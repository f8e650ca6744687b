//! The whole of the trace API, as games' clients speak it: one that writes numbers as Godot's `GDScript` does, one with
//! fixed classes as Unity's `JsonUtility`, and plain curl. Each asks everything once and is answered well, on both backends.

mod engines;

use std::collections::BTreeSet;

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use self::engines::{Classes, Client, Curl, Godot, Unity};
use crate::support::{Cairn, OPENAPI};

/// Operations under `/v1` that no game's client calls: people do, in browsers, and a studio's own tools.
const OTHER_PATHS: [&str; 4] = ["/v1/account", "/v1/studios", "/v1/setup", "/v1/invitations"];

/// Further operations that no game's client calls.
const OTHER_OPERATIONS: [&str; 13] = [
    "GET /v1/games/{game}/keys",
    "GET /v1/games/{game}/scopes",
    "GET /v1/games/{game}/map",
    "GET /v1/storage",
    "GET /v1/players/{player_id}/v0-names",
    "PUT /v1/players/{player_id}/v0-names/{u_uuid}",
    "DELETE /v1/players/{player_id}/v0-names/{u_uuid}",
    "POST /v1/players/me/link-code",
    // Once in a player's life: `erasure` tests them.
    "GET /v1/players/me/export",
    "DELETE /v1/players/me",
    "POST /v1/players/me/erase",
    "GET /v1/players/{player_id}/export",
    "DELETE /v1/players/{player_id}",
];

/// The credentials that a client sends.
#[derive(Clone, Debug)]
pub enum Credential {
    /// The key that ships inside the game, or the studio's.
    Key(String),
    /// The token of a player.
    Token(String),
}

/// A request.
#[derive(Debug)]
pub struct Ask<'a> {
    credential: &'a Credential,
    method: &'a str,
    url: String,
    /// The path as it is described.
    path: &'a str,
    body: Option<Value>,
}

/// Asks everything with one client, and remembers what was asked.
struct Walk<'a, C> {
    cairn: &'a Cairn,
    client: C,
    asked: BTreeSet<String>,
}

impl<C: Client> Walk<'_, C> {
    /// The answer to an operation that goes well; `names` stand in the path or behind it.
    async fn ask(
        &mut self,
        credential: &Credential,
        operation: &str,
        names: &[(&str, &str)],
        body: Option<Value>,
    ) -> Value {
        let (method, path) = operation.split_once(' ').unwrap();
        let mut url = format!("{}{path}", self.cairn.base);
        let mut sign = '?';
        for (name, value) in names {
            let place = format!("{{{name}}}");
            if url.contains(&place) {
                url = url.replace(&place, value);
            } else {
                url = format!("{url}{sign}{name}={value}");
                sign = '&';
            }
        }
        let (status, answer) = self.client.ask(Ask { credential, method, url, path, body }).await;
        assert!((200..300).contains(&status), "{operation}: {status} {answer}");
        self.asked.insert(operation.to_owned());
        answer
    }

    /// The same of what is lines, which a studio's server sends and reads, whatever engine its game has.
    async fn lines(&mut self, credential: &Credential, operation: &str, lines: Option<String>) -> String {
        let (method, path) = operation.split_once(' ').unwrap();
        let request = self.cairn.http.request(method.parse().unwrap(), format!("{}{path}", self.cairn.base));
        let Credential::Key(key) = credential else { panic!("{operation} needs a key") };
        let mut request = request.header("X-API-Key", key);
        if let Some(lines) = lines {
            request = request.header("Content-Type", "application/x-ndjson").body(lines);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{operation}");
        self.asked.insert(operation.to_owned());
        answer.text().await.unwrap()
    }

    /// The same of packed recordings, which are bytes.
    async fn bytes(
        &mut self,
        credential: &Credential,
        operation: &str,
        recording: &str,
        body: Option<Vec<u8>>,
    ) -> Vec<u8> {
        let (method, path) = operation.split_once(' ').unwrap();
        let url = format!("{}{}", self.cairn.base, path.replace("{recording_id}", recording));
        let request = self.cairn.http.request(method.parse().unwrap(), url);
        let mut request = match credential {
            Credential::Key(key) => request.header("X-API-Key", key),
            Credential::Token(token) => request.bearer_auth(token),
        };
        if let Some(body) = body {
            request = request.header("Content-Type", "application/vnd.cairn.recording").body(body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{operation}: {}", answer.status());
        self.asked.insert(operation.to_owned());
        answer.bytes().await.unwrap().to_vec()
    }
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_else(|| panic!("{name} in {answer}"))
}

/// Two players of a game, and its studio.
struct Parties {
    game: Credential,
    studio: Credential,
    ann: Credential,
    bob: Credential,
    anns_id: String,
}

async fn sign_in<C: Client>(walk: &mut Walk<'_, C>) -> Parties {
    let game = Credential::Key(walk.cairn.game_key("moss/climb/live").await);
    let studio = Credential::Key(walk.cairn.key("moss/climb/live", KeyKind::Secret, &Permission::ALL).await);
    assert_eq!(text(&walk.ask(&game, "GET /v1/game", &[], None).await, "game"), "climb");
    let ann = walk.ask(&game, "POST /v1/players", &[], Some(json!({}))).await;
    let device = json!({"device_id": "5f0c7f4e-6f0e-4f7a-9d62-3f1f3a0c8a11"});
    let bob = walk.ask(&game, "POST /v1/players", &[], Some(device)).await;
    let refresh = json!({"refresh_token": text(&ann, "refresh_token")});
    let again = walk.ask(&game, "POST /v1/players/refresh", &[], Some(refresh)).await;
    assert_eq!(text(&again, "player_id"), text(&ann, "player_id"));
    let token = |answer: &Value| Credential::Token(text(answer, "token").to_owned());
    let parties =
        Parties { game, studio, ann: token(&again), bob: token(&bob), anns_id: text(&ann, "player_id").to_owned() };
    assert_eq!(text(&walk.ask(&parties.ann, "GET /v1/players/me", &[], None).await, "player_id"), parties.anns_id);

    let (name, ids) = (json!({"display_name": "Ann"}), json!({"player_ids": [parties.anns_id]}));
    for operation in ["PATCH /v1/players/me", "POST /v1/players/me/change"] {
        assert_eq!(text(&walk.ask(&parties.ann, operation, &[], Some(name.clone())).await, "display_name"), "Ann");
    }
    let shown = walk.ask(&parties.game, "POST /v1/players/names", &[], Some(ids)).await;
    assert_eq!(text(&shown["players"][0], "display_name"), "Ann");

    let names = [("game", "climb")];
    let change = json!({"refresh_s": 1, "hidden_at_reports": 2, "kinds": [{"kind": "object", "deck_size": 7}]});
    let settings = walk.ask(&parties.studio, "PATCH /v1/games/{game}/settings", &names, Some(change)).await;
    assert_eq!((settings["refresh_s"].as_f64(), settings["kinds"][0]["deck_size"].as_f64()), (Some(1.0), Some(7.0)));
    assert_eq!(walk.ask(&parties.studio, "GET /v1/games/{game}/settings", &names, None).await, settings);
    parties
}

/// Leaves a trace of each kind; their ids, and that of the recording.
async fn leave<C: Client>(walk: &mut Walk<'_, C>, parties: &Parties) -> (Vec<String>, String) {
    let run = json!({
        "content_version": 3, "complete": true, "look": "red cloak", "t_ms": [0, 100, 200], "pos": [0, 0, 0, 1, 0, 0, 2, 0, 0],
        "rot": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], "state": [1, 1, 2], "event_ms": [100], "event_code": [7], "event_arg": [-1],
    });
    let kept = walk.ask(&parties.ann, "POST /v1/recordings", &[], Some(run)).await;
    let recording = text(&kept, "recording_id").to_owned();
    let get = "GET /v1/recordings/{recording_id}/packed";
    let packed = walk.bytes(&parties.game, get, &recording, None).await;
    let again = walk.bytes(&parties.ann, "POST /v1/recordings/packed", "", Some(packed)).await;
    assert_eq!(serde_json::from_slice::<Value>(&again).unwrap()["sha256"], kept["sha256"]);
    let traces = json!({"traces": [
        {"ref": "1", "kind": "message", "scope": "a", "pos": [1.5, 2, -3], "text": ["try", "jumping"]},
        {"ref": "2", "kind": "object", "scope": "a", "pos": [1, 2, 3], "rot": [0, 0, 0, 1], "type": "17", "data": "{}"},
        {"ref": "3", "kind": "phantom", "scope": "a", "rank_value": 12, "recording_id": recording, "expires_in_s": 3600},
        {"ref": "4", "kind": "bloodstain", "scope": "a", "pos": [4, 5, 6], "type": "fell"},
        {"ref": "5", "kind": "message", "scope": "a", "template": 3, "word": 117, "content_version": 2},
    ]});
    let answer = walk.ask(&parties.ann, "POST /v1/traces", &[], Some(traces)).await;
    assert_eq!(answer["failed"].as_f64(), Some(0.0), "{answer}");
    let ids = answer["results"].as_array().unwrap().iter().map(|result| text(result, "id").to_owned()).collect();
    (ids, recording)
}

async fn read<C: Client>(walk: &mut Walk<'_, C>, parties: &Parties, ids: &[String], recording: &str) {
    let (game, names) = (&parties.game, [("scope", "a"), ("deck", "3")]);
    for operation in ["GET /v1/deck", "GET /v1/scopes/{scope}/traces"] {
        let late = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
        while walk.ask(game, operation, &names, None).await["traces"].as_array().unwrap().len() < ids.len() {
            assert!(tokio::time::Instant::now() < late, "{operation}: what was left is not in the deck");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    for (question, found) in [
        (json!({"scopes": ["a"], "limit": 100}), 5),
        (json!({"mode": "top", "scopes": ["a"]}), 0),
        (json!({"mode": "near", "scopes": ["a"], "near": [1, 2, 3], "radius": 1}), 1),
        (json!({"mode": "ahead", "scopes": ["a"], "rank_value": 13, "ahead": 3, "best_per_author": true}), 1),
    ] {
        let page = walk.ask(game, "POST /v1/traces/query", &[], Some(question.clone())).await;
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{question}");
    }
    let page = walk.ask(game, "GET /v1/changes", &[("scope", "a"), ("wait_s", "1")], None).await;
    assert_eq!(page["items"].as_array().unwrap().len(), ids.len());
    let trace = walk.ask(game, "GET /v1/traces/{trace_id}", &[("trace_id", &ids[0])], None).await;
    assert_eq!((&trace["text"], &trace["author"]), (&json!(["try", "jumping"]), &json!(parties.anns_id)));
    let run = walk.ask(game, "GET /v1/recordings/{recording_id}", &[("recording_id", recording)], None).await;
    assert_eq!(
        run["t_ms"].as_array().unwrap().iter().filter_map(Value::as_f64).collect::<Vec<_>>(),
        [0.0, 100.0, 200.0]
    );
}

async fn vote_and_report<C: Client>(walk: &mut Walk<'_, C>, parties: &Parties, ids: &[String]) {
    let name = [("trace_id", ids[0].as_str())];
    let vote = Some(json!({"vote": "good"}));
    let count = walk.ask(&parties.bob, "PUT /v1/traces/{trace_id}/vote", &name, vote.clone()).await;
    assert_eq!((text(&count, "vote"), count["good"].as_f64()), ("good", Some(1.0)));
    let count = walk.ask(&parties.bob, "DELETE /v1/traces/{trace_id}/vote", &name, None).await;
    assert_eq!((count.get("vote"), count["good"].as_f64()), (None, Some(0.0)));
    walk.ask(&parties.bob, "POST /v1/traces/{trace_id}/vote", &name, vote.clone()).await;
    let count = walk.ask(&parties.bob, "POST /v1/traces/{trace_id}/vote/withdraw", &name, None).await;
    assert_eq!((count.get("vote"), count["good"].as_f64()), (None, Some(0.0)));
    walk.ask(&parties.bob, "PUT /v1/traces/{trace_id}/vote", &name, vote).await;
    walk.ask(&parties.bob, "POST /v1/traces/{trace_id}/uses", &name, None).await;
    let votes = json!({"votes": [{"trace_id": ids[1], "vote": "good"}]});
    let uses = json!({"uses": [{"trace_id": ids[1]}]});
    for (operation, batch) in [("POST /v1/votes", votes), ("POST /v1/uses", uses)] {
        assert_eq!(walk.ask(&parties.bob, operation, &[], Some(batch)).await["failed"].as_f64(), Some(0.0));
    }
    let report = json!({"reason": "other", "note": "it is not true"});
    for operation in ["PUT /v1/traces/{trace_id}/report", "POST /v1/traces/{trace_id}/report"] {
        walk.ask(&parties.bob, operation, &name, Some(report.clone())).await;
    }
    let author = [("player_id", parties.anns_id.as_str())];
    walk.ask(&parties.bob, "POST /v1/players/me/hidden/{player_id}", &author, None).await;
    walk.ask(&parties.bob, "POST /v1/players/me/hidden/{player_id}/remove", &author, None).await;
    walk.ask(&parties.bob, "PUT /v1/players/me/hidden/{player_id}", &author, None).await;
    let hidden = walk.ask(&parties.bob, "GET /v1/players/me/hidden", &[], None).await;
    assert_eq!(text(&hidden["items"][0], "player_id"), parties.anns_id);
    walk.ask(&parties.bob, "DELETE /v1/players/me/hidden/{player_id}", &author, None).await;
    let inbox = walk.ask(&parties.ann, "GET /v1/inbox", &[("limit", "50")], None).await;
    let events: BTreeSet<&str> = inbox["items"].as_array().unwrap().iter().map(|item| text(item, "what")).collect();
    assert_eq!(events, BTreeSet::from(["rated", "used"]));
}

async fn change_and_moderate<C: Client>(walk: &mut Walk<'_, C>, parties: &Parties, ids: &[String]) {
    let name = [("trace_id", ids[0].as_str())];
    let change = json!({"revision": 1, "text": ["don't", "jump"]});
    let changed = walk.ask(&parties.ann, "PATCH /v1/traces/{trace_id}", &name, Some(change)).await;
    assert_eq!(changed["revision"].as_f64(), Some(2.0));
    let change = json!({"revision": 2, "text": ["do", "jump"]});
    let changed = walk.ask(&parties.ann, "POST /v1/traces/{trace_id}/change", &name, Some(change)).await;
    assert_eq!(changed["revision"].as_f64(), Some(3.0));
    let own = walk.ask(&parties.ann, "GET /v1/players/me/traces", &[("limit", "3")], None).await;
    assert_eq!((own["items"].as_array().unwrap().len(), &own["more"]), (3, &json!(true)));

    let lines = walk.lines(&parties.studio, "GET /v1/traces/export", None).await;
    assert_eq!(lines.lines().count(), ids.len());
    walk.lines(&parties.studio, "POST /v1/traces/import", Some(lines)).await;
    let queue = walk.ask(&parties.studio, "GET /v1/moderation/queue", &[], None).await;
    assert_eq!(text(&queue["items"][0]["trace"], "id"), ids[0]);
    for action in ["hide", "restore"] {
        let action = json!({"action": action, "trace_ids": [ids[0]], "reason": "to see"});
        let affected = walk.ask(&parties.studio, "POST /v1/moderation/actions", &[], Some(action)).await;
        assert_eq!(affected["affected"].as_f64(), Some(1.0));
    }
    walk.ask(&parties.ann, "DELETE /v1/traces/{trace_id}", &name, None).await;
    let last = [("trace_id", ids[4].as_str())];
    walk.ask(&parties.ann, "POST /v1/traces/{trace_id}/withdraw", &last, None).await;
    let sync = walk.ask(&parties.ann, "POST /v1/traces/sync", &[], Some(json!({"ids": ids}))).await;
    assert_eq!((text(&sync["gone"][0], "id"), text(&sync["gone"][0], "reason")), (ids[0].as_str(), "withdrawn"));
    assert_eq!(sync["changed"].as_array().unwrap().len(), ids.len() - 2);
}

/// Everything, once.
async fn everything(cairn: &Cairn, client: impl Client) {
    let mut walk = Walk { cairn, client, asked: BTreeSet::new() };
    let parties = sign_in(&mut walk).await;
    let (ids, recording) = leave(&mut walk, &parties).await;
    read(&mut walk, &parties, &ids, &recording).await;
    vote_and_report(&mut walk, &parties, &ids).await;
    change_and_moderate(&mut walk, &parties, &ids).await;
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut there = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let of_games = path.starts_with("/v1/") && !OTHER_PATHS.iter().any(|other| path.starts_with(other));
        let names = methods.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase()));
        there.extend(names.filter(|name| of_games && !OTHER_OPERATIONS.contains(&name.as_str())));
    }
    assert_eq!(walk.asked, there, "each operation of games is walked");
}

#[cairn_test]
async fn a_client_that_writes_numbers_as_godot_does_walks_through_everything(cairn: &Cairn) {
    everything(cairn, Godot::default()).await;
}

#[cairn_test]
async fn a_client_with_fixed_classes_as_unity_has_them_walks_through_everything(cairn: &Cairn) {
    everything(cairn, Unity(Classes::described())).await;
}

#[cairn_test]
async fn plain_curl_walks_through_everything(cairn: &Cairn) {
    everything(cairn, Curl).await;
}

/// What `JsonUtility` can't read: maps, one of several, lists of lists.
#[test]
fn every_answer_to_a_game_fits_fixed_classes() {
    let classes = Classes::described();
    assert!(classes.of_games().len() > 20);
    for class in classes.of_games() {
        classes.check(&class);
    }
}
