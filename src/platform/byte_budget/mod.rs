//! Limits of how fast what is stored grows, in bytes a day, for each network, player and key.
//!
//! A subject has a *level*: the bytes that it may still store. A write takes its bytes from the level of each of its subjects, or
//! is refused where one of them is too low. Levels grow back evenly. A full level is 64 thousandths of a day's bytes, and the rest
//! grows back over a day, so that no day sees more than a day's bytes.
//!
//! Instances share levels through the cache, in the background: each publishes what it has taken after every twentieth of a full
//! level, and lowers its own level by what the others have published. So N instances together let pass at most N twentieths of
//! a full level too much at once. While the cache is away, and after a restart, each instance counts for itself.
//!
//! A subject that many share (a key) must not deny those who behaved: once less than half of its level is left, a network needs more of
//! its own level than the key has used of that half. So those who have stored most are refused first.

mod level;
mod payer;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync};

use self::level::{Level, Scale, missing_of_share};
pub use self::payer::Payer;
use super::{
    cache::{Cache, LocalAmount, Publisher},
    error::{DomainError, Kind},
    metrics::{CounterVec, MetricsError, Registry},
    rate_limit::{ADDRESS, RateClass, Subject},
    tasks::Tasks,
};

/// Levels that are kept at most.
const MAX_LEVELS: u64 = 100_000;

/// A subject that was not seen for this long has a full level: a full one grows back in less.
const IDLE: Duration = Duration::from_hours(2);

/// A day.
const DAY: Duration = Duration::from_hours(24);

/// How many bytes the subjects of a class may store a day.
#[derive(Clone, Copy, Debug)]
pub struct ByteLimit {
    /// The class.
    pub class: RateClass,
    /// Bytes a day; 0: no limit.
    pub per_day: u64,
    /// Whether many share a subject of this class, each from a network of their own.
    pub is_shared: bool,
}

/// How much the database grows by what is stored: `numerator / denominator` bytes for each, with its write-ahead log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrowthFactor {
    /// Numerator.
    pub numerator: i64,
    /// Denominator.
    pub denominator: i64,
}

impl GrowthFactor {
    fn of(self, stored: i64) -> i64 {
        stored.saturating_mul(self.numerator) / self.denominator.max(1)
    }
}

/// A write is refused: a subject has stored too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Too much was stored {}: {per_day} bytes a day, and {} of them at once. Try again later.", .class.whose, .per_day / 1000 * 64)]
pub struct Exhausted {
    /// The subject's class.
    pub class: RateClass,
    /// Its limit, in bytes a day.
    pub per_day: u64,
    /// Time until the write may pass.
    pub wait: Duration,
}

impl DomainError for Exhausted {
    fn kind(&self) -> (Kind, &'static str) {
        (Kind::TooMany, "rate_limited")
    }

    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        Some(("bytes", self.wait))
    }
}

/// Counts refused writes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ByteBudgetMetrics(CounterVec);

impl ByteBudgetMetrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Writes refused by a limit of bytes a day, by the limit's class.";
        Ok(Self(registry.counter_vec("cairn_bytes_limited_total", help, &["by"])?))
    }
}

/// What an instance has taken since it last published.
#[derive(Debug)]
struct Taken {
    subject: Subject,
    level: Arc<Mutex<Level>>,
    day: i64,
    bytes: i64,
}

/// The levels of all subjects. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ByteBudget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: Vec<ByteLimit>,
    factor: GrowthFactor,
    levels: sync::Cache<Subject, Arc<Mutex<Level>>>,
    publisher: Publisher<Taken>,
    metrics: ByteBudgetMetrics,
}

impl ByteBudget {
    /// Keeps these limits, together with the other instances that use the same cache. Classes without a limit here have none.
    #[must_use]
    pub fn start(
        limits: Vec<ByteLimit>,
        factor: GrowthFactor,
        cache: Cache,
        metrics: &ByteBudgetMetrics,
        tasks: &Tasks,
    ) -> Self {
        let publisher = Publisher::start("byte budget", cache, tasks);
        let levels = sync::Cache::builder()
            .max_capacity(MAX_LEVELS)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .build();
        let limits = limits.into_iter().filter(|limit| limit.per_day > 0).collect();
        Self(Arc::new(Inner { limits, factor, levels, publisher, metrics: metrics.clone() }))
    }

    fn charge(&self, subjects: &[Subject], stored: i64, now_ms: i64) -> Result<(), Exhausted> {
        let bytes = self.0.factor.of(stored);
        let accounts = self.check(subjects, bytes, now_ms)?;
        self.take(accounts, bytes);
        Ok(())
    }

    fn take(&self, accounts: Vec<Account<'_>>, bytes: i64) {
        for account in accounts {
            account.take(bytes, &self.0.publisher);
        }
    }

    fn accounts<'a>(&'a self, subjects: &'a [Subject], now_ms: i64) -> Vec<Account<'a>> {
        subjects.iter().filter_map(|subject| self.account(subject, now_ms)).collect()
    }

    /// The accounts of these subjects, if each of them has `bytes`.
    fn check<'a>(&'a self, subjects: &'a [Subject], bytes: i64, now_ms: i64) -> Result<Vec<Account<'a>>, Exhausted> {
        let accounts = self.accounts(subjects, now_ms);
        let network = accounts.iter().find(|account| account.subject.class().name == ADDRESS.name);
        let network_left = network.map(|account| (account.left(now_ms).bytes, account.scale.full()));
        for account in &accounts {
            let (left, scale, class) = (account.left(now_ms), account.scale, account.limit.class);
            let mut missing = left.missing(scale, bytes);
            if account.limit.is_shared {
                missing = missing.max(missing_of_share((left.bytes, scale.full()), network_left));
            }
            if missing > 0 {
                self.0.metrics.0.with_label_values(&[class.name]).inc();
                return Err(Exhausted { class, per_day: scale.per_day.unsigned_abs(), wait: scale.wait(missing) });
            }
        }
        Ok(accounts)
    }

    fn account<'a>(&'a self, subject: &'a Subject, now_ms: i64) -> Option<Account<'a>> {
        let limit = self.0.limits.iter().find(|limit| limit.class.name == subject.class().name)?;
        let per_day = i64::try_from(limit.per_day).unwrap_or(i64::MAX).saturating_mul(subject.allowance().into());
        let scale = Scale { per_day };
        let new = || Arc::new(Mutex::new(Level::new(scale, now_ms)));
        let level = self.0.levels.entry_by_ref(subject).or_insert_with(new).into_value();
        Some(Account { subject, limit, scale, level })
    }
}

/// A subject with its limit and its level.
struct Account<'a> {
    subject: &'a Subject,
    limit: &'a ByteLimit,
    scale: Scale,
    level: Arc<Mutex<Level>>,
}

impl Account<'_> {
    /// The level now.
    fn left(&self, now_ms: i64) -> Level {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        level.grow(self.scale, now_ms);
        *level
    }

    fn take(self, bytes: i64, publisher: &Publisher<Taken>) {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let unpublished = level.take(self.scale, bytes);
        let Some(unpublished) = unpublished else { return };
        let (shared, day) = (&self.level, level.day);
        let taken = || Taken { subject: self.subject.clone(), level: Arc::clone(shared), day, bytes: unpublished };
        if publisher.try_publish(taken) {
            level.unpublished = 0;
            level.published = level.published.saturating_add(unpublished);
            level.is_publishing = true;
        }
    }
}

impl LocalAmount for Taken {
    const KEPT: Duration = DAY.saturating_mul(2);

    fn key(&self) -> String {
        format!("bytes:{}:{}:{}", self.subject.class().name, self.day, self.subject.digest())
    }

    fn amount(&self) -> i64 {
        self.bytes
    }

    fn merge(self, total: i64) {
        self.level.lock().unwrap_or_else(PoisonError::into_inner).merge_total(self.day, total);
    }
}
