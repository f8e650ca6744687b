//! Limits of requests per minute, shared by all instances; no request waits for the others.
//!
//! Each instance counts in memory. It publishes its count through the cache, in the background, each time a counter has
//! grown by a twentieth of its limit, and learns the total of all instances in return. A subject that stays below a
//! twentieth of its limit costs no message.
//!
//! So of a limit L, shared by N instances, at most L + N × (L / 20, at least 1) requests pass, plus those that arrive
//! while a count is being published: nobody is refused early, and few pass late. While the cache is away each instance
//! counts for itself: N × L. Windows are the clock's minutes, so around the turn of one up to twice as many pass.
//!
//! An instance keeps the `MAX_COUNTERS` counters that were used last. The cache holds digests of subjects only.
//!
//! Which classes of subjects exist, and their limits, the application hands in; this module knows network addresses alone.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync};

use super::{
    cache::{Cache, LocalAmount, Publisher},
    clock,
    codec::hex,
    metrics::{CounterVec, MetricsError, Registry},
    network::Network,
    tasks::Tasks,
    token,
};

/// The window in which requests are counted.
pub const WINDOW: Duration = Duration::from_mins(1);

/// Counters that are kept at most.
const MAX_COUNTERS: u64 = 100_000;

/// The least part of a shared limit that each network has.
const LEAST_PARTS: u32 = 1000;

/// A count is published after each such part of its limit.
const PUBLISHED_PARTS: u32 = 20;

/// The class of a subject: one limit applies to each subject of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RateClass {
    /// Names the limit in `RateLimit-Policy`, in metrics and in keys of the cache.
    pub name: &'static str,
    /// Ends the sentence "Too many requests …", such as "from this network".
    pub whose: &'static str,
}

/// All requests that come from the same network.
pub const ADDRESS: RateClass = RateClass { name: "address", whose: "from this network" };

/// A subject: all its requests are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    class: RateClass,
    id: SubjectId,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum SubjectId {
    Text(Arc<str>),
    /// The part of a network in what a text names.
    Share(Arc<str>, Network),
    Network(Network),
}

impl Subject {
    /// The subject of a class that has this id.
    #[must_use]
    pub fn new(class: RateClass, id: impl Into<Arc<str>>) -> Self {
        Self { class, id: SubjectId::Text(id.into()) }
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> RateClass {
        self.class
    }

    /// What stands for it in the cache.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::of_bytes(&token::digest(&self.id.to_string()))
    }

    /// A network, of class [`ADDRESS`].
    #[must_use]
    pub fn network(network: Network) -> Self {
        Self { class: ADDRESS, id: SubjectId::Network(network) }
    }

    /// How many times the limit of its class it has.
    #[must_use]
    pub fn allowance(&self) -> u32 {
        match &self.id {
            SubjectId::Text(_) | SubjectId::Share(..) => 1,
            SubjectId::Network(network) => network.allowance(),
        }
    }
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Share(text, network) => write!(f, "{text} {network}"),
            Self::Network(network) => network.fmt(f),
        }
    }
}

/// How many requests each subject of a class may make.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// The class.
    pub class: RateClass,
    /// Requests per minute; 0: no limit.
    pub per_minute: u32,
}

/// The remaining requests of a subject after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The subject's class.
    pub class: RateClass,
    /// Requests per minute.
    pub limit: u32,
    /// Requests that remain in this window; `None`: this one is too many.
    pub remaining: Option<u32>,
    /// Time until the next window begins.
    pub resets_in: Duration,
}

/// Counts refused requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RateLimitMetrics(CounterVec);

impl RateLimitMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Requests refused by a limit of requests per minute, by the limit's class.";
        Ok(Self(registry.counter_vec("cairn_rate_limited_total", help, &["by"])?))
    }

    fn refused(&self, class: RateClass) {
        self.0.with_label_values(&[class.name]).inc();
    }
}

/// Counts requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RateLimiter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: Vec<RateLimit>,
    counters: sync::Cache<Subject, Arc<Mutex<Counter>>>,
    /// `None`: there are no other instances.
    publisher: Publisher<LocalCount>,
    metrics: RateLimitMetrics,
}

/// The requests of one subject in one minute.
#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    minute: i64,
    /// Counted by this instance.
    local: u32,
    /// The part of `local` that was published.
    published: u32,
    /// A part of `local` is being published.
    is_publishing: bool,
    /// Counted by other instances, as far as they have published.
    remote: u32,
    /// Networks whose requests were counted here, where the limit is shared by networks.
    networks: u32,
}

/// The count of an instance since it last published.
#[derive(Debug)]
struct LocalCount {
    subject: Subject,
    counter: Arc<Mutex<Counter>>,
    minute: i64,
    requests: u32,
}

impl Counter {
    /// Starts at zero in a new minute.
    fn begin(&mut self, minute: i64) {
        if self.minute != minute {
            *self = Self { minute, ..Self::default() };
        }
    }

    /// Counts a request, as `cost` requests. Returns what remains of the limit (`None`: this request is too many), and how many
    /// requests are to be published now.
    fn count(&mut self, minute: i64, limit: u32, cost: u32) -> (Option<u32>, Option<u32>) {
        self.begin(minute);
        let total = self.local.saturating_add(self.remote);
        // Refused requests are not counted: they would only have to be published.
        let Some(remaining) = limit.checked_sub(total.saturating_add(cost)) else { return (None, None) };
        self.local += cost;
        let unpublished = self.local - self.published;
        let is_due = !self.is_publishing && unpublished >= (limit / PUBLISHED_PARTS).max(1);
        (Some(remaining), is_due.then_some(unpublished))
    }

    /// Takes over the total of all instances that the cache answered.
    fn merge_total(&mut self, minute: i64, total: i64) {
        if self.minute == minute {
            let remote = total.saturating_sub(i64::from(self.published));
            // Never less than before: a cache that was restarted, or is away, answers too low a total.
            self.remote = self.remote.max(u32::try_from(remote.max(0)).unwrap_or(u32::MAX));
            self.is_publishing = false;
        }
    }
}

impl RateLimiter {
    /// Counts by these limits, together with the other instances that use the same cache. Classes without a limit here
    /// have none.
    #[must_use]
    pub fn start(limits: Vec<RateLimit>, cache: Cache, metrics: &RateLimitMetrics, tasks: &Tasks) -> Self {
        let publisher = Publisher::start("rate limit", cache, tasks);
        // By use alone: the default policy may refuse a newcomer, and a counter that is never kept counts nothing.
        let counters = sync::Cache::builder()
            .max_capacity(MAX_COUNTERS)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(2 * WINDOW)
            .build();
        Self(Arc::new(Inner { limits, counters, publisher, metrics: metrics.clone() }))
    }

    fn counter(&self, subject: &Subject) -> Arc<Mutex<Counter>> {
        self.0.counters.entry_by_ref(subject).or_default().into_value()
    }

    fn limit_of(&self, class: RateClass) -> Option<u32> {
        let found = self.0.limits.iter().find(|limit| limit.class.name == class.name);
        found.map(|limit| limit.per_minute).filter(|limit| *limit > 0)
    }

    /// Counts a request of a subject that many networks share, such as a key inside a game, as `cost` requests; `None` where its
    /// class has no limit.
    /// While the limit is exhausted, networks that have used less than their part of it are not refused for the others' sake:
    /// the limit divided by the networks that have used it in this minute, and at least a thousandth of it.
    #[must_use]
    pub fn count_shared(&self, subject: &Subject, network: Network, cost: u32) -> Option<Quota> {
        let SubjectId::Text(text) = &subject.id else { return self.count(subject, cost) };
        let quota = self.tally(subject, cost)?;
        let share = Subject { class: subject.class, id: SubjectId::Share(Arc::clone(text), network) };
        let minute = clock::now_ms().div_euclid(i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX));
        let (own, all) = (self.counter(&share), self.counter(subject));
        let is_new = {
            let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
            own.begin(minute);
            own.local == 0
        };
        // All instances together, as for the limit itself.
        let own = self.tally(&share, cost)?;
        let networks = {
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            all.begin(minute);
            all.networks += u32::from(is_new);
            all.networks
        };
        let part = (quota.limit / networks.max(1)).max(quota.limit / LEAST_PARTS);
        let used = own.remaining.map_or(u32::MAX, |remaining| own.limit - remaining);
        let remaining = quota.remaining.or_else(|| part.checked_sub(used));
        self.note(&Quota { remaining, ..quota });
        Some(Quota { remaining, ..quota })
    }

    /// Counts a request as `cost` requests; `None` where its class has no limit.
    #[must_use]
    pub fn count(&self, subject: &Subject, cost: u32) -> Option<Quota> {
        let quota = self.tally(subject, cost)?;
        self.note(&quota);
        Some(quota)
    }

    /// Counts a refusal.
    fn note(&self, quota: &Quota) {
        if quota.remaining.is_none() {
            self.0.metrics.refused(quota.class);
        }
    }

    fn tally(&self, subject: &Subject, cost: u32) -> Option<Quota> {
        let class = subject.class;
        let limit = self.limit_of(class)?.saturating_mul(subject.allowance());
        let (window_ms, now_ms) = (i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX), clock::now_ms());
        let (minute, elapsed_ms) = (now_ms.div_euclid(window_ms), now_ms.rem_euclid(window_ms));
        let shared = self.counter(subject);
        let mut counter = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let (remaining, unpublished) = counter.count(minute, limit, cost);
        if let Some(requests) = unpublished {
            let amount = || LocalCount { subject: subject.clone(), counter: Arc::clone(&shared), minute, requests };
            if self.0.publisher.try_publish(amount) {
                counter.published += requests;
                counter.is_publishing = true;
            }
        }
        drop(counter);
        let resets_in = Duration::from_millis(window_ms.saturating_sub(elapsed_ms).unsigned_abs());
        Some(Quota { class, limit, remaining, resets_in })
    }
}

impl LocalAmount for LocalCount {
    const KEPT: Duration = WINDOW.saturating_mul(2);

    fn key(&self) -> String {
        format!("rate:{}:{}:{}", self.subject.class.name, self.minute, self.subject.digest())
    }

    fn amount(&self) -> i64 {
        self.requests.into()
    }

    fn merge(self, total: i64) {
        self.counter.lock().unwrap_or_else(PoisonError::into_inner).merge_total(self.minute, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Instances that share a limit, and one number in place of the cache; `late` requests arrive before a published count is answered.
    fn passed(instances: usize, limit: u32, late: usize, turn: impl Fn(usize) -> usize) -> u32 {
        let mut counters = vec![Counter::default(); instances];
        let mut publishing: Vec<(usize, usize, i64)> = Vec::new();
        let (mut shared, mut passed) = (0_i64, 0);
        for request in 0..usize::try_from(limit).unwrap() * instances * 3 {
            let at = turn(request) % instances;
            let (remaining, unpublished) = counters[at].count(1, limit, 1);
            passed += u32::from(remaining.is_some());
            if let Some(requests) = unpublished {
                counters[at].published += requests;
                counters[at].is_publishing = true;
                shared += i64::from(requests);
                publishing.push((request + late, at, shared));
            }
            for (_, at, total) in publishing.extract_if(.., |(when, ..)| *when <= request) {
                counters[at].merge_total(1, total);
            }
        }
        passed
    }

    #[test]
    fn nobody_is_refused_early_and_few_pass_late() {
        for instances in [1, 2, 3, 8] {
            for limit in [1, 2, 19, 20, 21, 600, 6000] {
                for late in [0, 5] {
                    let turns: [&dyn Fn(usize) -> usize; 3] =
                        [&|request| request, &|request| request / 100, &|request| request * request / 7];
                    for turn in turns {
                        let passed = passed(instances, limit, late, turn);
                        let each = (limit / PUBLISHED_PARTS).max(1) + u32::try_from(late).unwrap();
                        let most = limit + u32::try_from(instances).unwrap() * each;
                        assert!(
                            (limit..=most).contains(&passed),
                            "{passed} of {limit} passed {instances} instances, {late} late"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_costly_request_counts_as_several() {
        let mut counter = Counter::default();
        assert_eq!(counter.count(1, 12, 5).0, Some(7));
        assert_eq!(counter.count(1, 12, 5).0, Some(2));
        assert_eq!(counter.count(1, 12, 5).0, None, "only two are left");
        assert_eq!(counter.count(1, 12, 1).0, Some(1), "and a cheap one finds them");
    }

    #[test]
    fn a_new_minute_starts_at_zero_and_a_restarted_cache_changes_nothing() {
        let mut counter = Counter::default();
        assert_eq!(counter.count(1, 2, 1), (Some(1), Some(1)));
        counter.published = 1;
        counter.merge_total(1, 2);
        assert_eq!(counter.count(1, 2, 1), (None, None));
        counter.merge_total(1, 0);
        assert_eq!(counter.count(1, 2, 1), (None, None));
        assert_eq!(counter.count(2, 2, 1).0, Some(1));
        counter.merge_total(1, 100);
        assert_eq!(counter.count(2, 2, 1).0, Some(0), "a total of the last minute does not count in this one");
    }
}
