//! Leaving, changing and withdrawing traces under `/v1`.

mod engines;
mod own;
mod quotas;
mod recordings;

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, each, eventually, game_client::GameClient};

fn message(text: &str) -> Value {
    json!({"kind": "message", "scope": "Ash Lake", "pos": [1.5, 2, -3], "text": [text]})
}

fn statuses(results: &[Value]) -> Vec<i64> {
    results.iter().map(|result| result["status"].as_i64().unwrap()).collect()
}

/// Changes what the game decides.
async fn decide(cairn: &Cairn, change: Value) {
    let key = cairn.key("moss/climb/live", KeyKind::Secret, &Permission::ALL).await;
    let request = cairn.http.patch(format!("{}/v1/games/climb/settings", cairn.base)).header("X-API-Key", key);
    assert_eq!(request.body(change.to_string()).send().await.unwrap().status(), 200);
}

async fn v0_world(player: &GameClient<'_>) -> Value {
    player.get("/get-objects?scope=Ash+Lake").await
}

/// Leaves one trace of each kind.
async fn leave_five(player: &GameClient<'_>) -> Vec<Value> {
    let results = player.leave(json!([
            message("try jumping"),
            {"kind": "object", "scope": "Ash Lake", "pos": [1, 2, 3], "rot": [0, 0, 0, 1], "type": "17", "data": "{\"a\": 1}"},
            {"kind": "object", "scope": "Ash Lake", "pos": [1, 2, 3], "type": "torch"},
            {"kind": "bloodstain", "scope": "Ash Lake", "pos": [0, 0, 0], "type": "fell"},
            {"kind": "message", "scope": "Ash Lake", "template": 3.0, "word": 7},
        ])).await;
    assert_eq!(statuses(&results), [201; 5]);
    results
}

#[cairn_test]
async fn a_new_trace_is_among_the_players_own_traces(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    leave_five(&ann).await;
    let own = ann.get("/v1/players/me/traces").await;
    assert_eq!((&own["more"], own["items"].as_array().unwrap().len()), (&json!(false), 5));
    let first = &own["items"][0];
    assert_eq!(
        (&first["author"], &first["text"], &first["pos"]),
        (&json!(ann.id), &json!(["try jumping"]), &json!([1.5, 2.0, -3.0]))
    );
    assert_eq!((&own["items"][1]["data"], &own["items"][1]["type"]), (&json!("{\"a\": 1}"), &json!("17")));
    assert!(own["items"][3]["expires_at"].is_string() && first.get("expires_at").is_none());
}

#[cairn_test]
async fn own_traces_are_paged_and_visible_to_their_author_only(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    leave_five(&ann).await;
    let own = ann.get("/v1/players/me/traces").await;
    let page =
        ann.get(&format!("/v1/players/me/traces?limit=2&after={}", own["items"][0]["id"].as_str().unwrap())).await;
    assert_eq!((&page["more"], &page["next"]), (&json!(true), &own["items"][2]["id"]));
    assert_eq!(bob.get("/v1/players/me/traces").await["items"], json!([]));
}

#[cairn_test]
async fn v0_clients_see_the_traces_that_they_can_read(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    leave_five(&ann).await;
    // No torch, which is no number, no sentence of templates, no bloodstain.
    let seen = v0_world(&bob).await;
    assert_eq!(each(&seen, "objects", "o_pos"), [&json!("1,2,3")]);
    assert_eq!(each(&seen, "messages", "part1"), [&json!("try jumping")]);
    assert_eq!(each(&seen, "messages", "m_pos"), [&json!("1.5,2,-3")]);
}

#[cairn_test]
async fn only_its_author_withdraws_or_changes_a_trace(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let path = format!("/v1/traces/{}", ann.leave_one(message("try jumping")).await);
    for (method, body) in [(Method::DELETE, None), (Method::PATCH, Some(json!({"revision": 1, "text": ["liar"]})))] {
        let (status, answer) = bob.send(method, &path, body).await;
        assert_eq!((status, &answer["code"]), (403, &json!("not_yours")));
    }
}

#[cairn_test]
async fn a_change_raises_the_revision_and_an_old_revision_is_refused(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let path = format!("/v1/traces/{}", ann.leave_one(message("try jumping")).await);
    v0_world(&bob).await;
    let (status, changed) = ann.send(Method::PATCH, &path, Some(json!({"revision": 1, "text": ["don't jump"]}))).await;
    assert_eq!((status, &changed["text"], &changed["revision"]), (200, &json!(["don't jump"]), &json!(2)));
    let (status, problem) = ann.send(Method::PATCH, &path, Some(json!({"revision": 1, "data": "x"}))).await;
    assert_eq!((status, &problem["code"], &problem["status"]), (409, &json!("revision_conflict"), &json!(409)));
    let current = &problem["current"];
    assert_eq!((&current["id"], &current["revision"], &current["text"]), (&changed["id"], &json!(2), &changed["text"]));
    assert_eq!(each(&v0_world(&bob).await, "messages", "part1"), [&json!("don't jump")], "v0 clients see it");
}

#[cairn_test]
async fn a_withdrawn_trace_is_gone_and_cannot_be_withdrawn_again(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let path = format!("/v1/traces/{}", ann.leave_one(message("try jumping")).await);
    v0_world(&bob).await;
    assert_eq!(ann.send(Method::DELETE, &path, None).await.0, 204);
    let (status, answer) = ann.send(Method::DELETE, &path, None).await;
    assert_eq!((status, &answer["code"]), (404, &json!("trace_not_found")));
    assert_eq!(v0_world(&bob).await["messages"], json!([]), "v0 clients don't see it");
}

#[cairn_test]
async fn a_sync_says_which_traces_have_changed_and_which_are_gone(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let id = ann.leave_one(message("try jumping")).await;
    let path = format!("/v1/traces/{id}");
    let (status, _) = ann.send(Method::PATCH, &path, Some(json!({"revision": 1, "text": ["don't jump"]}))).await;
    assert_eq!(status, 200);
    let sync = json!({"ids": [id, "999999"]});
    let (_, synced) = bob.send(Method::POST, "/v1/traces/sync", Some(sync.clone())).await;
    assert_eq!((&synced["changed"][0]["revision"], &synced["gone"]), (&json!(2), &json!([{"id": "999999"}])));
    assert_eq!(ann.send(Method::DELETE, &path, None).await.0, 204);
    let (_, synced) = bob.send(Method::POST, "/v1/traces/sync", Some(sync)).await;
    assert_eq!(synced["gone"][0], json!({"id": id, "reason": "withdrawn"}));
}

#[cairn_test]
async fn other_words_of_a_sentence_reset_its_votes(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let id = ann
        .leave_one(json!({"kind": "message", "template": 3, "word": 7, "conjunction": 1, "template2": 4, "word2": 8}))
        .await;
    let path = format!("/v1/traces/{id}");
    let vote = async || {
        let (status, _) = bob.send(Method::PUT, &format!("{path}/vote"), Some(json!({"vote": "good"}))).await;
        assert_eq!(status, 200);
    };
    let change = async |change: Value| {
        let (status, changed) = ann.send(Method::PATCH, &path, Some(change)).await;
        assert_eq!(status, 200, "{changed}");
        changed
    };
    let sentence = |trace: &Value| {
        ["template", "word", "conjunction", "template2", "word2", "gesture"]
            .map(|name| trace[name].as_i64().unwrap_or_default())
    };
    vote().await;
    // A gesture is not part of the sentence; empty values as engines write them change nothing.
    let same = change(json!({"revision": 1, "gesture": 2.0, "template": 0, "word": null, "text": []})).await;
    assert_eq!((sentence(&same), &same["good"], &same["revision"]), ([3, 7, 1, 4, 8, 2], &json!(1), &json!(2)));
    let other = change(json!({"revision": 2, "word2": 9})).await;
    assert_eq!((sentence(&other), &other["good"], &other["score"]), ([3, 7, 1, 4, 9, 2], &json!(0), &json!(0.0)));
    vote().await;
    // A new sentence takes none of the old words over.
    let new = change(json!({"revision": 3, "template": 5, "word": 1})).await;
    assert_eq!((sentence(&new), &new["good"]), ([5, 1, 0, 0, 0, 2], &json!(0)));
    assert_eq!((sentence(&bob.get(&path).await), &bob.get(&path).await["revision"]), ([5, 1, 0, 0, 0, 2], &json!(4)));
}

#[cairn_test]
async fn a_change_that_does_not_fit_the_trace_is_refused(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let object = ann.leave_one(json!({"kind": "object", "pos": [0, 0, 0], "type": "x"})).await;
    for (body, pointer) in [
        (json!({"revision": 1, "word": 1}), "/word"),
        (json!({"revision": 1, "text": ["x"]}), "/text"),
        (json!({"revision": 1, "template": -1}), "/template"),
    ] {
        let (status, answer) = ann.send(Method::PATCH, &format!("/v1/traces/{object}"), Some(body)).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!(pointer)), "{answer}");
    }
}

#[cairn_test]
async fn a_ref_creates_one_trace(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let named = |name: &str, text: &str| {
        let mut trace = message(text);
        trace["ref"] = json!(name);
        trace
    };
    let first = ann.leave(json!([named("a", "x"), named("b", "y"), named("a", "x"), named("a", "z")])).await;
    assert_eq!(statuses(&first), [201, 201, 200, 409]);
    assert_eq!((&first[2]["id"], &first[3]["code"]), (&first[0]["id"], &json!("ref_reused")));
    // Batched otherwise, after a crash.
    let again = ann.leave(json!([named("b", "y"), named("c", "new"), named("a", "x")])).await;
    assert_eq!(statuses(&again), [200, 201, 200]);
    assert_eq!((&again[0]["id"], &again[2]["id"]), (&first[1]["id"], &first[0]["id"]));
    // Another player's names are others.
    assert_eq!(statuses(&bob.leave(json!([named("a", "x")])).await), [201]);
    // Nor is it left anew when it has gone.
    ann.send(Method::DELETE, &format!("/v1/traces/{}", first[0]["id"].as_str().unwrap()), None).await;
    let gone = ann.leave(json!([named("a", "x"), named("b", "y")])).await;
    assert_eq!(statuses(&gone), [200, 200]);
    assert_eq!((&gone[0]["id"], &gone[0]["state"]), (&first[0]["id"], &json!("withdrawn")));
    assert_eq!(gone[1].get("state"), None, "of one that others see nothing is said");
}

#[cairn_test]
async fn a_request_with_an_idempotency_key_is_stored_once(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let keyed = async || {
        let request = cairn.http.post(format!("{}/v1/traces", cairn.base)).bearer_auth(&ann.token);
        let body = json!({"traces": [message("one"), message("two")]}).to_string();
        let answer = request.header("Idempotency-Key", "k").body(body).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["results"].as_array().unwrap().clone()
    };
    let (first, again) = (keyed().await, keyed().await);
    assert_eq!((statuses(&first), statuses(&again)), (vec![201; 2], vec![200; 2]));
    assert_eq!(first[1]["id"], again[1]["id"]);
}

#[cairn_test]
async fn a_bad_trace_of_a_batch_is_refused_alone(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let results = ann.leave(json!([message("good"), {"kind": "message"}, {"kind": "object", "pos": [1, 2], "type": "x", "ref": "mine"}])).await;
    assert_eq!(statuses(&results), [201, 422, 422]);
    assert_eq!((&results[1]["pointer"], &results[1]["code"]), (&json!("/traces/1/text"), &json!("invalid")));
    assert_eq!((&results[2]["pointer"], &results[2]["ref"]), (&json!("/traces/2/pos"), &json!("mine")));
}

#[cairn_test]
async fn all_faults_of_a_bad_trace_are_named(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let bad = json!({"kind": "message", "text": ["x"], "pos": [1, 2], "word": -1, "tempalte": 3});
    let results = ann.leave(json!([message("good"), bad])).await;
    assert_eq!(results[0].get("errors"), None);
    let errors = results[1]["errors"].as_array().unwrap();
    let pointers: Vec<&str> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/traces/1/pos", "/traces/1/word", "/traces/1/tempalte"]);
    assert_eq!(results[1]["pointer"], errors[0]["pointer"], "the first is named alone too");
    assert_eq!(errors[2]["detail"], "is not known here; did you mean template?");
}

#[cairn_test]
async fn a_bad_batch_is_refused_whole(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let many = Value::Array(vec![message("x"); 33]);
    for (body, pointer) in [
        (json!({"traces": many}), "/traces"),
        (json!({"traces": []}), "/traces"),
        (json!({"traces": [1]}), "/traces/0"),
        (json!({}), "/traces"),
        (json!({"traces": [message("x")], "author": "me"}), "/author"),
    ] {
        let (status, answer) = ann.send(Method::POST, "/v1/traces", Some(body)).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!(pointer)), "{answer}");
    }
}

#[cairn_test]
async fn outdated_content_and_disabled_kinds_are_refused(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    decide(cairn, json!({"content_version_min": 5, "kinds": [{"kind": "object", "enabled": false}]})).await;
    let mut fit = message("fits");
    fit["content_version"] = json!(5);
    let results = ann.leave(json!([fit, message("old"), {"kind": "object", "pos": [1, 2, 3], "type": "x"}])).await;
    assert_eq!(statuses(&results), [201, 422, 403]);
    assert_eq!(
        (&results[1]["code"], &results[2]["code"]),
        (&json!("content_version_too_old"), &json!("kind_disabled"))
    );
}

#[cairn_test]
async fn an_evicting_quota_removes_the_oldest_trace(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    decide(
        cairn,
        json!({"kinds": [
            {"kind": "message", "quota_scope": 2, "quota_total": 3, "on_quota": "evict"},
        ]}),
    )
    .await;
    let kept = bob.leave_one(message("bob's")).await;
    let first = ann.leave(json!([message("1"), message("2"), message("3")])).await;
    assert_eq!(first[2]["evicted"], json!([first[0]["id"]]));
    let elsewhere = |scope: &str| json!({"kind": "message", "scope": scope, "text": ["x"]});
    let more = ann.leave(json!([elsewhere("a"), elsewhere("b")])).await;
    assert_eq!((more[0].get("evicted"), &more[1]["evicted"]), (None, &json!([first[1]["id"]])));
    let own = ann.get("/v1/players/me/traces").await;
    let live = own["items"].as_array().unwrap().iter().filter(|item| item["state"] == "live");
    let ids: Vec<&Value> = live.map(|item| &item["id"]).collect();
    assert_eq!(ids, [&first[2]["id"], &more[0]["id"], &more[1]["id"]]);
    let (_, synced) = ann.send(Method::POST, "/v1/traces/sync", Some(json!({"ids": [kept, first[1]["id"]]}))).await;
    assert_eq!(synced["gone"], json!([{"id": first[1]["id"], "reason": "evicted"}]));
}

#[cairn_test]
async fn a_rejecting_quota_refuses_the_new_trace(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    decide(
        cairn,
        json!({"kinds": [
            {"kind": "object", "quota_scope": 2, "quota_total": 3, "on_quota": "reject"},
        ]}),
    )
    .await;
    let hut = |scope: &str| json!({"kind": "object", "scope": scope, "pos": [0, 0, 0], "type": "house"});
    let huts = ann.leave(json!([hut("a"), hut("a"), hut("a"), hut("b"), hut("c")])).await;
    assert_eq!(statuses(&huts), [201, 201, 409, 201, 409]);
    assert_eq!((&huts[2]["code"], huts[4]["detail"].as_str().unwrap().contains('3')), (&json!("quota_full"), true));
}

#[cairn_test]
async fn v0_clients_see_neither_a_groups_traces_nor_expired_ones(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let mut ours = message("ours");
    ours["group"] = json!("the four of us");
    let mut brief = message("brief");
    brief["expires_in_s"] = json!(1);
    ann.leave(json!([ours, brief, message("for all")])).await;
    eventually("the expired trace goes", async || {
        let shown = v0_world(&bob).await;
        let parts = each(&shown, "messages", "part1");
        assert!(!parts.contains(&&json!("ours")));
        parts == [&json!("for all")]
    })
    .await;
}

#[cairn_test]
async fn a_groups_traces_are_in_a_sync_for_who_knows_its_name(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let mut secret = message("only for us");
    secret["group"] = json!("our word");
    let (of_group, of_all) = (ann.leave_one(secret).await, ann.leave_one(message("for all")).await);
    let sync = async |player: &GameClient<'_>, group: Option<&str>| {
        let body = json!({"ids": [of_group, of_all, "4000000"], "group": group});
        let (status, report) = player.send(Method::POST, "/v1/traces/sync", Some(body)).await;
        assert_eq!(status, 200, "{report}");
        let ids = |list: &str| -> Vec<Value> {
            report[list].as_array().unwrap().iter().map(|trace| trace["id"].clone()).collect()
        };
        assert!(report["gone"].as_array().unwrap().iter().all(|gone| gone["reason"].is_null()), "{report}");
        (ids("changed"), ids("gone"))
    };
    let unknown = json!("4000000");
    let (secret, open) = (json!(of_group), json!(of_all));
    for group in [None, Some(""), Some("another word")] {
        let (known, gone) = sync(&bob, group).await;
        assert_eq!((known, gone), (vec![open.clone()], vec![secret.clone(), unknown.clone()]), "{group:?}");
    }
    for (player, group) in [(&bob, Some("our word")), (&ann, None)] {
        let (known, gone) = sync(player, group).await;
        assert_eq!((known, gone), (vec![secret.clone(), open.clone()], vec![unknown.clone()]), "{group:?}");
    }
    // What becomes of it is not told either.
    let url = format!("/v1/traces/{of_group}");
    let change = json!({"revision": 1, "text": ["changed"]});
    assert_eq!(ann.send(Method::PATCH, &url, Some(change)).await.0, 200);
    let (known, _) = sync(&bob, None).await;
    assert_eq!(known, [open]);
}
