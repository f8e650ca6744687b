//! Providers that answer something else, or nothing: no wrong price is ever stored, and nobody waits for them.

use std::time::{Duration, Instant};

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::shops::{
    GAMES, LATEST, Shops, age, deal, found, game, is_whole, json_of, look, look_until, moss_hill, rates, sold,
};
use crate::support::{Place, eventually, provider::ok};

fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n")
}

/// What is stored of prices.
async fn stored(place: &Place) -> Vec<String> {
    let mut texts = place
        .control_texts("SELECT store_name || ' ' || deal || ' ' || CAST(price_minor AS text) FROM title_offer")
        .await;
    texts.extend(place.control_texts("SELECT currency || ' ' || CAST(billionths AS text) FROM exchange_rate").await);
    texts.sort();
    texts
}

#[cairn_test]
async fn no_answer_that_is_not_about_the_game_changes_its_prices(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    let known = stored(place).await;
    assert_eq!(known.len(), 4, "{known:?}");
    let elsewhere = Shops::start().await;
    let other = sold("Another", Some("1"), ("1.00", 1_600_000_000), &[deal("1", "x%3D", "1.00", "2.00")]);
    for (what, answer) in [
        ("another game", json_of(&other)),
        ("a list of offers", json_of(&json!([{"title": "Moss Hill", "dealID": "x", "salePrice": "1.00"}]))),
        ("null", ok("null")),
        (
            "null in the place of offers",
            json_of(&json!({"info": {"title": "Moss Hill", "steamAppID": "2280"}, "deals": null})),
        ),
        (
            "an object in the place of offers",
            json_of(&json!({"info": {"title": "Moss Hill", "steamAppID": "2280"}, "deals": {"1": {}}})),
        ),
        (
            "prices that are none",
            json_of(&sold(
                "Moss Hill",
                Some("2280"),
                ("1.00", 1),
                &[deal("1", "x", "-1.00", "1"), deal("7", "y", "1e2", "1")],
            )),
        ),
        (
            "a price without a text",
            json_of(
                &json!({"info": {"title": "Moss Hill", "steamAppID": "2280"}, "deals": [{"storeID": "1", "dealID": "x", "price": null}]}),
            ),
        ),
        ("no JSON", ok("<html>busy</html>")),
        ("a page that is not there", status("404 Not Found")),
        (
            "a redirect to another host",
            format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", elsewhere.settings[2].1),
        ),
        ("too much", ok(&" ".repeat(1_100_000))),
    ] {
        shops.prices.answers(&game(612), answer);
        age(place, 121).await;
        let asked = shops.prices.asked();
        cairn.ask_for_prices(title).await;
        assert_eq!(shops.prices.asked(), asked + 1, "{what}: it was not asked");
        assert_eq!(stored(place).await, known, "{what}");
        assert_eq!(look(&cairn, title).await["offers"][0]["price"][0]["minor"], 999, "{what}");
    }
    assert_eq!(elsewhere.prices.asked(), 0);
    cairn.stop().await;
}

#[cairn_test]
async fn a_provider_that_fails_leaves_prices_as_they_were(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    cairn.stop().await;
    let (known, whole) = (stored(place).await, json_of(&moss_hill("1.00")));
    for (what, answer) in [
        ("a fault", status("500 Oops")),
        ("a wish for a pause", "HTTP/1.1 429 Slow\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n".to_owned()),
        ("a body that was cut", whole[..whole.len() - 9].to_owned()),
    ] {
        // One that has not seen it fail.
        let cairn = shops.serve(place).await;
        shops.prices.answers(&game(612), answer);
        age(place, 121).await;
        let asked = shops.prices.asked();
        cairn.ask_for_prices(title).await;
        assert!(shops.prices.asked() > asked, "{what}: it was not asked");
        let sheet = look(&cairn, title).await;
        assert_eq!(
            (&sheet["state"], &sheet["offers"][0]["price"][0]["minor"]),
            (&"stale".into(), &999.into()),
            "{what}"
        );
        assert_eq!(stored(place).await, known, "{what}");
        cairn.stop().await;
    }
}

#[cairn_test]
async fn a_game_that_the_provider_has_forgotten_has_no_prices_any_more(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    shops.prices.answers(&game(612), ok("[]"));
    age(place, 121).await;
    look(&cairn, title).await;
    let sheet = look_until(&cairn, title, "there are none", |sheet| sheet["state"] == "none").await;
    assert_eq!(sheet["lowest_ever"]["price"][0]["minor"], 449, "what it was sold for once");
    // It is sought again, and may have another number.
    let list = json!([found(614, "Moss Hill", Some("2280"))]);
    shops.prices.answers(&format!("{GAMES}?steamAppID=2280"), json_of(&list));
    shops.prices.answers(&game(614), json_of(&moss_hill("5.00")));
    age(place, 121).await;
    cairn.ask_for_prices(title).await;
    assert_eq!(look(&cairn, title).await["offers"][0]["price"][0]["minor"], 500);
    cairn.stop().await;
}

#[cairn_test]
async fn no_rates_of_another_base_or_without_a_currency_are_stored(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    let known = stored(place).await;
    let with = |member: &str, value: Value| {
        let mut answer = rates(0.5, 2.5, 0);
        answer[member] = value;
        json_of(&answer)
    };
    for (what, answer) in [
        ("another base", with("base", "EUR".into())),
        ("no base", with("base", Value::Null)),
        ("another amount", with("amount", 10.into())),
        ("a currency less", with("rates", json!({"EUR": 0.5}))),
        ("null in the place of a rate", with("rates", json!({"EUR": 0.5, "RON": null}))),
        ("a list", with("rates", json!([0.5, 2.5]))),
        ("no day", with("date", "soon".into())),
        ("a list alone", ok("[]")),
        ("a page that is gone", status("404 Not Found")),
        ("a redirect", "HTTP/1.1 301 Moved\r\nLocation: https://example.org/\r\nContent-Length: 0\r\n\r\n".to_owned()),
    ] {
        shops.rates.answers(LATEST, answer);
        place.execute_control("UPDATE exchange_rate SET checked_ms = 1").await;
        let asked = shops.rates.asked();
        cairn.ask_for_rates().await;
        assert_eq!(shops.rates.asked(), asked + 1, "{what}: it was not asked");
        assert_eq!(stored(place).await, known, "{what}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_who_looks_waits_for_a_provider_that_does_not_answer(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let known = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let unknown = cairn.new_title("steam:77", "Silent", "2019", &["pc"]).await;
    look_until(&cairn, known, "the prices are known", is_whole).await;
    let time = async |title: i64| {
        let mut times = Vec::new();
        for _ in 0..50 {
            let begun = Instant::now();
            look(&cairn, title).await;
            times.push(begun.elapsed());
        }
        times.sort();
        (times[25], times[49])
    };
    let well = time(known).await;
    // From now on they take a request, and say nothing for ever.
    for shop in [&shops.prices, &shops.rates] {
        shop.answers("/", "");
    }
    shops.prices.answers(GAMES, "");
    shops.prices.answers(&game(612), "");
    shops.prices.answers(&format!("{GAMES}?steamAppID=2280"), "");
    shops.rates.answers(LATEST, "");
    let asked = shops.prices.asked();
    age(place, 721).await;
    // They hold each request until its deadline of ten seconds: a look that waited for one would take as long.
    for (title, state) in [(known, "stale"), (unknown, "fetching")] {
        let sheet = tokio::time::timeout(Duration::from_secs(5), look(&cairn, title)).await;
        assert_eq!(sheet.expect("it waits for the provider")["state"], state);
    }
    let (stale, fetching) = (time(known).await, time(unknown).await);
    println!(
        "looks at prices, median and longest of 50: {well:?}; providers silent: {stale:?}, and never known {fetching:?}"
    );
    eventually("the silent provider was asked", async || shops.prices.asked() > asked).await;
    cairn.stop().await;
}
