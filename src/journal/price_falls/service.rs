//! Goes through the price targets of wish lists.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    model::{PriceFallError, Verdict, judge},
    store::Store,
};
use crate::{
    catalogue::{
        prices::{Fresh, Prices, Rates},
        titles::{TitleError, TitleId, Titles},
    },
    identity::access::UserId,
    journal::library::{Library, WishedPrice},
    platform::{
        clock,
        db::Control,
        error::{StoreError, with_causes},
        jobs::{JobError, JobKind, JobOutcome, Jobs, NewJob, Work},
    },
};

/// The job that goes through all targets. There is one.
const KIND: JobKind = JobKind {
    name: "price_falls",
    at_once: 1,
    time_limit: Duration::from_mins(10),
    first_delay: Duration::from_mins(1),
    max_delay: Duration::from_mins(15),
    retry_for: Duration::from_hours(24 * 365),
    max_uncertain: 1,
};

/// The pause before the next round.
const BETWEEN_ROUNDS: Duration = Duration::from_hours(1);

/// How long a job goes on before it lets others come.
const AT_A_TIME: Duration = Duration::from_mins(5);

/// The pause while the provider can't be asked, at least.
const PAUSE: Duration = Duration::from_mins(1);

/// Targets that are read at once.
const PAGE: u64 = 500;

/// Falls of prices. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PriceFalls(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    library: Library,
    titles: Titles,
    prices: Prices,
    jobs: Jobs,
    /// How far the present round has come. Whoever has not begun it begins from the start: what is fresh is not asked for again.
    reached: Mutex<Option<WishedPrice>>,
}

impl PriceFalls {
    /// Falls of the prices of what is in libraries. Nothing happens before [`PriceFalls::begin`].
    #[must_use]
    pub fn new(control: Control, (library, titles): (Library, Titles), prices: Prices, jobs: Jobs) -> Self {
        let store = Store::new(control);
        Self(Arc::new(Inner { store, library, titles, prices, jobs, reached: Mutex::default() }))
    }

    /// Has targets gone through from now on, where this installation asks for prices.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn begin(&self) -> Result<(), StoreError> {
        if !self.0.prices.is_on() {
            return Ok(());
        }
        self.0.jobs.enqueue_now(NewJob::new(&KIND, &()).unique("all")).await
    }

    /// What goes through targets.
    #[must_use]
    pub fn work(&self) -> Work {
        let falls = self.clone();
        Work::new(KIND, move |_| {
            let falls = falls.clone();
            async move {
                if !falls.0.prices.is_on() {
                    return Ok(JobOutcome::Finished);
                }
                let again_ms = falls.go_on().await.map_err(|error| JobError::Failed(with_causes(&error)))?;
                Ok(JobOutcome::Again(again_ms))
            }
        })
    }

    /// All that a user was told, for the export of the account.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn export_of(&self, user: &UserId) -> Result<Vec<Value>, StoreError> {
        self.0.store.of_user(user).await
    }

    /// Goes through targets, from where the round has come to; returns when to go on, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn go_on(&self) -> Result<i64, PriceFallError> {
        let begun = Instant::now();
        let mut rates = None;
        loop {
            let after = self.reached().clone();
            let page = self.0.library.wished_prices(after.as_ref(), PAGE).await?;
            if page.is_empty() {
                *self.reached() = None;
                return Ok(clock::ms_from_now(BETWEEN_ROUNDS));
            }
            for wishes in page.chunk_by(|one, other| one.title == other.title) {
                let Some(last) = wishes.last() else { continue };
                let rates = match &mut rates {
                    Some(rates) => rates,
                    none => none.insert(self.0.prices.fresh_rates().await?),
                };
                if let Some(later_ms) = self.look_at(wishes, rates).await? {
                    return Ok(later_ms.max(clock::ms_from_now(PAUSE)));
                }
                *self.reached() = Some(last.clone());
                if begun.elapsed() > AT_A_TIME {
                    return Ok(clock::now_ms());
                }
            }
        }
    }

    fn reached(&self) -> std::sync::MutexGuard<'_, Option<WishedPrice>> {
        self.0.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at what a title costs for those who wish for it, who are in order; or says when the provider can be asked.
    async fn look_at(&self, wishes: &[WishedPrice], rates: &Rates) -> Result<Option<i64>, PriceFallError> {
        let (Some(first), Some(last)) = (wishes.first(), wishes.last()) else { return Ok(None) };
        let title: TitleId = match self.0.titles.card(None, first.title).await {
            // Of a title that was merged into another, the other.
            Ok(card) => card.id,
            Err(TitleError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let cents = match self.0.prices.fresh(title).await? {
            Fresh::Cents(cents) => cents,
            Fresh::Unknown => return Ok(None),
            Fresh::Later(at_ms) => return Ok(Some(at_ms)),
        };
        let store = &self.0.store;
        let notified = store.notified(first.title, (&first.user, &last.user)).await?;
        for wish in wishes {
            match judge(&wish.target, cents, rates, notified.get(wish.user.as_str())) {
                Verdict::Tell(amount) => match store.tell(wish, cents, &amount).await {
                    // They are gone, or the title is.
                    Err(StoreError::InvalidRow(_)) => {}
                    done => done?,
                },
                Verdict::Over => store.forget(wish.title, &wish.user).await?,
                Verdict::Nothing => {}
            }
        }
        Ok(None)
    }
}
