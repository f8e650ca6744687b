//! Asks for jobs that ask providers, beside the request whose answer goes out meanwhile.

use std::{collections::HashMap, sync::PoisonError, time::Duration};

use serde::{Deserialize, Serialize};

use super::Prices;
use crate::{
    catalogue::titles::TitleId,
    platform::{
        clock,
        error::StoreError,
        jobs::{JobKind, NewJob},
    },
};

/// Titles whose prices wait to be asked for, at most: half an hour's at the provider's rate. Others are asked for when somebody looks
/// again.
const MAX_WAITING: u64 = 900;

/// For how long this instance does not ask for the same job again.
const REMEMBERED: Duration = Duration::from_mins(1);

/// Things that an instance remembers having asked for, at most.
const MAX_REMEMBERED: usize = 2000;

/// The jobs that ask what a title costs.
pub(super) const PRICES: JobKind = kind("title_prices");

/// The jobs that ask for exchange rates.
pub(super) const RATES: JobKind = kind("exchange_rates");

const fn kind(name: &'static str) -> JobKind {
    JobKind {
        name,
        // One request after the other: the providers are guests' houses.
        at_once: 1,
        time_limit: Duration::from_mins(2),
        first_delay: Duration::from_secs(2),
        max_delay: Duration::from_mins(2),
        retry_for: Duration::from_hours(1),
        max_uncertain: 1,
    }
}

/// Of which title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Wanted {
    /// 0: rates.
    pub title: i64,
}

/// Until when what was asked for is not asked for again.
#[derive(Debug, Default)]
pub(super) struct Asked(HashMap<Wanted, i64>);

impl Asked {
    /// Notes that something is asked for; whether it is now.
    fn note(&mut self, wanted: Wanted, now_ms: i64) -> bool {
        if self.0.get(&wanted).is_some_and(|until_ms| *until_ms > now_ms) {
            return false;
        }
        if self.0.len() >= MAX_REMEMBERED {
            self.0.retain(|_, until_ms| *until_ms > now_ms);
        }
        let has_room = self.0.len() < MAX_REMEMBERED;
        if has_room {
            self.0.insert(wanted, now_ms.saturating_add(clock::ms(REMEMBERED)));
        }
        has_room
    }
}

impl Prices {
    /// Asks for a title's prices.
    pub(super) fn ask_for_prices(&self, title: TitleId) {
        self.ask_for(PRICES, Wanted { title: title.0 });
    }

    /// Asks for rates.
    pub(super) fn ask_for_rates(&self) {
        self.ask_for(RATES, Wanted { title: 0 });
    }

    /// Something was answered: from now on the database says whether it is to be asked for again.
    pub(super) fn forget(&self, wanted: Wanted) {
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner).0.remove(&wanted);
    }

    /// Nothing here is waited for: not the provider, and not the database either.
    fn ask_for(&self, kind: JobKind, wanted: Wanted) {
        let mut asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.note(wanted, clock::now_ms()) {
            return;
        }
        drop(asked);
        let prices = self.clone();
        self.0.tasks.spawn("ask for prices", async move {
            if let Err(error) = prices.enqueue(&kind, wanted).await {
                tracing::warn!(kind = kind.name, %error, "asking for prices failed");
            }
        });
    }

    async fn enqueue(&self, kind: &JobKind, wanted: Wanted) -> Result<(), StoreError> {
        let jobs = &self.0.jobs;
        if jobs.waiting(kind, MAX_WAITING).await? >= MAX_WAITING {
            return Ok(());
        }
        jobs.enqueue_now(NewJob::new(kind, &wanted).unique(wanted.title.to_string())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_not_asked_for_again_for_a_while_and_room_is_bounded() {
        let mut asked = Asked::default();
        assert!(asked.note(Wanted { title: 1 }, 0));
        assert!(!asked.note(Wanted { title: 1 }, clock::ms(REMEMBERED) - 1));
        assert!(asked.note(Wanted { title: 1 }, clock::ms(REMEMBERED)));
        let others = (2..10_000).filter(|title| asked.note(Wanted { title: *title }, clock::ms(REMEMBERED))).count();
        assert_eq!(others, MAX_REMEMBERED - 1);
        assert!(asked.note(Wanted { title: 9_999 }, clock::ms(REMEMBERED) * 3), "what is over gives way");
    }
}
