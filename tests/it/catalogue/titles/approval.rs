//! Titles that people add: seen by them alone until an administrator approves them; changed, deleted and merged.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::people::{administrator, ask, get, id_of, names, post, user};
use crate::support::{Cairn, Place, person::refusal};

fn doom() -> Value {
    json!({"name": "Doom", "released": "1993-12-10", "platforms": ["PC", "SNES"], "genres": ["Shooter"]})
}

fn said(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[cairn_test]
async fn only_its_author_and_administrators_see_a_game_until_it_is_approved(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (root, ann) = (administrator(&cairn).await, user(&cairn, place, "ann").await);
    let bob = user(&cairn, place, "bob").await;
    let (status, game) = post(&cairn, &ann, "/games", doom()).await;
    assert_eq!((status, &game["pending"]), (201, &true.into()));
    assert_eq!(game["platforms"], json!(["pc", "snes"]), "words of the vocabulary");
    let path = format!("/games/{}", id_of(&game));
    for (who, person, sees) in
        [("ann", Some(&ann), true), ("root", Some(&root), true), ("bob", Some(&bob), false), ("nobody", None, false)]
    {
        let (status, found) = get(&cairn, person, &path).await;
        assert_eq!(status, if sees { 200 } else { 404 }, "{who}: {found}");
        let in_search = !names(&get(&cairn, person, "/games?q=doom").await.1).is_empty();
        let in_list = !names(&get(&cairn, person, "/games").await.1).is_empty();
        let by_platform = !names(&get(&cairn, person, "/games?platform=snes").await.1).is_empty();
        let expected = who == "ann";
        assert_eq!([in_search, in_list, by_platform], [expected; 3], "{who}: in lists");
        let waiting = get(&cairn, person, "/games?state=pending").await;
        match who {
            "nobody" => assert_eq!(waiting.0, 404),
            _ => assert_eq!(names(&waiting.1), if sees { vec!["Doom"] } else { vec![] }, "{who}"),
        }
    }
    let approve = format!("{path}/approve");
    assert_eq!(refusal(post(&cairn, &ann, &approve, json!({})).await), said(403, "administrator_needed"));
    let (status, game) = post(&cairn, &root, &approve, json!({})).await;
    assert_eq!((status, &game["pending"]), (200, &false.into()));
    assert_eq!(refusal(post(&cairn, &root, &approve, json!({})).await), said(409, "game_approved"));
    for person in [Some(&ann), Some(&bob), None] {
        assert_eq!(get(&cairn, person, &path).await.0, 200);
        assert_eq!(names(&get(&cairn, person, "/games?q=doom").await.1), ["Doom"]);
    }
    assert_eq!(names(&get(&cairn, Some(&root), "/games?state=pending").await.1), Vec::<&str>::new());
    cairn.stop().await;
}

#[cairn_test]
async fn what_an_administrator_adds_is_approved_at_once(cairn: &Cairn) {
    let root = administrator(cairn).await;
    let mut game = doom();
    game["external"] = json!([{"source": "steam", "id": "2280"}]);
    let (status, game) = post(cairn, &root, "/games", game).await;
    assert_eq!((status, &game["pending"], &game["external"][0]["id"]), (201, &false.into(), &"2280".into()));
    assert_eq!(names(&get(cairn, None, "/games").await.1), ["Doom"]);
    let mut other = json!({"name": "Another", "external": [{"source": "steam", "id": "2280"}]});
    assert_eq!(refusal(post(cairn, &root, "/games", other.clone()).await), said(409, "external_id_taken"));
    other["external"] = json!([{"source": "Steam!", "id": ""}]);
    let (status, problem) = post(cairn, &root, "/games", other).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/external/0/source".into()));
}

#[cairn_test]
async fn a_game_is_changed_by_those_who_have_seen_its_present_version(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (root, ann) = (administrator(&cairn).await, user(&cairn, place, "ann").await);
    let bob = user(&cairn, place, "bob").await;
    let (_, game) = post(&cairn, &ann, "/games", doom()).await;
    let path = format!("/games/{}", id_of(&game));
    let put = |person, version, body: Value| {
        let (cairn, path) = (&cairn, &path);
        async move { ask(cairn, Some(person), (Method::PUT, path), version, Some(&body)).await }
    };
    let renamed = json!({"name": "Doom!", "other_names": ["DOOM", "毁灭战士"], "platforms": ["pc"]});
    assert_eq!(refusal(put(&ann, None, renamed.clone()).await.0), said(428, "if_match_needed"));
    assert_eq!(refusal(put(&bob, Some("*"), renamed.clone()).await.0), said(404, "game_not_found"));
    let ((_, _), old) = ask(&cairn, Some(&ann), (Method::GET, &path), None, None).await;
    let ((status, changed), new) = put(&ann, Some(&old), renamed.clone()).await;
    assert_eq!((status, &changed["other_names"]), (200, &json!(["毁灭战士"])), "one that is folded alike is none");
    assert_eq!(changed.get("released"), None, "what is absent is removed");
    assert_ne!(old, new);
    let ((status, problem), _) = put(&ann, Some(&old), renamed.clone()).await;
    assert_eq!((status, &problem["code"], &problem["current"]["name"]), (412, &"stale".into(), &"Doom!".into()));
    assert_eq!(names(&get(&cairn, Some(&ann), "/games?q=毁灭战士").await.1), ["Doom!"], "by its other name");
    assert_eq!(names(&get(&cairn, Some(&ann), "/games?platform=snes").await.1), Vec::<&str>::new());
    let with_ids = json!({"name": "Doom!", "external": [{"source": "steam", "id": "1"}]});
    assert_eq!(refusal(put(&ann, Some("*"), with_ids.clone()).await.0), said(403, "administrator_needed"));
    assert_eq!(put(&root, Some("*"), with_ids).await.0.0, 200);
    post(&cairn, &root, &format!("{path}/approve"), json!({})).await;
    assert_eq!(refusal(put(&ann, Some("*"), renamed.clone()).await.0), said(403, "administrator_needed"));
    let ((status, game), _) = put(&root, Some("*"), renamed).await;
    assert_eq!((status, &game["external"]), (200, &json!([{"source": "steam", "id": "1"}])), "absent ids stay");
    cairn.stop().await;
}

#[cairn_test]
async fn a_game_is_deleted_by_its_author_or_an_administrator(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (root, ann) = (administrator(&cairn).await, user(&cairn, place, "ann").await);
    let (_, own) = post(&cairn, &ann, "/games", doom()).await;
    let delete = |person, path: String, version| {
        let cairn = &cairn;
        async move { ask(cairn, Some(person), (Method::DELETE, &path), version, None).await.0 }
    };
    let path = format!("/games/{}", id_of(&own));
    assert_eq!(refusal(delete(&ann, path.clone(), None).await), said(428, "if_match_needed"));
    assert_eq!(delete(&ann, path.clone(), Some("\"99\"")).await.0, 412);
    assert_eq!(delete(&ann, path.clone(), Some("*")).await.0, 204);
    assert_eq!(get(&cairn, Some(&ann), &path).await.0, 404);
    let (_, game) = post(&cairn, &root, "/games", doom()).await;
    let path = format!("/games/{}", id_of(&game));
    assert_eq!(refusal(delete(&ann, path.clone(), Some("*")).await), said(403, "administrator_needed"));
    assert_eq!(delete(&root, path.clone(), Some("*")).await.0, 204);
    assert_eq!(get(&cairn, None, &path).await.0, 404);
    assert_eq!(names(&get(&cairn, None, "/games?q=doom").await.1), Vec::<&str>::new());
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_adds_what_is_there(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = user(&cairn, place, "ann").await;
    let id = cairn.new_title("mame:1", "DOOM", "1993", &["pc"]).await;
    let (status, problem) = post(&cairn, &ann, "/games", doom()).await;
    assert_eq!((status, &problem["code"]), (409, &"game_exists".into()));
    assert!(problem["detail"].as_str().unwrap().contains(&id.to_string()), "{problem}");
    let remake = json!({"name": "Doom", "released": "2016", "platforms": ["pc"]});
    assert_eq!(post(&cairn, &ann, "/games", remake).await.0, 201, "another year is another game");
    cairn.stop().await;
}

#[cairn_test]
async fn a_user_adds_so_many_games_until_some_are_approved(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = user(&cairn, place, "ann").await;
    for at in 0..50 {
        assert_eq!(post(&cairn, &ann, "/games", json!({"name": format!("Own {at}")})).await.0, 201);
    }
    let refused = post(&cairn, &ann, "/games", json!({"name": "One more"})).await;
    assert_eq!(refusal(refused), said(409, "too_many_pending"));
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_wrong_with_a_game_is_named(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = user(&cairn, place, "ann").await;
    let wrong = json!({"name": "'", "other_names": ["a\u{202e}b"], "released": "93", "publisher": "x".repeat(251),
        "platforms": ["!"], "genres": vec!["a"; 21]});
    let (status, problem) = post(&cairn, &ann, "/games", wrong).await;
    let pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    let expected = ["/name", "/other_names/0", "/released", "/publisher", "/platforms/0", "/genres"];
    assert_eq!((status, pointers), (422, expected.to_vec()));
    for (path, pointer) in [
        ("/games?platform=!", "?platform"),
        ("/games?year_from=0", "?year_from"),
        ("/games?state=gone", "?state"),
        ("/games?limit=51", "?limit"),
        ("/games?after=x", "?after"),
        ("/games?facets=1", "?facets"),
    ] {
        let (status, problem) = get(&cairn, None, path).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &pointer.into()), "{path}");
    }
    for id in ["0", "-1", "x", "00", "99999999999999999999"] {
        assert_eq!(refusal(get(&cairn, None, &format!("/games/{id}")).await), said(404, "game_not_found"), "{id}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_merged_game_answers_with_the_one_that_took_its_place(cairn: &Cairn) {
    let root = administrator(cairn).await;
    let first = cairn.new_title("mame:1", "Dooom", "", &["nes"]).await;
    let second = cairn.new_title("steam:2", "Doom", "1993", &["pc"]).await;
    let third = cairn.new_title("rawg:3", "Doom Classic", "1993", &["mac"]).await;
    let merge = |id: i64, into: i64| {
        let root = &root;
        async move { post(cairn, root, &format!("/games/{id}/merge"), json!({"into": into.to_string()})).await }
    };
    assert_eq!(refusal(merge(first, first).await), said(409, "no_merge_target"));
    assert_eq!(refusal(merge(first, 999).await), said(404, "game_not_found"));
    let (status, merged) = merge(first, second).await;
    assert_eq!((status, &merged["id"]), (200, &second.to_string().into()));
    assert_eq!(merged["platforms"], json!(["nes", "pc"]), "it learns what the first knew");
    assert_eq!(merged["other_names"], json!(["Dooom"]));
    let ids: Vec<&Value> = merged["external"].as_array().unwrap().iter().map(|one| &one["source"]).collect();
    assert_eq!(ids, ["mame", "steam"]);
    assert_eq!(get(cairn, None, &format!("/games/{first}")).await.1["id"], second.to_string());
    assert_eq!(names(&get(cairn, None, "/games").await.1), ["Doom", "Doom Classic"]);
    assert_eq!(names(&get(cairn, None, "/games?q=dooom").await.1).first(), Some(&"Doom"));
    assert_eq!(names(&get(cairn, None, "/games?platform=nes").await.1), ["Doom"]);
    assert_eq!(merge(second, third).await.0, 200);
    for id in [first, second, third] {
        assert_eq!(get(cairn, None, &format!("/games/{id}")).await.1["id"], third.to_string(), "{id}");
    }
    assert_eq!(refusal(merge(first, third).await), said(404, "game_not_found"), "it is none any more");
}

#[cairn_test]
async fn an_administrator_decides_what_is_unclear(place: &Place) {
    use crate::support::white_box::record;
    let cairn = Cairn::start(place, &[]).await;
    let (root, ann) = (administrator(&cairn).await, user(&cairn, place, "ann").await);
    let doom = cairn.new_title("mame:1", "Doom", "1993", &["pc"]).await;
    let records = [
        record("pcgw:1", &["Doom"], "", &["pc"]),
        record("rawg:2", &["Doom"], "", &["mac"]),
        record("list:3", &["Doom"], "", &[]),
    ];
    cairn.take_in(&records).await;
    assert_eq!(refusal(get(&cairn, Some(&ann), "/games/unclear").await), said(403, "administrator_needed"));
    let (status, page) = get(&cairn, Some(&root), "/games/unclear?limit=2").await;
    assert_eq!((status, &page["more"], page["items"].as_array().unwrap().len()), (200, &true.into(), 2));
    assert_eq!(page["items"][0]["candidates"][0]["id"], doom.to_string());
    let rest = get(&cairn, Some(&root), &format!("/games/unclear?after={}", page["next"].as_str().unwrap())).await.1;
    let records: Vec<String> =
        [&page["items"][0], &page["items"][1], &rest["items"][0]].map(id_of).into_iter().collect();
    let settle = |record: &String, body: Value| {
        let (cairn, root, path) = (&cairn, &root, format!("/games/unclear/{record}"));
        async move { post(cairn, root, &path, body).await }
    };
    let (status, problem) = settle(&records[0], json!({"verdict": "same"})).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/game".into()));
    let (status, game) = settle(&records[0], json!({"verdict": "same", "game": doom.to_string()})).await;
    assert_eq!((status, &game["id"], &game["external"][1]["source"]), (200, &doom.to_string().into(), &"pcgw".into()));
    let (status, game) = settle(&records[1], json!({"verdict": "new"})).await;
    assert_eq!(status, 200);
    assert_ne!(game["id"], doom.to_string());
    assert_eq!(settle(&records[2], json!({"verdict": "put_aside"})).await.0, 204);
    assert_eq!(refusal(settle(&records[2], json!({"verdict": "new"})).await), said(404, "record_not_found"));
    let again = [record("list:3", &["Doom"], "", &[]), record("pcgw:1", &["Doom"], "", &["pc"])];
    cairn.take_in(&again).await;
    let page = get(&cairn, Some(&root), "/games/unclear").await.1;
    assert_eq!(page["items"], json!([]), "what was decided does not come again");
    cairn.stop().await;
}

#[cairn_test]
async fn a_game_that_something_refers_to_is_not_deleted(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let root = administrator(&cairn).await;
    let (first, second) = (cairn.new_title("", "Doom", "", &[]).await, cairn.new_title("", "Quake", "", &[]).await);
    // Its id is answered with the other: that is a reference.
    post(&cairn, &root, &format!("/games/{first}/merge"), json!({"into": second.to_string()})).await;
    let path = format!("/games/{second}");
    let refused = ask(&cairn, Some(&root), (Method::DELETE, &path), Some("*"), None).await.0;
    assert_eq!(refusal(refused), said(409, "game_in_use"));
    assert_eq!(get(&cairn, None, &path).await.0, 200);
    cairn.stop().await;
}

#[cairn_test]
async fn a_user_who_goes_takes_the_games_that_only_they_have_seen(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (root, ann) = (administrator(&cairn).await, user(&cairn, place, "ann").await);
    let (_, own) = post(&cairn, &ann, "/games", json!({"name": "Own"})).await;
    let (_, approved) = post(&cairn, &ann, "/games", json!({"name": "Approved"})).await;
    post(&cairn, &root, &format!("/games/{}/approve", id_of(&approved)), json!({})).await;
    let gone = ann.post("/delete", json!({"password": crate::support::person::PASSWORD})).await;
    assert_eq!(gone.0, 204, "{gone:?}");
    assert_eq!(get(&cairn, Some(&root), &format!("/games/{}", id_of(&own))).await.0, 404);
    assert_eq!(names(&get(&cairn, None, "/games").await.1), ["Approved"]);
    cairn.stop().await;
}
