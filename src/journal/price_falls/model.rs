//! Types and pure rules of falls of prices.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::{
    catalogue::{
        prices::{Amount, Currency, PriceError, Rate, Rates},
        titles::TitleError,
    },
    identity::notices::NoticeKind,
    journal::library::{LibraryError, Target},
    platform::{error::StoreError, named::Named},
};

/// A title on the user's wish list costs no more than they have set.
pub const PRICE_FELL: NoticeKind = NoticeKind {
    name: "price_fell",
    about: "A game on your wish list costs no more than the price that you have set.",
    romanian: "Un joc din lista ta de dorințe nu costă mai mult decât prețul pe care l-ai stabilit.",
};

/// What a user was told last of a title that they wish for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// The target that the price had fallen to.
    pub target: Target,
    /// The price, in US cents.
    pub usd_minor: i64,
}

/// What a price means to somebody who waits for it to fall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are told: it costs so much in their currency.
    Tell(Amount),
    /// The fall that they were told of is over.
    Over,
    /// Nothing new.
    Nothing,
}

/// Judges a price, in US cents. Whether a fall goes on is judged by the provider's price alone: rates change every day.
#[must_use]
pub fn judge(target: &Target, cents: i64, rates: &Rates, notified: Option<&Notified>) -> Verdict {
    let currency = Currency::of_public_name(&target.currency);
    let Some(amount) = currency.and_then(|currency| rates.amount(cents, currency)) else { return Verdict::Nothing };
    let has_fallen = amount.minor <= target.minor;
    match notified {
        None if has_fallen => Verdict::Tell(amount),
        Some(notified) if has_fallen && (notified.target != *target || cents < notified.usd_minor) => {
            Verdict::Tell(amount)
        }
        Some(notified) if !has_fallen && cents > notified.usd_minor => Verdict::Over,
        _ => Verdict::Nothing,
    }
}

/// What the notice says beside the title.
#[must_use]
pub fn detail(target: &Target, amount: &Amount) -> Map<String, Value> {
    let mut detail = Map::new();
    detail.insert("minor".to_owned(), json!(amount.minor));
    detail.insert("currency".to_owned(), json!(amount.currency.public_name()));
    detail.insert("target_minor".to_owned(), json!(target.minor));
    detail.insert("giveaway".to_owned(), json!(amount.minor == 0));
    if let Some(rate) = &amount.rate {
        detail.insert("rate".to_owned(), json!(rate.decimal()));
        detail.insert("rate_of".to_owned(), json!(Rate::date(rate)));
    }
    detail
}

/// Why falls can't be looked for.
#[derive(Debug, thiserror::Error)]
pub enum PriceFallError {
    /// The library can't say what is wished for.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// Prices can't be known.
    #[error(transparent)]
    Price(#[from] PriceError),
    /// The catalogue can't be asked.
    #[error(transparent)]
    Title(#[from] TitleError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for PriceFallError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(euro_billionths: i64) -> Rates {
        let euro = Rate::new(Currency::Eur, euro_billionths, "2025-01-10").unwrap();
        Rates { rates: vec![euro], checked_ms: 1 }
    }

    fn target(minor: i64, currency: &str) -> Target {
        Target { minor, currency: currency.to_owned() }
    }

    fn notified(target: Target, usd_minor: i64) -> Notified {
        Notified { target, usd_minor }
    }

    #[test]
    fn a_target_is_met_in_its_own_currency() {
        let half = rates(500_000_000);
        let is_told = |target: &Target, cents| matches!(judge(target, cents, &half, None), Verdict::Tell(_));
        assert!(is_told(&target(999, "USD"), 999) && !is_told(&target(999, "USD"), 1000));
        assert!(is_told(&target(999, "EUR"), 1998) && !is_told(&target(999, "EUR"), 2000));
        assert!(is_told(&target(1, "EUR"), 0), "given away");
        assert!(!is_told(&target(999, "RON"), 1), "its rate is not known");
        assert!(!is_told(&target(999, "GBP"), 1), "not a currency that prices are shown in");
    }

    #[test]
    fn the_same_fall_is_told_once_whatever_rates_do() {
        let euro = target(500, "EUR");
        let known = notified(euro.clone(), 990);
        let verdict = |cents, rate, known: &Notified| judge(&euro, cents, &rates(rate), Some(known));
        assert_eq!(verdict(990, 500_000_000, &known), Verdict::Nothing);
        assert_eq!(verdict(990, 900_000_000, &known), Verdict::Nothing, "dearer by the rate alone");
        assert_eq!(verdict(995, 500_000_000, &known), Verdict::Nothing, "still no more than the target");
        assert!(matches!(verdict(989, 500_000_000, &known), Verdict::Tell(_)), "it falls further");
        assert_eq!(verdict(1900, 500_000_000, &known), Verdict::Over);
        let other = notified(target(600, "EUR"), 990);
        assert!(matches!(verdict(990, 500_000_000, &other), Verdict::Tell(_)), "another target");
    }
}
