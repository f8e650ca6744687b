//! The level of a subject: how much it may still store.

use std::time::Duration;

use super::DAY;
use crate::platform::clock;

/// The part of a day's bytes that may be stored at once, in thousandths: 64 MB of 1 GB.
const BURST_PER_MILLE: i64 = 64;

/// What a subject has taken is published after each such part of a full level.
const PUBLISHED_PARTS: i64 = 20;

/// The bounds of a level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) per_day: i64,
}

impl Scale {
    pub(super) fn full(self) -> i64 {
        // At least 1 KB, so that a small limit lets something pass.
        (self.per_day / 1000 * BURST_PER_MILLE).max(1000).min(self.per_day)
    }

    /// What grows back in so many milliseconds.
    pub(super) fn regrown(self, ms: i64) -> i64 {
        let regrown = i128::from(self.per_day - self.full()) * i128::from(ms.max(0)) / i128::from(clock::ms(DAY));
        i64::try_from(regrown).unwrap_or(i64::MAX)
    }

    pub(super) fn wait(self, missing: i64) -> Duration {
        let per_day = i128::from((self.per_day - self.full()).max(1));
        let ms = i128::from(missing.max(0)) * i128::from(clock::ms(DAY)) / per_day;
        Duration::from_millis(u64::try_from(ms).unwrap_or(u64::MAX)).clamp(Duration::from_secs(1), DAY)
    }
}

/// The level of a subject on this instance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) bytes: i64,
    at_ms: i64,
    /// Taken here and not published yet.
    pub(super) unpublished: i64,
    pub(super) is_publishing: bool,
    /// What the other instances have published on that day.
    pub(super) day: i64,
    others: Option<i64>,
    /// What this instance has published on that day.
    pub(super) published: i64,
}

impl Level {
    pub(super) fn new(scale: Scale, now_ms: i64) -> Self {
        let (day, bytes) = (day_of(now_ms), scale.full());
        Self { bytes, at_ms: now_ms, unpublished: 0, is_publishing: false, day, others: None, published: 0 }
    }

    pub(super) fn grow(&mut self, scale: Scale, now_ms: i64) {
        if self.day != day_of(now_ms) {
            *self = Self { day: day_of(now_ms), others: Some(0), published: 0, ..*self };
        }
        let regrown = scale.regrown(now_ms - self.at_ms);
        // Fractions of a byte are kept by waiting for a whole one.
        if regrown > 0 {
            self.bytes = self.bytes.saturating_add(regrown).min(scale.full());
            self.at_ms = now_ms;
        }
    }

    /// What is missing for `bytes`; a write of more than a full level passes where the level is full, and leaves a debt.
    pub(super) fn missing(&self, scale: Scale, bytes: i64) -> i64 {
        bytes.min(scale.full()) - self.bytes
    }

    /// Takes bytes; returns what is to be published now.
    pub(super) fn take(&mut self, scale: Scale, bytes: i64) -> Option<i64> {
        self.bytes = self.bytes.saturating_sub(bytes);
        self.unpublished = self.unpublished.saturating_add(bytes);
        let is_due =
            !self.is_publishing && (self.others.is_none() || self.unpublished >= scale.full() / PUBLISHED_PARTS);
        is_due.then_some(self.unpublished)
    }

    /// Takes over the total of all instances that the cache answered on a day.
    pub(super) fn merge_total(&mut self, day: i64, total: i64) {
        self.is_publishing = false;
        let others = total.saturating_sub(self.published).max(0);
        if self.day == day {
            // What others stored before this instance knew the subject has grown back, or was counted there.
            let before = self.others.unwrap_or(others);
            self.bytes = self.bytes.saturating_sub(others.saturating_sub(before).max(0));
            self.others = Some(others.max(before));
        }
    }
}

pub(super) fn day_of(now_ms: i64) -> i64 {
    now_ms.div_euclid(clock::ms(DAY))
}

/// What a network misses where over half of a shared level is used: it needs as large a part of its own level as was used of that half.
pub(super) fn missing_of_share((left, full): (i64, i64), network: Option<(i64, i64)>) -> i64 {
    let Some((network_left, network_full)) = network else { return 0 };
    let half = (full / 2).max(1);
    let used_of_half = (half - left).clamp(0, half);
    let needed = i128::from(network_full) * i128::from(used_of_half) / i128::from(half);
    let is_enough = i128::from(network_left) >= needed;
    if is_enough { 0 } else { used_of_half.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn scale() -> Scale {
        Scale { per_day: 1_000_000_000 }
    }

    /// Takes as much as passes, each millisecond of a time, in portions of `bytes`.
    fn stored(level: &mut Level, bytes: i64, from_ms: i64, until_ms: i64) -> i64 {
        let mut stored = 0;
        let mut now_ms = from_ms;
        while now_ms < until_ms {
            level.grow(scale(), now_ms);
            while level.missing(scale(), bytes) <= 0 {
                level.take(scale(), bytes);
                stored += bytes;
            }
            now_ms += 60_000;
        }
        stored
    }

    #[test]
    fn no_day_sees_more_than_its_bytes_and_no_moment_more_than_a_burst() {
        let mut level = Level::new(scale(), 0);
        assert_eq!(stored(&mut level, 10_000, 0, 1), 64_000_000);
        let hour = stored(&mut level, 10_000, 1, HOUR_MS);
        assert!((38_000_000..=39_000_000).contains(&hour), "an hour's part of what grows back: {hour}");
        let rest = stored(&mut level, 10_000, HOUR_MS, 24 * HOUR_MS);
        assert!((980_000_000..=1_000_000_000).contains(&(64_000_000 + hour + rest)));
        // After a night the level is full again, not fuller.
        assert_eq!(stored(&mut level, 10_000, 40 * HOUR_MS, 40 * HOUR_MS + 1), 64_000_000);
    }

    #[test]
    fn what_is_larger_than_a_burst_passes_once_and_leaves_a_debt() {
        let scale = Scale { per_day: 1_000_000 };
        let mut level = Level::new(scale, 0);
        assert!(level.missing(scale, 200_000) <= 0);
        level.take(scale, 200_000);
        assert!(level.missing(scale, 1) > 0);
        level.grow(scale, HOUR_MS);
        assert!(level.missing(scale, 1) > 0, "an hour grows back 39,000 of 136,000");
        level.grow(scale, 4 * HOUR_MS);
        assert!(level.missing(scale, 1) <= 0);
    }

    #[test]
    fn instances_lower_their_levels_by_what_the_others_publish() {
        let (mut here, mut there) = (Level::new(scale(), 0), Level::new(scale(), 0));
        let mut total = 0;
        let mut publish = |level: &mut Level, bytes: i64| {
            let unpublished = level.take(scale(), bytes);
            if let Some(unpublished) = unpublished {
                level.unpublished = 0;
                level.published += unpublished;
                total += unpublished;
                level.merge_total(0, total);
            }
        };
        publish(&mut here, 1_000);
        publish(&mut there, 1_000);
        publish(&mut here, 30_000_000);
        publish(&mut there, 10_000_000);
        assert_eq!(there.bytes, 64_000_000 - 10_001_000 - 30_000_000);
        publish(&mut here, 5_000_000);
        assert_eq!(here.bytes, 64_000_000 - 35_001_000 - 10_001_000);
    }

    #[test]
    fn a_shared_level_refuses_those_first_who_have_stored_most() {
        let of = |network: i64, shared: i64| missing_of_share((shared, 1000), Some((network, 64)));
        assert_eq!(of(0, 500), 0, "half of it is for everyone");
        assert!(of(10, 250) > 0, "a network with less than half of its own");
        assert_eq!(of(32, 250), 0);
        assert_eq!(of(64, 1), 0, "a network that has stored nothing passes to the end");
        assert_eq!(missing_of_share((0, 1000), None), 0);
    }
}
