//! The use cases of prices: showing what is known, and asking for what is not.

mod asking;
mod fetching;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use self::asking::Asked;
pub use self::fetching::Fresh;
use super::{
    cheapshark::CheapShark,
    model::{Known, PriceError, PriceSheet, PriceState},
    store::Store,
};
use crate::{
    catalogue::titles::{TitleId, Titles},
    identity::access::UserId,
    platform::{
        clock,
        db::Control,
        jobs::Jobs,
        outbound::{Host, HostSettings, Outbound, OutboundError},
        tasks::Tasks,
    },
};

/// How long rates are kept: they change once a day.
const RATES_KEPT: Duration = Duration::from_hours(6);

/// How long a provider is not asked again for what it could not say.
const PAUSE: Duration = Duration::from_mins(10);

/// How long one request to a provider may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Requests a minute to a provider, at most.
const PER_MINUTE: u32 = 30;

/// Bytes of an answer at most: a thousand offers have some 200 KB.
const MAX_BYTES: usize = 1_048_576;

/// How prices are asked for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether they are.
    pub is_on: bool,
    /// How long they are kept.
    pub ttl: Duration,
    /// The provider of prices.
    pub cheapshark: String,
    /// The provider of rates.
    pub frankfurter: String,
}

/// Prices of titles. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Prices(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    titles: Titles,
    jobs: Jobs,
    tasks: Tasks,
    is_on: bool,
    ttl: Duration,
    cheapshark: CheapShark,
    frankfurter: Host,
    /// What this instance has asked for lately.
    asked: Mutex<Asked>,
}

impl Prices {
    /// Prices in the control tables. Nobody is asked for any before somebody looks.
    ///
    /// # Errors
    /// The URL of a provider is none.
    pub fn start(
        control: Control,
        titles: Titles,
        jobs: Jobs,
        outbound: &Outbound,
        settings: &Settings,
        tasks: &Tasks,
    ) -> Result<Self, OutboundError> {
        let host = |name, base: &str| {
            let base = base.to_owned();
            let (deadline, per_minute, max_bytes) = (DEADLINE, PER_MINUTE, MAX_BYTES);
            outbound.host(HostSettings { name, base, deadline, per_minute, max_bytes })
        };
        Ok(Self(Arc::new(Inner {
            store: Store::new(control),
            titles,
            jobs,
            tasks: tasks.clone(),
            is_on: settings.is_on,
            ttl: settings.ttl,
            cheapshark: CheapShark::new(host("cheapshark", &settings.cheapshark)?),
            frankfurter: host("frankfurter", &settings.frankfurter)?,
            asked: Mutex::default(),
        })))
    }

    /// Whether this installation asks for prices.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.is_on
    }

    /// What is known of a title's prices, at once. What is old is asked for, and will be there for who looks later.
    ///
    /// # Errors
    /// [`PriceError`].
    pub async fn of(&self, viewer: Option<&UserId>, title: TitleId) -> Result<PriceSheet, PriceError> {
        let inner = &self.0;
        let card = inner.titles.card(viewer, title).await?;
        if !inner.is_on {
            let (known, rates) = (Known::default(), super::Rates::default());
            return Ok(PriceSheet { title: card.id, state: PriceState::Off, known, rates });
        }
        let (known, rates) = (inner.store.known(card.id).await?, inner.store.rates().await?);
        let is_old = known.checked_ms < clock::ms_ago(inner.ttl);
        // A title that awaits approval is its author's alone: no provider is told of it.
        if is_old && !card.is_pending && known.asked_ms < clock::ms_ago(PAUSE) {
            self.ask_for_prices(card.id);
        }
        if rates.checked_ms < clock::ms_ago(RATES_KEPT) {
            self.ask_for_rates();
        }
        let state = match (known.checked_ms, known.offers.is_empty()) {
            (0, _) if !card.is_pending && known.asked_ms < clock::ms_ago(PAUSE) => PriceState::Fetching,
            (_, true) => PriceState::None,
            _ if is_old => PriceState::Stale,
            _ => PriceState::Current,
        };
        Ok(PriceSheet { title: card.id, state, known, rates })
    }
}
