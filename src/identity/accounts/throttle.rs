//! Slows down guessing: a few attempts are free, and each further one has to wait twice as long as the last.
//!
//! Attempts to sign in are counted for the networks that they come from, and for the account (the address that is signed in to,
//! whether it has an account or not); for the account by network first, so that a stranger who guesses closes the account to
//! their own network and not to the user's:
//!
//! - From a network in which the user has a session, attempts are counted for that network and account alone.
//! - The first few other networks that try an account have free attempts each. Those that come later pass one gate of the
//!   account together. So many networks together guess no more than a few did, and can close an account to other unknown ones.
//! - The email with which a new password is set is then still to be had: whoever asks for it, nobody is refused because others
//!   asked before. If one was sent a moment ago, it is not sent again.
//!
//! An attempt is counted before it is made, so that a hundred concurrent ones aren't all taken for the first. The counters are
//! in the cache, which all instances share, under digests: the cache holds no addresses.

use std::{net::IpAddr, time::Duration};

use super::model::AccountError;
use crate::{
    identity::access::UserId,
    platform::{cache::Cache, codec::hex, mail::EmailAddress, network::Network, token},
};

/// How many attempts are free, and how long the others wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Free attempts on one account from one network, and networks that have free attempts on one account.
    pub free_per_account: u32,
    /// Free attempts from one network; the wider ones of IPv6 have more.
    pub free_per_network: u32,
    /// Longest wait between two attempts.
    pub max_wait: Duration,
    /// Longest time for which an email that was sent stands for the next ones that are asked for.
    pub max_email_wait: Duration,
    /// The counters are reset after this time without an attempt.
    pub reset_after: Duration,
}

/// The first wait; each further one is twice the last.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Emails to one address that are sent at once.
const FREE_EMAILS: u32 = 3;

/// Counts and delays attempts.
#[derive(Clone, Debug)]
pub struct Throttle {
    cache: Cache,
    limits: Limits,
}

/// An attempt that was counted and may be made: the keys of its counters.
#[derive(Debug, Default)]
pub struct CountedAttempt {
    /// Those of the account that were raised.
    raised: Vec<String>,
    /// Those of the account: a right attempt resets them.
    reset: Vec<String>,
    /// Those of the networks, all raised: a right attempt is taken back.
    networks: Vec<String>,
}

impl CountedAttempt {
    /// One that was counted for an account alone, with one counter.
    fn of_account(key: String) -> Self {
        Self { raised: vec![key.clone()], reset: vec![key], networks: Vec::new() }
    }
}

/// Where a sign-in comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A network in which the user has a session.
    Known(IpAddr),
    /// Any other.
    Unknown(IpAddr),
}

/// Whether an email is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailTurn {
    /// It is.
    Send,
    /// One was sent a moment ago, and stands for it.
    SentAlready,
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
    pub async fn count_sign_in(&self, origin: Origin, email_key: &str) -> Result<CountedAttempt, AccountError> {
        let from = match origin {
            Origin::Known(from) => {
                let own = key("sign-in-from", &format!("{email_key} {}", Network::subscriber(from)));
                self.count(&own, self.limits.free_per_account).await?;
                return Ok(CountedAttempt::of_account(own));
            }
            Origin::Unknown(from) => from,
        };
        let networks = self.count_networks("sign-in", from).await?;
        match self.count_unknown(from, email_key).await {
            Ok(counted) => Ok(CountedAttempt { networks, ..counted }),
            Err(error) => {
                // The attempt isn't made, so it doesn't count for the networks.
                self.take_back(&networks).await;
                Err(error)
            }
        }
    }

    /// Counts an attempt from an unknown network for the account.
    async fn count_unknown(&self, from: IpAddr, email_key: &str) -> Result<CountedAttempt, AccountError> {
        let (all, free) = (key("sign-in-to", email_key), self.limits.free_per_account);
        let own = key("sign-in-from", &format!("{email_key} {}", Network::site(from)));
        // Only the networks that came first have a counter of their own.
        let raised = if self.cache.counted(&own).await > 0 {
            self.count(&own, free).await?;
            vec![own.clone()]
        } else if self.count(&all, free).await? {
            self.cache.count(&own, 1, self.limits.reset_after).await;
            vec![own.clone(), all.clone()]
        } else {
            vec![all.clone()]
        };
        Ok(CountedAttempt { raised, reset: vec![own, all], networks: Vec::new() })
    }

    /// Counts an attempt to enter the password within a session.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_password(&self, email_key: &str) -> Result<CountedAttempt, AccountError> {
        let account = key("password-of", email_key);
        self.count(&account, self.limits.free_per_account).await?;
        Ok(CountedAttempt::of_account(account))
    }

    /// Counts an attempt to use a short code that a user types. Unlike a code in an email it is short enough to be guessed
    /// if many attempts were allowed.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_typed_code(&self, from: IpAddr, user: &UserId) -> Result<CountedAttempt, AccountError> {
        self.count_by_user(["typed", "typed-by"], from, user).await
    }

    /// Counts an attempt to enter the code of a second factor.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_second_factor(&self, from: IpAddr, user: &UserId) -> Result<CountedAttempt, AccountError> {
        self.count_by_user(["factor", "factor-of"], from, user).await
    }

    /// Counts an attempt of a known user, for the networks and for the user.
    async fn count_by_user(
        &self,
        [of_network, of_user]: [&str; 2],
        from: IpAddr,
        user: &UserId,
    ) -> Result<CountedAttempt, AccountError> {
        let account = key(of_user, user.as_str());
        let networks = self.count_networks(of_network, from).await?;
        if let Err(error) = self.count(&account, self.limits.free_per_account).await {
            self.take_back(&networks).await;
            return Err(error);
        }
        Ok(CountedAttempt { networks, ..CountedAttempt::of_account(account) })
    }

    /// Records that an attempt was right: resets the account's counters. Of the networks' counters only this attempt is taken
    /// back; otherwise an attacker could reset them by signing in to an account of their own.
    pub async fn succeeded(&self, attempt: &CountedAttempt) {
        for key in &attempt.reset {
            self.cache.forget(key).await;
            self.cache.forget(&gate(key)).await;
        }
        self.take_back(&attempt.networks).await;
    }

    /// Resets the counters of an account, and those of the account for the network of a client that has shown who they are.
    pub async fn reset_account(&self, email_key: &str, from: IpAddr) {
        let of = |network: Network| key("sign-in-from", &format!("{email_key} {network}"));
        let own = [Network::subscriber(from), Network::site(from)].map(of);
        let reset = own.into_iter().chain(["sign-in-to", "password-of"].map(|kind| key(kind, email_key))).collect();
        self.succeeded(&CountedAttempt { reset, ..CountedAttempt::default() }).await;
    }

    /// Takes back an attempt that was counted but not made.
    pub async fn undo(&self, attempt: &CountedAttempt) {
        self.take_back(&attempt.raised).await;
        self.take_back(&attempt.networks).await;
    }

    async fn take_back(&self, keys: &[String]) {
        for key in keys {
            self.cache.count(key, -1, self.limits.reset_after).await;
        }
    }

    /// Counts an email that a client asks to be sent to an address. Nobody is refused because of what others have asked for the
    /// same address; who asks for many addresses is.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_email(&self, from: IpAddr, to: &EmailAddress) -> Result<EmailTurn, AccountError> {
        let account = key("letter-to", &to.key());
        let before = self.cache.counted(&account).await;
        let free = i64::from(FREE_EMAILS);
        if before >= free {
            if self.pass_gate(&account, before - free, self.limits.max_email_wait).await.is_err() {
                return Ok(EmailTurn::SentAlready);
            }
        } else {
            self.count_networks("letter", from).await?;
        }
        self.cache.count(&account, 1, self.limits.reset_after).await;
        Ok(EmailTurn::Send)
    }

    /// Counts an attempt to use a code from an email.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_code(&self, from: IpAddr) -> Result<(), AccountError> {
        self.count_networks("code", from).await.map(drop)
    }

    /// Whether what is known by that digest is used for the first time within a while.
    pub async fn is_first_use(&self, digest: [u8; 32], within: Duration) -> bool {
        self.cache.claim(&format!("used:{}", hex::of_bytes(&digest)), within).await.is_ok()
    }

    /// Counts an account that somebody gets without an email.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_new_account(&self, from: IpAddr) -> Result<(), AccountError> {
        self.count_networks("new-account", from).await.map(drop)
    }

    /// Counts a wrong app password. There are too many right ones to be guessed: what is bounded is what trying costs.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_app_password(&self, from: IpAddr) -> Result<(), AccountError> {
        self.count_networks("app-password", from).await.map(drop)
    }

    /// Counts an attempt for the networks at an address; returns the keys of their counters.
    async fn count_networks(&self, kind: &str, from: IpAddr) -> Result<Vec<String>, AccountError> {
        let mut counted = Vec::new();
        for network in Network::nested(from) {
            let key = key(kind, &network.to_string());
            let free = self.limits.free_per_network.saturating_mul(network.allowance());
            if let Err(error) = self.count(&key, free).await {
                self.take_back(&counted).await;
                return Err(error);
            }
            counted.push(key);
        }
        Ok(counted)
    }

    /// Counts an attempt; returns whether it is one of the free ones.
    async fn count(&self, key: &str, free: u32) -> Result<bool, AccountError> {
        let (free, reset_after) = (i64::from(free), self.limits.reset_after);
        let before = self.cache.counted(key).await;
        if before >= free {
            self.pass_gate(key, before - free, self.limits.max_wait).await?;
        }
        let now = self.cache.count(key, 1, reset_after).await;
        // Other attempts were counted between the two calls.
        if before < free && now > free {
            self.pass_gate(key, now - 1 - free, self.limits.max_wait).await?;
        }
        Ok(now <= free)
    }

    /// Lets one attempt through, and closes the gate for twice as long as the last time. While it is closed, no attempt
    /// passes. `excess` is the number of attempts beyond the free ones.
    async fn pass_gate(&self, key: &str, excess: i64, max_wait: Duration) -> Result<(), AccountError> {
        let doublings = u32::try_from(excess).unwrap_or(u32::MAX).min(30);
        let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(max_wait);
        self.cache.claim(&gate(key), wait).await.map_err(AccountError::TooManyAttempts)
    }
}

/// The cache key of a counter. `kind` is part of the keys of deployed installations.
fn key(kind: &str, target: &str) -> String {
    format!("attempts:{kind}:{}", hex::of_bytes(&token::digest(target)))
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
        let limits =
            Limits { free_per_account: 3, free_per_network: 5, max_wait, max_email_wait: max_wait, reset_after };
        Throttle::new(cache, limits)
    }

    /// Seconds to wait; 0 where the attempt may be made.
    fn wait_secs<T>(outcome: Result<T, AccountError>) -> u64 {
        match outcome {
            Err(AccountError::TooManyAttempts(wait)) => wait.as_millis().div_ceil(1000).try_into().unwrap(),
            Err(other) => panic!("{other}"),
            Ok(_) => 0,
        }
    }

    fn at(text: &str) -> Origin {
        Origin::Unknown(text.parse().unwrap())
    }

    fn known(text: &str) -> Origin {
        Origin::Known(text.parse().unwrap())
    }

    const CLIENT: &str = "203.0.113.9";

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
            throttle.cache.forget(&gate(&key("password-of", "a@b"))).await;
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
            let attempt = throttle.count_sign_in(at(CLIENT), "own@b").await.unwrap();
            throttle.succeeded(&attempt).await;
            assert_eq!(wait_secs(throttle.count_sign_in(at(CLIENT), "anothers@b").await), 0);
            throttle.cache.forget(&key("sign-in-from", &format!("anothers@b {CLIENT}"))).await;
            throttle.cache.forget(&key("sign-in-to", "anothers@b")).await;
        }
        // Nine attempts, of which four were right: the network's five are used up by the fifth wrong one.
        assert_eq!(wait_secs(throttle.count_sign_in(at(CLIENT), "third@b").await), 0);
        assert_eq!(wait_secs(throttle.count_sign_in(at(CLIENT), "fourth@b").await), 0);
        assert_eq!(wait_secs(throttle.count_sign_in(at(CLIENT), "fifth@b").await), 1);
    }

    #[tokio::test]
    async fn one_network_closes_an_account_to_itself_alone() {
        let throttle = throttle();
        let attempt = async |origin| wait_secs(throttle.count_sign_in(origin, "a@b").await);
        for _ in 0..4 {
            attempt(at("198.51.100.1")).await;
        }
        assert_eq!(attempt(at("198.51.100.1")).await, 1);
        assert_eq!(attempt(at(CLIENT)).await, 0, "another unknown network");
        assert_eq!(attempt(known("203.0.113.7")).await, 0, "a known one");
    }

    #[tokio::test]
    async fn many_networks_close_an_account_to_unknown_ones_and_never_to_known_ones() {
        let throttle = throttle();
        let attempt = async |origin| wait_secs(throttle.count_sign_in(origin, "a@b").await);
        for network in 0..50 {
            attempt(at(&format!("198.51.100.{network}"))).await;
            // All of one site count as one.
            attempt(at(&format!("2001:db8:0:{network:x}::1"))).await;
        }
        attempt(at(CLIENT)).await;
        assert!(attempt(at(CLIENT)).await > 0, "it has passed the gate, or the gate was closed before");
        for _ in 0..3 {
            assert_eq!(attempt(known(CLIENT)).await, 0);
        }
    }

    #[tokio::test]
    async fn who_asks_for_an_email_to_an_address_is_never_refused_because_of_others() {
        let throttle = throttle();
        let to = EmailAddress::parse("a@b.example").unwrap();
        let mut sent = 0;
        for network in 0..100 {
            let turn = throttle.count_email([198, 51, 100, network].into(), &to).await.unwrap();
            sent += u32::from(turn == EmailTurn::Send);
        }
        assert_eq!(sent, FREE_EMAILS + 1);
        assert_eq!(throttle.count_email([203, 0, 113, 9].into(), &to).await.unwrap(), EmailTurn::SentAlready);
    }

    #[tokio::test]
    async fn who_asks_for_emails_to_many_addresses_waits() {
        let throttle = throttle();
        let ask = async |from: &str, number: usize| {
            let to = EmailAddress::parse(&format!("a{number}@b.example")).unwrap();
            wait_secs(throttle.count_email(from.parse().unwrap(), &to).await)
        };
        for number in 0..6 {
            assert_eq!(ask(CLIENT, number).await, 0);
        }
        assert_eq!(ask(CLIENT, 6).await, 1);
        // A site has 16 times as many, whatever its subnets.
        let mut of_site = 0;
        for number in 0..200 {
            of_site += u32::from(ask(&format!("2001:db8:0:{number:x}::1"), 10 + number).await == 0);
        }
        assert!((20..=22).contains(&of_site), "{of_site}: one household's");
    }
}
