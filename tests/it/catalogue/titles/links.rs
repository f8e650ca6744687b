//! Which games of the catalogue the games of studios are.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::people::{ask, get, user};
use crate::support::{Cairn, Place, person::refusal};

#[cairn_test]
async fn an_owner_says_which_game_theirs_is(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (user(&cairn, place, "ann").await, user(&cairn, place, "bob").await);
    assert_eq!(ann.call(Method::POST, "/studios", Some(json!({"name": "moss"}))).await.0, 201);
    let game = json!({"game": "climb", "display_name": "The Climb"});
    assert_eq!(ann.call(Method::POST, "/studios/moss/games", Some(game)).await.0, 201);
    let (title, other) =
        (cairn.new_title("", "The Climb", "2020", &["pc"]).await, cairn.new_title("", "Dive", "", &[]).await);
    let link = |person, method: Method, title: i64, game: &'static str| {
        let cairn = &cairn;
        async move {
            let path = format!("/games/{title}/studio-games/moss/{game}");
            ask(cairn, Some(person), (method, &path), None, None).await.0
        }
    };
    assert_eq!(refusal(link(&bob, Method::PUT, title, "climb").await), (404, "studio_not_found".to_owned()));
    assert_eq!(refusal(link(&ann, Method::PUT, 999, "climb").await), (404, "game_not_found".to_owned()));
    assert_eq!(refusal(link(&ann, Method::PUT, title, "dive").await), (404, "game_not_found".to_owned()));
    for linked in [other, title, title] {
        assert_eq!(link(&ann, Method::PUT, linked, "climb").await.0, 204);
    }
    let shown = |id: i64| {
        let cairn = &cairn;
        async move { get(cairn, None, &format!("/games/{id}")).await.1["studio_games"].clone() }
    };
    let climb = json!([{"studio": "moss", "game": "climb", "display_name": "The Climb"}]);
    assert_eq!((shown(title).await, shown(other).await), (climb, json!([])), "the last word counts");
    assert_eq!(refusal(link(&ann, Method::DELETE, other, "climb").await).0, 404);
    assert_eq!(link(&ann, Method::DELETE, title, "climb").await.0, 204);
    assert_eq!(shown(title).await, json!([]));
    assert_eq!(link(&ann, Method::PUT, title, "climb").await.0, 204);
    cairn.delete_studio("moss").await;
    assert_eq!(shown(title).await, json!([]), "a link goes with the game");
    cairn.stop().await;
}
