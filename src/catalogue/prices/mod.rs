//! Prices: what titles cost in stores, in US dollars and in other currencies.
//!
//! - A provider (`cheapshark`) is asked by jobs alone: when somebody looks at a title whose prices are old, or for wish lists.
//!   Who looks gets what is known, at once, and never waits for a provider.
//! - Its terms are kept: a title is asked for once in an hour at most, nothing is gathered in advance, and links to stores go through
//!   its redirect, with its ids as it wrote them.
//! - An answer is believed where it is about this title, and its numbers are numbers. What is not is not stored: then what was known
//!   stays.
//! - Money is whole minor units. Prices are converted by the rates of another provider (`frankfurter`), half to even, and each
//!   converted one says by which rate, and of which day. While that provider is away the last rates serve.
//! - A price of 0 is a give-away, and no all-time low.

mod api;
mod cheapshark;
mod config;
mod frankfurter;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::PricesApi,
    config::PricesConfig,
    model::{Amount, Currency, PriceError, Rate, Rates},
    service::{Fresh, Prices, Settings},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::{cheapshark::steps::read_answers, frankfurter::steps::read_rates, request::URI_READERS};
}
