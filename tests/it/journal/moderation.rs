//! Moderation: reports, the queue, verdicts and how they are undone, appeals, bans.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Gamer, challenges,
    media::{fetch, samples},
    texts,
};
use crate::support::{Cairn, Place, person::refusal};

const SHARED: (&str, &str) = ("CAIRN_BLOBS_SHARED", "true");

/// Lets a power be somebody's.
async fn empower(place: &Place, gamer: &Gamer<'_>, power: &str) {
    place.execute_control(&format!("UPDATE \"user\" SET {power} = TRUE WHERE id = '{}'", gamer.user)).await;
}

/// A moderator.
async fn moderator<'a>(cairn: &'a Cairn, place: &Place) -> Gamer<'a> {
    let mo = Gamer::new(cairn, place, "moe").await;
    empower(place, &mo, "moderator").await;
    mo
}

fn subject(kind: &str, id: &str) -> Value {
    json!({"kind": kind, "id": id})
}

impl Gamer<'_> {
    async fn reports(&self, kind: &str, id: &str) -> (u16, Value) {
        self.post("/reports", json!({"kind": kind, "id": id, "reason": "spam"})).await
    }

    /// Reports something that they see.
    async fn has_reported(&self, kind: &str, id: &str) {
        let (status, report) = self.reports(kind, id).await;
        assert_eq!(status, 201, "{report}");
    }

    /// Decides about one thing; returns the verdict's id.
    async fn decides(&self, action: &str, kind: &str, id: &str) -> String {
        let item = self.tries(action, kind, id).await;
        item["verdict_id"].as_str().unwrap_or_else(|| panic!("{item}")).to_owned()
    }

    /// What becomes of a decision about one thing.
    async fn tries(&self, action: &str, kind: &str, id: &str) -> Value {
        let mut body = json!({"subjects": [subject(kind, id)], "action": action});
        if !matches!(action, "restore" | "unban" | "uphold") {
            body["reason"] = "abuse".into();
            body["note"] = "Not here.".into();
        }
        let (status, outcomes) = self.post("/moderation/verdicts", body).await;
        assert_eq!(status, 200, "{outcomes}");
        outcomes["items"][0].clone()
    }

    async fn undoes(&self, verdict: &str) -> (u16, Value) {
        self.send(Method::POST, &format!("/moderation/verdicts/{verdict}/undo"), None, None).await
    }

    async fn queue(&self) -> Vec<Value> {
        let (status, page) = self.get("/moderation/queue").await;
        assert_eq!(status, 200, "{page}");
        page["items"].as_array().unwrap().clone()
    }

    /// Their newest verdict.
    async fn verdict(&self) -> Value {
        self.get("/verdicts").await.1["items"][0].clone()
    }

    /// The details of their notices of a kind, the newest first.
    async fn notices_of(&self, kind: &str) -> Vec<Value> {
        let notices = self.get("/notices").await.1;
        let of_kind = notices["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == kind);
        of_kind.map(|notice| notice["detail"].clone()).collect()
    }
}

#[cairn_test]
async fn a_report_waits_until_a_moderator_hides_what_it_is_about_and_the_verdict_can_be_undone(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let (mo, stranger) = (moderator(&cairn, place).await, Gamer::stranger(&cairn));
    bob.follow(place, &ann).await;
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let id = ann.think(game, "Buy gold", "public").await;
    let path = format!("/thoughts/{id}");
    let body = json!({"kind": "thought", "id": id, "reason": "other", "note": "first"});
    assert_eq!(bob.post("/reports", body).await.0, 201);
    let body = json!({"kind": "thought", "id": id, "reason": "spam", "note": "Everywhere."});
    let (status, report) = bob.post("/reports", body).await;
    assert_eq!((status, &report["reason"], &report["note"]), (201, &json!("spam"), &json!("Everywhere.")));

    let cases = mo.queue().await;
    let [case] = &cases[..] else { panic!("one case of both reports: {cases:?}") };
    assert_eq!((&case["kind"], &case["id"], &case["text"]), (&json!("thought"), &json!(id), &json!("Buy gold")));
    assert_eq!((&case["author"]["username"], &case["reports"]), (&json!("ann"), &json!(1)));
    assert_eq!(case["reasons"], json!([{"reason": "spam", "reports": 1}]));
    assert_eq!((&case["notes"], &case["game"]["name"]), (&json!(["Everywhere."]), &json!("Glass Rally")));
    assert!(case.get("hidden").is_none() && case.get("reported_text").is_none(), "{case}");
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(json!({"text": "Lovely"}))).await.0, 200);
    let case = &mo.queue().await[0];
    assert_eq!((&case["text"], &case["reported_text"]), (&json!("Lovely"), &json!("Buy gold")));
    assert_eq!(mo.get("/moderation/queue?kind=media").await.1["items"], json!([]));

    let verdict = mo.decides("hide", "thought", &id).await;
    assert!(mo.queue().await.is_empty(), "it is settled");
    let in_force = mo.get("/moderation/queue?state=in_force").await.1;
    assert_eq!(in_force["items"][0]["last_verdict"]["by"], "moe");
    for (who, name) in [(&bob, "bob"), (&stranger, "a stranger"), (&mo, "the moderator")] {
        assert_eq!(who.get(&path).await.0, 404, "{name}");
        for list in [format!("/games/{game}/thoughts"), "/users/ann/thoughts".to_owned()] {
            assert_eq!(who.get(&list).await.1["items"], json!([]), "{name} {list}");
        }
    }
    assert_eq!(bob.get("/feed").await.1["items"], json!([]));
    let own = ann.get(&path).await.1;
    assert_eq!((&own["hidden"], &own["audience"]), (&json!("abuse"), &json!("public")), "{own}");
    assert_eq!(texts(&ann.get(&format!("/games/{game}/thoughts")).await.1), ["Lovely"], "the author sees it");
    let told = ann.get("/notices").await.1;
    assert_eq!((&told["items"][0]["kind"], &told["items"][0]["subject"]), (&json!("moderated"), &json!(verdict)));
    assert_eq!(ann.notices_of("moderated").await[0]["reason"], "abuse");
    assert_eq!(bob.notices_of("report_settled").await, [json!({"upheld": true, "kind": "thought"})]);
    let decided = ann.verdict().await;
    assert_eq!(
        (&decided["action"], &decided["note"], &decided["in_force"]),
        (&json!("hide"), &json!("Not here."), &json!(true))
    );
    assert!(decided.get("by").is_none(), "who decided is not told");

    let (status, undone) = mo.undoes(&verdict).await;
    assert_eq!((status, &undone["undone_by"]), (200, &json!("moe")), "{undone}");
    assert_eq!(bob.get(&path).await.0, 200);
    assert!(ann.get(&path).await.1.get("hidden").is_none());
    assert_eq!(mo.queue().await[0]["reports"], 1, "the report waits again");
    assert_eq!(refusal(mo.undoes(&verdict).await), (409, "verdict_undone".to_owned()));
    assert_eq!(ann.verdict().await["in_force"], false);

    let restored = mo.decides("restore", "thought", &id).await;
    assert_eq!(bob.notices_of("report_settled").await, [json!({"upheld": false, "kind": "thought"})]);
    assert_eq!(ann.notices_of("moderated").await.len(), 1, "that it stands is not told to its author");
    bob.has_reported("thought", &id).await;
    assert!(mo.queue().await.is_empty(), "the same person reports the same again");
    let audit = mo.get("/moderation/audit?username=ann").await.1;
    let actions: Vec<&str> =
        audit["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["restore", "hide"], "{audit}");
    assert_eq!(audit["items"][0]["verdict_id"], json!(restored));
    cairn.stop().await;
}

#[cairn_test]
async fn one_reports_what_one_sees_and_does_not_own(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let private = ann.think(game, "mine", "private").await;
    let public = ann.think(game, "all", "public").await;
    let comment = ann.post(&format!("/thoughts/{public}/comments"), json!({"text": "and"})).await.1;
    let comment = comment["id"].as_str().unwrap();
    let hidden_comment = ann.post(&format!("/thoughts/{private}/comments"), json!({"text": "and"})).await.1;
    let unknown = uuid::Uuid::new_v4().to_string();
    for (kind, id) in [
        ("thought", private.as_str()),
        ("thought", "0"),
        ("thought", "x"),
        ("comment", hidden_comment["id"].as_str().unwrap()),
        ("media", &unknown),
        ("challenge", "1"),
        ("person", "nobody"),
    ] {
        assert_eq!(refusal(bob.reports(kind, id).await), (404, "subject_not_found".to_owned()), "{kind} {id}");
    }
    for (kind, id) in [("thought", public.as_str()), ("comment", comment), ("person", "ann")] {
        assert_eq!(refusal(ann.reports(kind, id).await), (409, "own_thing".to_owned()), "{kind}");
        bob.has_reported(kind, id).await;
    }
    assert_eq!(Gamer::stranger(&cairn).reports("thought", &public).await.0, 401);
    for (body, pointer) in [
        (json!({"kind": "game", "id": "1", "reason": "spam"}), "/kind"),
        (json!({"kind": "thought", "id": "1", "reason": "boring"}), "/reason"),
        (json!({"kind": "thought", "id": "1", "reason": "spam", "note": "é".repeat(501)}), "/note"),
        (json!({"kind": "thought", "id": "1", "reason": "spam", "x": 1}), "/x"),
        (json!({"kind": "thought", "reason": "spam"}), "/id"),
    ] {
        let (status, problem) = bob.post("/reports", body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    let first = "(SELECT min(id) FROM moderation_case)";
    for number in 0..47 {
        place
            .execute_control(&format!(
                "INSERT INTO moderation_case (kind, subject, open, reported_text) VALUES (0, 'x{number}', FALSE, '');
                 INSERT INTO moderation_report (case_id, reporter, reason, note, at_ms)
                 SELECT max(id), '{}', 0, '', (SELECT at_ms FROM moderation_report WHERE case_id = {first}) FROM moderation_case",
                bob.user
            ))
            .await;
    }
    let another = ann.think(game, "another", "public").await;
    assert_eq!(refusal(bob.reports("thought", &another).await), (429, "too_many_reports".to_owned()));
    cairn.stop().await;
}

#[cairn_test]
async fn whatever_it_is_it_is_hidden_from_all_but_its_author(place: &Place) {
    let cairn = Cairn::start(place, &[SHARED]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let mo = moderator(&cairn, place).await;
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let bobs = bob.think(game, "of Bob's", "public").await;
    let comments = format!("/thoughts/{bobs}/comments");
    let comment = ann.post(&comments, json!({"text": "rude"})).await.1["id"].as_str().unwrap().to_owned();
    let said = json!({"description": "A picture", "audience": "public"});
    let uuid = ann.show(game, &samples::png(), "image/png", said).await;
    let media = format!("/games/{game}/media/{uuid}");
    let gathering = challenges::gathering(&ann, game, json!({"invited": ["bob"], "audience": "private"})).await;
    let (challenge, gathering) = (challenges::path(&gathering), gathering["id"].as_str().unwrap().to_owned());
    for (kind, id) in [("comment", &comment), ("media", &uuid), ("challenge", &gathering)] {
        bob.has_reported(kind, id).await;
    }
    let case = mo.queue().await.into_iter().find(|case| case["kind"] == "media").unwrap();
    assert_eq!(case["text"], "A picture");
    assert_eq!(fetch(&case["thumbnail"]).await.first(), Some(&0xff), "a moderator sees the picture");
    let given_out = bob.get(&media).await.1["file"].clone();
    fetch(&given_out).await;
    for (kind, id) in [("comment", &comment), ("media", &uuid), ("challenge", &gathering)] {
        mo.decides("hide", kind, id).await;
    }
    assert_eq!(bob.get(&comments).await.1["items"], json!([]), "under a thought of their own");
    assert_eq!(bob.get(&format!("/thoughts/{bobs}")).await.1["comments"], 0);
    assert_eq!(ann.get(&comments).await.1["items"][0]["hidden"], "abuse");
    for path in [&media, &challenge, &format!("{challenge}/moves"), &format!("{challenge}/calendar")] {
        assert_eq!(
            (
                bob.get(path).await.0,
                ann.at(Method::GET, &format!("/api{path}")).send().await.unwrap().status().as_u16()
            ),
            (404, 200),
            "{path}"
        );
    }
    assert_eq!(bob.moves(&challenge, json!({"action": "accept"})).await.0, 404);
    assert_eq!(bob.get("/challenges?list=invited").await.1["items"], json!([]));
    for path in [&media, &challenge] {
        assert_eq!(ann.get(path).await.1["hidden"], "abuse", "{path}");
    }
    assert_eq!(bob.get(&format!("/games/{game}/media")).await.1["items"], json!([]));
    let fetched = reqwest::get(given_out["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(fetched.status(), 403, "the address that was given out has ended");
    fetch(&ann.get(&media).await.1["file"]).await;
    let in_force = mo.get("/moderation/queue?state=in_force&kind=media").await.1;
    fetch(&in_force["items"][0]["file"]).await;

    // What the owner asks for waits until it is shown again.
    let change = json!({"description": "A picture", "audience": "friends"});
    assert_eq!(ann.send(Method::PUT, &media, Some("*"), Some(change)).await.1["audience"], "friends");
    let change = json!({"description": "A picture", "audience": "public"});
    assert_eq!(ann.send(Method::PUT, &media, Some("*"), Some(change)).await.1["audience"], "public");
    assert_eq!(bob.get(&media).await.0, 404, "a change does not show it");
    for (kind, id) in [("comment", &comment), ("media", &uuid), ("challenge", &gathering)] {
        mo.decides("restore", kind, id).await;
    }
    assert_eq!(texts(&bob.get(&comments).await.1), ["rude"]);
    assert_eq!((bob.get(&media).await.0, bob.get(&challenge).await.0), (200, 200));
    cairn.stop().await;
}

#[cairn_test]
async fn with_a_hidden_profile_all_of_a_person_is_hidden(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let mo = moderator(&cairn, place).await;
    ann.follow(place, &bob).await;
    bob.follow(place, &ann).await;
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let thought = format!("/thoughts/{}", ann.think(game, "hello", "public").await);
    mo.decides("hide", "person", "ann").await;
    for path in ["/users/ann", "/users/ann/thoughts", &thought] {
        assert_eq!(bob.get(path).await.0, 404, "{path}");
    }
    assert_eq!(bob.get("/feed").await.1["items"], json!([]));
    assert_eq!(bob.get("/follows").await.1["items"], json!([]));
    assert_eq!((ann.get("/users").await.1["hidden"].clone(), ann.get(&thought).await.0), (json!("abuse"), 200));
    let profile = json!({"display_name": "Ann", "audience": "public"});
    assert_eq!(ann.send(Method::PUT, "/users", Some("*"), Some(profile)).await.0, 200);
    assert_eq!(bob.get("/users/ann").await.0, 404, "a change does not show it");
    mo.decides("restore", "person", "ann").await;
    assert_eq!((bob.get("/users/ann").await.0, bob.get(&thought).await.0), (200, 200));
    cairn.stop().await;
}

#[cairn_test]
async fn whoever_is_banned_reads_and_takes_back_and_writes_nothing(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&cairn, place, "ann").await;
    let mo = moderator(&cairn, place).await;
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let (one, two) = (ann.think(game, "one", "public").await, ann.think(game, "two", "public").await);
    let body = json!({
        "subjects": [subject("thought", &one)], "action": "ban", "reason": "spam", "until": "2099-01-01T00:00:00Z",
    });
    let (status, outcomes) = mo.post("/moderation/verdicts", body).await;
    assert_eq!(status, 200, "{outcomes}");
    let (status, problem) = ann.post("/thoughts", json!({"game": game.to_string(), "text": "three"})).await;
    assert_eq!((status, &problem["code"]), (403, &json!("banned")), "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("(spam) until 2099-01-01T00:00:00Z"), "{detail}");
    for (method, path, body) in [
        (Method::PUT, format!("/thoughts/{one}"), json!({"text": "changed"})),
        (Method::PUT, "/users".to_owned(), json!({"bio": "spam"})),
        (Method::POST, "/reports".to_owned(), json!({"kind": "person", "id": "moe", "reason": "spam"})),
        (Method::POST, "/library".to_owned(), json!({"game": game.to_string()})),
    ] {
        let refused = refusal(ann.send(method, &path, Some("*"), Some(body)).await);
        assert_eq!(refused, (403, "banned".to_owned()), "{path}");
    }
    assert_eq!(ann.get(&format!("/thoughts/{one}")).await.0, 200);
    assert_eq!(ann.send(Method::DELETE, &format!("/thoughts/{two}"), Some("*"), None).await.0, 204);
    assert_eq!(ann.at(Method::GET, "/v1/account/export").send().await.unwrap().status(), 200);
    let account: Value = ann.at(Method::GET, "/v1/account").send().await.unwrap().json().await.unwrap();
    assert_eq!(account["ban"], json!({"reason": "spam", "until": "2099-01-01T00:00:00Z"}));
    assert_eq!(ann.put("/blocks/moe").await.0, 204, "what nobody else is shown goes on");
    let verdict = ann.verdict().await["verdict_id"].as_str().unwrap().to_owned();
    let appeal = ann.post(&format!("/verdicts/{verdict}/appeal"), json!({"text": "It was not me."})).await;
    assert_eq!(appeal.0, 201, "{}", appeal.1);
    let case = &mo.queue().await[0];
    assert_eq!((&case["kind"], &case["author_banned"]), (&json!("person"), &json!(true)), "{case}");
    assert_eq!((&case["appeal"]["text"], &case["reports"]), (&json!("It was not me."), &json!(0)));
    mo.decides("unban", "person", "ann").await;
    assert_eq!(ann.verdict().await["action"], "unban");
    let appealed = ann.get("/verdicts").await.1["items"][1].clone();
    assert_eq!((&appealed["appeal"]["state"], &appealed["in_force"]), (&json!("granted"), &json!(false)));
    ann.think(game, "three", "public").await;
    place
        .execute_control(&format!("UPDATE \"user\" SET banned_until_ms = 1, ban_reason = 1 WHERE id = '{}'", ann.user))
        .await;
    ann.think(game, "four", "public").await;
    cairn.stop().await;
}

#[cairn_test]
async fn an_author_appeals_once_against_a_verdict_that_is_in_force(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let mo = moderator(&cairn, place).await;
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let id = ann.think(game, "hello", "public").await;
    assert_eq!(mo.tries("uphold", "thought", &id).await["code"], "not_applicable", "there is no appeal");
    let verdict = mo.decides("hide", "thought", &id).await;
    let path = format!("/verdicts/{verdict}/appeal");
    let text = json!({"text": "It was a quotation."});
    assert_eq!(refusal(bob.post(&path, text.clone()).await), (404, "verdict_not_found".to_owned()));
    assert_eq!(refusal(ann.post(&path, json!({"text": " "})).await).0, 422);
    let (status, appealed) = ann.post(&path, text.clone()).await;
    assert_eq!((status, &appealed["appeal"]["state"]), (201, &json!("open")), "{appealed}");
    assert_eq!(refusal(ann.post(&path, text.clone()).await), (409, "appealed_already".to_owned()));
    assert_eq!(mo.queue().await[0]["appeal"]["verdict_id"], json!(verdict));
    mo.decides("uphold", "thought", &id).await;
    assert!(mo.queue().await.is_empty());
    let refused = ann.get("/verdicts").await.1["items"][1].clone();
    assert_eq!((&refused["appeal"]["state"], &refused["in_force"]), (&json!("refused"), &json!(true)), "{refused}");
    assert_eq!(ann.notices_of("moderated").await[0]["action"], "uphold");
    assert_eq!(bob.get(&format!("/thoughts/{id}")).await.0, 404);

    mo.decides("restore", "thought", &id).await;
    let second = mo.decides("hide", "thought", &id).await;
    assert_eq!(refusal(mo.undoes(&verdict).await), (409, "verdict_superseded".to_owned()));
    let restored = ann.get("/verdicts").await.1["items"][1]["verdict_id"].as_str().unwrap().to_owned();
    let of_restored = ann.post(&format!("/verdicts/{restored}/appeal"), text.clone()).await;
    assert_eq!(refusal(of_restored), (409, "verdict_not_in_force".to_owned()), "it takes nothing away");
    assert_eq!(ann.post(&format!("/verdicts/{second}/appeal"), text).await.0, 201);
    assert_eq!(mo.undoes(&second).await.0, 200);
    assert_eq!(ann.verdict().await["appeal"]["state"], "granted");
    assert_eq!(bob.get(&format!("/thoughts/{id}")).await.0, 200);
    cairn.stop().await;
}

#[cairn_test]
async fn enough_reports_of_old_accounts_hide_something_until_a_moderator_decides(place: &Place) {
    let settings = [("CAIRN_MODERATION_HIDE_AT_REPORTS", "2"), ("CAIRN_MODERATION_REPORTER_DAYS", "7")];
    let cairn = Cairn::start(place, &settings).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let (carl, dora) = (Gamer::new(&cairn, place, "carl").await, Gamer::new(&cairn, place, "dora").await);
    let mo = moderator(&cairn, place).await;
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    for old in [&bob, &carl] {
        place.execute_control(&format!("UPDATE \"user\" SET created_at_ms = 1 WHERE id = '{}'", old.user)).await;
    }
    let hidden = async |id: &str| ann.get(&format!("/thoughts/{id}")).await.1.get("hidden").cloned();
    let id = ann.think(game, "Buy gold", "public").await;
    for one in [&bob, &dora] {
        one.has_reported("thought", &id).await;
    }
    assert_eq!(hidden(&id).await, None, "an account of today weighs nothing");
    carl.has_reported("thought", &id).await;
    assert_eq!(hidden(&id).await, Some(json!("spam")));
    let case = mo.queue().await[0].clone();
    assert_eq!(
        (&case["automatic"], &case["reports"], &case["hidden"]),
        (&json!(true), &json!(3), &json!("spam")),
        "{case}"
    );
    assert_eq!(ann.verdict().await["automatic"], true);
    assert_eq!(ann.notices_of("moderated").await.len(), 1);
    let challenge = challenges::gathering(&ann, game, json!({"audience": "public"})).await;
    for one in [&bob, &carl] {
        one.has_reported("challenge", challenge["id"].as_str().unwrap()).await;
        one.has_reported("person", "ann").await;
    }
    assert!(ann.get(&challenges::path(&challenge)).await.1.get("hidden").is_none(), "moderators alone hide these");
    assert!(ann.get("/users").await.1.get("hidden").is_none());

    mo.decides("restore", "thought", &id).await;
    assert_eq!(hidden(&id).await, None);
    let path = format!("/thoughts/{id}");
    for one in [&bob, &carl] {
        one.has_reported("thought", &id).await;
    }
    assert_eq!(hidden(&id).await, None, "it stands until its author changes it");
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(json!({"text": "Buy more gold"}))).await.0, 200);
    for one in [&bob, &carl] {
        one.has_reported("thought", &id).await;
    }
    assert_eq!(hidden(&id).await, None, "those whose reports were dismissed weigh less");
    let other = ann.think(game, "Other", "public").await;
    place.execute_control("UPDATE moderation_report SET dismissed = FALSE, outcome = outcome / 2").await;
    for one in [&bob, &carl] {
        one.has_reported("thought", &other).await;
    }
    assert_eq!(hidden(&other).await, Some(json!("spam")), "those who were right weigh as much as at first");
    cairn.stop().await;
}

#[cairn_test]
async fn names_and_words_about_oneself_are_taken_away_and_given_back(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "rudename").await, Gamer::new(&cairn, place, "bob").await);
    let mo = moderator(&cairn, place).await;
    let profile = json!({"display_name": "Rude", "bio": "Very rude", "audience": "public", "found_by": {"name": true}});
    assert_eq!(ann.send(Method::PUT, "/users", Some("*"), Some(profile)).await.0, 200);
    bob.has_reported("person", "rudename").await;
    assert_eq!(mo.queue().await[0]["text"], "rudename\nRude\nVery rude");
    let names = mo.decides("clear_name", "person", "rudename").await;
    let now = ann.get("/users").await.1;
    let neutral = now["username"].as_str().unwrap().to_owned();
    assert!(neutral.starts_with("user-") && now.get("display_name").is_none(), "{now}");
    assert_eq!(bob.get("/users/rudename").await.0, 404);
    assert_eq!(bob.get("/people?name=rude").await.1["items"], json!([]), "no search finds the old name");
    let again = json!({"username": "rudename"});
    let refused = refusal(ann.send(Method::PUT, "/users", Some("*"), Some(again)).await);
    assert_eq!(refused, (409, "username_taken".to_owned()), "who had it does not take it again");
    let bio = mo.decides("clear_bio", "person", &neutral).await;
    assert!(bob.get(&format!("/users/{neutral}")).await.1.get("bio").is_none());
    assert_eq!(refusal(mo.undoes(&names).await), (409, "verdict_superseded".to_owned()));
    assert_eq!(mo.undoes(&bio).await.0, 200);
    assert_eq!(mo.undoes(&names).await.0, 200);
    let now = bob.get("/users/rudename").await.1;
    assert_eq!((&now["display_name"], &now["bio"]), (&json!("Rude"), &json!("Very rude")));
    mo.decides("clear_name", "person", "rudename").await;
    let kind = json!({"username": "kindname"});
    assert_eq!(ann.send(Method::PUT, "/users", Some("*"), Some(kind)).await.0, 200, "another one at once");
    cairn.stop().await;
}

#[cairn_test]
async fn moderators_are_made_by_administrators_and_decide_about_nobody_above_them(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ada, ann) = (Gamer::new(&cairn, place, "ada").await, Gamer::new(&cairn, place, "ann").await);
    let bob = Gamer::new(&cairn, place, "bob").await;
    empower(place, &ada, "administrator").await;
    for path in ["/moderation/queue", "/moderation/audit", "/moderation/moderators"] {
        assert_eq!(refusal(ann.get(path).await), (403, "moderator_needed".to_owned()), "{path}");
        assert_eq!(Gamer::stranger(&cairn).get(path).await.0, 401, "{path}");
    }
    let body = json!({"subjects": [subject("person", "bob")], "action": "ban", "reason": "spam"});
    assert_eq!(refusal(ann.post("/moderation/verdicts", body).await), (403, "moderator_needed".to_owned()));
    assert_eq!(refusal(ann.put("/moderation/moderators/ann").await), (403, "administrator_needed".to_owned()));
    for name in ["ann", "bob", "bob"] {
        assert_eq!(ada.put(&format!("/moderation/moderators/{name}")).await.0, 204);
    }
    assert_eq!(ada.put("/moderation/moderators/nobody").await.0, 404);
    let moderators = ann.get("/moderation/moderators").await.1;
    let names: Vec<&str> =
        moderators["items"].as_array().unwrap().iter().map(|it| it["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["ada", "ann", "bob"]);
    let account: Value = ann.at(Method::GET, "/v1/account").send().await.unwrap().json().await.unwrap();
    assert_eq!((&account["moderator"], &account["administrator"]), (&json!(true), &json!(false)));
    assert_eq!(ann.tries("ban", "person", "ann").await["code"], "own_thing");
    assert_eq!(ann.tries("ban", "person", "bob").await["code"], "protected", "a moderator about a moderator");
    assert_eq!(ann.tries("ban", "person", "ada").await["code"], "protected");
    assert_eq!(ann.tries("ban", "person", "nobody").await["code"], "subject_not_found");
    let verdict = ada.decides("ban", "person", "bob").await;
    assert_eq!(refusal(ann.undoes(&verdict).await), (403, "administrator_needed".to_owned()));
    assert_eq!(refusal(bob.undoes(&verdict).await), (403, "banned".to_owned()));
    assert_eq!(ada.undoes(&verdict).await.0, 200);
    assert_eq!(refusal(bob.undoes(&verdict).await), (409, "own_thing".to_owned()));
    assert_eq!(refusal(ada.undoes("999").await), (404, "verdict_not_found".to_owned()));
    assert_eq!(ada.delete("/moderation/moderators/bob").await.0, 204);
    assert_eq!(bob.get("/moderation/queue").await.0, 403);
    let audit = ada.get("/moderation/audit").await.1;
    let actions: Vec<&str> =
        audit["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["dismiss", "ban", "appoint", "appoint"], "{audit}");
    cairn.stop().await;
}

#[cairn_test]
async fn the_queue_has_what_most_report_first_in_pages_and_decisions_are_made_in_one(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let carl = Gamer::new(&cairn, place, "carl").await;
    let mo = moderator(&cairn, place).await;
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        let id = ann.think(game, text, "public").await;
        bob.has_reported("thought", &id).await;
        ids.push(id);
    }
    carl.has_reported("thought", &ids[1]).await;
    let (mut after, mut seen) = (String::new(), Vec::new());
    loop {
        let page = mo.get(&format!("/moderation/queue?limit=1&after={after}")).await.1;
        seen.push(page["items"][0]["text"].as_str().unwrap().to_owned());
        after = page["next"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(seen, ["two", "three", "one"]);
    assert_eq!(ann.send(Method::DELETE, &format!("/thoughts/{}", ids[0]), Some("*"), None).await.0, 204);
    let gone = mo.queue().await.into_iter().find(|case| case["id"] == json!(ids[0])).unwrap();
    assert_eq!(
        (gone.get("text"), &gone["reported_text"], &gone["author"]["username"]),
        (None, &json!("one"), &json!("ann"))
    );
    let mut subjects: Vec<Value> = ids.iter().map(|id| subject("thought", id)).collect();
    subjects.push(subject("thought", "999"));
    let body = json!({"subjects": subjects, "action": "hide", "reason": "spam"});
    let outcomes = mo.post("/moderation/verdicts", body).await.1;
    let codes: Vec<Option<&str>> = outcomes["items"].as_array().unwrap().iter().map(|it| it["code"].as_str()).collect();
    assert_eq!(codes, [Some("subject_not_found"), None, None, Some("subject_not_found")]);
    mo.decides("restore", "thought", &ids[0]).await;
    assert!(mo.queue().await.is_empty(), "what is gone can be let be");
    cairn.stop().await;
}
