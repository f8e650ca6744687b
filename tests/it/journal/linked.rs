//! A user's traces in the games of a title, by the players that they have linked.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::Gamer;
use crate::support::{Cairn, Place, person::refusal, player::Player};

impl Gamer<'_> {
    /// Links a player to their account.
    async fn link(&self, player: &Player<'_>) {
        let (status, code) = player.send(Method::POST, "/players/me/link-code", None).await;
        assert_eq!(status, 201, "{code}");
        let linked = self.at(Method::POST, "/v1/account/players").header("Content-Type", "application/json");
        let linked = linked.body(json!({"code": code["code"]}).to_string()).send().await.unwrap();
        assert_eq!(linked.status(), 200);
    }
}

/// Leaves messages; returns their ids.
async fn leave(player: &Player<'_>, texts: &[&str]) -> Vec<i64> {
    let trace =
        |text: &&str| json!({"ref": text, "kind": "message", "scope": "Ash Lake", "text": [text], "pos": [1, 2, 3]});
    let body = json!({"traces": texts.iter().map(trace).collect::<Vec<_>>()}).to_string();
    let request = player.cairn.http.post(format!("{}/v1/traces", player.cairn.base)).bearer_auth(&player.token);
    let answer = request.header("Content-Type", "application/json").body(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let left: Value = answer.json().await.unwrap();
    let id = |result: &Value| result["id"].as_str().unwrap_or_else(|| panic!("{left}")).parse().unwrap();
    left["results"].as_array().unwrap().iter().map(id).collect()
}

fn words(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["trace"]["text"][0].as_str().unwrap()).collect()
}

#[cairn_test]
async fn a_user_sees_their_own_traces_on_the_page_of_a_game_and_how_they_were_met(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let game = cairn.new_title("steam:1", "Glass Rally", "2020", &["pc"]).await;
    let other = cairn.new_title("steam:2", "Moss Harbour", "2020", &["pc"]).await;
    let (live, dev) = (cairn.game_key("moss/climb/live").await, cairn.game_key("moss/climb/dev").await);
    let elsewhere = cairn.game_key("moss/swim/live").await;
    for (name, title) in [("climb", game), ("swim", other)] {
        let linked = format!(
            "INSERT INTO title_game (game, title, since_ms) SELECT id, {title}, 1 FROM game WHERE slug = '{name}'"
        );
        place.execute_control(&linked).await;
    }
    let (one, two) = (Player::sign_in(&cairn, &live).await, Player::sign_in(&cairn, &dev).await);
    let (swimmer, stranger) = (Player::sign_in(&cairn, &elsewhere).await, Player::sign_in(&cairn, &live).await);
    let ids = leave(&one, &["first", "second", "third"]).await;
    leave(&two, &["of dev"]).await;
    leave(&swimmer, &["elsewhere"]).await;
    leave(&stranger, &["a stranger's"]).await;
    let path = format!("/games/{game}/traces");
    assert_eq!(ann.get(&path).await.1["items"], json!([]), "without players");
    for player in [&one, &two, &swimmer] {
        ann.link(player).await;
    }
    assert_eq!(stranger.use_trace(ids[1]).await.0, 204);
    assert_eq!(stranger.vote(ids[0], "good").await.0, 200);
    place.execute_on(2, &format!("UPDATE trace SET uses = uses + 411 WHERE id = {} AND world = 1", ids[1])).await;
    let (status, page) = ann.get(&path).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(words(&page)[0], "second", "what was met most comes first: {page}");
    let mut all = words(&page);
    all.sort_unstable();
    assert_eq!(all, ["first", "of dev", "second", "third"]);
    let best = &page["items"][0];
    assert_eq!(
        (&best["studio"], &best["game"], &best["environment"]),
        (&json!("moss"), &json!("climb"), &json!("live"))
    );
    assert_eq!(
        (&best["met"], &best["trace"]["scope"], &best["hidden"]),
        (&json!(412), &json!("Ash Lake"), &json!(false))
    );
    assert_eq!(
        (&page["traces"], &page["met"], &page["good"], &page["poor"]),
        (&json!(4), &json!(412), &json!(1), &json!(0))
    );
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = ann.get(&format!("{path}?limit=1&after={after}")).await.1;
        seen.extend(words(&page).into_iter().map(str::to_owned));
        after = page["next"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
    assert_eq!(bob.get(&path).await.1["items"], json!([]), "those of others are not theirs");
    assert_eq!(words(&ann.get(&format!("/games/{other}/traces")).await.1), ["elsewhere"]);
    assert_eq!(Gamer::stranger(&cairn).get(&path).await.0, 401);
    assert_eq!(refusal(ann.get("/games/999999/traces").await), (404, "game_not_found".to_owned()));
    cairn.stop().await;
}
