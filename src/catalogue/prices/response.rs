//! What answers about prices contain.

use poem_openapi::{Object, types::Example};

use super::{
    cheapshark, frankfurter,
    model::{Amount, Currency, Offer, PriceSheet, PriceState, Rate, Rates},
};
use crate::{
    catalogue::{examples, titles::SourceResponse},
    http::{
        conditional::ConditionalContent,
        schema::{OneOf, Timestamp},
    },
    identity::examples::TIME_MS,
};

/// An amount in a currency.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PriceAmount", example)]
pub struct AmountResponse {
    /// The currency.
    currency: OneOf<Currency>,
    /// In minor units: 999 are 9.99 dollars.
    #[oai(validator(minimum(value = "0")))]
    minor: i64,
    /// What a US dollar was worth in the currency, as a decimal number, where the amount was converted.
    #[oai(skip_serializing_if_is_none)]
    rate: Option<String>,
    /// Of which day the rate is: `2026-11-27`.
    #[oai(skip_serializing_if_is_none)]
    rate_of: Option<String>,
}

impl From<Amount> for AmountResponse {
    fn from(Amount { currency, minor, rate }: Amount) -> Self {
        let (decimal, date) = (rate.as_ref().map(Rate::decimal), rate.as_ref().map(|rate| rate.date().to_owned()));
        Self { currency: OneOf(currency), minor, rate: decimal, rate_of: date }
    }
}

impl Example for AmountResponse {
    fn example() -> Self {
        let (rate, rate_of) = (Some("4.8313".to_owned()), Some("2025-01-10".to_owned()));
        Self { currency: OneOf(Currency::Ron), minor: 4826, rate, rate_of }
    }
}

/// What a store asks for a game.
#[derive(Clone, Debug, Object)]
#[oai(rename = "GameOffer", example)]
pub struct OfferResponse {
    /// The store.
    #[oai(validator(min_length = 1, max_length = 60))]
    store: String,
    /// The price, in each currency that is known.
    price: Vec<AmountResponse>,
    /// The price without a discount, if it is known.
    #[oai(skip_serializing_if_is_none)]
    regular: Option<Vec<AmountResponse>>,
    /// Whether the store gives it away.
    giveaway: bool,
    /// Where it is sold. The provider asks for this way to the store.
    link: String,
}

impl OfferResponse {
    fn new(offer: &Offer, rates: &Rates, currencies: &[Currency]) -> Self {
        Self {
            store: offer.store_name.clone(),
            price: amounts(offer.cents, rates, currencies),
            regular: offer.regular_cents.map(|cents| amounts(cents, rates, currencies)),
            giveaway: offer.cents == 0,
            link: format!("{}{}", cheapshark::REDIRECT, offer.deal),
        }
    }
}

impl Example for OfferResponse {
    fn example() -> Self {
        Self {
            store: "Steam".to_owned(),
            price: vec![AmountResponse::example()],
            regular: None,
            giveaway: false,
            link: format!("{}aB%2Fc%3D", cheapshark::REDIRECT),
        }
    }
}

fn amounts(cents: i64, rates: &Rates, currencies: &[Currency]) -> Vec<AmountResponse> {
    rates.amounts(cents, currencies).into_iter().map(AmountResponse::from).collect()
}

/// The lowest price ever.
#[derive(Clone, Debug, Object)]
#[oai(rename = "LowestPrice", example)]
pub struct LowResponse {
    /// The price, in each currency that is known, by the rates of now. A give-away is none.
    price: Vec<AmountResponse>,
    /// When that was.
    at: Timestamp,
}

impl Example for LowResponse {
    fn example() -> Self {
        Self { price: vec![AmountResponse::example()], at: Timestamp(TIME_MS) }
    }
}

/// What a game costs.
#[derive(Clone, Debug, Object)]
#[oai(rename = "GamePrices", example)]
pub struct PricesResponse {
    /// The game: of one that was merged into another, the other.
    game: String,
    /// How well the prices are known. After `fetching` and `stale`, ask again in a few seconds.
    state: OneOf<PriceState>,
    /// When they were asked for.
    #[oai(skip_serializing_if_is_none)]
    checked_at: Option<Timestamp>,
    /// What stores ask for it, the cheapest first.
    #[oai(validator(max_items = 100))]
    offers: Vec<OfferResponse>,
    /// The lowest price ever, if it is known.
    #[oai(skip_serializing_if_is_none)]
    lowest_ever: Option<LowResponse>,
    /// Whose data this is: a page that shows it links there.
    sources: Vec<SourceResponse>,
}

impl PricesResponse {
    /// What is known, in these currencies.
    pub fn new(sheet: &PriceSheet, currencies: &[Currency]) -> Self {
        let PriceSheet { title, state, known, rates } = sheet;
        let sources = match state {
            PriceState::Off => Vec::new(),
            _ => vec![
                SourceResponse::new("CheapShark", cheapshark::LINK),
                SourceResponse::new("Frankfurter", frankfurter::LINK),
            ],
        };
        let low =
            known.low.map(|low| LowResponse { price: amounts(low.cents, rates, currencies), at: Timestamp(low.at_ms) });
        Self {
            game: title.to_string(),
            state: OneOf(*state),
            checked_at: (known.checked_ms > 0).then_some(Timestamp(known.checked_ms)),
            offers: known.offers.iter().map(|offer| OfferResponse::new(offer, rates, currencies)).collect(),
            lowest_ever: low,
            sources,
        }
    }
}

impl Example for PricesResponse {
    fn example() -> Self {
        Self {
            game: examples::game_id(),
            state: OneOf(PriceState::Current),
            checked_at: Some(Timestamp(TIME_MS)),
            offers: vec![OfferResponse::example()],
            lowest_ever: Some(LowResponse::example()),
            sources: vec![SourceResponse::example()],
        }
    }
}

impl ConditionalContent for PricesResponse {
    const OK: &'static str = "What is known.";
    const NOT_MODIFIED: &'static str = "The same is known as in the answer that had this ETag.";
}
