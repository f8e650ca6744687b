//! The use cases of discovery.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    model::{Discovered, DiscoveryError, Query, SearchState},
    rawg::{self, Failure},
    store::Store,
};
use crate::{
    catalogue::titles::{Taken, TitleId, Titles},
    identity::access::UserId,
    platform::{
        clock,
        db::Control,
        error::with_causes,
        jobs::{Job, JobError, JobKind, JobOutcome, Jobs, NewJob, Work},
        outbound::{Host, HostSettings, MonthlyBudget, Outbound, OutboundError},
        secret::Secret,
    },
};

/// How long what a search has found is kept.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// How long a search is remembered.
const REMEMBERED: Duration = Duration::from_hours(30 * 24);

/// How long the provider is not asked again for what it could not say.
const PAUSE: Duration = Duration::from_mins(10);

/// Searches that wait, at most.
const MAX_WAITING: u64 = 100;

/// The name of the provider in metrics, and in the rows that count its requests.
const HOST: &str = "rawg";

/// The jobs that ask the provider.
const KIND: JobKind = JobKind {
    name: "title_discovery",
    at_once: 1,
    time_limit: Duration::from_mins(1),
    first_delay: Duration::from_secs(2),
    max_delay: Duration::from_mins(2),
    retry_for: Duration::from_hours(1),
    max_uncertain: 1,
};

/// How the provider is asked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The key; empty: there is no provider.
    pub key: Secret,
    /// Where it is.
    pub url: String,
    /// Requests that it allows in a month.
    pub month: u64,
}

/// Finds titles that are not in the catalogue yet. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Discovery(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    titles: Titles,
    jobs: Jobs,
    key: Secret,
    host: Host,
    budget: MonthlyBudget,
}

/// Which search.
#[derive(Serialize, Deserialize)]
struct Wanted {
    search: i64,
}

impl Discovery {
    /// Discovery for the catalogue in the control tables.
    ///
    /// # Errors
    /// The URL of the provider is none.
    pub fn start(
        control: Control,
        titles: Titles,
        jobs: Jobs,
        outbound: &Outbound,
        settings: &Settings,
    ) -> Result<Self, OutboundError> {
        let host = outbound.host(HostSettings {
            name: HOST,
            base: settings.url.clone(),
            deadline: Duration::from_secs(10),
            per_minute: 30,
            max_bytes: 1_048_576,
        })?;
        let budget = MonthlyBudget::new(control.clone(), HOST, settings.month);
        Ok(Self(Arc::new(Inner { store: Store::new(control), titles, jobs, key: settings.key.clone(), host, budget })))
    }

    /// What is known of a search, at once. One that is new or old is asked for.
    ///
    /// # Errors
    /// [`DiscoveryError`].
    pub async fn look_for(&self, viewer: &UserId, query: &Query) -> Result<Discovered, DiscoveryError> {
        let inner = &self.0;
        if inner.key.is_empty() {
            return Err(DiscoveryError::NoProvider);
        }
        let search = inner.store.find(query).await?;
        let (asked_ms, done_ms) = search.as_ref().map_or((0, 0), |search| (search.asked_ms, search.done_ms));
        let is_done = done_ms >= clock::ms_ago(KEPT);
        let is_used_up = !is_done && inner.budget.is_used_up().await?;
        if !is_done && !is_used_up && asked_ms < clock::ms_ago(PAUSE) {
            self.ask_for(query).await?;
        }
        let state = match (is_done, is_used_up) {
            (true, _) => SearchState::Done,
            (false, true) => SearchState::UsedUp,
            (false, false) => SearchState::Searching,
        };
        let (titles, unclear) = search.map(|search| (search.titles, search.unclear)).unwrap_or_default();
        let cards = inner.titles.cards(Some(viewer), &titles).await?;
        Ok(Discovered { state, cards, unclear, done_ms })
    }

    async fn ask_for(&self, query: &Query) -> Result<(), DiscoveryError> {
        let Inner { store, jobs, .. } = &*self.0;
        if jobs.waiting(&KIND, MAX_WAITING).await? >= MAX_WAITING {
            return Ok(());
        }
        let (since_ms, forget_ms) = (clock::ms_ago(PAUSE), clock::ms_ago(REMEMBERED));
        if let Some(search) = store.ask(query, clock::now_ms(), (since_ms, forget_ms)).await? {
            jobs.enqueue_now(NewJob::new(&KIND, &Wanted { search }).unique(search.to_string())).await?;
        }
        Ok(())
    }

    /// What asks the provider.
    #[must_use]
    pub fn work(&self) -> Work {
        let discovery = self.clone();
        Work::new(KIND, move |job| {
            let discovery = discovery.clone();
            async move { discovery.search(&job).await }
        })
    }

    async fn search(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let Inner { store, titles, key, host, budget, .. } = &*self.0;
        let Some(search) = store.get(job.payload::<Wanted>()?.search).await? else { return Ok(JobOutcome::Finished) };
        if key.is_empty() || search.done_ms >= clock::ms_ago(KEPT) || !budget.take().await? {
            return Ok(JobOutcome::Finished);
        }
        let records = match rawg::search(host, key, &search.query).await {
            Ok(records) => records,
            Err(Failure::Host(error)) => return Self::later(job, &error),
            Err(error) => {
                tracing::warn!(%error, "looking for titles failed");
                return Ok(JobOutcome::Finished);
            }
        };
        let taken = titles.take_in(&records).await.map_err(|error| JobError::Failed(with_causes(&error)))?;
        let known = taken.iter().filter_map(|taken| match taken {
            Taken::New(title) | Taken::Changed(title) | Taken::Same(title) => Some(*title),
            Taken::Unclear => None,
        });
        let mut found: Vec<TitleId> = Vec::new();
        for title in known {
            if !found.contains(&title) {
                found.push(title);
            }
        }
        let unclear = taken.iter().filter(|taken| **taken == Taken::Unclear).count();
        store.finish(search.id, &found, i32::try_from(unclear).unwrap_or(i32::MAX), clock::now_ms()).await?;
        Ok(JobOutcome::Finished)
    }

    /// Has a job tried again, unless it would be too late: then who looks next asks for another.
    fn later(job: &Job, error: &OutboundError) -> Result<JobOutcome, JobError> {
        let until_ms = job.asked_at_ms().saturating_add(clock::ms(PAUSE));
        match error.retry_at_ms() {
            Some(at_ms) if at_ms < until_ms => Err(JobError::NotBefore(at_ms, with_causes(error))),
            _ => Ok(JobOutcome::Finished),
        }
    }
}
