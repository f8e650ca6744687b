//! What is counted and timed, for Prometheus: one registry, handed down to those who count. The one door to the package.

use std::time::Duration;

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

/// Bounds of times in seconds: from a hot read to the patience of a client.
const SECONDS: [f64; 12] = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Bounds of batch sizes in jobs.
const JOBS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0];

/// All figures. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    views: [IntCounter; 4],
    refreshes: IntCounterVec,
    refresh_seconds: Histogram,
    lag_seconds: Histogram,
    parcels: IntCounterVec,
    batch_jobs: Histogram,
    commit_seconds: Histogram,
    queued_writes: IntGauge,
    connections: IntGaugeVec,
    password_hashes: IntCounter,
    players_minted: IntCounter,
    emails: IntCounterVec,
    rate_limited: IntCounterVec,
}

/// A set of figures that can't be made: a name is there twice, or is none.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] prometheus::Error);

/// How a reader came by its view.
#[derive(Clone, Copy, Debug)]
pub enum Viewed {
    /// It was at hand, and nothing newer is known.
    Hot,
    /// It was made while the reader waited.
    Made,
    /// Something newer is known; in a crowd, or while making fails, the view at hand was served.
    Stale,
    /// There was none, and none could be made.
    Missing,
}

/// The answers of one route that are 200 or 304.
#[derive(Debug)]
pub struct Answered {
    ok: IntCounter,
    unchanged: IntCounter,
    seconds: Histogram,
}

impl Answered {
    /// A request was answered.
    pub fn count(&self, status: u16, took: Duration) {
        let requests = if status == 304 { &self.unchanged } else { &self.ok };
        requests.inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

impl Metrics {
    /// All figures at nought.
    ///
    /// # Errors
    /// A name is there twice, or is none.
    pub fn new() -> Result<Self, MetricsError> {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, labels: &[&str]| -> Result<IntCounterVec, prometheus::Error> {
            let made = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(made.clone()))?;
            Ok(made)
        };
        let histogram = |name: &str, help: &str, bounds: &[f64]| -> Result<Histogram, prometheus::Error> {
            let made = Histogram::with_opts(HistogramOpts::new(name, help).buckets(bounds.to_vec()))?;
            registry.register(Box::new(made.clone()))?;
            Ok(made)
        };
        let opts = HistogramOpts::new("cairn_http_request_seconds", "Time from a request's headers to its answer.");
        let request_seconds = HistogramVec::new(opts.buckets(SECONDS.to_vec()), &["route"])?;
        registry.register(Box::new(request_seconds.clone()))?;
        let queued_writes = IntGauge::new("cairn_write_queue_jobs", "Writes that wait for their turn.")?;
        registry.register(Box::new(queued_writes.clone()))?;
        let opts = Opts::new("cairn_database_connections", "Connections of the pool, by state.");
        let connections = IntGaugeVec::new(opts, &["state"])?;
        registry.register(Box::new(connections.clone()))?;
        let password_hashes = IntCounter::new("cairn_password_hashes_total", "Passwords hashed, to keep or to check.")?;
        registry.register(Box::new(password_hashes.clone()))?;
        let players_minted = IntCounter::new("cairn_players_minted_total", "Players minted.")?;
        registry.register(Box::new(players_minted.clone()))?;
        // Memory, CPU and file handles of this process.
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        let views = counters("cairn_view_reads_total", "Views served, by how they came to hand.", &["outcome"])?;
        Ok(Self {
            requests: counters(
                "cairn_http_requests_total",
                "Requests answered, by method, route template and status.",
                &["method", "route", "status"],
            )?,
            request_seconds,
            views: ["hot", "made", "stale", "missing"].map(|outcome| views.with_label_values(&[outcome])),
            refreshes: counters(
                "cairn_view_refreshes_total",
                "Views made anew, by what: what was heard of, or a look at the database.",
                &["from"],
            )?,
            refresh_seconds: histogram("cairn_view_refresh_seconds", "Time to make a view anew.", &SECONDS)?,
            lag_seconds: histogram(
                "cairn_view_lag_seconds",
                "Age of a view when it is made anew: from the first news of something newer.",
                &SECONDS,
            )?,
            parcels: counters(
                "cairn_cache_reads_total",
                "Snapshots looked up in the cache, by outcome.",
                &["outcome"],
            )?,
            batch_jobs: histogram("cairn_write_batch_jobs", "Writes that one transaction took.", &JOBS)?,
            commit_seconds: histogram("cairn_write_commit_seconds", "Time to commit a batch.", &SECONDS)?,
            queued_writes,
            connections,
            password_hashes,
            players_minted,
            rate_limited: counters(
                "cairn_rate_limited_total",
                "Requests refused by a limit of requests a minute, by whose limit it was.",
                &["by"],
            )?,
            emails: counters("cairn_letters_total", "Emails delivered or abandoned, by outcome.", &["outcome"])?,
            registry,
        })
    }

    /// A request was answered.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        // Methods are any text that a client likes to send.
        let method = match method {
            "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
            _ => "other",
        };
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.request_seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// Where the answers of one route are counted, without looking it up for each.
    #[must_use]
    pub fn route(&self, method: &str, route: &str) -> Answered {
        let requests = |status: &str| self.requests.with_label_values(&[method, route, status]);
        let seconds = self.request_seconds.with_label_values(&[route]);
        Answered { ok: requests("200"), unchanged: requests("304"), seconds }
    }

    /// A view was served, or could not be.
    pub fn viewed(&self, how: Viewed) {
        let [hot, made, stale, missing] = &self.views;
        match how {
            Viewed::Hot => hot.inc(),
            Viewed::Made => made.inc(),
            Viewed::Stale => stale.inc(),
            Viewed::Missing => missing.inc(),
        }
    }

    /// A view is made anew, from what was heard of, or by a look at the database.
    pub fn refreshed_from(&self, heard: bool) {
        self.refreshes.with_label_values(&[if heard { "heard" } else { "database" }]).inc();
    }

    /// A view was made anew; `lag` since something newer was known, where there was something to be newer than.
    pub fn refreshed(&self, took: Duration, lag: Option<Duration>) {
        self.refresh_seconds.observe(took.as_secs_f64());
        if let Some(lag) = lag {
            self.lag_seconds.observe(lag.as_secs_f64());
        }
    }

    /// A snapshot was looked up in the cache.
    pub fn cache_read(&self, found: bool) {
        self.parcels.with_label_values(&[if found { "found" } else { "missing" }]).inc();
    }

    /// A batch was committed, or not.
    pub fn batch(&self, jobs: usize, took: Duration) {
        self.batch_jobs.observe(f64::from(u32::try_from(jobs).unwrap_or(u32::MAX)));
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// A player was minted.
    pub fn player_minted(&self) {
        self.players_minted.inc();
    }

    /// A password is hashed.
    pub fn password_hash(&self) {
        self.password_hashes.inc();
    }

    /// A request was refused by the limit of a key, a player, an account or an address.
    pub fn rate_limited(&self, by: &str) {
        self.rate_limited.with_label_values(&[by]).inc();
    }

    /// Counts an email that was delivered, or abandoned.
    pub fn email(&self, delivered: bool) {
        self.emails.with_label_values(&[if delivered { "delivered" } else { "given_up" }]).inc();
    }

    /// All figures in Prometheus' text format. `queued` writes wait; the pool has `open` connections, `idle` among them.
    ///
    /// # Errors
    /// A figure can't be written.
    pub fn render(&self, queued: usize, open: u32, idle: usize) -> Result<String, MetricsError> {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.queued_writes.set(count(queued));
        self.connections.with_label_values(&["idle"]).set(count(idle));
        self.connections.with_label_values(&["used"]).set(i64::from(open).saturating_sub(count(idle)));
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }
}
