//! What players leave under `/v1`, and do with it.

use cairn::identity::access::model::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cairn, Place, each, eventually, game_client::GameClient};

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

async fn seed_view(gamer: &GameClient<'_>) -> Value {
    gamer.get("/get-objects?scope=Ash+Lake").await
}

#[cairn_test]
async fn what_is_left_is_the_players_and_seed_clients_see_it(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let results = ann.leave(json!([
            message("try jumping"),
            {"kind": "object", "scope": "Ash Lake", "pos": [1, 2, 3], "rot": [0, 0, 0, 1], "type": "17", "data": "{\"a\": 1}"},
            {"kind": "object", "scope": "Ash Lake", "pos": [1, 2, 3], "type": "torch"},
            {"kind": "bloodstain", "scope": "Ash Lake", "pos": [0, 0, 0], "type": "fell"},
            {"kind": "message", "scope": "Ash Lake", "template": 3.0, "word": 7},
        ])).await;
    assert_eq!(statuses(&results), [201; 5]);

    let own = ann.get("/v1/players/me/traces").await;
    assert_eq!((&own["more"], own["items"].as_array().unwrap().len()), (&json!(false), 5));
    let first = &own["items"][0];
    assert_eq!(
        (&first["author"], &first["text"], &first["pos"]),
        (&json!(ann.id), &json!(["try jumping"]), &json!([1.5, 2.0, -3.0]))
    );
    assert_eq!((&own["items"][1]["data"], &own["items"][1]["type"]), (&json!("{\"a\": 1}"), &json!("17")));
    assert!(own["items"][3]["expires_at"].is_string() && first.get("expires_at").is_none());
    let page =
        ann.get(&format!("/v1/players/me/traces?limit=2&after={}", own["items"][0]["id"].as_str().unwrap())).await;
    assert_eq!((&page["more"], &page["next"]), (&json!(true), &own["items"][2]["id"]));
    assert_eq!(bob.get("/v1/players/me/traces").await["items"], json!([]));

    // What they can read of it: no torch, which is no number, no sentence of templates, no bloodstain.
    let seen = seed_view(&bob).await;
    assert_eq!(each(&seen, "objects", "o_pos"), [&json!("1,2,3")]);
    assert_eq!(each(&seen, "messages", "part1"), [&json!("try jumping")]);
    assert_eq!(each(&seen, "messages", "m_pos"), [&json!("1.5,2,-3")]);
}

#[cairn_test]
async fn only_its_author_takes_a_trace_back_or_changes_it(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let id = ann.leave_one(message("try jumping")).await;
    let path = format!("/v1/traces/{id}");
    seed_view(&bob).await;
    for (method, body) in [(Method::DELETE, None), (Method::PATCH, Some(json!({"revision": 1, "text": ["liar"]})))] {
        let (status, answer) = bob.send(method, &path, body).await;
        assert_eq!((status, &answer["code"]), (403, &json!("not_yours")));
    }
    let (status, changed) = ann.send(Method::PATCH, &path, Some(json!({"revision": 1, "text": ["don't jump"]}))).await;
    assert_eq!((status, &changed["text"], &changed["revision"]), (200, &json!(["don't jump"]), &json!(2)));
    let (status, current) = ann.send(Method::PATCH, &path, Some(json!({"revision": 1, "data": "x"}))).await;
    assert_eq!((status, &current["revision"], &current["text"]), (409, &json!(2), &json!(["don't jump"])));
    assert_eq!(each(&seed_view(&bob).await, "messages", "part1"), [&json!("don't jump")]);

    let sync = json!({"ids": [id, "999999"]});
    let (_, standing) = bob.send(Method::POST, "/v1/traces/sync", Some(sync.clone())).await;
    assert_eq!((&standing["changed"][0]["revision"], &standing["gone"]), (&json!(2), &json!([{"id": "999999"}])));
    assert_eq!(ann.send(Method::DELETE, &path, None).await.0, 204);
    let (status, answer) = ann.send(Method::DELETE, &path, None).await;
    assert_eq!((status, &answer["code"]), (404, &json!("trace_not_found")));
    assert_eq!(seed_view(&bob).await["messages"], json!([]));
    let (_, standing) = bob.send(Method::POST, "/v1/traces/sync", Some(sync)).await;
    assert_eq!(standing["gone"][0], json!({"id": id, "reason": "withdrawn"}));
}

#[cairn_test]
async fn a_sentence_is_changed_and_other_words_set_the_votes_back(cairn: &Cairn) {
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
    // What the figure does is no word; what engines write for nothing changes none.
    let same = change(json!({"revision": 1, "gesture": 2.0, "template": 0, "word": null, "text": []})).await;
    assert_eq!((sentence(&same), &same["good"], &same["revision"]), ([3, 7, 1, 4, 8, 2], &json!(1), &json!(2)));
    let other = change(json!({"revision": 2, "word2": 9})).await;
    assert_eq!((sentence(&other), &other["good"], &other["score"]), ([3, 7, 1, 4, 9, 2], &json!(0), &json!(0.0)));
    vote().await;
    // A new sentence takes none of the old words over.
    let new = change(json!({"revision": 3, "template": 5, "word": 1})).await;
    assert_eq!((sentence(&new), &new["good"]), ([5, 1, 0, 0, 0, 2], &json!(0)));
    assert_eq!(bob.get(&path).await, new);

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
async fn the_same_name_is_left_once(cairn: &Cairn) {
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
    assert_eq!(statuses(&ann.leave(json!([named("a", "x")])).await), [200]);

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
async fn each_is_told_what_is_wrong_with_it_and_the_others_are_left(cairn: &Cairn) {
    let (ann, _) = GameClient::two(cairn).await;
    let results = ann.leave(json!([message("good"), {"kind": "message"}, {"kind": "object", "pos": [1, 2], "type": "x", "ref": "mine"}])).await;
    assert_eq!(statuses(&results), [201, 422, 422]);
    assert_eq!((&results[1]["pointer"], &results[1]["code"]), (&json!("/traces/1/text"), &json!("invalid")));
    assert_eq!((&results[2]["pointer"], &results[2]["ref"]), (&json!("/traces/2/pos"), &json!("mine")));
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
async fn beyond_a_quota_the_oldest_goes_or_the_new_one_is_refused(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    decide(
        cairn,
        json!({"kinds": [
            {"kind": "message", "quota_scope": 2, "quota_total": 3, "on_quota": "evict"},
            {"kind": "object", "quota_scope": 2, "quota_total": 3, "on_quota": "reject"},
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
    let ids: Vec<&Value> = own["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
    assert_eq!(ids, [&first[2]["id"], &more[0]["id"], &more[1]["id"]]);
    let (_, standing) = ann.send(Method::POST, "/v1/traces/sync", Some(json!({"ids": [kept, first[1]["id"]]}))).await;
    assert_eq!(standing["gone"], json!([{"id": first[1]["id"], "reason": "evicted"}]));

    let house = |scope: &str| json!({"kind": "object", "scope": scope, "pos": [0, 0, 0], "type": "house"});
    let houses = ann.leave(json!([house("a"), house("a"), house("a"), house("b"), house("c")])).await;
    assert_eq!(statuses(&houses), [201, 201, 409, 201, 409]);
    assert_eq!((&houses[2]["code"], houses[4]["detail"].as_str().unwrap().contains('3')), (&json!("quota_full"), true));
}

#[cairn_test]
async fn a_phantom_takes_a_recording_along_once(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let run = json!({"t_ms": [0, 100, 200], "pos": [0, 0, 0, 1, 0, 0, 2, 0, 0], "complete": true});
    let (status, kept) = ann.send(Method::POST, "/v1/recordings", Some(run)).await;
    assert_eq!(status, 201, "{kept}");
    let phantom = |rank: f64| json!({"kind": "phantom", "scope": "Ash Lake", "rank_value": rank, "recording_id": kept["recording_id"]});
    // Another player's it is not, and none at all is too few.
    let results = bob.leave(json!([phantom(1.0), {"kind": "phantom"}])).await;
    assert_eq!(
        (&results[0]["code"], &results[1]["pointer"]),
        (&json!("recording_not_waiting"), &json!("/traces/1/recording_id"))
    );
    let results = ann.leave(json!([phantom(9.5), phantom(9.5)])).await;
    assert_eq!((statuses(&results), &results[1]["code"]), (vec![201, 409], &json!("recording_not_waiting")));
    let shown = bob.get(&format!("/v1/traces/{}", results[0]["id"].as_str().unwrap())).await;
    assert_eq!(
        (&shown["recording_id"], &shown["duration_ms"], &shown["rank_value"]),
        (&kept["recording_id"], &json!(200), &json!(9.5))
    );
    assert_eq!(shown["size_bytes"], kept["size_bytes"]);
    let fetched = bob.get(&format!("/v1/recordings/{}", kept["recording_id"].as_str().unwrap())).await;
    assert_eq!(fetched["t_ms"], json!([0, 100, 200]));
    let seen = seed_view(&bob).await;
    assert_eq!(seen["phantoms"][0]["data"].as_array().unwrap().len(), 3);
}

#[cairn_test]
async fn what_is_for_a_group_or_over_is_not_shown_to_seed_clients(cairn: &Cairn) {
    let (ann, bob) = GameClient::two(cairn).await;
    let mut ours = message("ours");
    ours["group"] = json!("the four of us");
    let mut brief = message("brief");
    brief["expires_in_s"] = json!(1);
    ann.leave(json!([ours, brief, message("for all")])).await;
    eventually("what is over goes", async || {
        let shown = seed_view(&bob).await;
        let parts = each(&shown, "messages", "part1");
        assert!(!parts.contains(&&json!("ours")));
        parts == [&json!("for all")]
    })
    .await;
}

/// A short run, in columns.
fn run() -> Value {
    json!({"t_ms": [0, 100, 200], "pos": [0, 0, 0, 1, 0, 0, 2, 0, 0], "state": [1, 1, 2], "event_ms": [100], "event_code": [7], "event_arg": [-1], "complete": true})
}

#[cairn_test]
async fn a_trace_and_the_recording_that_it_brings_are_left_together_or_not_at_all(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = GameClient::two(&cairn).await;
    let kept = async || {
        (
            place.numbers_on(2, "SELECT count(*) FROM recording").await[0],
            place.numbers_on(2, "SELECT count(*) FROM upload").await[0],
        )
    };
    let phantom = |name: &str, recording: Value| json!({"ref": name, "kind": "phantom", "scope": "Ash Lake", "rank_value": 9.5, "recording": recording});
    let mut bent = run();
    bent["pos"][4] = json!("far");
    let mut short = run();
    short["rot"] = json!([0, 0, 0, 1]);
    // As Unity writes a recording that is not there.
    let nothing = json!({"content_version": 0, "complete": false, "look": "", "t_ms": [], "pos": [], "rot": [], "state": [], "teleports": [], "event_ms": [], "event_code": [], "event_arg": []});
    let mut plain = message("no run");
    plain["recording"] = nothing.clone();
    let mut running = message("run");
    running["recording"] = run();
    let both = json!({"kind": "phantom", "recording": run(), "recording_id": "01936b30-1f2a-7c40-8e11-9a0b1c2d3e4f"});
    let batch = json!([phantom("a", run()), phantom("b", bent), phantom("c", short), phantom("d", nothing), plain, running, both, {"kind": "bloodstain", "scope": "Ash Lake", "pos": [0, 0, 0], "recording": run()}, {"kind": "bloodstain", "pos": [0, 0, 0], "recording": 7}]);
    let results = ann.leave(batch).await;
    assert_eq!(statuses(&results), [201, 422, 422, 422, 201, 422, 422, 201, 422], "{results:?}");
    let pointers: Vec<&Value> =
        results.iter().map(|result| &result["pointer"]).filter(|pointer| !pointer.is_null()).collect();
    assert_eq!(
        pointers,
        [
            "/traces/1/recording/pos/4",
            "/traces/2/recording/rot",
            "/traces/3/recording_id",
            "/traces/5/recording",
            "/traces/6/recording",
            "/traces/8/recording"
        ]
    );
    assert_eq!(kept().await, (2, 0));

    let shown = bob.get(&format!("/v1/traces/{}", results[0]["id"].as_str().unwrap())).await;
    assert_eq!((&shown["duration_ms"], &shown["rank_value"]), (&json!(200), &json!(9.5)));
    let fetched = bob.get(&format!("/v1/recordings/{}", shown["recording_id"].as_str().unwrap())).await;
    for column in ["t_ms", "state", "event_ms", "event_code", "event_arg", "complete"] {
        assert_eq!(fetched[column], run()[column], "{column}");
    }
    assert_eq!(seed_view(&bob).await["phantoms"][0]["data"].as_array().unwrap().len(), 3);

    // Sent again it is there already; another run under the same name is none of it.
    let mut other = run();
    other["pos"][8] = json!(3);
    let again = ann.leave(json!([phantom("a", run()), phantom("a", other.clone())])).await;
    assert_eq!((statuses(&again), &again[0]["id"]), (vec![200, 409], &results[0]["id"]));
    decide(&cairn, json!({"max_frames": 2, "kinds": [{"kind": "phantom", "quota_scope": 1, "on_quota": "reject"}]}))
        .await;
    let refused = ann.leave(json!([phantom("e", run())])).await;
    assert_eq!((statuses(&refused), &refused[0]["pointer"]), (vec![422], &json!("/traces/0/recording/t_ms")));
    decide(&cairn, json!({"max_frames": 100})).await;
    let refused = ann.leave(json!([phantom("e", other.clone())])).await;
    assert_eq!((statuses(&refused), &refused[0]["code"]), (vec![409], &json!("quota_full")));
    assert_eq!(kept().await, (2, 0));

    // The database takes the recording, and then not the trace.
    let (no, yes) = if place.database_url.is_some() {
        ("ALTER TABLE trace ADD CONSTRAINT no CHECK (kind <> 3) NOT VALID", "ALTER TABLE trace DROP CONSTRAINT no")
    } else {
        (
            "CREATE TRIGGER no BEFORE INSERT ON trace WHEN NEW.kind = 3 BEGIN SELECT RAISE(ABORT, 'no'); END",
            "DROP TRIGGER no",
        )
    };
    place.execute_on(2, no).await;
    let (status, answer) = bob.send(Method::POST, "/v1/traces", Some(json!({"traces": [phantom("f", run())]}))).await;
    assert!(status >= 400, "{answer}");
    assert_eq!(kept().await, (2, 0));
    place.execute_on(2, yes).await;
    assert_eq!(statuses(&bob.leave(json!([phantom("f", run())])).await), [201]);
    assert_eq!(kept().await, (3, 0));
    // What goes takes its recording with it.
    assert_eq!(
        ann.send(Method::DELETE, &format!("/v1/traces/{}", results[0]["id"].as_str().unwrap()), None).await.0,
        204
    );
    assert_eq!(kept().await, (2, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn many_long_recordings_come_along_in_one_body(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    decide(&cairn, json!({"kinds": [{"kind": "phantom", "quota_scope": 100, "quota_total": 100}]})).await;
    let long = |number: i32| {
        let t_ms: Vec<i32> = (0..600).map(|frame| frame * 50).collect();
        let pos: Vec<i32> = (0..600).flat_map(|frame| [frame, number, 0]).collect();
        json!({"kind": "phantom", "scope": "Ash Lake", "recording": {"t_ms": t_ms, "pos": pos}})
    };
    let results = ann.leave(Value::Array((0..32).map(long).collect())).await;
    assert_eq!(statuses(&results), [201; 32]);
    assert_eq!(place.numbers_on(2, "SELECT count(DISTINCT recording_id) FROM recording").await, [32]);
    cairn.stop().await;
}
