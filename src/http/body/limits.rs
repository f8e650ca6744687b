//! The limits of request bodies, and the room that bodies take together.

use std::{net::IpAddr, time::Duration};

use crate::{
    http::problem::Problem,
    platform::{
        error::Kind,
        network_shares::{NetworkShares, Share},
    },
};

/// The limits of request bodies.
#[derive(Clone, Debug)]
pub struct Limits {
    bytes: usize,
    deadline: Duration,
    /// Bytes per second; 0: no bound.
    least_rate: u64,
    /// The memory of all bodies being received or in use, in bytes.
    memory: NetworkShares,
}

/// A network holds at most a fifth of the memory for bodies, and its largest body must fit.
const LEAST_TOTAL: usize = 5;

/// The least rate is asked for after this time: a connection begins slowly.
const GRACE: Duration = Duration::from_secs(5);

/// Memory is taken in such steps.
const STEP_BYTES: u64 = 4096;

impl Limits {
    /// A body has `bytes` at most, also after decompression; all bodies together have `total_bytes`, those of a network
    /// `network_bytes` (0: no bound); receiving one may take `deadline`, and `least_rate` bytes come each second.
    #[must_use]
    pub fn new(bytes: usize, total_bytes: usize, network_bytes: u64, deadline: Duration, least_rate: u64) -> Self {
        let total = total_bytes.max(bytes.saturating_mul(LEAST_TOTAL));
        let memory = NetworkShares::of_total(u64::try_from(total).unwrap_or(u64::MAX), network_bytes);
        Self { bytes, deadline, least_rate, memory }
    }

    /// The most bytes of a body, also after decompression.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The least bytes of a body that must come each second; 0: no bound.
    pub(super) fn least_rate(&self) -> u64 {
        self.least_rate
    }

    /// How long receiving a body may take; of a streamed one, each part of it.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Memory for a body of a client, which takes it step by step.
    pub(super) fn room(&self, from: IpAddr) -> Result<Room, Problem> {
        self.memory.take(from, 0).map(|share| Room { share, taken: 0 }).ok_or_else(no_room)
    }

    /// Whether a body of which so much came in that time is too slow.
    pub(super) fn is_too_slow(&self, received: usize, took: Duration) -> bool {
        let asked = took.saturating_sub(GRACE).as_secs().saturating_mul(self.least_rate);
        u64::try_from(received).unwrap_or(u64::MAX) < asked
    }
}

fn no_room() -> Problem {
    Problem::new(Kind::Busy, "too_many_bodies", "Too many request bodies are being received. Try again.")
}

/// The memory that a body takes, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Room {
    share: Share,
    /// Bytes.
    taken: u64,
}

impl Room {
    /// Takes memory for a body of that size.
    pub(super) fn fit(&mut self, bytes: usize) -> Result<(), Problem> {
        let needed = u64::try_from(bytes).unwrap_or(u64::MAX).next_multiple_of(STEP_BYTES);
        if needed > self.taken {
            if !self.share.grow(needed - self.taken) {
                return Err(no_room());
            }
            self.taken = needed;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_rate_is_asked_for_after_a_while() {
        let limits = Limits::new(1 << 20, 1 << 28, 0, Duration::from_secs(30), 100);
        for (received, secs, is_too_slow) in [(0, 5, false), (99, 6, true), (100, 6, false), (100, 7, true)] {
            assert_eq!(limits.is_too_slow(received, Duration::from_secs(secs)), is_too_slow, "{received} in {secs} s");
        }
        let none = Limits::new(1 << 20, 1 << 28, 0, Duration::from_secs(30), 0);
        assert!(!none.is_too_slow(0, Duration::from_secs(30)));
    }
}
