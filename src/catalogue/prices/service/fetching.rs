//! Asks providers, in jobs.

use super::{
    PAUSE, Prices, RATES_KEPT,
    asking::{PRICES, RATES, Wanted},
};
use crate::{
    catalogue::{
        prices::{
            cheapshark::{Failure, Sought},
            frankfurter,
            model::{Known, PriceError, Rates},
        },
        titles::{ExternalId, Facts, NameMatch, NameQuery, Platform, Title, TitleError, TitleId},
    },
    platform::{
        clock,
        error::{StoreError, with_causes},
        jobs::{Job, JobError, JobOutcome, Work},
    },
};

/// The platforms on which games are that the provider knows. One whose platforms are not known may be there too.
const PLATFORMS: [&str; 6] = ["pc", "windows", "linux", "mac", "macos", "dos"];

/// The source of the numbers at Steam.
const STEAM: &str = "steam";

/// What a title costs now.
#[derive(Clone, Debug)]
pub enum Fresh {
    /// The lowest price, in US cents; 0: it is given away.
    Cents(i64),
    /// No store sells it, or it can't be told.
    Unknown,
    /// The provider can't be asked before that time, in milliseconds since the Unix epoch.
    Later(i64),
}

fn failed(error: &PriceError) -> JobError {
    JobError::Failed(with_causes(error))
}

/// Whether the title is gone: there is nothing to be stored then.
fn unless_gone(stored: Result<(), StoreError>) -> Result<(), StoreError> {
    match stored {
        Err(StoreError::InvalidRow(_)) => Ok(()),
        other => other,
    }
}

impl Prices {
    /// What asks for prices, and for rates.
    #[must_use]
    pub fn work(&self) -> Vec<Work> {
        let (prices, rates) = (self.clone(), self.clone());
        vec![
            Work::new(PRICES, move |job| {
                let prices = prices.clone();
                async move { prices.do_prices(&job).await }
            }),
            Work::new(RATES, move |job| {
                let prices = rates.clone();
                async move { prices.do_rates(&job).await }
            }),
        ]
    }

    async fn do_prices(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let title = TitleId(job.payload::<Wanted>()?.title);
        if !self.0.is_on {
            return Ok(JobOutcome::Finished);
        }
        match self.fetch(title).await.map_err(|error| failed(&error))? {
            Fetched::Known(_) | Fetched::Refused => {
                self.forget(Wanted { title: title.0 });
                Ok(JobOutcome::Finished)
            }
            Fetched::Later(at_ms) => Self::later(job, at_ms, "the provider of prices can't be asked"),
        }
    }

    async fn do_rates(&self, job: &Job) -> Result<JobOutcome, JobError> {
        if !self.0.is_on {
            return Ok(JobOutcome::Finished);
        }
        match self.fetch_rates().await? {
            None => Ok(JobOutcome::Finished),
            Some(at_ms) => Self::later(job, at_ms, "the provider of rates can't be asked"),
        }
    }

    /// Has a job tried again, unless it would be too late: then who looks next asks for another. So no job of this kind becomes a dead
    /// letter because a provider is away.
    fn later(job: &Job, at_ms: i64, why: &str) -> Result<JobOutcome, JobError> {
        let until_ms = job.asked_at_ms().saturating_add(clock::ms(PAUSE));
        if at_ms.max(clock::now_ms()) >= until_ms {
            return Ok(JobOutcome::Finished);
        }
        Err(JobError::NotBefore(at_ms, why.to_owned()))
    }

    /// The lowest price of a title, as old as prices may be, or asked for now. For jobs: this waits for the provider.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn fresh(&self, title: TitleId) -> Result<Fresh, PriceError> {
        let lowest = |known: &Known| known.offers.first().map_or(Fresh::Unknown, |offer| Fresh::Cents(offer.cents));
        let known = self.0.store.known(title).await?;
        if known.checked_ms >= clock::ms_ago(self.0.ttl) {
            return Ok(lowest(&known));
        }
        if known.asked_ms >= clock::ms_ago(PAUSE) {
            return Ok(Fresh::Unknown);
        }
        Ok(match self.fetch(title).await? {
            Fetched::Known(known) => lowest(&known),
            Fetched::Refused => Fresh::Unknown,
            Fetched::Later(at_ms) => Fresh::Later(at_ms),
        })
    }

    /// The rates, as new as they can be had. For jobs.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn fresh_rates(&self) -> Result<Rates, PriceError> {
        // While the provider is away, the last ones serve.
        let _may_be_away = self.fetch_rates().await?;
        Ok(self.0.store.rates().await?)
    }

    /// Asks for rates, unless they are new; when to ask again where that was in vain.
    async fn fetch_rates(&self) -> Result<Option<i64>, StoreError> {
        let store = &self.0.store;
        if store.rates().await?.checked_ms >= clock::ms_ago(RATES_KEPT) {
            return Ok(None);
        }
        match frankfurter::ask(&self.0.frankfurter).await {
            Ok(rates) => store.put_rates(&rates, clock::now_ms()).await.map(|()| None),
            Err(frankfurter::Failure::Host(error)) => Ok(error.retry_at_ms()),
            Err(error) => {
                tracing::warn!(%error, "rates are left as they were");
                Ok(None)
            }
        }
    }

    /// Asks what a title costs, unless that is known.
    async fn fetch(&self, title: TitleId) -> Result<Fetched, PriceError> {
        let inner = &self.0;
        let known = inner.store.known(title).await?;
        if known.checked_ms >= clock::ms_ago(inner.ttl) {
            return Ok(Fetched::Known(known));
        }
        let title = match inner.titles.title(None, title).await {
            Ok(title) => title,
            Err(TitleError::NotFound) => return Ok(Fetched::Refused),
            Err(error) => return Err(error.into()),
        };
        let sought = self.sought(&title).await?;
        match inner.cheapshark.ask(&sought, known.provider_game.clone()).await {
            Ok(said) => {
                let known = known.checked(said.game, said.offers, said.low, clock::now_ms());
                unless_gone(inner.store.replace(title.id, &known).await)?;
                Ok(Fetched::Known(known))
            }
            Err(Failure::Host(error)) if error.retry_at_ms().is_some() => {
                Ok(Fetched::Later(error.retry_at_ms().unwrap_or_default()))
            }
            Err(error) => {
                tracing::warn!(title = title.id.0, %error, "prices are left as they were");
                unless_gone(inner.store.note_asked(title.id, clock::now_ms()).await)?;
                Ok(Fetched::Refused)
            }
        }
    }

    /// What tells a title from others.
    async fn sought(&self, title: &Title) -> Result<Sought, PriceError> {
        let Facts { name, other_names, platforms, .. } = &title.facts;
        let is_number =
            |id: &&ExternalId| id.external().len() <= 12 && id.external().bytes().all(|byte| byte.is_ascii_digit());
        let of_steam = title.external.iter().filter(|id| id.source() == STEAM).filter(is_number);
        let steam: Vec<String> = of_steam.map(|id| id.external().to_owned()).collect();
        let is_there = |platform: &Platform| PLATFORMS.contains(&platform.as_str());
        let may_be_sold = platforms.is_empty() || platforms.iter().any(is_there);
        let is_name_enough = steam.is_empty() && may_be_sold && {
            // A remake has the name of what it remakes: then no name tells which one a store means.
            let query = NameQuery { name_key: name.key().to_owned(), year: None, platform: None };
            self.0.titles.by_names(None, &[query]).await?.pop() == Some(NameMatch::One(title.id))
        };
        let keys = std::iter::once(name).chain(other_names).map(|name| name.key().to_owned()).collect();
        Ok(Sought { steam, name: name.as_str().to_owned(), keys, is_name_enough })
    }
}

/// What came of asking for a title's prices.
enum Fetched {
    /// They are known.
    Known(Known),
    /// They can't be told now.
    Refused,
    /// The provider can't be asked before that time.
    Later(i64),
}
