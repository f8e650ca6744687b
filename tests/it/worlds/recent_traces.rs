//! Recent traces: snapshots are rebuilt from the recent traces in memory, or from the database.

use std::collections::BTreeSet;

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use crate::support::{Backend, Cairn, Place, each, eventually, samples};

/// Keeps no recent traces, and so reads the database for each snapshot.
const NO_RECENT_TRACES: &[(&str, &str)] = &[("CAIRN_RECENT_BYTES", "0")];

/// From now on the database names another author for all that is stored.
async fn rename(place: &Place) {
    place.execute("UPDATE trace SET author = 'changed behind our back'").await;
}

/// The bytes of a snapshot.
async fn bytes(cairn: &Cairn) -> Vec<u8> {
    let answer = cairn.get("/get-objects").header("Accept-Encoding", "gzip").send().await.unwrap();
    answer.bytes().await.unwrap().into()
}

#[cairn_test]
async fn a_read_after_a_write_needs_no_database_query(place: &Place) {
    let authors = async |cairn: &Cairn| {
        let world = cairn.world().await;
        ["objects", "messages", "phantoms"].map(|list| {
            each(&world, list, "u_uuid").iter().map(|author| author.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        })
    };
    let cairn = Box::pin(Cairn::start(place, &[])).await;
    // The first read queries the database.
    cairn.world().await;
    for left in 1..=3 {
        cairn.leave(&samples::all_three("a", "x")).await;
        rename(place).await;
        assert_eq!(authors(&cairn).await, [(); 3].map(|()| vec!["a"; left]));
    }
    // What is too large for the recent traces is read from the database.
    let mut large = samples::all_three("b", "x");
    let frame = |at: u32| json!([format!("{},{},{}", at * 7919 % 9973, at * 31 % 8191, at % 7), "0,0,0,1"]);
    large["phantom"]["data"] = (0..12_000).map(frame).collect();
    cairn.leave(&large).await;
    rename(place).await;
    assert_eq!(authors(&cairn).await, [(); 3].map(|()| vec!["changed behind our back", "a", "a", "a"]));
    cairn.leave(&samples::all_three("c", "x")).await;
    rename(place).await;
    assert_eq!(authors(&cairn).await, [(); 3].map(|()| vec!["c", "changed behind our back", "a", "a", "a"]));
    cairn.stop().await;
}

#[cairn_test]
async fn a_database_restored_to_an_older_state_is_served_as_it_is(place: &Place) {
    let cairn = Box::pin(Cairn::start(place, &[("CAIRN_REVISION_CHECK_MS", "50")])).await;
    let marks = async || {
        let world = cairn.world().await;
        each(&world, "objects", "o_rot").into_iter().cloned().collect::<Vec<Value>>()
    };
    for mark in ["first", "lost"] {
        cairn.leave(&samples::all_three("a", mark)).await;
        marks().await;
    }
    place.execute("DELETE FROM recording WHERE id > 3; DELETE FROM trace WHERE id > 3; UPDATE world SET seq = 3").await;
    eventually("it is noticed", async || marks().await == ["first"]).await;
    cairn.leave(&samples::all_three("a", "after")).await;
    assert_eq!(marks().await, ["after", "first"]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_hidden_trace_stays_hidden_when_others_are_left(place: &Place) {
    let cairn = Box::pin(Cairn::start(place, &[])).await;
    let secret = cairn.key("default/default/live", KeyKind::Secret, &Permission::ALL).await;
    cairn.world().await;
    for mark in ["one", "two"] {
        cairn.leave(&samples::all_three("a", mark)).await;
    }
    let world = cairn.world().await;
    let hidden = &world["objects"][0];
    assert_eq!(hidden["o_rot"], "two");
    let url = format!("{}/v1/moderation/actions", cairn.base);
    let hide = json!({"action": "hide", "trace_ids": [hidden["id"].to_string()]});
    let answer = cairn.http.post(url).header("X-API-Key", secret).json(&hide).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    cairn.leave(&samples::all_three("a", "three")).await;
    let world = cairn.world().await;
    assert_eq!(each(&world, "objects", "o_rot"), ["three", "one"]);
    assert_eq!(each(&world, "messages", "part1"), ["three", "two", "one"]);
    cairn.stop().await;
}

#[cairn_test]
async fn recent_traces_equal_the_database_after_concurrent_writes(place: &Place) {
    let cairn = Box::pin(Cairn::start(place, &[])).await;
    for turn in 0..30 {
        // Of those with one key, and one body or two, one is stored; all go into few batches.
        let left = (0..8).map(|at| {
            let request = cairn.post(samples::all_three("a", &format!("{turn}-{}", at % 5)).to_string());
            let keyed =
                if at % 4 == 0 { request } else { request.header("Idempotency-Key", format!("{turn}-{}", at % 3)) };
            async { keyed.send().await.unwrap().status().as_u16() }
        });
        let statuses: BTreeSet<u16> = futures_util::future::join_all(left).await.into_iter().collect();
        assert_eq!(statuses, [201, 422].into());
        cairn.world().await;
    }
    let from_recent = bytes(&cairn).await;
    cairn.stop().await;
    let asking = Box::pin(Cairn::start(place, &[("REDIS_URL", "")])).await;
    assert!(bytes(&asking).await == from_recent);
    asking.stop().await;
}

#[cairn_test]
async fn a_read_finds_new_traces_despite_many_changes_in_other_scopes(place: &Place) {
    // Without recent traces each read queries the database.
    let cairn = Box::pin(Cairn::start(place, NO_RECENT_TRACES)).await;
    let leave = async |scope: &str, mark: usize| {
        let mut body = samples::all_three(scope, &mark.to_string());
        body["scope"] = scope.into();
        cairn.leave(&body).await;
    };
    let mut here = Vec::new();
    // Three traces each: with 42 elsewhere what is new here is more than 128 ids away.
    for (mark, elsewhere) in [0, 1, 41, 42, 80, 2].into_iter().enumerate() {
        for other in 0..elsewhere {
            leave("elsewhere", other).await;
        }
        leave("here", mark).await;
        here.insert(0, Value::from(mark.to_string()));
        let world = cairn.scope("here").await;
        assert_eq!(each(&world, "objects", "o_rot"), here.iter().collect::<Vec<_>>());
        assert_eq!(each(&world, "messages", "part1"), here.iter().collect::<Vec<_>>());
        let marks: Vec<_> = world["phantoms"].as_array().unwrap().iter().map(|row| &row["data"][1][0]).collect();
        assert_eq!(marks, here.iter().collect::<Vec<_>>());
    }
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_carries_new_traces_to_the_other_instance() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let (one, other) = (Cairn::start(&place, &[]).await, Cairn::start(&place, &[]).await);
    let (asks, marks) = (Cairn::start(&place, NO_RECENT_TRACES).await, async |cairn: &Cairn| {
        let world = cairn.world().await;
        let of = |member| each(&world, "objects", member).into_iter().cloned().collect::<Vec<Value>>();
        (of("o_rot"), of("u_uuid"))
    });
    for cairn in [&one, &other, &asks] {
        cairn.has_its_cache().await;
        cairn.world().await;
    }
    one.leave(&samples::all_three("a", "x")).await;
    rename(&place).await;
    for (cairn, author) in [(&other, "a"), (&asks, "changed behind our back")] {
        eventually("the announcement has arrived", async || {
            marks(cairn).await == (vec!["x".into()], vec![author.into()])
        })
        .await;
    }
    for cairn in [one, other, asks] {
        cairn.stop().await;
    }
    place.clear().await;
}
