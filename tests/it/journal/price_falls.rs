//! Who wishes for a game is told when it costs no more than they want to pay: once. The providers are servers of the tests' own.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::Gamer;
use crate::{
    catalogue::prices::shops::{LATEST, Shops, age, days_ago, game, json_of, moss_hill, rates},
    support::{Cairn, Place, eventually},
};

/// Ann, whose wish list has Moss Hill with that target.
async fn wishing<'a>(cairn: &'a Cairn, place: &Place, name: &str, title: i64, target: (i64, &str)) -> Gamer<'a> {
    let gamer = Gamer::new(cairn, place, name).await;
    let target = json!({"minor": target.0, "currency": target.1});
    let body = json!({"game": title.to_string(), "state": "wishlist", "target": target});
    let (status, entry) = gamer.post("/library", body).await;
    assert_eq!(status, 201, "{entry}");
    gamer
}

/// The notices of falls, the newest first.
async fn fallen(gamer: &Gamer<'_>) -> Vec<Value> {
    let (status, page) = gamer.get("/notices").await;
    assert_eq!(status, 200);
    let notices = page["items"].as_array().unwrap().iter();
    notices.filter(|notice| notice["kind"] == "price_fell").cloned().collect()
}

/// How often somebody was told, in all.
async fn times(gamer: &Gamer<'_>) -> u64 {
    fallen(gamer).await.iter().map(|notice| notice["times"].as_u64().unwrap()).sum()
}

/// Has the game cost so much, and everybody's wishes looked at.
async fn costs(cairn: &Cairn, place: &Place, shops: &Shops, price: &str) {
    shops.prices.answers(&game(612), json_of(&moss_hill(price)));
    age(place, 121).await;
    cairn.look_at_wishes().await;
}

#[cairn_test]
async fn the_same_fall_is_told_once_and_another_one_anew(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let ann = wishing(&cairn, place, "ann", title, (800, "USD")).await;
    let steps = [
        ("9.99", 0, "above"),
        ("8.00", 1, "as much as they want to pay"),
        ("8.00", 1, "the same fall"),
        ("8.00", 1, "still the same"),
        ("7.00", 2, "it falls further"),
        ("7.50", 2, "it rises, and is no more than the target"),
        ("9.99", 2, "it is over"),
        ("8.00", 3, "another fall"),
        ("0.00", 4, "it is given away"),
        ("9.99", 4, "it is over"),
    ];
    for (price, expected, what) in steps {
        costs(&cairn, place, &shops, price).await;
        assert_eq!(times(&ann).await, expected, "{price}: {what}");
    }
    let notice = &fallen(&ann).await[0];
    assert_eq!(notice["subject"], title.to_string());
    assert_eq!(notice["detail"], json!({"minor": 0, "currency": "USD", "target_minor": 800, "giveaway": true}));
    cairn.stop().await;
}

#[cairn_test]
async fn a_target_is_met_in_the_currency_that_it_was_set_in(place: &Place) {
    let shops = Shops::start().await;
    shops.rates.answers(LATEST, json_of(&rates(0.5, 4.0, 1)));
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    // 9.00 dollars are 4.50 euros, and 36.00 lei.
    let ann = wishing(&cairn, place, "ann", title, (450, "EUR")).await;
    let bob = wishing(&cairn, place, "bob", title, (3599, "RON")).await;
    let eve = wishing(&cairn, place, "eve", title, (449, "EUR")).await;
    costs(&cairn, place, &shops, "9.00").await;
    assert_eq!([times(&ann).await, times(&bob).await, times(&eve).await], [1, 0, 0]);
    let detail = json!({"minor": 450, "currency": "EUR", "target_minor": 450, "giveaway": false, "rate": "0.5", "rate_of": days_ago(1)});
    assert_eq!(fallen(&ann).await[0]["detail"], detail);
    // Cheaper by the rate alone for eve, dearer for ann, and cheaper again.
    for (euro, day) in [(0.49, 0), (0.6, 0), (0.49, 0)] {
        shops.rates.answers(LATEST, json_of(&rates(euro, 4.0, day)));
        place.execute_control("UPDATE exchange_rate SET checked_ms = 1").await;
        costs(&cairn, place, &shops, "9.00").await;
    }
    assert_eq!([times(&ann).await, times(&bob).await, times(&eve).await], [1, 0, 1]);
    let path = format!("/library/{title}");
    let raised = json!({"target": {"minor": 4000, "currency": "RON"}});
    assert_eq!(ann.send(Method::PUT, &path, Some("*"), Some(raised)).await.0, 200);
    cairn.look_at_wishes().await;
    assert_eq!(times(&ann).await, 2, "another target");
    let (_, export) = {
        let answer = ann.at(Method::GET, "/v1/account/export").send().await.unwrap();
        crate::support::person::read(answer).await
    };
    let fall = &export["kept"]["price_falls"][0];
    assert_eq!((&fall["currency"], &fall["minor"], &fall["rate"]), (&"RON".into(), &3600.into(), &"4".into()));
    cairn.stop().await;
}

#[cairn_test]
async fn only_what_is_wished_for_is_looked_at(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let ann = wishing(&cairn, place, "ann", title, (10_000, "USD")).await;
    let bought = json!({"state": "ongoing"});
    assert_eq!(ann.send(Method::PUT, &format!("/library/{title}"), Some("*"), Some(bought)).await.0, 200);
    cairn.look_at_wishes().await;
    assert_eq!((times(&ann).await, shops.prices.asked()), (0, 0));
    let wrong = json!({"target": {"minor": 1, "currency": "GBP"}});
    let (status, problem) = ann.send(Method::PUT, &format!("/library/{title}"), Some("*"), Some(wrong)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/target/currency".into()), "nobody would be told");
    cairn.stop().await;
}

#[cairn_test]
async fn a_provider_that_is_away_is_waited_for_and_no_wish_is_passed_over(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let ann = wishing(&cairn, place, "ann", title, (1000, "USD")).await;
    shops.prices.answers("/", "HTTP/1.1 429 Slow\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n");
    for path in [game(612), "/api/1.0/games".to_owned(), "/api/1.0/games?steamAppID=2280".to_owned()] {
        shops.prices.answers(&path, "HTTP/1.1 429 Slow\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n");
    }
    let again_ms = cairn.look_at_wishes().await - cairn::platform::clock::now_ms();
    assert!((80_000..=90_000).contains(&again_ms), "as long as it asks for: {again_ms}");
    let again_ms = cairn.look_at_wishes().await - cairn::platform::clock::now_ms();
    assert!((60_000..=90_000).contains(&again_ms), "{again_ms}");
    assert_eq!((shops.prices.asked(), times(&ann).await), (1, 0), "it is left alone");
    let credentials = ann.credentials();
    cairn.stop().await;
    // Another instance has not failed to reach it.
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    cairn.look_at_wishes().await;
    assert_eq!(times(&Gamer::known(&cairn, credentials)).await, 1);
    cairn.stop().await;
}

#[cairn_test]
async fn a_job_looks_at_wishes_by_itself(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let ann = wishing(&cairn, place, "ann", title, (1000, "USD")).await;
    eventually("the first round is over", async || {
        place.execute_control("UPDATE job SET due_ms = 1 WHERE kind = 'price_falls' AND lease IS NULL").await;
        times(&ann).await == 1
    })
    .await;
    cairn.stop().await;
}

#[cairn_test]
async fn of_two_instances_that_look_at_once_one_tells(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let ann = wishing(&cairn, place, "ann", title, (1000, "USD")).await;
    let looks = (0..8).map(|_| cairn.look_at_wishes());
    futures_util::future::join_all(looks).await;
    assert_eq!(times(&ann).await, 1);
    cairn.stop().await;
}
