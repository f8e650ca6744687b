//! Slows down guessing: a few attempts are free, and each further one has to wait twice as long as the last.
//!
//! Attempts are counted by their target (the address that is signed in to, whether it has an account or not) and by their
//! origin (the client's network). An attempt is counted before it is made, so that a hundred concurrent ones aren't all
//! taken for the first. The counters are in the cache, which all instances share, under digests: the cache holds no
//! addresses.

use std::{net::IpAddr, time::Duration};

use super::model::AccountError;
use crate::{
    identity::access::UserId,
    platform::{cache::Cache, codec::hex, mail::EmailAddress, network::Network, token},
};

/// How many attempts are free, and how long the others wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Free attempts on one account.
    pub free_per_account: u32,
    /// Free attempts from one network.
    pub free_per_network: u32,
    /// Longest wait between two attempts.
    pub max_wait: Duration,
    /// The counters are reset after this time without an attempt.
    pub reset_after: Duration,
}

/// The first wait; each further one is twice the last.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Free emails to one address.
const FREE_EMAILS: u32 = 3;

/// Counts and delays attempts.
#[derive(Clone, Debug)]
pub struct Throttle {
    cache: Cache,
    limits: Limits,
}

/// An attempt that was counted and may be made: the keys of its counters.
#[derive(Debug)]
pub struct CountedAttempt {
    account: String,
    network: Option<String>,
}

impl Throttle {
    /// A throttle whose counters are in `cache`.
    #[must_use]
    pub fn new(cache: Cache, limits: Limits) -> Self {
        Self { cache, limits }
    }

    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_sign_in(&self, from: IpAddr, email_key: &str) -> Result<CountedAttempt, AccountError> {
        let network = network_key("sign-in", from);
        self.count(&network, self.limits.free_per_network).await?;
        match self.count_password(email_key).await {
            Ok(attempt) => Ok(CountedAttempt { network: Some(network), ..attempt }),
            Err(error) => {
                // The attempt isn't made, so it doesn't count for the network.
                self.cache.count(&network, -1, self.limits.reset_after).await;
                Err(error)
            }
        }
    }

    /// Counts an attempt to enter the password within a session.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_password(&self, email_key: &str) -> Result<CountedAttempt, AccountError> {
        let account = key("sign-in-to", email_key);
        self.count(&account, self.limits.free_per_account).await?;
        Ok(CountedAttempt { account, network: None })
    }

    /// Counts an attempt to use a short code that a user types. Unlike a code in an email it is short enough to be guessed
    /// if many attempts were allowed.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_typed_code(&self, from: IpAddr, user: &UserId) -> Result<CountedAttempt, AccountError> {
        let (account, network) = (key("typed-by", user.as_str()), network_key("typed", from));
        self.count(&network, self.limits.free_per_network).await?;
        if let Err(error) = self.count(&account, self.limits.free_per_account).await {
            self.cache.count(&network, -1, self.limits.reset_after).await;
            return Err(error);
        }
        Ok(CountedAttempt { account, network: Some(network) })
    }

    /// Records that an attempt was right: resets the account's counter. Of the network's counter only this attempt is taken
    /// back; otherwise an attacker could reset it by signing in to an account of their own.
    pub async fn succeeded(&self, attempt: &CountedAttempt) {
        self.cache.forget(&attempt.account).await;
        self.cache.forget(&gate(&attempt.account)).await;
        if let Some(network) = &attempt.network {
            self.cache.count(network, -1, self.limits.reset_after).await;
        }
    }

    /// Resets the counter of an account.
    pub async fn reset_account(&self, email_key: &str) {
        self.succeeded(&CountedAttempt { account: key("sign-in-to", email_key), network: None }).await;
    }

    /// Takes back an attempt that was counted but not made.
    pub async fn undo(&self, attempt: &CountedAttempt) {
        for key in std::iter::once(&attempt.account).chain(&attempt.network) {
            self.cache.count(key, -1, self.limits.reset_after).await;
        }
    }

    /// Counts an email that a client asks to be sent to an address.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_email(&self, from: IpAddr, to: &EmailAddress) -> Result<(), AccountError> {
        self.count(&network_key("letter", from), self.limits.free_per_network).await?;
        self.count(&key("letter-to", &to.key()), FREE_EMAILS).await
    }

    /// Counts an attempt to use a code from an email.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_code(&self, from: IpAddr) -> Result<(), AccountError> {
        self.count(&network_key("code", from), self.limits.free_per_network).await
    }

    async fn count(&self, key: &str, free: u32) -> Result<(), AccountError> {
        let (free, reset_after) = (i64::from(free), self.limits.reset_after);
        let before = self.cache.counted(key).await;
        if before >= free {
            self.pass_gate(key, before - free).await?;
        }
        let now = self.cache.count(key, 1, reset_after).await;
        // Other attempts were counted between the two calls.
        if before < free && now > free {
            self.pass_gate(key, now - 1 - free).await?;
        }
        Ok(())
    }

    /// Lets one attempt through, and closes the gate for twice as long as the last time. While it is closed, no attempt
    /// passes. `excess` is the number of attempts beyond the free ones.
    async fn pass_gate(&self, key: &str, excess: i64) -> Result<(), AccountError> {
        let doublings = u32::try_from(excess).unwrap_or(u32::MAX).min(30);
        let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(self.limits.max_wait);
        self.cache.claim(&gate(key), wait).await.map_err(AccountError::TooManyAttempts)
    }
}

/// The cache key of a counter. `kind` is part of the keys of deployed installations.
fn key(kind: &str, target: &str) -> String {
    format!("attempts:{kind}:{}", hex::of_bytes(&token::digest(target)))
}

fn network_key(kind: &str, from: IpAddr) -> String {
    key(kind, &Network::subscriber(from).to_string())
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
        let (max_wait, reset_after) = (Duration::from_mins(5), Duration::from_hours(1));
        Throttle::new(cache, Limits { free_per_account: 3, free_per_network: 5, max_wait, reset_after })
    }

    /// Seconds to wait; 0 where the attempt may be made.
    fn wait_secs(outcome: Result<CountedAttempt, AccountError>) -> u64 {
        match outcome {
            Err(AccountError::TooManyAttempts(wait)) => wait.as_millis().div_ceil(1000).try_into().unwrap(),
            Err(other) => panic!("{other}"),
            Ok(_) => 0,
        }
    }

    const CLIENT: [u8; 4] = [203, 0, 113, 9];

    #[tokio::test]
    async fn the_first_attempts_are_free_and_the_next_ones_wait_longer_and_longer() {
        let throttle = throttle();
        let attempt = async || wait_secs(throttle.count_password("a@b").await);
        for _ in 0..3 {
            assert_eq!(attempt().await, 0);
        }
        // The fourth closes the gate for one second, the fifth for two.
        for closed_secs in [1, 2, 4] {
            assert_eq!(attempt().await, 0);
            assert_eq!(attempt().await, closed_secs);
            throttle.cache.forget(&gate(&key("sign-in-to", "a@b"))).await;
        }
        assert_eq!(wait_secs(throttle.count_password("another@b").await), 0);
    }

    #[tokio::test]
    async fn of_many_concurrent_attempts_only_the_free_ones_and_one_more_are_made() {
        let throttle = throttle();
        let attempts = futures_util::future::join_all((0..50).map(|_| throttle.count_password("a@b"))).await;
        assert!(attempts.iter().filter(|attempt| attempt.is_ok()).count() <= 4);
    }

    #[tokio::test]
    async fn a_right_attempt_resets_the_account_but_not_the_network() {
        let throttle = throttle();
        for _ in 0..4 {
            let attempt = throttle.count_sign_in(CLIENT.into(), "own@b").await.unwrap();
            throttle.succeeded(&attempt).await;
            assert_eq!(wait_secs(throttle.count_sign_in(CLIENT.into(), "anothers@b").await.map(|_| attempt)), 0);
            throttle.cache.forget(&key("sign-in-to", "anothers@b")).await;
        }
        // Nine attempts, of which four were right: the network's five are used up by the fifth wrong one.
        assert_eq!(wait_secs(throttle.count_sign_in(CLIENT.into(), "third@b").await), 0);
        assert_eq!(wait_secs(throttle.count_sign_in(CLIENT.into(), "fourth@b").await), 0);
        assert_eq!(wait_secs(throttle.count_sign_in(CLIENT.into(), "fifth@b").await), 1);
    }
}
