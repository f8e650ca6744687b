//! Exchange rates of the European Central Bank, as Frankfurter publishes them.
//!
//! Its old host answered another base than it was asked for, so base, amount, date and every currency are looked at.

use serde_json::Value;

use super::model::{Currency, Rate, parse_rate};
use crate::platform::{
    named::Named,
    outbound::{Answer, Host, OutboundError},
};

/// Where a page that shows rates can lead.
pub const LINK: &str = "https://frankfurter.dev";

/// Why there are no rates.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There was no answer.
    #[error(transparent)]
    Host(#[from] OutboundError),
    /// It is not to be believed.
    #[error("its answer {0}")]
    Answer(&'static str),
}

/// Asks for what a US dollar is worth in all currencies that are shown.
pub async fn ask(host: &Host) -> Result<Vec<Rate>, Failure> {
    let symbols: Vec<&str> = Currency::CONVERTED.iter().map(|currency| currency.public_name()).collect();
    let base = Currency::Usd.public_name();
    let Answer { status, body } = host.get(&format!("/latest?base={base}&symbols={}", symbols.join(","))).await?;
    if status != 200 {
        return Err(Failure::Answer("has another status than 200"));
    }
    read(&body).map_err(Failure::Answer)
}

fn read(body: &[u8]) -> Result<Vec<Rate>, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "is no JSON")?;
    if answer.get("base").and_then(Value::as_str) != Some(Currency::Usd.public_name()) {
        return Err("has another base");
    }
    if answer.get("amount").is_some_and(|amount| amount.as_f64() != Some(1.0)) {
        return Err("has another amount");
    }
    let date = answer.get("date").and_then(Value::as_str).ok_or("has no date")?;
    let rate = |currency: &Currency| {
        let number = answer.get("rates")?.get(currency.public_name())?;
        // The shortest decimal that is this number: what the provider wrote.
        let number = number.as_number()?.to_string();
        Rate::new(*currency, parse_rate(&number)?, date)
    };
    Currency::CONVERTED.iter().map(|currency| rate(currency).ok_or("lacks a rate, or has one that can't be")).collect()
}

/// Single steps, for fuzzing.
pub mod steps {
    /// Reads an answer; how many rates it has.
    #[must_use]
    pub fn read_rates(body: &[u8]) -> usize {
        super::read(body).map_or(0, |rates| rates.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_they_were_written() {
        let body = br#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97087,"RON":4.8313,"GBP":0.8}}"#;
        let rates = read(body).unwrap();
        let shown: Vec<(&str, String)> = rates.iter().map(|rate| (rate.date(), rate.decimal())).collect();
        assert_eq!(shown, [("2025-01-10", "0.97087".to_owned()), ("2025-01-10", "4.8313".to_owned())]);
        assert!(read(br#"{"base":"USD","date":"2025-01-10","rates":{"EUR":1,"RON":5}}"#).is_ok());
    }

    #[test]
    fn no_other_answer_is_believed() {
        for body in [
            "",
            "[]",
            "null",
            r#"{"amount":1.0,"base":"EUR","date":"2025-01-10","rates":{"EUR":0.97,"RON":4.8}}"#,
            r#"{"amount":10.0,"base":"USD","date":"2025-01-10","rates":{"EUR":9.7,"RON":48.3}}"#,
            r#"{"amount":1.0,"date":"2025-01-10","rates":{"EUR":0.97,"RON":4.8}}"#,
            r#"{"amount":1.0,"base":"USD","rates":{"EUR":0.97,"RON":4.8}}"#,
            r#"{"amount":1.0,"base":"USD","date":"tomorrow","rates":{"EUR":0.97,"RON":4.8}}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97}}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97,"RON":null}}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97,"RON":"4.8"}}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97,"RON":-4.8}}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97,"RON":0}}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97,"RON":4.8e9}}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":[0.97,4.8]}"#,
            r#"{"amount":1.0,"base":"USD","date":"2025-01-10","rates":{"EUR":0.97,"RON":4.8}"#,
        ] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
