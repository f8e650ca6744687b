//! The metrics of all parts of the program.

use crate::{
    http::metrics::RequestMetrics,
    identity::{accounts::AccountMetrics, players::PlayerMetrics},
    platform::{
        blobs::BlobMetrics,
        byte_budget::ByteBudgetMetrics,
        db::PoolMetrics,
        jobs::JobMetrics,
        mail::MailMetrics,
        metrics::{MetricsError, Registry},
        outbound::OutboundMetrics,
        rate_limit::RateLimitMetrics,
    },
    traces::TraceMetrics,
};

/// The metrics of each part, and their registry. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Writes all metrics.
    pub registry: Registry,
    /// Requests.
    pub requests: RequestMetrics,
    /// Requests that were refused.
    pub rate_limit: RateLimitMetrics,
    /// Writes that were refused.
    pub byte_budget: ByteBudgetMetrics,
    /// Connections of the database.
    pub pool: PoolMetrics,
    /// Blobs.
    pub blobs: BlobMetrics,
    /// Jobs.
    pub jobs: JobMetrics,
    /// Requests to other hosts.
    pub outbound: OutboundMetrics,
    /// Emails.
    pub mail: MailMetrics,
    /// Accounts.
    pub accounts: AccountMetrics,
    /// Players.
    pub players: PlayerMetrics,
    /// Traces.
    pub traces: TraceMetrics,
}

impl Metrics {
    /// Registers the metrics of all parts.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register() -> Result<Self, MetricsError> {
        let registry = Registry::new()?;
        Ok(Self {
            requests: RequestMetrics::register(&registry)?,
            rate_limit: RateLimitMetrics::register(&registry)?,
            byte_budget: ByteBudgetMetrics::register(&registry)?,
            pool: PoolMetrics::register(&registry)?,
            blobs: BlobMetrics::register(&registry)?,
            jobs: JobMetrics::register(&registry)?,
            outbound: OutboundMetrics::register(&registry)?,
            mail: MailMetrics::register(&registry)?,
            accounts: AccountMetrics::register(&registry)?,
            players: PlayerMetrics::register(&registry)?,
            traces: TraceMetrics::register(&registry)?,
            registry,
        })
    }
}
