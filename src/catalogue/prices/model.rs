//! Types and pure rules of prices: money, rates, offers, and what may be believed of them.

mod decimal;
mod error;

use self::decimal::parse_decimal;
pub use self::error::PriceError;
use crate::platform::{clock, named::Named};

/// The highest price that is believed, in minor units: a hundred thousand dollars.
const MAX_MINOR: i64 = 10_000_000;

/// Billionths in one.
const BILLION: i64 = 1_000_000_000;

/// Rates that are believed, in billionths: no currency here is worth more or less of a dollar than that.
const RATES: std::ops::RangeInclusive<i64> = (BILLION / 10_000)..=(BILLION * 10_000);

/// A currency that prices are shown in. All have a hundred minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Currency {
    /// The US dollar, in which the provider says prices.
    Usd,
    /// The euro.
    Eur,
    /// The Romanian leu.
    Ron,
}

impl Named for Currency {
    const SET: &'static str = "PriceCurrency";
    const MEMBERS: &'static [Self] = &[Self::Usd, Self::Eur, Self::Ron];

    fn public_name(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Ron => "RON",
        }
    }
}

impl Currency {
    /// Those into which prices are converted.
    pub const CONVERTED: [Self; 2] = [Self::Eur, Self::Ron];
}

/// What a US dollar is worth in a currency on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The currency.
    pub currency: Currency,
    billionths: i64,
    date: String,
}

impl Rate {
    /// A rate of a day; nothing where it can't be one.
    #[must_use]
    pub fn new(currency: Currency, billionths: i64, date: &str) -> Option<Self> {
        let is_rate = RATES.contains(&billionths) && is_date(date);
        is_rate.then(|| Self { currency, billionths, date: date.to_owned() })
    }

    /// How much of the currency a dollar is, in billionths.
    #[must_use]
    pub fn billionths(&self) -> i64 {
        self.billionths
    }

    /// The day: `2026-11-27`.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The rate as a decimal number, without zeros at its end.
    #[must_use]
    pub fn decimal(&self) -> String {
        let text = format!("{}.{:09}", self.billionths / BILLION, self.billionths % BILLION);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// So many US cents in the currency's minor units; of two that are as near the even one.
    #[must_use]
    pub fn convert(&self, cents: i64) -> Option<i64> {
        let (exact, one) = (i128::from(cents) * i128::from(self.billionths), i128::from(BILLION));
        let (below, rest) = (exact.div_euclid(one), exact.rem_euclid(one));
        let is_up = match (rest * 2).cmp(&one) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => below % 2 != 0,
            std::cmp::Ordering::Greater => true,
        };
        i64::try_from(below + i128::from(is_up)).ok()
    }
}

/// Whether a text is a day of the calendar that is not later than tomorrow.
fn is_date(text: &str) -> bool {
    let at_ms = (text.len() == 10).then(|| clock::parse(&format!("{text}T00:00:00Z"))).flatten();
    at_ms.is_some_and(|at_ms| at_ms <= clock::now_ms() + 86_400_000)
}

/// An amount in a currency, and by which rate it was converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The currency.
    pub currency: Currency,
    /// In minor units.
    pub minor: i64,
    /// Nothing where the provider said this amount itself.
    pub rate: Option<Rate>,
}

/// The rates that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// One of each currency at most.
    pub rates: Vec<Rate>,
    /// When the provider has said so last; 0: never.
    pub checked_ms: i64,
}

impl Rates {
    /// So many US cents in a currency; nothing where its rate is not known.
    #[must_use]
    pub fn amount(&self, cents: i64, currency: Currency) -> Option<Amount> {
        if currency == Currency::Usd {
            return Some(Amount { currency, minor: cents, rate: None });
        }
        let rate = self.rates.iter().find(|rate| rate.currency == currency)?;
        Some(Amount { currency, minor: rate.convert(cents)?, rate: Some(rate.clone()) })
    }

    /// So many US cents in these currencies, as far as rates are known.
    #[must_use]
    pub fn amounts(&self, cents: i64, currencies: &[Currency]) -> Vec<Amount> {
        currencies.iter().filter_map(|currency| self.amount(cents, *currency)).collect()
    }
}

/// The cents of a price that a provider wrote as a decimal number; nothing where it is none.
#[must_use]
pub fn parse_price(text: &str) -> Option<i64> {
    parse_decimal(text, 2).filter(|minor| (0..=MAX_MINOR).contains(minor))
}

/// The billionths of a rate that a provider wrote as a decimal number; nothing where it is none.
#[must_use]
pub fn parse_rate(text: &str) -> Option<i64> {
    parse_decimal(text, 9)
}

/// What a store asks for a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The provider's number of the store.
    pub store: i32,
    /// The store's name.
    pub store_name: String,
    /// The provider's id of the offer, as it wrote it: percent-encoded already.
    pub deal: String,
    /// The price, in US cents; 0: it is given away.
    pub cents: i64,
    /// The price without a discount, in US cents.
    pub regular_cents: Option<i64>,
}

/// The lowest price that a title was ever sold for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Low {
    /// In US cents; never 0.
    pub cents: i64,
    /// When that was.
    pub at_ms: i64,
}

impl Low {
    /// The lower of the two; of two that are alike the earlier.
    #[must_use]
    pub fn lower(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let known = one.into_iter().chain(other).filter(|low| low.cents > 0);
        known.min_by_key(|low| (low.cents, low.at_ms))
    }
}

/// What is known of a title's prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The provider's id of the title; nothing where the provider does not know it, or was never asked.
    pub provider_game: Option<String>,
    /// When the provider was asked last, whatever came of it; 0: never.
    pub asked_ms: i64,
    /// When it has answered last; 0: never.
    pub checked_ms: i64,
    /// The lowest price ever.
    pub low: Option<Low>,
    /// What stores ask for it, the cheapest first.
    pub offers: Vec<Offer>,
}

impl Known {
    /// Takes in what a provider has answered at that time.
    #[must_use]
    pub fn checked(self, provider_game: Option<String>, mut offers: Vec<Offer>, low: Option<Low>, now_ms: i64) -> Self {
        offers.sort_by(|one, other| (one.cents, &one.store_name).cmp(&(other.cents, &other.store_name)));
        let paid = offers.iter().find(|offer| offer.cents > 0).map(|offer| Low { cents: offer.cents, at_ms: now_ms });
        let low = Low::lower(Low::lower(self.low, low), paid);
        Self { provider_game, asked_ms: now_ms, checked_ms: now_ms, low, offers }
    }
}

/// How well the prices of a title are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceState {
    /// They were asked for lately.
    Current,
    /// They are older than they may be, and are being asked for.
    Stale,
    /// They are not known, and are being asked for.
    Fetching,
    /// No store sells it, or the provider does not know it.
    None,
    /// This installation asks nobody for prices.
    Off,
}

impl Named for PriceState {
    const SET: &'static str = "PriceState";
    const MEMBERS: &'static [Self] = &[Self::Current, Self::Stale, Self::Fetching, Self::None, Self::Off];

    fn public_name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Stale => "stale",
            Self::Fetching => "fetching",
            Self::None => "none",
            Self::Off => "off",
        }
    }
}

/// A title's prices, as they are shown.
#[derive(Clone, Debug)]
pub struct PriceSheet {
    /// The title.
    pub title: crate::catalogue::titles::TitleId,
    /// How well they are known.
    pub state: PriceState,
    /// The prices.
    pub known: Known,
    /// By which they are converted.
    pub rates: Rates,
}

#[cfg(test)]
mod tests;
