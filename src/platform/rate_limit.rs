//! How many requests each may make in a minute, counted by all instances together, and no request waits for it.
//!
//! Each instance counts in memory. What it has counted it tells the others through the cache, in the background, and learns
//! in return what all have counted: after each twentieth of a limit that one counter has grown by. Subject stays below a
//! twentieth costs nothing.
//!
//! So of a limit L, shared by N instances, L + N × (L / 20, at least 1) requests pass at most, and those that come while
//! an instance tells: nobody is refused early, and few pass late. While the cache is away each instance counts for itself: N × L.
//! Minutes are those of the clock, so in the one around its turn up to twice as many pass.
//!
//! An instance keeps the `MOST` counters that were used last. The cache holds nobody's address, only digests.

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::join_all;
use moka::{policy::EvictionPolicy, sync};
use tokio::sync::mpsc;

use super::{cache::Cache, clock, codec::hex, metrics::Metrics, network::subscriber, tasks::Tasks, token};
use crate::identity::access::{model::Player, user_id::UserId};

/// What requests are counted in.
pub const WINDOW: Duration = Duration::from_mins(1);

/// Counters that are kept at most.
const MOST: u64 = 100_000;

/// The part of a limit after which the others are told.
const TOLD_PARTS: u32 = 20;

/// What waits to be told; more is told with the next request.
const TO_TELL: usize = 1024;

/// Counters that are told of at once: on one connection, without waiting for each other.
const TOLD_AT_ONCE: usize = 64;

/// What one may be limited by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The key that a request shows.
    Key,
    /// The player whose token it shows.
    Player,
    /// The account whose session it shows.
    Account,
    /// The network that it comes from.
    Address,
}

impl By {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Player => "player",
            Self::Account => "account",
            Self::Address => "address",
        }
    }
}

/// Whose requests are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// All that show this key, by its id.
    Key(Arc<str>),
    /// A player's.
    Player(Player),
    /// A user's.
    Account(UserId),
    /// A network's.
    Address(IpAddr),
}

impl Subject {
    /// Whoever is at that address of the network.
    #[must_use]
    pub fn at(address: IpAddr) -> Self {
        Self::Address(subscriber(address))
    }

    fn by(&self) -> By {
        match self {
            Self::Key(_) => By::Key,
            Self::Player(_) => By::Player,
            Self::Account(_) => By::Account,
            Self::Address(_) => By::Address,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => f.write_str(id),
            Self::Player(Player { studio, world, id }) => write!(f, "{studio}/{world}/{id}"),
            Self::Account(user) => user.fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// Requests in a minute; 0: as many as one likes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of all that show one key.
    pub key: u32,
    /// Of one player.
    pub player: u32,
    /// Of one account.
    pub account: u32,
    /// Of one network.
    pub address: u32,
}

impl Limits {
    fn of(&self, by: By) -> u32 {
        match by {
            By::Key => self.key,
            By::Player => self.player,
            By::Account => self.account,
            By::Address => self.address,
        }
    }
}

/// How one stands with a limit after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub by: By,
    /// Requests in a minute.
    pub limit: u32,
    /// Requests that are left of it; nothing where this one is too many.
    pub left: Option<u32>,
    /// Until it is all there again.
    pub renewed_in: Duration,
}

/// Counts requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RateLimiter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: Limits,
    counters: sync::Cache<Subject, Arc<Mutex<Tally>>>,
    /// Nothing where there are no other instances to tell.
    to_tell: Option<mpsc::Sender<News>>,
    metrics: Metrics,
}

/// What is known of one in one minute.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    minute: i64,
    /// Counted here.
    mine: u32,
    /// Of these, what the others were told.
    told: u32,
    /// They are being told.
    telling: bool,
    /// Counted by the others, as far as they have told.
    others: u32,
}

/// What is to be told.
#[derive(Debug)]
struct News {
    who: Subject,
    tally: Arc<Mutex<Tally>>,
    minute: i64,
    more: u32,
}

impl Tally {
    /// Counts a request; says what is left, and what is to be told now.
    fn count(&mut self, minute: i64, limit: u32) -> (Option<u32>, Option<u32>) {
        if self.minute != minute {
            *self = Self { minute, ..Self::default() };
        }
        let known = self.mine.saturating_add(self.others);
        // What is refused is not counted: it would only have to be told.
        let Some(left) = limit.checked_sub(known.saturating_add(1)) else { return (None, None) };
        self.mine += 1;
        let untold = self.mine - self.told;
        let due = !self.telling && untold >= (limit / TOLD_PARTS).max(1);
        (Some(left), due.then_some(untold))
    }

    /// All have counted so many by now.
    fn learn(&mut self, minute: i64, total: i64) {
        if self.minute == minute {
            let others = total.saturating_sub(i64::from(self.told));
            // Never less: a cache that has forgotten, or is away, knows nothing of them.
            self.others = self.others.max(u32::try_from(others.max(0)).unwrap_or(u32::MAX));
            self.telling = false;
        }
    }
}

impl RateLimiter {
    /// Counts by these limits, together with the others that use the same cache.
    #[must_use]
    pub fn start(limits: Limits, cache: Cache, metrics: &Metrics, tasks: &Tasks) -> Self {
        let to_tell = cache.is_shared().then(|| {
            let (to_tell, news) = mpsc::channel(TO_TELL);
            tasks.spawn_until_stop("rate_limit", tell(cache, news));
            to_tell
        });
        // By use alone: the default policy may refuse a newcomer, and a counter that is never kept counts nothing.
        let counters = sync::Cache::builder()
            .max_capacity(MOST)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(2 * WINDOW)
            .build();
        Self(Arc::new(Inner { limits, counters, to_tell, metrics: metrics.clone() }))
    }

    /// Counts a request; nothing where there is no limit.
    #[must_use]
    pub fn count(&self, who: &Subject) -> Option<Standing> {
        let by = who.by();
        let limit = Some(self.0.limits.of(by)).filter(|limit| *limit > 0)?;
        let (window_ms, now_ms) = (i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX), clock::now_ms());
        let (minute, into_ms) = (now_ms.div_euclid(window_ms), now_ms.rem_euclid(window_ms));
        let shared = self.0.counters.entry_by_ref(who).or_default().into_value();
        let mut tally = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, untold) = tally.count(minute, limit);
        if let (Some(to_tell), Some(more)) = (&self.0.to_tell, untold) {
            let news = News { who: who.clone(), tally: Arc::clone(&shared), minute, more };
            // No room: the next request tries again.
            if to_tell.try_send(news).is_ok() {
                tally.told += more;
                tally.telling = true;
            }
        }
        drop(tally);
        if left.is_none() {
            self.0.metrics.rate_limited(by.name());
        }
        let renewed_in = Duration::from_millis(window_ms.saturating_sub(into_ms).unsigned_abs());
        Some(Standing { by, limit, left, renewed_in })
    }
}

async fn tell(cache: Cache, mut news: mpsc::Receiver<News>) {
    let mut some = Vec::with_capacity(TOLD_AT_ONCE);
    while news.recv_many(&mut some, TOLD_AT_ONCE).await > 0 {
        let told = some.drain(..).map(|News { who, tally, minute, more }| {
            let cache = &cache;
            async move {
                let digest = hex::of_bytes(&token::digest(&who.to_string()));
                let key = format!("rate:{}:{minute}:{digest}", who.by().name());
                let total = cache.count(&key, more.into(), 2 * WINDOW).await;
                tally.lock().unwrap_or_else(PoisonError::into_inner).learn(minute, total);
            }
        });
        join_all(told).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Instances that share a limit, and one number in place of the cache; `late` requests come before one has learned.
    fn passed(instances: usize, limit: u32, late: usize, turn: impl Fn(usize) -> usize) -> u32 {
        let mut tallies = vec![Tally::default(); instances];
        let mut telling: Vec<(usize, usize, i64)> = Vec::new();
        let (mut shared, mut passed) = (0_i64, 0);
        for request in 0..usize::try_from(limit).unwrap() * instances * 3 {
            let at = turn(request) % instances;
            let (left, untold) = tallies[at].count(1, limit);
            passed += u32::from(left.is_some());
            if let Some(more) = untold {
                tallies[at].told += more;
                tallies[at].telling = true;
                shared += i64::from(more);
                telling.push((request + late, at, shared));
            }
            for (_, at, total) in telling.extract_if(.., |(when, ..)| *when <= request) {
                tallies[at].learn(1, total);
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
                        let each = (limit / TOLD_PARTS).max(1) + u32::try_from(late).unwrap();
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
    fn a_new_minute_begins_anew_and_a_cache_that_forgot_changes_nothing() {
        let mut tally = Tally::default();
        assert_eq!(tally.count(1, 2), (Some(1), Some(1)));
        tally.told = 1;
        tally.learn(1, 2);
        assert_eq!(tally.count(1, 2), (None, None));
        tally.learn(1, 0);
        assert_eq!(tally.count(1, 2), (None, None));
        assert_eq!(tally.count(2, 2).0, Some(1));
        tally.learn(1, 100);
        assert_eq!(tally.count(2, 2).0, Some(0), "what is told of the last minute is none of this one");
    }

    #[test]
    fn all_addresses_of_a_subscriber_are_one() {
        let at = |address: &str| Subject::at(address.parse().unwrap());
        assert_eq!(at("2001:db8::1"), at("2001:db8::2"));
        assert_ne!(at("203.0.113.1"), at("203.0.113.2"));
    }
}
