//! v0: writing traces and reading them.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use cairn_test_macros::cairn_test;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::support::{Cairn, Place, each, eventually, samples};

#[cairn_test]
async fn a_trace_comes_back_byte_for_byte(cairn: &Cairn) {
    let odd = "\"\\/\u{8}\u{c}\n\r\t\u{1f}é\u{2028}🗿 -0.0,1e-06, 1.50";
    let body = json!({
        "obj": {"u_uuid": "a\u{1}é", "o_type": -3, "o_pos": odd, "o_rot": ""},
        "message": {"u_uuid": "b", "part1": odd, "part2": i64::MIN, "part3": "", "m_pos": "-0.0,1e-06,7"},
        "phantom": {"u_uuid": "c", "data": [[odd, ""], [], ["1,2,3", "0,0,0,1", "more"]]},
        "of a later version": {"is": "ignored"},
    });
    cairn.leave(&body).await;
    let world = cairn.world().await;
    let shown = |list: &str| {
        let mut row = world[list][0].clone();
        let id = row.as_object_mut().unwrap().remove("id").unwrap();
        (id.as_i64().unwrap(), row)
    };
    assert_eq!(shown("objects"), (1, body["obj"].clone()));
    assert_eq!(shown("messages"), (2, body["message"].clone()));
    assert_eq!(shown("phantoms"), (3, body["phantom"].clone()));
}

#[cairn_test]
async fn the_newest_200_200_20_are_shown_newest_first(cairn: &Cairn) {
    for mark in 0..210 {
        cairn.leave(&samples::all_three("a", &mark.to_string())).await;
    }
    let world = cairn.world().await;
    let newest = |count: usize| (210 - count..210).rev().map(|mark| Value::from(mark.to_string())).collect::<Vec<_>>();
    assert_eq!(each(&world, "objects", "o_rot"), newest(200).iter().collect::<Vec<_>>());
    assert_eq!(each(&world, "messages", "part1"), newest(200).iter().collect::<Vec<_>>());
    let marks: Vec<_> = world["phantoms"].as_array().unwrap().iter().map(|row| &row["data"][1][0]).collect();
    assert_eq!(marks, newest(20).iter().collect::<Vec<_>>());
    for list in ["objects", "messages", "phantoms"] {
        let ids: Vec<_> = each(&world, list, "id").into_iter().map(|id| id.as_i64().unwrap()).collect();
        assert!(ids.is_sorted_by(|newer, older| newer > older), "{list}: {ids:?}");
    }
}

#[cairn_test]
async fn scopes_are_separate(cairn: &Cairn) {
    for scope in ["", "Ash Lake", "ash lake", "é/../%20?&"] {
        let mut body = samples::all_three(&format!("in {scope}"), "x");
        body["scope"] = scope.into();
        cairn.leave(&body).await;
    }
    for scope in ["", "Ash Lake", "ash lake", "é/../%20?&"] {
        assert_eq!(each(&cairn.scope(scope).await, "objects", "u_uuid"), [&format!("in {scope}")]);
    }
    assert_eq!(cairn.scope("elsewhere").await, json!({"objects": [], "messages": [], "phantoms": []}));
}

#[cairn_test]
async fn empty_values_and_integers_are_accepted_as_engines_write_them(cairn: &Cairn) {
    let phantom = r#""phantom":{"u_uuid":"a","data":[]}"#;
    for body in [
        format!(r#"{{"obj":{{"u_uuid":"a","o_type":3.0,"o_pos":"","o_rot":""}},"message":null,{phantom}}}"#),
        format!(
            r#"{{"obj":[],"message":{{"u_uuid":"a","part1":3.0,"part2":"","part3":"","m_pos":""}},"scope":null,{phantom}}}"#
        ),
        format!(r#"{{"obj":"","message":{{"u_uuid":"a","part1":1e2,"part2":"","part3":"","m_pos":null}},{phantom}}}"#),
    ] {
        let answer = cairn.post(body.clone()).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{body}");
    }
    let world = cairn.world().await;
    assert_eq!(each(&world, "objects", "o_type"), [3]);
    assert_eq!(each(&world, "messages", "part1"), [100, 3]);
    assert!(world["messages"][0].get("m_pos").is_none());
}

#[cairn_test]
async fn a_body_without_a_content_type_or_with_gzip_is_accepted(cairn: &Cairn) {
    let body = samples::all_three("a", "x").to_string();
    let bare = cairn.http.post(format!("{}/add-object", cairn.base)).body(body.clone()).send().await.unwrap();
    assert_eq!(bare.status(), 201);
    let mut gzip = flate2::read::GzEncoder::new(body.as_bytes(), flate2::Compression::default());
    let mut packed = Vec::new();
    std::io::Read::read_to_end(&mut gzip, &mut packed).unwrap();
    let answer = cairn.post(packed).header("Content-Encoding", "gzip").send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(each(&cairn.world().await, "objects", "u_uuid"), ["a", "a"]);
}

fn header(answer: &reqwest::Response, name: &str) -> Option<String> {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

/// The answer as it is, and gzipped.
async fn both_encodings(cairn: &Cairn) -> [reqwest::Response; 2] {
    let plain = cairn.get("/get-objects").send().await.unwrap();
    let gzip = cairn.get("/get-objects").header("Accept-Encoding", "gzip").send().await.unwrap();
    [plain, gzip]
}

/// Revalidates; status and ETag of the answer.
async fn revalidate(cairn: &Cairn, tag: &str, encoding: &str) -> (u16, String) {
    let request = cairn.get("/get-objects").header("If-None-Match", tag).header("Accept-Encoding", encoding);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), header(&answer, "etag").unwrap())
}

#[cairn_test]
async fn an_answer_is_gzipped_on_request(cairn: &Cairn) {
    cairn.leave(&samples::all_three("a", "x")).await;
    let [plain, gzip] = both_encodings(cairn).await;
    assert_eq!(header(&plain, "content-encoding"), None);
    assert_eq!(header(&gzip, "content-encoding").as_deref(), Some("gzip"));
    for answer in [&plain, &gzip] {
        assert_eq!(header(answer, "vary").as_deref(), Some("Accept-Encoding"));
        assert_eq!(header(answer, "cache-control").as_deref(), Some("no-cache"));
        assert_eq!(header(answer, "content-type").as_deref(), Some("application/json"));
    }
    let (plain, gzip) = (plain.bytes().await.unwrap(), gzip.bytes().await.unwrap());
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut GzDecoder::new(&gzip[..]), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
}

#[cairn_test]
async fn an_answer_can_be_revalidated_in_either_encoding(cairn: &Cairn) {
    cairn.leave(&samples::all_three("a", "x")).await;
    let [plain, gzip] = both_encodings(cairn).await;
    let (plain_tag, gzip_tag) = (header(&plain, "etag").unwrap(), header(&gzip, "etag").unwrap());
    assert_ne!(plain_tag, gzip_tag);
    assert_eq!(revalidate(cairn, &plain_tag, "identity").await, (304, plain_tag.clone()));
    assert_eq!(revalidate(cairn, &gzip_tag, "gzip").await, (304, gzip_tag.clone()));
    assert_eq!(revalidate(cairn, &plain_tag, "gzip").await.0, 200, "the ETag of the other encoding");
}

#[cairn_test]
async fn a_head_request_has_the_headers_of_the_answer_and_no_body(cairn: &Cairn) {
    cairn.leave(&samples::all_three("a", "x")).await;
    let [plain, _] = both_encodings(cairn).await;
    let plain_tag = header(&plain, "etag").unwrap();
    let plain = plain.bytes().await.unwrap();
    let head = cairn.http.head(format!("{}/get-objects", cairn.base)).send().await.unwrap();
    assert_eq!(header(&head, "content-length").unwrap(), plain.len().to_string());
    assert_eq!(header(&head, "etag").unwrap(), plain_tag);
    assert_eq!(head.bytes().await.unwrap().len(), 0);
}

#[cairn_test]
async fn an_etag_changes_with_its_own_scope_only(cairn: &Cairn) {
    cairn.leave(&samples::all_three("a", "x")).await;
    let [_, gzip] = both_encodings(cairn).await;
    let gzip_tag = header(&gzip, "etag").unwrap();
    let mut elsewhere = samples::all_three("a", "y");
    elsewhere["scope"] = "elsewhere".into();
    cairn.leave(&elsewhere).await;
    assert_eq!(revalidate(cairn, &gzip_tag, "gzip").await.0, 304, "a trace in another scope changes nothing here");
    cairn.leave(&samples::all_three("a", "z")).await;
    assert_eq!(revalidate(cairn, &gzip_tag, "gzip").await.0, 200);
}

/// Sends a body with an idempotency key; status and body of the answer.
async fn send_with_key(cairn: &Cairn, key: &str, body: &str) -> (u16, String) {
    let answer = cairn.post(body.to_owned()).header("Idempotency-Key", key).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[cairn_test]
async fn an_idempotency_key_stores_once(cairn: &Cairn) {
    let body = samples::all_three("a", "x").to_string();
    let done = (201, "Created!!!".to_owned());
    let at_once = futures_util::future::join_all((0..32).map(|_| send_with_key(cairn, "k", &body))).await;
    assert!(at_once.iter().all(|answer| *answer == done), "{at_once:?}");
    assert_eq!(send_with_key(cairn, "k", &body).await, done);
    assert_eq!(send_with_key(cairn, "another", &body).await, done);
    assert_eq!(each(&cairn.world().await, "objects", "o_rot"), ["x", "x"], "once for each key");
}

#[cairn_test]
async fn an_idempotency_key_with_another_body_is_refused(cairn: &Cairn) {
    let done = (201, "Created!!!".to_owned());
    assert_eq!(send_with_key(cairn, "k", &samples::all_three("a", "x").to_string()).await, done);
    let (status, problem) = send_with_key(cairn, "k", &samples::all_three("a", "y").to_string()).await;
    assert_eq!(status, 422);
    assert!(problem.contains("idempotency_key_reused"), "{problem}");
    assert_eq!(each(&cairn.world().await, "objects", "o_rot"), ["x"]);
}

#[cairn_test]
async fn an_idempotency_key_of_the_wrong_form_is_refused(cairn: &Cairn) {
    let body = samples::all_three("a", "x").to_string();
    let long = "k".repeat(256);
    for bad in ["", " ", "two words", long.as_str()] {
        let (status, problem) = send_with_key(cairn, bad, &body).await;
        assert_eq!((status, problem.contains("Idempotency-Key")), (422, true), "{bad:?}: {problem}");
    }
    assert!(each(&cairn.world().await, "objects", "o_rot").is_empty(), "nothing is stored");
}

#[cairn_test]
async fn a_reader_never_sees_part_of_a_request(cairn: &Cairn) {
    let done = AtomicBool::new(false);
    let reads = AtomicUsize::new(0);
    let writers = futures_util::future::join_all((0..8).map(async |writer| {
        for turn in 0..25 {
            cairn.leave(&samples::all_three(&format!("{writer}-{turn}"), "x")).await;
        }
    }));
    let readers = futures_util::future::join_all((0..3).map(async |_| {
        while !done.load(Ordering::Relaxed) {
            let world = cairn.world().await;
            let authors = |list| -> BTreeSet<&str> {
                each(&world, list, "u_uuid").into_iter().map(|author| author.as_str().unwrap()).collect()
            };
            assert_eq!(authors("objects"), authors("messages"));
            assert!(authors("phantoms").is_subset(&authors("objects")));
            reads.fetch_add(1, Ordering::Relaxed);
        }
    }));
    let writers = async {
        writers.await;
        done.store(true, Ordering::Relaxed);
    };
    tokio::join!(writers, readers);
    assert!(reads.into_inner() > 3);
    // Under load the cached snapshot is served for a moment more (docs/adr/0003).
    eventually("all is shown", async || each(&cairn.world().await, "objects", "id").len() == 200).await;
}

#[cairn_test]
async fn the_oldest_traces_of_a_full_scope_are_removed(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_SCOPE_PHANTOMS", "20")]).await;
    for mark in 0..30 {
        cairn.leave(&samples::all_three("a", &mark.to_string())).await;
    }
    let phantoms = "SELECT count(*) FROM trace WHERE kind = 3";
    eventually("20 phantoms are left", async || place.numbers(phantoms).await == [20]).await;
    assert_eq!(place.numbers("SELECT count(*) FROM recording").await, [20]);
    assert_eq!(place.numbers("SELECT count(*) FROM trace WHERE kind < 3").await, [60]);
    assert_eq!(each(&cairn.world().await, "phantoms", "id").len(), 20);
    cairn.stop().await;
}

/// The size of the promise below: 16 writers leave this many traces together.
const TRACES: i64 = 20_000;

#[cairn_test]
async fn ids_follow_commit_order(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_SCOPE_PHANTOMS", "100000")]).await;
    let done = AtomicBool::new(false);
    let writers = futures_util::future::join_all((0..16).map(async |writer| {
        for turn in 0..(TRACES / 2 / 16) {
            let message = samples::message(&format!("{writer}-{turn}"), "x");
            cairn.leave(&json!({"message": message, "phantom": {"u_uuid": "a", "data": []}})).await;
        }
    }));
    // Each follows: it asks for what is after the last id that it saw. An id that were committed after a higher one
    // was seen would never be found.
    let followers = futures_util::future::join_all((0..4).map(async |_| {
        let mut seen = Vec::new();
        loop {
            let last_round = done.load(Ordering::Acquire);
            let after = seen.last().copied().unwrap_or_default();
            seen.extend(place.numbers(&format!("SELECT id FROM trace WHERE id > {after} ORDER BY id")).await);
            if last_round {
                return seen;
            }
        }
    }));
    let writers = async {
        writers.await;
        done.store(true, Ordering::Release);
    };
    let ((), followed) = tokio::join!(writers, followers);
    let all = place.numbers("SELECT id FROM trace ORDER BY id").await;
    assert_eq!(i64::try_from(all.len()).unwrap(), TRACES);
    for seen in followed {
        assert!(seen == all, "a follower saw {} of {}", seen.len(), all.len());
    }
    cairn.stop().await;
}
