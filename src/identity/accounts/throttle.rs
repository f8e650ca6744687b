//! Slow for those who guess: a few attempts are free, each further one must wait twice as long as the last.
//!
//! Attempts are counted by whom they are aimed at (the address that is signed in to, whether it has an account or not) and
//! by whom they come from (the client's network). An attempt is counted before it is made, so that a hundred at once are
//! not all the first. The counts are shared by all instances through the cache, under digests: the cache holds nobody's
//! address.

use std::{net::IpAddr, time::Duration};

use super::model::AccountError;
use crate::{
    identity::access::UserId,
    platform::{cache::Cache, codec::hex, mail::EmailAddress, network::subscriber_network, token},
};

/// What is free, and how long one waits beyond.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Attempts on one account that are free.
    pub of_account: u32,
    /// Attempts from one network that are free.
    pub of_network: u32,
    /// How long one waits at most.
    pub longest_wait: Duration,
    /// After how long without an attempt all are free again.
    pub forget_after: Duration,
}

/// The first wait; each further one is twice the last.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Letters to one address that are free.
const LETTERS: u32 = 3;

/// Counts attempts.
#[derive(Clone, Debug)]
pub struct Throttle {
    cache: Cache,
    limits: Limits,
}

/// An attempt that may be made, and has been counted.
#[derive(Debug)]
pub struct Counted {
    account: String,
    network: Option<String>,
}

impl Throttle {
    /// Counts in `cache`.
    #[must_use]
    pub fn new(cache: Cache, limits: Limits) -> Self {
        Self { cache, limits }
    }

    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// [`AccountError::TooMany`].
    pub async fn sign_in(&self, from: IpAddr, email_key: &str) -> Result<Counted, AccountError> {
        let network = network_key("sign-in", from);
        self.count(&network, self.limits.of_network).await?;
        match self.password(email_key).await {
            Ok(counted) => Ok(Counted { network: Some(network), ..counted }),
            Err(error) => {
                // It is not made, so it is none of the network's.
                self.cache.count(&network, -1, self.limits.forget_after).await;
                Err(error)
            }
        }
    }

    /// Counts an attempt at the password of somebody who is signed in.
    ///
    /// # Errors
    /// [`AccountError::TooMany`].
    pub async fn password(&self, email_key: &str) -> Result<Counted, AccountError> {
        let account = key("sign-in-to", email_key);
        self.count(&account, self.limits.of_account).await?;
        Ok(Counted { account, network: None })
    }

    /// Counts a short code that a user types. Unlike what stands in a letter it has few enough symbols to be typed, so what
    /// guards it is that few are tried.
    ///
    /// # Errors
    /// [`AccountError::TooMany`].
    pub async fn typed(&self, from: IpAddr, user: &UserId) -> Result<Counted, AccountError> {
        let (account, network) = (key("typed-by", user.as_str()), network_key("typed", from));
        self.count(&network, self.limits.of_network).await?;
        if let Err(error) = self.count(&account, self.limits.of_account).await {
            self.cache.count(&network, -1, self.limits.forget_after).await;
            return Err(error);
        }
        Ok(Counted { account, network: Some(network) })
    }

    /// The attempt was right: attempts on the account are free again. Those from the network are not, but for this one, or
    /// one account of his own would buy a guesser any number of attempts on others.
    pub async fn right(&self, counted: &Counted) {
        self.cache.forget(&counted.account).await;
        self.cache.forget(&gate(&counted.account)).await;
        if let Some(network) = &counted.network {
            self.cache.count(network, -1, self.limits.forget_after).await;
        }
    }

    /// All attempts on an account are free again.
    pub async fn free(&self, email_key: &str) {
        self.right(&Counted { account: key("sign-in-to", email_key), network: None }).await;
    }

    /// The attempt was not made after all.
    pub async fn not_made(&self, counted: &Counted) {
        for key in std::iter::once(&counted.account).chain(&counted.network) {
            self.cache.count(key, -1, self.limits.forget_after).await;
        }
    }

    /// Counts a letter that somebody asks to be sent to an address.
    ///
    /// # Errors
    /// [`AccountError::TooMany`].
    pub async fn letter(&self, from: IpAddr, to: &EmailAddress) -> Result<(), AccountError> {
        self.count(&network_key("letter", from), self.limits.of_network).await?;
        self.count(&key("letter-to", &to.key()), LETTERS).await
    }

    /// Counts a code that somebody offers.
    ///
    /// # Errors
    /// [`AccountError::TooMany`].
    pub async fn code(&self, from: IpAddr) -> Result<(), AccountError> {
        self.count(&network_key("code", from), self.limits.of_network).await
    }

    async fn count(&self, key: &str, free: u32) -> Result<(), AccountError> {
        let (free, forget_after) = (i64::from(free), self.limits.forget_after);
        let before = self.cache.counted(key).await;
        if before >= free {
            self.pass_gate(key, before - free).await?;
        }
        let now = self.cache.count(key, 1, forget_after).await;
        // Others came in between.
        if before < free && now > free {
            self.pass_gate(key, now - 1 - free).await?;
        }
        Ok(())
    }

    /// Of those who come while the gate is shut none passes; who opens it shuts it for the next.
    async fn pass_gate(&self, key: &str, beyond: i64) -> Result<(), AccountError> {
        let doublings = u32::try_from(beyond).unwrap_or(u32::MAX).min(30);
        let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(self.limits.longest_wait);
        self.cache.claim(&gate(key), wait).await.map_err(AccountError::TooMany)
    }
}

fn key(what: &str, whom: &str) -> String {
    format!("attempts:{what}:{}", hex::of_bytes(&token::digest(whom)))
}

fn network_key(what: &str, from: IpAddr) -> String {
    key(what, &subscriber_network(from).to_string())
}

fn gate(key: &str) -> String {
    format!("{key}:gate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{cache::Target, tasks::Tasks};

    fn throttle() -> Throttle {
        let (cache, []) = Cache::open(&Target::Memory { bytes: 1 << 20 }, "test", [], &Tasks::default()).unwrap();
        let (longest_wait, forget_after) = (Duration::from_mins(5), Duration::from_hours(1));
        Throttle::new(cache, Limits { of_account: 3, of_network: 5, longest_wait, forget_after })
    }

    fn wait(outcome: Result<Counted, AccountError>) -> u64 {
        match outcome {
            Err(AccountError::TooMany(wait)) => wait.as_millis().div_ceil(1000).try_into().unwrap(),
            Err(other) => panic!("{other}"),
            Ok(_) => 0,
        }
    }

    const HOME: [u8; 4] = [203, 0, 113, 9];

    #[tokio::test]
    async fn some_attempts_are_free_and_the_next_ones_wait_longer_and_longer() {
        let throttle = throttle();
        let attempt = async || wait(throttle.password("a@b").await);
        for _ in 0..3 {
            assert_eq!(attempt().await, 0);
        }
        // The fourth is made, and shuts the gate for a second; the fifth may come after that, and shuts it for two.
        for closed_secs in [1, 2, 4] {
            assert_eq!(attempt().await, 0);
            assert_eq!(attempt().await, closed_secs);
            throttle.cache.forget(&gate(&key("sign-in-to", "a@b"))).await;
        }
        assert_eq!(wait(throttle.password("another@b").await), 0);
    }

    #[tokio::test]
    async fn of_many_at_once_no_more_than_the_free_ones_and_one_are_made() {
        let throttle = throttle();
        let attempts = futures_util::future::join_all((0..50).map(|_| throttle.password("a@b"))).await;
        assert!(attempts.iter().filter(|attempt| attempt.is_ok()).count() <= 4);
    }

    #[tokio::test]
    async fn being_right_frees_the_account_and_not_the_network() {
        let throttle = throttle();
        for _ in 0..4 {
            let counted = throttle.sign_in(HOME.into(), "own@b").await.unwrap();
            throttle.right(&counted).await;
            assert_eq!(wait(throttle.sign_in(HOME.into(), "anothers@b").await.map(|_| counted)), 0);
            throttle.cache.forget(&key("sign-in-to", "anothers@b")).await;
        }
        // Nine attempts, of which four were right: the network's five are used up by the fifth wrong one.
        assert_eq!(wait(throttle.sign_in(HOME.into(), "third@b").await), 0);
        assert_eq!(wait(throttle.sign_in(HOME.into(), "fourth@b").await), 0);
        assert_eq!(wait(throttle.sign_in(HOME.into(), "fifth@b").await), 1);
    }
}
