//! Parameters: their documentation, and how they are read.

use super::model::Currency;
use crate::{
    http::{
        declaration::{Param, Values},
        params::{self, QueryParams, QueryReader, UriReader},
    },
    platform::named::Named,
};

/// In which currencies prices are shown.
#[derive(Clone, Debug)]
pub struct PriceQuery {
    /// These.
    pub currencies: Vec<Currency>,
}

impl QueryParams for PriceQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let currency = Param {
            name: "currency",
            about: "Amounts in this currency alone. With `all` in every one that is known.",
            values: Values::OneOf(&["all", "USD", "EUR", "RON"]),
            example: "RON",
        };
        let currency = reader.optional(&currency, |text| match Currency::of_public_name(text) {
            Some(currency) => Ok(vec![currency]),
            None if text == "all" => Ok(Currency::MEMBERS.to_vec()),
            None => Err("must be all, USD, EUR or RON".to_owned()),
        });
        Some(Self { currencies: currency.unwrap_or_else(|| Currency::MEMBERS.to_vec()) })
    }
}

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("PriceQuery", |uri| params::read::<PriceQuery>(uri).is_ok())];
