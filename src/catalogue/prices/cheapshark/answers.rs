//! What `CheapShark` answers, read as far as it can be believed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    catalogue::prices::model::{Low, parse_price},
    platform::clock,
};

/// Offers of a title that are read.
const MAX_DEALS: usize = 100;

/// Bytes of an id of an offer.
const DEAL_BYTES: usize = 200;

/// Bytes of a number at Steam, or of an id of a game.
const NUMBER_BYTES: usize = 12;

/// Characters of the name of a store.
const STORE_CHARACTERS: usize = 60;

/// What is wrong with an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong(pub &'static str);

/// A game that a search has found.
#[derive(Debug, PartialEq, Eq)]
pub struct Candidate {
    pub game: String,
    pub steam: Option<String>,
    pub name: String,
}

/// What a store asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Deal {
    pub store: i32,
    pub id: String,
    pub cents: i64,
    pub regular_cents: Option<i64>,
}

/// A game, with what stores ask for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Sold {
    pub name: String,
    pub steam: Option<String>,
    pub deals: Vec<Deal>,
    pub low: Option<Low>,
}

fn json(body: &[u8]) -> Result<Value, Wrong> {
    serde_json::from_slice(body).map_err(|_| Wrong("is no JSON"))
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// Digits, as a text or a number; they become part of a path.
fn number(value: &Value, name: &str) -> Option<String> {
    let value = value.get(name)?;
    let digits = value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()))?;
    let is_number = (1..=NUMBER_BYTES).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// The games that a search has found.
pub fn candidates(body: &[u8]) -> Result<Vec<Candidate>, Wrong> {
    let answer = json(body)?;
    let list = answer.as_array().ok_or(Wrong("is no list of games"))?;
    let candidate = |one: &Value| {
        let name = text(one, "external")?.to_owned();
        Some(Candidate { game: number(one, "gameID")?, steam: number(one, "steamAppID"), name })
    };
    let found: Vec<Candidate> = list.iter().filter_map(candidate).collect();
    // Offers, which it answers where it does not know a parameter, are no games.
    if found.is_empty() && !list.is_empty() { Err(Wrong("is no list of games")) } else { Ok(found) }
}

/// The names of the stores that are open, by number.
pub fn stores(body: &[u8]) -> Result<BTreeMap<i32, String>, Wrong> {
    let answer = json(body)?;
    let list = answer.as_array().ok_or(Wrong("is no list of stores"))?;
    let store = |one: &Value| {
        let is_open =
            one.get("isActive").is_some_and(|active| active.as_i64() == Some(1) || active == &Value::Bool(true));
        let name = text(one, "storeName")?.trim();
        let is_name =
            !name.is_empty() && name.chars().count() <= STORE_CHARACTERS && !name.chars().any(char::is_control);
        let number = number(one, "storeID")?.parse().ok()?;
        (is_open && is_name).then(|| (number, name.to_owned()))
    };
    let stores: BTreeMap<i32, String> = list.iter().filter_map(store).collect();
    if stores.is_empty() { Err(Wrong("has no store")) } else { Ok(stores) }
}

/// A game with its offers; nothing where it does not know it, which it says with an empty list.
pub fn sold(body: &[u8]) -> Result<Option<Sold>, Wrong> {
    let answer = json(body)?;
    if answer.as_array().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let info = answer.get("info").ok_or(Wrong("has no game"))?;
    let name = text(info, "title").ok_or(Wrong("has no name"))?.to_owned();
    let deals = answer.get("deals").and_then(Value::as_array).ok_or(Wrong("has no offers"))?;
    let read: Vec<Deal> = deals.iter().take(MAX_DEALS).filter_map(deal).collect();
    if read.is_empty() && !deals.is_empty() {
        return Err(Wrong("has no offer that can be read"));
    }
    Ok(Some(Sold {
        name,
        steam: number(info, "steamAppID"),
        deals: read,
        low: answer.get("cheapestPriceEver").and_then(low),
    }))
}

fn deal(one: &Value) -> Option<Deal> {
    let id = text(one, "dealID").filter(|id| is_deal(id))?.to_owned();
    let store = number(one, "storeID")?.parse().ok()?;
    let cents = parse_price(text(one, "price")?)?;
    // A price above the regular one says that the regular one is wrong.
    let regular_cents = text(one, "retailPrice").and_then(parse_price).filter(|regular| *regular >= cents.max(1));
    Some(Deal { store, id, cents, regular_cents })
}

/// Whether a text can be the end of a link as it is.
fn is_deal(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"%-_.~".contains(&byte);
    (1..=DEAL_BYTES).contains(&id.len()) && id.bytes().all(is_plain)
}

fn low(one: &Value) -> Option<Low> {
    let cents = parse_price(text(one, "price")?).filter(|cents| *cents > 0)?;
    let at_ms = one.get("date")?.as_i64()?.checked_mul(1000)?;
    (1..=clock::now_ms()).contains(&at_ms).then_some(Low { cents, at_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the shape of the answers of its documentation; the numbers are ours.
    const SOLD: &str = r#"{"info":{"title":"Moss Hill","steamAppID":"2280","thumb":"x"},
        "cheapestPriceEver":{"price":"1.99","date":1600000000},
        "deals":[{"storeID":"1","dealID":"aB%2Fc%3D","price":"9.99","retailPrice":"19.99","savings":"50.0"}]}"#;

    #[test]
    fn a_game_is_read_with_its_offers_and_its_low() {
        let sold = sold(SOLD.as_bytes()).unwrap().unwrap();
        assert_eq!((sold.name.as_str(), sold.steam.as_deref()), ("Moss Hill", Some("2280")));
        let deal = Deal { store: 1, id: "aB%2Fc%3D".to_owned(), cents: 999, regular_cents: Some(1999) };
        assert_eq!((sold.deals, sold.low), (vec![deal], Some(Low { cents: 199, at_ms: 1_600_000_000_000 })));
        assert_eq!(super::sold(b"[]"), Ok(None));
    }

    #[test]
    fn no_other_answer_is_a_game() {
        for (from, to) in [
            ("\"info\"", "\"inof\""),
            ("\"Moss Hill\"", "null"),
            ("\"deals\":[", "\"deals\":null,\"x\":["),
            ("\"deals\":[{", "\"deals\":{\"a\":[{"),
            ("\"9.99\"", "null"),
            ("\"9.99\"", "9.99"),
            ("\"9.99\"", "\"-9.99\""),
            ("\"9.99\"", "\"9,99\""),
            ("aB%2Fc%3D", "a&b=c"),
            ("aB%2Fc%3D", "javascript:x"),
            ("\"storeID\":\"1\"", "\"storeID\":\"one\""),
        ] {
            assert!(sold(SOLD.replacen(from, to, 1).as_bytes()).is_err(), "{from} as {to}");
        }
        for body in ["", "null", "{}", "7", &SOLD[..SOLD.len() - 2], r#"[{"title":"an offer"}]"#] {
            assert!(sold(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn what_is_doubtful_beside_a_price_is_left_out() {
        let changed = |from: &str, to: &str| sold(SOLD.replacen(from, to, 1).as_bytes()).unwrap().unwrap();
        assert_eq!(changed("\"1.99\"", "\"0.00\"").low, None, "given away once");
        assert_eq!(changed("1600000000", "99999999999").low, None, "in the future");
        assert_eq!(changed("1600000000", "null").low, None);
        assert_eq!(changed("\"19.99\"", "null").deals[0].regular_cents, None);
        assert_eq!(changed("\"19.99\"", "\"5.00\"").deals[0].regular_cents, None, "less than the price");
        assert_eq!(changed("\"2280\"", "null").steam, None);
        assert_eq!(changed("\"9.99\"", "\"0.00\"").deals[0].cents, 0);
    }

    #[test]
    fn searches_and_stores_are_lists_of_their_kind() {
        let found = r#"[{"gameID":"612","steamAppID":null,"cheapest":"3.99","external":"Moss Hill"},{"gameID":null}]"#;
        let candidate = Candidate { game: "612".to_owned(), steam: None, name: "Moss Hill".to_owned() };
        assert_eq!(candidates(found.as_bytes()), Ok(vec![candidate]));
        assert_eq!(candidates(b"[]"), Ok(vec![]));
        assert!(candidates(br#"[{"dealID":"x","title":"an offer"}]"#).is_err());
        assert!(candidates(b"{}").is_err());
        let open =
            r#"[{"storeID":"1","storeName":"Steam","isActive":1},{"storeID":"2","storeName":"Gone","isActive":0}]"#;
        assert_eq!(stores(open.as_bytes()), Ok(BTreeMap::from([(1, "Steam".to_owned())])));
        assert!(stores(b"[]").is_err() && stores(b"{}").is_err());
    }
}
