//! Games that a provider knows. It is a server of the tests' own, in the shapes that the real one documents, and with its faults.

use std::sync::{Arc, Mutex};

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::titles::people::{administrator, get, id_of, names, user};
use crate::support::{
    Cairn, Place, eventually,
    person::{Person, refusal},
    provider::{Provider, ok},
};

const KEY: &str = "k3y-of-the-tests";

/// The provider, what it answers, and what it was asked.
struct Games {
    provider: Provider,
    answer: Arc<Mutex<String>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Games {
    async fn start() -> Self {
        let (answer, requests) = (Arc::<Mutex<String>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (said, asked) = (Arc::clone(&answer), Arc::clone(&requests));
        let provider = Provider::start(move |request| {
            asked.lock().unwrap().push(request.to_owned());
            said.lock().unwrap().clone()
        })
        .await;
        let games = Self { provider, answer, requests };
        games.answers(&json!([game(7, "Moss Hill", &json!("2019-02-03")), game(8, "Moss Hill 2", &Value::Null)]));
        games
    }

    fn answers(&self, results: &Value) {
        let next = format!("https://api.rawg.io/api/games?key={KEY}&page=2");
        let body = json!({"count": 40, "next": next, "previous": null, "results": results});
        *self.answer.lock().unwrap() = ok(&body.to_string());
    }

    async fn serve(&self, place: &Place, month: &str) -> Cairn {
        let url = format!("{}/api", self.provider.base);
        let settings = [
            ("CAIRN_RAWG_KEY", KEY),
            ("CAIRN_RAWG_URL", &*url),
            ("CAIRN_RAWG_MONTH", month),
            ("CAIRN_OUTBOUND_PRIVATE", "true"),
        ];
        Cairn::start(place, &settings).await
    }
}

/// A game, with members that are lists or objects or nothing.
fn game(id: u32, name: &str, released: &Value) -> Value {
    json!({"id": id, "slug": "x", "name": name, "released": released, "tba": false, "ratings": {}, "added_by_status": null,
        "platforms": [{"platform": {"id": 4, "name": "PC", "slug": "pc"}}], "genres": [{"id": 1, "name": "Puzzle"}]})
}

/// The search once the provider has answered.
async fn discovered(cairn: &Cairn, person: &Person<'_>, words: &str) -> Value {
    let mut found = Value::Null;
    eventually("the provider has answered", async || {
        let (status, answer) = get(cairn, Some(person), &format!("/games/discover?q={words}")).await;
        assert_eq!(status, 200, "{answer}");
        found = answer;
        found["state"] == "done"
    })
    .await;
    found
}

#[cairn_test]
async fn what_a_provider_knows_comes_into_the_catalogue_with_the_link_that_it_asks_for(place: &Place) {
    let games = Games::start().await;
    let cairn = games.serve(place, "20000").await;
    let ann = user(&cairn, place, "ann").await;
    let (_, first) = get(&cairn, Some(&ann), "/games/discover?q=Moss%20Hill").await;
    assert_eq!((&first["state"], &first["items"]), (&"searching".into(), &json!([])), "nobody waits for it");
    let found = discovered(&cairn, &ann, "Moss%20Hill").await;
    assert_eq!(names(&found), ["Moss Hill", "Moss Hill 2"]);
    assert_eq!(found["sources"], json!([{"name": "RAWG", "url": "https://rawg.io"}]));
    assert_eq!(names(&get(&cairn, None, "/games?q=moss").await.1).len(), 2, "everybody finds them");
    let (_, game) = get(&cairn, None, &format!("/games/{}", id_of(&found["items"][0]))).await;
    assert_eq!(
        (&game["released"], &game["platforms"], &game["genres"]),
        (&"2019-02-03".into(), &json!(["pc"]), &json!(["puzzle"]))
    );
    assert_eq!(
        game["sources"],
        json!([{"name": "RAWG", "url": "https://rawg.io"}]),
        "a page that shows it links there"
    );
    discovered(&cairn, &ann, "moss%20HILL!").await;
    let requests = games.requests.lock().unwrap().clone();
    assert_eq!(requests.len(), 1, "the same words cost one request, and next is not followed");
    assert!(
        requests[0].starts_with(&format!("GET /api/games?key={KEY}&search=Moss%20Hill&page=1&page_size=20 ")),
        "{requests:?}"
    );
    let kept = place.control_texts("SELECT query || query_key || titles FROM title_discovery").await;
    assert!(!kept.is_empty() && kept.iter().all(|text| !text.contains(KEY)), "{kept:?}");
    cairn.stop().await;
}

#[cairn_test]
async fn a_game_that_is_here_is_not_made_twice(place: &Place) {
    let games = Games::start().await;
    let cairn = games.serve(place, "20000").await;
    let ann = user(&cairn, place, "ann").await;
    let here = cairn.new_title("steam:1", "Moss Hill", "2019", &["pc"]).await;
    cairn.new_title("steam:2", "Moss Hill 2", "", &["snes"]).await;
    let found = discovered(&cairn, &ann, "moss").await;
    assert_eq!(id_of(&found["items"][0]), here.to_string());
    assert_eq!(
        (found["items"].as_array().unwrap().len(), &found["unclear"]),
        (1, &1.into()),
        "the other may be another"
    );
    cairn.stop().await;
}

#[cairn_test]
async fn the_requests_of_a_month_are_counted_in_the_database(place: &Place) {
    let games = Games::start().await;
    let cairn = games.serve(place, "1").await;
    let ann = user(&cairn, place, "ann").await;
    discovered(&cairn, &ann, "moss").await;
    let token = ann.token.clone();
    cairn.stop().await;
    let cairn = games.serve(place, "1").await;
    let ann = Person { token, ..Person::new(&cairn) };
    let (_, refused) = get(&cairn, Some(&ann), "/games/discover?q=other").await;
    assert_eq!((&refused["state"], &refused["items"]), (&"used_up".into(), &json!([])));
    assert_eq!(discovered(&cairn, &ann, "moss").await["items"].as_array().unwrap().len(), 2, "what is known stays");
    assert_eq!(games.provider.asked(), 1);
    place.execute_control("UPDATE outbound_month SET month = '2020-01'").await;
    discovered(&cairn, &ann, "other").await;
    cairn.stop().await;
}

#[cairn_test]
async fn without_a_key_the_feature_says_so(cairn: &Cairn) {
    let ann = administrator(cairn).await;
    let refused = get(cairn, Some(&ann), "/games/discover?q=moss").await;
    assert_eq!(refusal(refused), (503, "rawg_key_missing".to_owned()));
    assert_eq!(get(cairn, None, "/games/discover?q=moss").await.0, 401);
    for query in ["", "?q=", "?q=a", "?q=%01ab"] {
        let (status, problem) = get(cairn, Some(&ann), &format!("/games/discover{query}")).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"?q".into()), "{query}");
    }
}

#[cairn_test]
async fn a_provider_that_answers_something_else_brings_nothing(place: &Place) {
    let games = Games::start().await;
    let cairn = games.serve(place, "20000").await;
    let ann = user(&cairn, place, "ann").await;
    let answers = [
        ok("[]"),
        ok(r#"{"results":{"1":{}}}"#),
        ok("null"),
        "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "HTTP/1.1 302 Found\r\nLocation: https://example.org/\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "HTTP/1.1 429 Slow\r\nRetry-After: 900\r\nContent-Length: 0\r\n\r\n".to_owned(),
    ];
    for (at, answer) in answers.into_iter().enumerate() {
        *games.answer.lock().unwrap() = answer;
        let asked = games.provider.asked();
        let path = format!("/games/discover?q=words{at}");
        assert_eq!(get(&cairn, Some(&ann), &path).await.1["state"], "searching");
        eventually("it was asked", async || games.provider.asked() > asked).await;
        assert_eq!(get(&cairn, Some(&ann), &path).await.1["items"], json!([]));
    }
    assert_eq!(names(&get(&cairn, None, "/games").await.1), Vec::<&str>::new());
    cairn.stop().await;
}
