//! Worlds seen from above: scopes, maps, and members who read their studio's worlds.

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, Place, game_client::GameClient, mail::Mailbox, person::Person, player::answered, process};

const WORLD: &str = "moss/climb/live";

/// Leaves traces at these positions in a scope; their ids.
async fn leave(player: &GameClient<'_>, scope: &str, kind: &str, positions: &[[f64; 3]]) -> Vec<String> {
    let trace = |pos: &[f64; 3]| {
        let text = if kind == "message" { json!(["Mind the gap"]) } else { json!([]) };
        let what = if kind == "message" { "" } else { "lamp" };
        json!({"kind": kind, "scope": scope, "pos": pos, "text": text, "type": what, "content_version": 2})
    };
    let traces: Vec<Value> = positions.iter().map(trace).collect();
    let results = player.leave(json!(traces)).await;
    results.iter().map(|result| result["id"].as_str().unwrap_or_else(|| panic!("{result}")).to_owned()).collect()
}

async fn get(cairn: &Cairn, key: &str, path: &str) -> (u16, Value) {
    answered(cairn.get_with(key, path), None).await
}

fn totals(map: &Value) -> Vec<i64> {
    map["kinds"].as_array().unwrap().iter().map(|kind| kind["total"].as_i64().unwrap()).collect()
}

#[cairn_test]
async fn a_map_counts_what_lies_in_each_cell_and_names_what_is_few(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.game_key(WORLD).await;
    let studio = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let player = GameClient::with(&cairn, &key).await;
    let near = leave(&player, "cave", "message", &[[1.0, 0.0, 2.0], [1.1, 5.0, 2.1], [9.0, 0.0, 9.0]]).await;
    leave(&player, "cave", "object", &[[1.0, 0.0, 2.0]]).await;
    leave(&player, "attic", "message", &[[0.0, 0.0, 0.0]]).await;

    let path = "/v1/games/climb/map?scope=cave&bounds=0,0,10,10&cells=16";
    let (status, map) = get(&cairn, &studio, path).await;
    assert_eq!(status, 200, "{map}");
    assert_eq!(totals(&map), [1, 3, 0, 0], "of each kind");
    assert_eq!((&map["columns"], &map["rows"], &map["total"]), (&json!(16), &json!(16), &json!(4)), "{map}");
    assert_eq!(map["kinds"][1]["cells"].as_array().unwrap().len(), 2, "two messages share a cell: {map}");
    let bars = map["kinds"][1]["bars"].as_array().unwrap().iter().map(|count| count.as_i64().unwrap()).sum::<i64>();
    assert_eq!(bars, 3, "the histogram has each message once: {map}");
    assert_eq!(map["versions"], json!([{"content_version": 2, "traces": 4}]));
    assert_eq!(map["points"]["ids"].as_array().unwrap().len(), 4);

    let few = get(&cairn, &studio, &format!("{path}&points=3")).await.1;
    assert!(few.get("points").is_none(), "four are more than three: {few}");
    let part = get(&cairn, &studio, "/v1/games/climb/map?scope=cave&bounds=8,8,10,10&kind=message").await.1;
    assert_eq!(part["points"]["ids"], json!([near[2]]), "{part}");
    let side = get(&cairn, &studio, "/v1/games/climb/map?scope=cave&plane=xy&bounds=0,4,10,6").await.1;
    assert_eq!(side["points"]["ids"], json!([near[1]]), "{side}");
    let later = get(&cairn, &studio, &format!("{path}&from=2100-01-01T00:00:00Z")).await.1;
    assert_eq!(totals(&later), [0; 4], "of another time");

    let (status, scopes) = get(&cairn, &studio, "/v1/games/climb/scopes?limit=1").await;
    assert_eq!(
        (status, &scopes["items"][0]["scope"], &scopes["more"]),
        (200, &json!("attic"), &json!(true)),
        "{scopes}"
    );
    let next = scopes["next"].as_str().unwrap();
    let scopes = get(&cairn, &studio, &format!("/v1/games/climb/scopes?limit=1&after={next}")).await.1;
    let cave = json!({"scope": "cave", "object": 1, "message": 3, "phantom": 0, "bloodstain": 0});
    assert_eq!((&scopes["items"], &scopes["more"]), (&json!([cave]), &json!(false)));
    cairn.stop().await;
}

#[cairn_test]
async fn hidden_traces_are_on_maps_of_moderators_alone(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let key = cairn.game_key(WORLD).await;
    let studio = cairn.key(WORLD, KeyKind::Secret, &Permission::ALL).await;
    let reader = cairn.key(WORLD, KeyKind::Secret, &[Permission::Read, Permission::Write]).await;
    let player = GameClient::with(&cairn, &key).await;
    let ids = leave(&player, "cave", "message", &[[1.0, 0.0, 2.0], [3.0, 0.0, 4.0]]).await;
    let hide = json!({"action": "hide", "trace_ids": [ids[0]]});
    let url = format!("{}/v1/moderation/actions", cairn.base);
    assert_eq!(answered(cairn.http.post(url).header("X-API-Key", &studio), Some(hide)).await.0, 200);

    let path = |shown: &str| format!("/v1/games/climb/map?scope=cave&shown={shown}");
    for (shown, messages) in [("visible", 1), ("hidden", 1), ("all", 2)] {
        assert_eq!(totals(&get(&cairn, &studio, &path(shown)).await.1)[1], messages, "{shown}");
    }
    let all = get(&cairn, &studio, &path("all")).await.1;
    let hidden = all["points"]["hidden"][0].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap();
    assert_eq!(all["points"]["ids"][hidden], json!(ids[0]), "{all}");
    for key in [&reader, &key] {
        assert_eq!(get(&cairn, key, &path("visible")).await.0, 403, "a key that does not moderate");
    }
    assert_eq!(get(&cairn, &studio, "/v1/games/dive/map?scope=cave").await.0, 404, "another game");
    let queue = get(&cairn, &studio, "/v1/moderation/queue").await.1;
    assert_eq!(
        (&queue["items"][0]["trace"]["pos"], &queue["items"][0]["trace"]["content_version"]),
        (&json!([1.0, 0.0, 2.0]), &json!(2))
    );
    cairn.stop().await;
}

#[cairn_test]
async fn a_member_reads_a_world_that_others_cannot(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let key = cairn.game_key(WORLD).await;
    let player = GameClient::with(&cairn, &key).await;
    let ids = leave(&player, "cave", "message", &[[1.0, 0.0, 2.0]]).await;
    let (ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (bob, _) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    let added = process::cairn(place, &["member", "add", "moss", "ann@example.org", "viewer"]).output().unwrap();
    assert!(added.status.success(), "{added:?}");

    let reads = [
        (Method::GET, "/game?game=moss/climb".to_owned(), None),
        (Method::GET, "/deck?game=moss/climb&scope=cave&deck=0".to_owned(), None),
        (Method::GET, "/changes?game=moss/climb&after=0".to_owned(), None),
        (Method::GET, format!("/traces/{}?game=moss/climb", ids[0]), None),
        (Method::POST, "/traces/query?game=moss/climb".to_owned(), Some(json!({"scopes": ["cave"]}))),
        (Method::GET, "/games/climb/map?studio=moss&scope=cave".to_owned(), None),
        (Method::GET, "/games/climb/scopes?studio=moss".to_owned(), None),
    ];
    for (method, path, body) in reads {
        let (status, answer) = ann.call(method.clone(), &path, body.clone()).await;
        assert_eq!(status, 200, "a member: {path}: {answer}");
        let (status, answer) = bob.call(method, &path, body).await;
        assert!([401, 404].contains(&status), "another: {path}: {answer}");
    }
    let moderated = ann.call(Method::GET, "/games/climb/map?studio=moss&scope=cave&shown=all", None).await;
    assert_eq!(moderated.0, 403, "a viewer");
    let response = cairn
        .http
        .get(format!("{}/v1/deck?game=moss/climb&scope=cave&deck=0", cairn.base))
        .bearer_auth(ann.token.as_ref().unwrap())
        .send()
        .await
        .unwrap();
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("cache-control").as_deref(), Some("private, no-cache"), "no shared cache keeps it");
    assert!(header("access-control-allow-origin").is_none(), "no other site's page reads it");
    assert!(header("vary").unwrap().contains("Cookie"), "another session is another answer");
    cairn.stop().await;
}
