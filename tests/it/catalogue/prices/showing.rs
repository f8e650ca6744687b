//! What somebody sees who looks at a game's prices.

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::shops::{
    self, GAMES, LATEST, Shops, age, days_ago, deal, found, game, is_whole, json_of, look, look_until, sold,
};
use crate::{
    catalogue::titles::people::{administrator, get, id_of, post, user},
    support::{Cairn, Place, eventually, person::read},
};

#[cairn_test]
async fn whoever_looks_is_answered_at_once_and_finds_the_prices_later(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    assert_eq!((shops.prices.asked(), shops.rates.asked()), (0, 0), "nobody has looked");
    let first = look(&cairn, title).await;
    assert_eq!((&first["state"], &first["offers"]), (&"fetching".into(), &json!([])));
    let sheet = look_until(&cairn, title, "the prices are known", is_whole).await;
    let (euro, leu) =
        (json!({"rate": "0.97087", "rate_of": days_ago(1)}), json!({"rate": "4.8313", "rate_of": days_ago(1)}));
    let with = |rate: &Value, currency: &str, minor: i64| {
        let mut amount = rate.clone();
        amount["currency"] = currency.into();
        amount["minor"] = minor.into();
        amount
    };
    // 999 x 0.97087 = 969.90, and x 4.8313 = 4826.47; 1999 x 0.97087 = 1940.77, and x 4.8313 = 9657.77.
    let price = json!([{"currency": "USD", "minor": 999}, with(&euro, "EUR", 970), with(&leu, "RON", 4826)]);
    let regular = json!([{"currency": "USD", "minor": 1999}, with(&euro, "EUR", 1941), with(&leu, "RON", 9658)]);
    let offers = sheet["offers"].as_array().unwrap();
    let stores: Vec<&Value> = offers.iter().map(|offer| &offer["store"]).collect();
    assert_eq!(stores, ["Steam", "GOG"], "the cheapest first, and no store that is closed");
    assert_eq!((&offers[0]["price"], &offers[0]["regular"]), (&price, &regular));
    assert_eq!(
        offers[0]["link"], "https://www.cheapshark.com/redirect?dealID=aB%2Fc%3D%3D",
        "the id as it was written"
    );
    assert_eq!(sheet["lowest_ever"]["at"], "2020-09-13T12:26:40Z");
    assert_eq!(sheet["lowest_ever"]["price"][0], json!({"currency": "USD", "minor": 449}));
    assert_eq!(sheet["sources"][0], json!({"name": "CheapShark", "url": "https://www.cheapshark.com"}));
    let request = &shops.prices.requests(GAMES)[0];
    assert!(request.to_ascii_lowercase().contains("user-agent: cairn/"), "{request}");
    cairn.stop().await;
}

#[cairn_test]
async fn prices_are_asked_for_once_in_their_time_and_old_ones_serve_meanwhile(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    shops.prices.answers(&game(612), json_of(&shops::moss_hill("7.99")));
    let (asked, rates) = (shops.prices.asked(), shops.rates.asked());
    age(place, 119).await;
    assert_eq!(look(&cairn, title).await["offers"][0]["price"][0]["minor"], 999);
    assert_eq!(shops.prices.asked(), asked, "two hours are not over");
    age(place, 2).await;
    let old = look(&cairn, title).await;
    assert_eq!((&old["state"], &old["offers"][0]["price"][0]["minor"]), (&"stale".into(), &999.into()));
    let new = look_until(&cairn, title, "the new price is known", is_whole).await;
    assert_eq!(new["offers"][0]["price"][0]["minor"], 799);
    assert_eq!(shops.prices.requests(&game(612)).len(), 2);
    assert_eq!(shops.prices.asked(), asked + 1, "the game's number and the stores are known");
    assert_eq!(shops.rates.asked(), rates, "rates are kept for six hours");
    cairn.stop().await;
}

#[cairn_test]
async fn one_currency_may_be_asked_for_and_an_answer_has_a_tag(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    let answer = shops::request(&cairn, title, "?currency=RON").send().await.unwrap();
    let tag = answer.headers()["etag"].clone();
    let (_, sheet) = read(answer).await;
    let currencies: Vec<&Value> =
        sheet["offers"][0]["price"].as_array().unwrap().iter().map(|amount| &amount["currency"]).collect();
    assert_eq!(currencies, ["RON"]);
    let again = shops::request(&cairn, title, "?currency=RON").header("If-None-Match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    let (status, problem) = read(shops::request(&cairn, title, "?currency=GBP").send().await.unwrap()).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"?currency".into()));
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_given_away_is_shown_so_and_is_no_low(place: &Place) {
    let shops = Shops::start().await;
    let free = sold(
        "Moss Hill",
        Some("2280"),
        ("0.00", 1_600_000_000),
        &[deal("1", "a%3D", "0.00", "19.99"), deal("7", "b%3D", "5.00", "19.99")],
    );
    shops.prices.answers(&game(612), json_of(&free));
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let sheet = look_until(&cairn, title, "the prices are known", is_whole).await;
    assert_eq!((&sheet["offers"][0]["giveaway"], &sheet["offers"][1]["giveaway"]), (&true.into(), &false.into()));
    let minors: Vec<&Value> =
        sheet["offers"][0]["price"].as_array().unwrap().iter().map(|amount| &amount["minor"]).collect();
    assert_eq!(minors, [0, 0, 0]);
    assert_eq!(sheet["lowest_ever"]["price"][0]["minor"], 500, "the lowest that was paid");
    cairn.stop().await;
}

#[cairn_test]
async fn a_game_without_a_number_at_steam_is_found_by_a_name_that_it_alone_has(place: &Place) {
    let shops = Shops::start().await;
    let by_name = |name: &str| format!("{GAMES}?title={name}");
    let list = json!([found(700, "Lantern", None), found(701, "Lantern 2", None)]);
    shops.prices.answers(&by_name("Lantern"), json_of(&list));
    let lantern = sold("LANTERN", None, ("2.00", 1_600_000_000), &[deal("1", "l%3D", "3.00", "3.00")]);
    shops.prices.answers(&game(700), json_of(&lantern));
    let twins = json!([found(800, "Twin", None), found(801, "TWIN", None)]);
    shops.prices.answers(&by_name("Twin"), json_of(&twins));
    let cairn = shops.serve(place).await;
    let lantern = cairn.new_title("mame:1", "Lantern", "2020", &["pc"]).await;
    let sheet = look_until(&cairn, lantern, "the prices are known", is_whole).await;
    assert_eq!(sheet["offers"][0]["price"][0]["minor"], 300);
    // Two games there have its name; two games here have it; it is for no computer.
    let twin = cairn.new_title("mame:2", "Twin", "2020", &["pc"]).await;
    let old = cairn.new_title("mame:3", "Remade", "1993", &["pc"]).await;
    let new = cairn.new_title("mame:4", "Remade", "2016", &["pc"]).await;
    let console = cairn.new_title("mame:5", "Console", "1990", &["snes"]).await;
    for (name, number) in [("Remade", 900), ("Console", 901)] {
        shops.prices.answers(&by_name(name), json_of(&json!([found(number, name, None)])));
    }
    for title in [twin, old, new, console] {
        let sheet =
            look_until(&cairn, title, "it is known that there are none", |sheet| sheet["state"] == "none").await;
        assert_eq!(sheet["offers"], json!([]));
    }
    cairn.stop().await;
}

#[cairn_test]
async fn of_editions_with_one_number_at_steam_the_name_decides(place: &Place) {
    let shops = Shops::start().await;
    let list = json!([
        found(613, "Moss Hill Deluxe", Some("2280")),
        found(612, "Moss Hill", Some("2280")),
        found(5, "Other", Some("1"))
    ]);
    shops.prices.answers(&format!("{GAMES}?steamAppID=2280"), json_of(&list));
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    assert_eq!(shops.prices.requests(&game(613)).len(), 0);
    cairn.stop().await;
}

#[cairn_test]
async fn no_provider_is_told_of_a_game_that_awaits_approval(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let ann = user(&cairn, place, "ann").await;
    let (_, own) = post(&cairn, &ann, "/games", json!({"name": "Secret Project", "platforms": ["pc"]})).await;
    let path = format!("/games/{}/prices", id_of(&own));
    let (status, sheet) = get(&cairn, Some(&ann), &path).await;
    assert_eq!((status, &sheet["state"]), (200, &"none".into()));
    assert_eq!(get(&cairn, None, &path).await.0, 404);
    // The jobs of what was asked for before are done by the time that those of what is asked for after it are.
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    assert_eq!(shops.prices.requests(&format!("{GAMES}?title")).len(), 0);
    cairn.stop().await;
}

#[cairn_test]
async fn a_merged_game_has_the_prices_of_the_one_that_took_its_place(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let root = administrator(&cairn).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let other = cairn.new_title("mame:1", "Moss Hil", "2019", &["pc"]).await;
    let into = json!({"into": title.to_string()});
    assert_eq!(post(&cairn, &root, &format!("/games/{other}/merge"), into).await.0, 200);
    let sheet = look_until(&cairn, other, "the prices are known", is_whole).await;
    assert_eq!(sheet["game"], title.to_string());
    cairn.stop().await;
}

#[cairn_test]
async fn without_prices_nobody_is_asked_and_the_answer_says_so(place: &Place) {
    let shops = Shops::start().await;
    let mut settings: Vec<(&str, &str)> =
        shops.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    settings[0].1 = "false";
    let cairn = Cairn::start(place, &settings).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    let sheet = look(&cairn, title).await;
    assert_eq!((&sheet["state"], &sheet["offers"], &sheet["sources"]), (&"off".into(), &json!([]), &json!([])));
    assert_eq!(
        place.control_texts("SELECT kind FROM job WHERE kind IN ('title_prices', 'exchange_rates')").await.len(),
        0
    );
    assert_eq!((shops.prices.asked(), shops.rates.asked()), (0, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn the_last_rates_serve_while_their_provider_is_away_and_never_older_ones(place: &Place) {
    let shops = Shops::start().await;
    let cairn = shops.serve(place).await;
    let title = cairn.new_title("steam:2280", "Moss Hill", "2019", &["pc"]).await;
    look_until(&cairn, title, "the prices are known", is_whole).await;
    let euro = |sheet: &Value| sheet["offers"][0]["price"][1].clone();
    let known = euro(&look(&cairn, title).await);
    for answer in ["HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_owned(), json_of(&shops::rates(0.5, 2.5, 30))] {
        shops.rates.answers(LATEST, answer);
        let asked = shops.rates.asked();
        place.execute_control("UPDATE exchange_rate SET checked_ms = 1").await;
        // What this instance has asked for lately it does not ask for again.
        cairn.ask_for_rates().await;
        eventually("the provider was asked", async || shops.rates.asked() > asked).await;
        assert_eq!(euro(&look(&cairn, title).await), known);
    }
    shops.rates.answers(LATEST, json_of(&shops::rates(0.5, 2.5, 0)));
    place.execute_control("UPDATE exchange_rate SET checked_ms = 1").await;
    cairn.ask_for_rates().await;
    assert_eq!(euro(&look(&cairn, title).await)["rate"], "0.5");
    cairn.stop().await;
}
