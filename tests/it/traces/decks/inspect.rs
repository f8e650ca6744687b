//! `cairn inspect`: it shows what players are shown.

use std::collections::BTreeSet;

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    support::{Cairn, Place, eventually, game_client::GameClient, keys::decide, process::cairn, samples},
    traces::search::rows::{Row, put},
};

const WORLD: &str = "moss/climb/live";

fn said(place: &Place, arguments: &[&str]) -> String {
    let output = cairn(place, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub fn inspected(place: &Place, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = ["inspect", "scope"].iter().chain(arguments).chain(&["--json"]).copied().collect();
    serde_json::from_str(&said(place, &arguments)).unwrap()
}

fn message(number: usize) -> Value {
    json!({"kind": "message", "scope": "Ash Lake", "pos": [number * 10, 2, 0], "text": [format!("try {number}")]})
}

/// The counts of a kind.
fn of_kind<'a>(found: &'a Value, kind: &str) -> &'a Value {
    found["kinds"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()
}

/// Fills the scope `Ash Lake`: six messages, of which the first is hidden and the second has a vote, a message of a group,
/// a message from a template, an object and a bloodstain.
async fn fill(server: &Cairn, ann: &GameClient<'_>, bob: &GameClient<'_>) {
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(ann.leave_one(message(number)).await);
    }
    let mut ours = message(7);
    ours["group"] = json!("the four of us");
    let made = ann.leave(json!([ours, {"kind": "object", "scope": "Ash Lake", "pos": [-10, 0, 40], "type": "torch"}, {"kind": "message", "scope": "Ash Lake", "template": 3, "word": 7}])).await;
    assert!(made.iter().all(|one| one["status"] == 201));
    bob.leave_one(json!({"kind": "bloodstain", "scope": "Ash Lake", "pos": [5, 0, 30], "type": "fell"})).await;
    let (status, _) =
        bob.send(Method::PUT, &format!("/v1/traces/{}/vote", ids[1]), Some(json!({"vote": "good"}))).await;
    assert_eq!(status, 200);
    let admin = server.key("moss/climb/live", KeyKind::Secret, &Permission::ALL).await;
    let hide = json!({"action": "hide", "trace_ids": [ids[0]], "reason": "spam"}).to_string();
    let request = server.http.post(format!("{}/v1/moderation/actions", server.base)).header("X-API-Key", admin);
    assert_eq!(request.header("Content-Type", "application/json").body(hide).send().await.unwrap().status(), 200);
}

const PLAYERS: &[(&str, &str)] = &[("CAIRN_PLAYERS_PER_HOUR", "1000")];

const ASH_LAKE: [&str; 5] = ["Ash Lake", "--studio", "moss", "--game", "climb"];

#[cairn_test]
async fn a_type_with_control_characters_is_refused(cairn: &Cairn) {
    let (_, bob) = GameClient::two(cairn).await;
    let stain = json!({"kind": "bloodstain", "scope": "Ash Lake", "pos": [5, 0, 30], "type": "fell\u{1b}[2J"});
    assert_eq!(bob.leave(json!([stain])).await[0]["code"], "invalid", "a control character is no part of a type");
}

#[cairn_test]
async fn inspect_counts_the_traces_of_each_kind(place: &Place) {
    let server = Cairn::start(place, PLAYERS).await;
    let (ann, bob) = GameClient::two(&server).await;
    fill(&server, &ann, &bob).await;
    let found = inspected(place, &ASH_LAKE);
    assert_eq!(
        (&found["game"], &found["environment"], &found["scope"]),
        (&json!("climb"), &json!("live"), &json!("Ash Lake"))
    );
    assert_eq!(
        of_kind(&found, "message"),
        &json!({"kind": "message", "there": 7, "hidden": 1, "over": 0, "too_old": 0, "eligible": 6, "legacy": 0, "candidates": 6, "in_decks": 6})
    );
    assert_eq!(of_kind(&found, "object")["in_decks"], 1);
    assert_eq!(of_kind(&found, "bloodstain")["eligible"], 1);
    server.stop().await;
}

#[cairn_test]
async fn inspect_shows_the_decks_that_players_are_shown(place: &Place) {
    let server = Cairn::start(place, PLAYERS).await;
    let (ann, bob) = GameClient::two(&server).await;
    fill(&server, &ann, &bob).await;
    let found = inspected(place, &ASH_LAKE);
    let decks = found["decks"].as_array().unwrap();
    assert_eq!(decks.len(), 8);
    for (number, deck) in decks.iter().enumerate() {
        let shown = bob.get(&format!("/v1/deck?scope=Ash+Lake&deck={number}")).await;
        let ids = |list: &Value| {
            list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        assert_eq!(ids(deck), ids(&shown["traces"]), "deck {number}");
        assert!(
            deck.as_array()
                .unwrap()
                .iter()
                .all(|one| ["best", "fresh", "chance"].contains(&one["why"].as_str().unwrap())),
            "deck {number}: {deck}"
        );
        for trace in shown["traces"].as_array().unwrap() {
            assert!(found["traces"].as_array().unwrap().contains(trace), "{trace}");
        }
    }
    server.stop().await;
}

#[cairn_test]
async fn inspect_shows_the_traces_of_a_group(place: &Place) {
    let server = Cairn::start(place, PLAYERS).await;
    let (ann, bob) = GameClient::two(&server).await;
    fill(&server, &ann, &bob).await;
    for world in [["--world", "moss/climb/live"], ["--game", "moss/climb"]] {
        let group = inspected(place, &[&["Ash Lake", "--group", "the four of us"], &world[..]].concat());
        let found = (&of_kind(&group, "message")["there"], &group["traces"][0]["text"]);
        assert_eq!(found, (&json!(1), &json!(["try 7"])), "{world:?}");
    }
    server.stop().await;
}

#[cairn_test]
async fn inspect_prints_tables_and_a_map(place: &Place) {
    let server = Cairn::start(place, PLAYERS).await;
    let (ann, bob) = GameClient::two(&server).await;
    fill(&server, &ann, &bob).await;
    let text = said(place, &[&["inspect", "scope"][..], &ASH_LAKE].concat());
    for line in [
        "Scope \"Ash Lake\" of climb, live",
        "KIND",
        "try 1",
        "template 3 word 7",
        "fell",
        "o object, m message, b bloodstain;",
        "Horizontal: x from -10.0 to 50.0; vertical: z from 0.0 to 40.0",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() < 140), "{text}");
    assert!(text.find("Horizontal") < text.find("KIND"), "the map comes first: {text}");
    server.stop().await;
}

#[cairn_test]
async fn inspect_shows_the_open_world_by_default(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    server.leave(&samples::all_three("climber", "x")).await;
    let open = inspected(place, &[""]);
    assert_eq!((&of_kind(&open, "message")["there"], &of_kind(&open, "phantom")["candidates"]), (&json!(1), &json!(1)));
    server.stop().await;
}

#[cairn_test]
async fn inspect_of_an_empty_scope_says_so(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    server.leave(&samples::all_three("climber", "x")).await;
    for nowhere in [&["nowhere"][..], &["-50279"], &["--", "-x"]] {
        let text = said(place, &[&["inspect", "scope"], nowhere].concat());
        assert!(text.contains("No trace is in a deck."), "{nowhere:?}: {text}");
    }
    server.stop().await;
}

#[cairn_test]
async fn a_game_is_named_with_its_studio(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    for (arguments, expected) in [(["--studio", "moss"], "--game"), (["--game", "climb"], "--studio")] {
        let wrong = cairn(place, &[&["inspect", "scope", "x"], &arguments[..]].concat()).output().unwrap();
        assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains(expected), "{arguments:?}");
    }
    server.stop().await;
}

#[cairn_test]
async fn traces_in_no_deck_are_counted_by_reason(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    decide(&server, WORLD, &json!({"content_version_min": 1})).await;
    let row = |id| Row {
        hidden: id == 3 || id == 11,
        over: (4..=6).contains(&id) || id == 11,
        version: i32::from(!(7..=10).contains(&id)),
        ..Row::new(id, 1)
    };
    put(&server, place, &(1..=11).map(row).collect::<Vec<_>>()).await;
    place.execute_on(2, "UPDATE trace SET legacy = TRUE WHERE id IN (2, 3, 4)").await;
    // A running server would remove what is over the limit.
    server.stop().await;
    let mut found = of_kind(&inspected(place, &["a", "--world", WORLD]), "message").clone();
    found.as_object_mut().unwrap().remove("in_decks");
    assert_eq!(
        found,
        json!({"kind": "message", "there": 11, "hidden": 2, "over": 4, "too_old": 4, "eligible": 2, "legacy": 1, "candidates": 2})
    );
}

#[cairn_test]
async fn a_character_says_why_a_trace_is_in_a_deck(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let (ann, bob) = GameClient::two(&server).await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(ann.leave_one(message(number)).await);
    }
    let vote = format!("/v1/traces/{}/vote", ids[0]);
    assert_eq!(bob.send(Method::PUT, &vote, Some(json!({"vote": "good"}))).await.0, 200);
    server.stop().await;
    let scope = ["Ash Lake", "--world", WORLD];
    let reasons = |found: &Value, id: &str| -> String {
        let reason = |deck: &Value| {
            let place = deck.as_array().unwrap().iter().find(|place| place["id"] == id);
            place.map_or('.', |place| match place["why"].as_str().unwrap() {
                "best" => 'b',
                "fresh" => 'f',
                "chance" => 'c',
                _ => '+',
            })
        };
        found["decks"].as_array().unwrap().iter().map(reason).collect()
    };
    eventually("the same decks three times in a row", async || {
        let (before, text, after) = (
            inspected(place, &scope),
            said(place, &[&["inspect", "scope"], &scope[..]].concat()),
            inspected(place, &scope),
        );
        if before["decks"] != after["decks"] {
            return false;
        }
        let rows = || text.lines().skip_while(|line| !line.starts_with("ID"));
        for id in &ids {
            let row =
                rows().find(|line| line.split_whitespace().next() == Some(id)).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(row.split_whitespace().nth(2), Some(reasons(&before, id).as_str()), "{text}");
        }
        true
    })
    .await;
}
