//! Servers in the place of `CheapShark` and Frankfurter: what they answer is set by the test, by path.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use cairn::platform::clock;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place, eventually,
    http::RequestBuilder,
    person::{Answer, read},
    provider::{Provider, ok},
};

/// What a provider answers to targets that begin so, word for word; the longest beginning counts.
type Script = Arc<Mutex<BTreeMap<String, String>>>;

/// One of the providers.
pub struct Shop {
    provider: Provider,
    script: Script,
    /// What was asked, in order: the whole requests.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    async fn start() -> Self {
        let (script, requests) = (Script::default(), Arc::<Mutex<Vec<String>>>::default());
        let (said, asked) = (Arc::clone(&script), Arc::clone(&requests));
        let provider = Provider::start(move |request| {
            asked.lock().unwrap().push(request.to_owned());
            let target = request.split(' ').nth(1).unwrap();
            let said = said.lock().unwrap();
            let answer = said.iter().rev().find(|(path, _)| target.starts_with(path.as_str()));
            answer.map_or_else(
                || "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
                |(_, said)| said.clone(),
            )
        })
        .await;
        Self { provider, script, requests }
    }

    /// From now on it answers so to targets that begin so.
    pub fn answers(&self, target: &str, answer: impl Into<String>) {
        self.script.lock().unwrap().insert(target.to_owned(), answer.into());
    }

    pub fn asked(&self) -> usize {
        self.provider.asked()
    }

    /// The requests to targets that begin so.
    pub fn requests(&self, target: &str) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|request| request.starts_with(&format!("GET {target}"))).cloned().collect()
    }
}

/// Both providers.
pub struct Shops {
    pub prices: Shop,
    pub rates: Shop,
    pub settings: Vec<(String, String)>,
}

pub const GAMES: &str = "/api/1.0/games";
pub const LATEST: &str = "/v1/latest";

/// Where a game is asked for, by its number.
pub fn game(number: u32) -> String {
    format!("{GAMES}?id={number}")
}

/// An offer.
pub fn deal(store: &str, deal: &str, price: &str, retail: &str) -> Value {
    json!({"storeID": store, "dealID": deal, "price": price, "retailPrice": retail, "savings": "10.000000"})
}

/// A game with its offers.
pub fn sold(name: &str, steam: Option<&str>, low: (&str, i64), deals: &[Value]) -> Value {
    json!({"info": {"title": name, "steamAppID": steam, "thumb": "https://example.org/x.jpg"},
        "cheapestPriceEver": {"price": low.0, "date": low.1}, "deals": deals})
}

/// A search that has found a game.
pub fn found(number: u32, name: &str, steam: Option<&str>) -> Value {
    json!({"gameID": number.to_string(), "steamAppID": steam, "cheapest": "1.00", "cheapestDealID": "x%3D",
        "external": name, "internalName": name.to_uppercase(), "thumb": "https://example.org/x.jpg"})
}

/// An answer with that JSON.
pub fn json_of(body: &Value) -> String {
    ok(&body.to_string())
}

/// The day so many days ago.
pub fn days_ago(days: i64) -> String {
    clock::format(clock::now_ms() - days * 86_400_000)[..10].to_owned()
}

/// The rates of so many days ago.
pub fn rates(euro: f64, leu: f64, days: i64) -> Value {
    json!({"amount": 1.0, "base": "USD", "date": days_ago(days), "rates": {"EUR": euro, "RON": leu}})
}

impl Shops {
    /// Providers that know one game, 612: Moss Hill, at Steam 2280, for 9.99 and 12.50 dollars.
    pub async fn start() -> Self {
        let (prices, rates) = (Shop::start().await, Shop::start().await);
        let store =
            |id: &str, name: &str, open: u8| json!({"storeID": id, "storeName": name, "isActive": open, "images": {}});
        let stores = json!([store("1", "Steam", 1), store("7", "GOG", 1), store("9", "Closed", 0)]);
        prices.answers("/api/1.0/stores", json_of(&stores));
        prices.answers(GAMES, json_of(&json!([])));
        prices.answers(&format!("{GAMES}?steamAppID=2280"), json_of(&json!([found(612, "Moss Hill", Some("2280"))])));
        prices.answers(&game(612), json_of(&moss_hill("9.99")));
        rates.answers(LATEST, json_of(&self::rates(0.97087, 4.8313, 1)));
        let setting = |name: &str, value: String| (name.to_owned(), value);
        let settings = vec![
            setting("CAIRN_PRICES", "true".to_owned()),
            setting("CAIRN_OUTBOUND_PRIVATE", "true".to_owned()),
            setting("CAIRN_CHEAPSHARK_URL", format!("{}/api/1.0", prices.provider.base)),
            setting("CAIRN_FRANKFURTER_URL", format!("{}/v1", rates.provider.base)),
        ];
        Self { prices, rates, settings }
    }

    /// A server that asks them.
    pub async fn serve(&self, place: &Place) -> Cairn {
        let settings: Vec<(&str, &str)> =
            self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Cairn::start(place, &settings).await
    }
}

/// Moss Hill, for so much at Steam.
pub fn moss_hill(price: &str) -> Value {
    let deals = [
        deal("7", "gog%2Bdeal%3D", "12.50", "19.99"),
        deal("1", "aB%2Fc%3D%3D", price, "19.99"),
        deal("9", "gone%3D", "0.10", "19.99"),
    ];
    sold("Moss Hill", Some("2280"), ("4.49", 1_600_000_000), &deals)
}

/// A request for a game's prices.
pub fn request(cairn: &Cairn, title: i64, query: &str) -> RequestBuilder {
    cairn.get(&format!("/api/games/{title}/prices{query}"))
}

/// A game's prices.
pub async fn look(cairn: &Cairn, title: i64) -> Value {
    let (status, sheet): Answer = read(request(cairn, title, "").send().await.unwrap()).await;
    assert_eq!(status, 200, "{sheet}");
    sheet
}

/// A game's prices once they are as they should be.
pub async fn look_until(cairn: &Cairn, title: i64, what: &str, so: impl Fn(&Value) -> bool) -> Value {
    let mut sheet = Value::Null;
    eventually(what, async || {
        sheet = look(cairn, title).await;
        so(&sheet)
    })
    .await;
    sheet
}

/// Whether all prices are known, in every currency.
pub fn is_whole(sheet: &Value) -> bool {
    sheet["state"] == "current" && sheet["offers"][0]["price"].as_array().is_some_and(|price| price.len() == 3)
}

/// Makes all that is known of prices so many minutes older.
pub async fn age(place: &Place, minutes: i64) {
    let ms = minutes * 60_000;
    for (table, columns) in [
        ("title_price", "asked_ms = asked_ms - {ms}, checked_ms = checked_ms - {ms}"),
        ("exchange_rate", "checked_ms = checked_ms - {ms}"),
    ] {
        let columns = columns.replace("{ms}", &ms.to_string());
        place.execute_control(&format!("UPDATE {table} SET {columns}")).await;
    }
}
