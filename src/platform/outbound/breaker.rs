//! When a host may be asked: not more often than its rate, and not while it fails again and again.

use std::time::Duration;

use crate::platform::clock;

/// Failures in a row after which a host is left alone.
const FAILURES: u32 = 3;

/// For how long at first; doubled after each further failure.
const FIRST_PAUSE: Duration = Duration::from_secs(15);

/// For how long at most.
const LONGEST_PAUSE: Duration = Duration::from_mins(15);

/// The longest time that a host may ask for.
const LONGEST_WISH: Duration = Duration::from_hours(24);

const MINUTE_MS: i64 = 60_000;

/// Why a host may not be asked now, and from when, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It has failed.
    Open(i64),
    /// It was asked too often.
    TooSoon(i64),
}

/// What is known of a host.
#[derive(Debug)]
pub(super) struct Breaker {
    failures: u32,
    closed_at_ms: i64,
    /// The time between two requests at the host's rate.
    interval_ms: i64,
    /// When a request would be due if all had come evenly: a minute of them may come at once.
    even_ms: i64,
}

impl Breaker {
    pub fn new(per_minute: u32) -> Self {
        let interval_ms = MINUTE_MS / i64::from(per_minute.clamp(1, 60_000));
        Self { failures: 0, closed_at_ms: 0, interval_ms, even_ms: 0 }
    }

    /// Counts a request that is about to be made.
    pub fn admit(&mut self) -> Result<(), Refused> {
        self.admit_at(clock::now_ms())
    }

    fn admit_at(&mut self, now_ms: i64) -> Result<(), Refused> {
        if now_ms < self.closed_at_ms {
            return Err(Refused::Open(self.closed_at_ms));
        }
        let even_ms = self.even_ms.max(now_ms);
        let earliest_ms = even_ms + self.interval_ms - MINUTE_MS;
        if earliest_ms > now_ms {
            return Err(Refused::TooSoon(earliest_ms));
        }
        self.even_ms = even_ms + self.interval_ms;
        if self.failures >= FAILURES {
            // One request tries whether it is well again; the others wait for what it finds.
            self.closed_at_ms = now_ms + clock::ms(FIRST_PAUSE);
        }
        Ok(())
    }

    /// It answered.
    pub fn succeeded(&mut self) {
        (self.failures, self.closed_at_ms) = (0, 0);
    }

    /// It failed, and perhaps asks not to be asked before a time.
    pub fn failed(&mut self, wish_ms: Option<i64>) {
        self.failed_at(clock::now_ms(), wish_ms);
    }

    fn failed_at(&mut self, now_ms: i64, wish_ms: Option<i64>) {
        self.failures = self.failures.saturating_add(1);
        let wish_ms = wish_ms.unwrap_or_default().min(now_ms + clock::ms(LONGEST_WISH));
        self.closed_at_ms = self.closed_at_ms.max(wish_ms);
        if let Some(doublings) = self.failures.checked_sub(FAILURES) {
            let pause = FIRST_PAUSE.saturating_mul(1 << doublings.min(10)).min(LONGEST_PAUSE);
            self.closed_at_ms = self.closed_at_ms.max(now_ms + clock::ms(pause));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_fails_is_left_alone_longer_each_time_and_tried_once_in_between() {
        let mut breaker = Breaker::new(60_000);
        for _ in 0..FAILURES {
            assert_eq!(breaker.admit_at(0), Ok(()));
            breaker.failed_at(0, None);
        }
        assert_eq!(breaker.admit_at(14_999), Err(Refused::Open(15_000)));
        assert_eq!(breaker.admit_at(15_000), Ok(()));
        assert_eq!(breaker.admit_at(15_001), Err(Refused::Open(30_000)), "one tries for all");
        breaker.failed_at(16_000, None);
        assert_eq!(breaker.admit_at(40_000), Err(Refused::Open(46_000)));
        for _ in 0..100 {
            breaker.failed_at(46_000, None);
        }
        assert_eq!(breaker.admit_at(46_000), Err(Refused::Open(46_000 + clock::ms(LONGEST_PAUSE))));
        breaker.succeeded();
        assert_eq!(breaker.admit_at(46_000), Ok(()));
    }

    #[test]
    fn a_host_that_asks_for_a_pause_gets_it_within_bounds() {
        let mut breaker = Breaker::new(60);
        breaker.failed_at(0, Some(90_000));
        assert_eq!(breaker.admit_at(89_999), Err(Refused::Open(90_000)));
        assert_eq!(breaker.admit_at(90_000), Ok(()));
        breaker.failed_at(90_000, Some(i64::MAX));
        assert_eq!(breaker.admit_at(90_001), Err(Refused::Open(90_000 + clock::ms(LONGEST_WISH))));
    }

    #[test]
    fn a_host_is_asked_as_often_as_its_rate_allows() {
        let mut breaker = Breaker::new(20);
        let now_ms = 1_000_000_000;
        let at_once = (0..100).filter(|_| breaker.admit_at(now_ms).is_ok()).count();
        assert_eq!(at_once, 20);
        assert_eq!(breaker.admit_at(now_ms), Err(Refused::TooSoon(now_ms + 3000)));
        let later = (0..=60).filter(|second| breaker.admit_at(now_ms + second * 1000).is_ok()).count();
        assert_eq!(later, 20);
    }
}
