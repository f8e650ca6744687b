//! One library on two devices: a change that names what it changes is refused where that is no more.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::requests::{add, ann_and_games, get, post};
use crate::support::{
    Cairn, Place,
    person::{Answer, Person, read, refusal},
};

/// A request that names the state of an entry.
async fn naming(person: &Person<'_>, method: Method, path: &str, tag: &str, body: Value) -> Answer {
    let request = person.cairn.http.request(method, format!("{}/api{path}", person.cairn.base));
    let request = request.bearer_auth(person.token.as_ref().unwrap()).header("If-Match", tag);
    let request = request.header("Content-Type", "application/json").body(body.to_string());
    read(request.send().await.unwrap()).await
}

/// The tag of an answer about an entry; `If-None-Match` with it is answered with 304.
async fn tag(person: &Person<'_>, path: &str) -> String {
    let ask = |none_match: &str| {
        let request = person.cairn.http.request(Method::GET, format!("{}/api{path}", person.cairn.base));
        request.bearer_auth(person.token.as_ref().unwrap()).header("If-None-Match", none_match).send()
    };
    let answer = ask("\"0\"").await.unwrap();
    assert_eq!(answer.status(), 200);
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(ask(&tag).await.unwrap().status(), 304);
    tag
}

#[cairn_test]
async fn a_change_that_names_an_older_state_is_refused_with_what_it_is_now(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    let path = format!("/library/{moss}");
    let runs = format!("{path}/playthroughs");
    assert_eq!(post(&ann, &runs, json!({"platform": "pc", "time": "1 h"})).await.0, 201);
    let old = tag(&ann, &path).await;
    let (status, now) = naming(&ann, Method::PUT, &path, &old, json!({"score": 70})).await;
    assert_eq!((status, &now["score"]), (200, &json!(70)));
    for (method, path, body) in [
        (Method::PUT, path.clone(), json!({"score": 10})),
        (Method::DELETE, path.clone(), json!({})),
        (Method::POST, format!("{path}/time"), json!({"time": "add 1 h"})),
        (Method::POST, runs.clone(), json!({"platform": "ps5"})),
        (Method::PUT, format!("{runs}/1"), json!({"platform": "ps5"})),
        (Method::DELETE, format!("{runs}/1"), json!({})),
    ] {
        let (status, problem) = naming(&ann, method.clone(), &path, &old, body).await;
        assert_eq!((status, &problem["code"], &problem["current"]), (412, &json!("stale"), &now), "{method} {path}");
    }
    assert_eq!(get(&ann, &path).await, (200, now), "nothing of it was done");
    cairn.stop().await;
}

#[cairn_test]
async fn each_change_names_the_state_that_the_next_one_needs(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    let (path, runs) = (format!("/library/{moss}"), format!("/library/{moss}/playthroughs"));
    let request = cairn.http.request(Method::POST, format!("{}/api/library", cairn.base));
    let request = request.bearer_auth(ann.token.as_ref().unwrap()).body(json!({"game": moss}).to_string());
    let answer = request.send().await.unwrap();
    let mut named = answer.headers()["etag"].to_str().unwrap().to_owned();
    for (method, path, body) in [
        (Method::PUT, path.clone(), json!({"state": "ongoing"})),
        (Method::POST, format!("{path}/time"), json!({"time": "1 h"})),
        (Method::POST, runs.clone(), json!({"platform": "pc"})),
        (Method::PUT, format!("{runs}/1"), json!({"platform": "ps5"})),
        (Method::DELETE, format!("{runs}/1"), json!({})),
    ] {
        let request =
            cairn.http.request(method.clone(), format!("{}/api{path}", cairn.base)).header("If-Match", &named);
        let answer = request.bearer_auth(ann.token.as_ref().unwrap()).body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {}", answer.status());
        answer.headers()["etag"].to_str().unwrap().clone_into(&mut named);
    }
    assert_eq!(naming(&ann, Method::DELETE, &path, &named, json!({})).await.0, 200);
    for tag in [named.as_str(), "*"] {
        let gone = naming(&ann, Method::PUT, &path, tag, json!({"score": 1})).await;
        assert_eq!(refusal(gone), (404, "entry_not_found".to_owned()), "a change with {tag} does not add it again");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn of_two_changes_of_one_state_one_is_made(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, [moss, ..]) = ann_and_games(&cairn, place).await;
    add(&ann, &moss, "ongoing").await;
    let path = format!("/library/{moss}");
    let named = tag(&ann, &path).await;
    let change = async |score: i64| naming(&ann, Method::PUT, &path, &named, json!({"score": score})).await.0;
    let mut statuses: [u16; 4] = tokio::join!(change(1), change(2), change(3), change(4)).into();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412]);
    cairn.stop().await;
}
