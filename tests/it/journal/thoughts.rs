//! Thoughts, reviews, comments and reactions.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Gamer, texts};
use crate::support::{Cairn, Place, person::refusal};

async fn game(cairn: &Cairn) -> i64 {
    cairn.new_title("steam:753640", "Outer Wilds", "2019", &["pc"]).await
}

#[cairn_test]
async fn a_thought_is_kept_as_written_and_shown_as_safe_html(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let text = "The **end** is ||near||.\r\n\n<script>alert(1)</script>\n![cat](https://x.example/c.png)\n";
    let (status, thought) = ann.post("/thoughts", json!({"game": game.to_string(), "text": text})).await;
    assert_eq!((status, &thought["text"], &thought["audience"]), (201, &text.into(), &"public".into()));
    let html = thought["html"].as_str().unwrap();
    for part in [
        "<strong>end</strong>",
        "<span class=\"spoiler\">near</span>",
        "&lt;script&gt;",
        "href=\"https://x.example/c.png\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    assert_eq!((&thought["game"]["name"], &thought["author"]["username"]), (&"Outer Wilds".into(), &"ann".into()));
    let id = thought["id"].as_str().unwrap();
    assert_eq!(Gamer::stranger(&cairn).get(&format!("/thoughts/{id}")).await, (200, thought));
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_wrong_with_a_thought_is_named_with_its_limit(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await.to_string());
    for (body, pointer, detail) in [
        (json!({"game": game}), "/text", "is missing"),
        (json!({"game": "x", "text": "a"}), "/game", "must be the id of a game"),
        (json!({"game": game, "text": " \n"}), "/text", "has nothing but white space"),
        (json!({"game": game, "text": "é".repeat(16_001)}), "/text", "has 16001 characters; at most 16000"),
        (json!({"game": game, "text": "a\u{7}"}), "/text", "has a control character"),
        (
            json!({"game": game, "text": "> ".repeat(500)}),
            "/text",
            "is nested too deeply; at most 60 levels of elements",
        ),
        (json!({"game": game, "text": "a", "rating": 101}), "/rating", "is 101; 0 to 100"),
        (json!({"game": game, "text": "a", "audience": "all"}), "/audience", "must be public, friends or private"),
        (json!({"game": game, "text": "a", "spoilre": true}), "/spoilre", "is not known here; did you mean spoiler?"),
    ] {
        let (status, problem) = ann.post("/thoughts", body).await;
        assert_eq!((status, &problem["errors"]), (422, &json!([{"pointer": pointer, "detail": detail}])), "{problem}");
    }
    let unknown = ann.post("/thoughts", json!({"game": "999999", "text": "a"})).await;
    assert_eq!(refusal(unknown), (404, "game_not_found".to_owned()));
    let stranger = Gamer::stranger(&cairn).post("/thoughts", json!({"game": game, "text": "a"})).await;
    assert_eq!(refusal(stranger), (401, "not_signed_in".to_owned()));
    assert_eq!(refusal(ann.get("/thoughts/x").await), (404, "thought_not_found".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn a_change_names_what_it_changes_and_keeps_what_was(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let bob = Gamer::new(&cairn, place, "bob").await;
    let path = format!("/thoughts/{}", ann.think(game, "first", "public").await);
    let answer = ann.request(Method::GET, &path, None, None).send().await.unwrap();
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let change = |text: &str| Some(json!({"text": text, "spoiler": true}));
    assert_eq!(
        refusal(ann.send(Method::PUT, &path, None, change("second")).await),
        (428, "if_match_needed".to_owned())
    );
    bob.put(&format!("{path}/reaction")).await;
    let (status, now) = ann.send(Method::PUT, &path, Some(&tag), change("second")).await;
    assert_eq!(
        (status, &now["text"], &now["spoiler"], &now["revision"]),
        (200, &"second".into(), &true.into(), &"2".into())
    );
    assert!(now["changed_at"].is_string(), "{now}");
    let (status, problem) = ann.send(Method::PUT, &path, Some(&tag), change("third")).await;
    assert_eq!(
        (status, &problem["code"], &problem["current"]),
        (412, &"stale".into(), &now),
        "a like is no conflict, a change is"
    );
    let (status, history) = ann.get(&format!("{path}/history")).await;
    assert_eq!((status, texts(&history)), (200, vec!["first"]));
    for (who, name) in [(&bob, "bob"), (&Gamer::stranger(&cairn), "a stranger")] {
        assert_ne!(who.get(&format!("{path}/history")).await.0, 200, "{name} sees no history");
        assert_ne!(who.send(Method::PUT, &path, Some("*"), change("theirs")).await.0, 200, "{name} changes nothing");
        assert_ne!(who.send(Method::DELETE, &path, Some("*"), None).await.0, 204, "{name} deletes nothing");
    }
    for number in 0..12 {
        assert_eq!(ann.send(Method::PUT, &path, Some("*"), change(&format!("more {number}"))).await.0, 200);
    }
    let (_, history) = ann.get(&format!("{path}/history")).await;
    assert_eq!((texts(&history).len(), texts(&history)[0]), (10, "more 10"), "the newest ten");
    assert_eq!(refusal(ann.send(Method::DELETE, &path, Some(&tag), None).await), (412, "stale".to_owned()));
    assert_eq!(ann.send(Method::DELETE, &path, Some("*"), None).await.0, 204);
    assert_eq!(ann.get(&path).await.0, 404);
    cairn.stop().await;
}

#[cairn_test]
async fn an_answer_is_new_when_something_in_it_is(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let path = format!("/thoughts/{}", ann.think(game, "first", "public").await);
    let ask = async |tag: Option<&str>| {
        let mut request = ann.request(Method::GET, &path, None, None);
        if let Some(tag) = tag {
            request = request.header("If-None-Match", tag);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.headers()["etag"].to_str().unwrap().to_owned())
    };
    let (status, tag) = ask(None).await;
    assert_eq!(status, 200);
    assert_eq!(ask(Some(&tag)).await, (304, tag.clone()));
    ann.put(&format!("{path}/reaction")).await;
    let (status, newer) = ask(Some(&tag)).await;
    assert!(status == 200 && newer != tag, "{status} {newer}");
    cairn.stop().await;
}

#[cairn_test]
async fn lists_have_what_the_viewer_sees_the_newest_first(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let (bob, carl) = (Gamer::new(&cairn, place, "bob").await, Gamer::new(&cairn, place, "carl").await);
    for (one, other) in [(&ann, &bob), (&bob, &ann), (&carl, &ann)] {
        place.execute_control(&format!("INSERT INTO follow VALUES ('{}', '{}', 1)", one.user, other.user)).await;
    }
    for audience in ["public", "friends", "private", "public"] {
        ann.think(game, audience, audience).await;
    }
    bob.think(game, "bob's", "public").await;
    let lists = [format!("/games/{game}/thoughts"), "/users/ann/thoughts".to_owned()];
    for (viewer, name, seen) in [
        (&ann, "ann", &["public", "private", "friends", "public"][..]),
        (&bob, "a friend", &["public", "friends", "public"]),
        (&carl, "a follower", &["public", "public"]),
        (&Gamer::stranger(&cairn), "a stranger", &["public", "public"]),
    ] {
        for (path, also) in lists.iter().zip([&["bob's"][..], &[]]) {
            let (status, page) = viewer.get(path).await;
            assert_eq!(
                (status, texts(&page), &page["more"]),
                (200, [also, seen].concat(), &false.into()),
                "{name} {path}"
            );
            // One by one.
            let (mut paged, mut after) = (Vec::new(), String::new());
            loop {
                let (_, page) = viewer.get(&format!("{path}?limit=1&after={after}")).await;
                paged.extend(texts(&page).into_iter().map(str::to_owned));
                page["next"].as_str().unwrap().clone_into(&mut after);
                if page["more"] == false {
                    break;
                }
            }
            assert_eq!(paged, [also, seen].concat(), "{name} {path}, one by one");
        }
    }
    let (_, own) = ann.get("/thoughts").await;
    assert_eq!(texts(&own), ["public", "private", "friends", "public"]);
    place.execute_control(&format!("INSERT INTO block VALUES ('{}', '{}', 1)", ann.user, bob.user)).await;
    for (one, other) in [(&ann, "bob"), (&bob, "ann")] {
        assert_eq!(refusal(one.get(&format!("/users/{other}/thoughts")).await).0, 404, "{other} is blocked");
        let (_, page) = one.get(&lists[0]).await;
        let others: Vec<&Value> =
            page["items"].as_array().unwrap().iter().map(|item| &item["author"]["username"]).collect();
        assert!(!others.contains(&&other.into()), "{other} is blocked: {page}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn comments_are_plain_and_closed_by_the_author(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let (bob, carl) = (Gamer::new(&cairn, place, "bob").await, Gamer::new(&cairn, place, "carl").await);
    let path = format!("/thoughts/{}", ann.think(game, "first", "public").await);
    let comments = format!("{path}/comments");
    let (status, comment) = bob.post(&comments, json!({"text": " <b>good</b>\nindeed "})).await;
    assert_eq!(
        (status, &comment["text"], &comment["author"]["username"]),
        (201, &"<b>good</b>\nindeed".into(), &"bob".into())
    );
    carl.post(&comments, json!({"text": "no"})).await;
    let (_, page) = Gamer::stranger(&cairn).get(&comments).await;
    assert_eq!(texts(&page), ["<b>good</b>\nindeed", "no"], "the oldest first");
    assert_eq!(Gamer::stranger(&cairn).get(&path).await.1["comments"], 2);
    let bobs = format!("{comments}/{}", comment["id"].as_str().unwrap());
    assert_eq!(refusal(carl.delete(&bobs).await), (403, "not_yours".to_owned()));
    assert_eq!(ann.delete(&bobs).await.0, 204, "the author of the thought may");
    assert_eq!(refusal(bob.delete(&bobs).await), (404, "comment_not_found".to_owned()));
    let close = json!({"text": "first", "comments_closed": true, "reactions_closed": true});
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(close)).await.0, 200);
    assert_eq!(refusal(bob.post(&comments, json!({"text": "late"})).await), (409, "comments_closed".to_owned()));
    assert_eq!(refusal(bob.put(&format!("{path}/reaction")).await), (409, "reactions_closed".to_owned()));
    assert_eq!(texts(&carl.get(&comments).await.1), ["no"], "what is there stays");
    place.execute_control(&format!("INSERT INTO block VALUES ('{}', '{}', 1)", bob.user, carl.user)).await;
    assert_eq!(
        (texts(&bob.get(&comments).await.1).len(), &bob.get(&path).await.1["comments"]),
        (0, &0.into()),
        "blocked"
    );
    cairn.stop().await;
}

#[cairn_test]
async fn who_is_not_visible_to_an_author_does_not_comment_or_react(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let bob = Gamer::new(&cairn, place, "bob").await;
    place.execute_control(&format!("UPDATE profile SET audience = 2 WHERE user_id = '{}'", bob.user)).await;
    let path = format!("/thoughts/{}", ann.think(game, "first", "public").await);
    let hidden = (403, "profile_hidden".to_owned());
    assert_eq!(refusal(bob.post(&format!("{path}/comments"), json!({"text": "a"})).await), hidden);
    assert_eq!(refusal(bob.put(&format!("{path}/reaction")).await), hidden);
    let private = format!("/thoughts/{}", ann.think(game, "mine", "private").await);
    let unseen = (404, "thought_not_found".to_owned());
    assert_eq!(refusal(bob.post(&format!("{private}/comments"), json!({"text": "a"})).await), unseen);
    assert_eq!(refusal(bob.get(&format!("{private}/comments")).await), unseen);
    assert_eq!(refusal(bob.put(&format!("{private}/reaction")).await), unseen);
    cairn.stop().await;
}

#[cairn_test]
async fn a_reaction_counts_once_and_not_for_those_who_are_blocked(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let (bob, carl) = (Gamer::new(&cairn, place, "bob").await, Gamer::new(&cairn, place, "carl").await);
    let path = format!("/thoughts/{}", ann.think(game, "first", "public").await);
    for gamer in [&bob, &carl, &bob] {
        assert_eq!(gamer.put(&format!("{path}/reaction")).await.0, 204);
    }
    let counts = async |viewer: &Gamer<'_>| {
        let (_, thought) = viewer.get(&path).await;
        (thought["reactions"].as_u64().unwrap(), thought["reacted"].as_bool().unwrap())
    };
    assert_eq!(counts(&bob).await, (2, true));
    assert_eq!(counts(&ann).await, (2, false));
    place.execute_control(&format!("INSERT INTO block VALUES ('{}', '{}', 1)", bob.user, carl.user)).await;
    assert_eq!((counts(&bob).await, counts(&carl).await), ((1, true), (1, true)), "each sees their own alone");
    for _ in 0..2 {
        assert_eq!(bob.delete(&format!("{path}/reaction")).await.0, 204);
    }
    assert_eq!(counts(&ann).await, (1, false));
    place.execute_control(&format!("DELETE FROM \"user\" WHERE id = '{}'", carl.user)).await;
    assert_eq!(counts(&ann).await, (0, false), "with the account the reaction goes");
    cairn.stop().await;
}

#[cairn_test]
async fn a_repeated_request_writes_one_thought(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let body = json!({"game": game.to_string(), "text": "once"});
    for _ in 0..2 {
        let request = ann.request(Method::POST, "/thoughts", None, Some(body.clone()));
        assert_eq!(request.header("Idempotency-Key", "a").send().await.unwrap().status(), 201);
    }
    assert_eq!(texts(&ann.get("/thoughts").await.1), ["once"]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_title_that_awaits_approval_hides_what_was_written_about_it(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let path = format!("/thoughts/{}", ann.think(game, "first", "public").await);
    place.execute_control(&format!("UPDATE title SET pending_of = '{}' WHERE id = {game}", ann.user)).await;
    let bob = Gamer::new(&cairn, place, "bob").await;
    assert_eq!((ann.get(&path).await.0, bob.get(&path).await.0), (200, 404));
    assert_eq!(texts(&bob.get("/users/ann/thoughts").await.1).len(), 0);
    assert_eq!(texts(&ann.get("/users/ann/thoughts").await.1).len(), 1);
    place.execute_control(&format!("DELETE FROM \"user\" WHERE id = '{}'", ann.user)).await;
    assert_eq!(
        place.control_texts("SELECT text FROM thought").await.len(),
        0,
        "it goes with the account and the title"
    );
    cairn.stop().await;
}

#[cairn_test]
async fn html_of_an_earlier_release_is_made_again(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let id = ann.think(game, "*new*", "public").await;
    place.execute_control("UPDATE thought SET renderer = 0, html = '<script>old</script>'").await;
    let (_, thought) = ann.get(&format!("/thoughts/{id}")).await;
    assert_eq!(thought["html"], "<p><em>new</em></p>\n");
    cairn.stop().await;
}

#[cairn_test]
async fn a_review_needs_the_game_in_the_library_and_there_is_one_of_each_game(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, game) = (Gamer::new(&cairn, place, "ann").await, game(&cairn).await);
    let review = |points: u8| json!({"game": game.to_string(), "text": "good", "rating": points});
    assert_eq!(refusal(ann.post("/thoughts", review(80)).await), (409, "not_in_library".to_owned()));
    let note = format!("/thoughts/{}", ann.think(game, "a note", "public").await);
    let rated = json!({"text": "a note", "rating": 0});
    let refused = ann.send(Method::PUT, &note, Some("*"), Some(rated.clone())).await;
    assert_eq!(refusal(refused), (409, "not_in_library".to_owned()), "nor does a note become one");
    let (status, entry) = ann.post("/library", json!({"game": game.to_string(), "state": "wishlist"})).await;
    assert_eq!(status, 201, "{entry}");
    let (status, thought) = ann.post("/thoughts", review(80)).await;
    assert_eq!((status, &thought["rating"]), (201, &80.into()));
    assert_eq!(refusal(ann.post("/thoughts", review(90)).await), (409, "review_exists".to_owned()));
    assert_eq!(refusal(ann.send(Method::PUT, &note, Some("*"), Some(rated)).await), (409, "review_exists".to_owned()));
    let path = format!("/thoughts/{}", thought["id"].as_str().unwrap());
    let better = json!({"text": "good", "rating": 90});
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(better)).await.1["rating"], 90);
    for (kind, expected) in [("reviews", vec!["good"]), ("notes", vec!["a note"]), ("all", vec!["good", "a note"])] {
        assert_eq!(texts(&ann.get(&format!("/games/{game}/thoughts?kind={kind}")).await.1), expected, "{kind}");
        assert_eq!(texts(&ann.get(&format!("/users/ann/thoughts?kind={kind}")).await.1), expected, "{kind} of Ann");
    }
    cairn.stop().await;
}
