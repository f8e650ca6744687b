//! Hashing passwords. They are stored as argon2id hashes, each with its parameters and salt (a PHC string). Only this
//! module uses the argon2 package.
//!
//! A hash is slow and needs memory on purpose, so it is computed on blocking threads, a few at a time. Further requests
//! wait for a while, each network or user for their own turn, and are then refused.

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::metrics::AccountMetrics;
use super::model::{AccountError, Password, PasswordAttempt};
use crate::{
    identity::access::UserId,
    platform::{fair_queue::FairQueue, network::Network, secret::Secret, token},
};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};

/// The cost of a hash. OWASP's Password Storage Cheat Sheet asks for argon2id with at least 19,456 KiB (19 MiB) of memory,
/// 2 passes and 1 lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Hashes that are computed at once.
    pub concurrency: usize,
    /// How long a request waits to be one of them.
    pub max_wait: Duration,
}

/// Whose turn a hash is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HashTurn {
    /// That of the clients of a network.
    Network(Network),
    /// That of a signed-in user.
    User(UserId),
    /// That of the command line.
    Operator,
}

impl HashTurn {
    /// That of the clients of the network at an address.
    #[must_use]
    pub fn of(from: IpAddr) -> Self {
        Self::Network(Network::site(from))
    }
}

/// The result of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCheck {
    /// It is the right password.
    pub matches: bool,
    /// The stored hash has other parameters than the configured ones.
    pub needs_rehash: bool,
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PasswordHasher {
    params: Params,
    queue: FairQueue<HashTurn>,
    max_wait: Duration,
    /// A random hash that is checked where there is no account, so that the time of an answer tells nothing.
    dummy_hash: Arc<PasswordHash>,
    metrics: AccountMetrics,
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> AccountError {
    AccountError::internal("hashing a password", error)
}

impl PasswordHasher {
    /// A hasher of this cost.
    ///
    /// # Errors
    /// [`AccountError::Internal`]: the cost is out of argon2's range, or the system gives no random bytes.
    pub fn new(cost: HashCost, metrics: &AccountMetrics) -> Result<Self, AccountError> {
        const LANES: u32 = 1;
        let params = Params::new(cost.memory_kib, cost.passes, LANES, None).map_err(failed)?;
        let salt = token::bytes::<{ Salt::RECOMMENDED_LENGTH }>()?;
        let output = token::bytes::<{ Params::DEFAULT_OUTPUT_LEN }>()?;
        let dummy_hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(failed)?,
            salt: Some(Salt::new(&salt).map_err(failed)?),
            hash: Some(Output::new(&output).map_err(failed)?),
        };
        Ok(Self {
            params,
            queue: FairQueue::new(cost.concurrency),
            max_wait: cost.max_wait,
            dummy_hash: Arc::new(dummy_hash),
            metrics: metrics.clone(),
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`AccountError::TooManySignIns`], or [`AccountError::Internal`].
    pub async fn hash(&self, password: &Password, turn: HashTurn) -> Result<String, AccountError> {
        self.hash_text(password.secret().clone(), turn).await
    }

    /// Hashes a password again that has just been checked, at the configured cost.
    ///
    /// # Errors
    /// [`AccountError::TooManySignIns`], or [`AccountError::Internal`].
    pub async fn rehash(&self, attempt: &PasswordAttempt, turn: HashTurn) -> Result<String, AccountError> {
        self.hash_text(attempt.secret().clone(), turn).await
    }

    async fn hash_text(&self, text: Secret, turn: HashTurn) -> Result<String, AccountError> {
        let argon2 = self.argon2();
        self.run_limited(turn, move || argon2.hash_password(text.expose().as_bytes()).map(|hash| hash.to_string()))
            .await?
            .map_err(failed)
    }

    /// Checks a password against a stored hash. Without one it computes a hash all the same, and never matches.
    ///
    /// # Errors
    /// [`AccountError::TooManySignIns`], or [`AccountError::Internal`], also where the stored hash can't be parsed.
    pub async fn check(
        &self,
        attempt: &PasswordAttempt,
        stored: Option<&str>,
        turn: HashTurn,
    ) -> Result<PasswordCheck, AccountError> {
        let hash = match stored {
            Some(text) => Arc::new(PasswordHash::new(text).map_err(failed)?),
            None => Arc::clone(&self.dummy_hash),
        };
        let needs_rehash = hash.params != self.dummy_hash.params;
        let (argon2, text) = (self.argon2(), attempt.secret().clone());
        let matches =
            self.run_limited(turn, move || argon2.verify_password(text.expose().as_bytes(), &*hash).is_ok()).await?;
        Ok(PasswordCheck { matches, needs_rehash })
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    /// Runs `hash` on a blocking thread when it is its turn. The turn lasts until `hash` ends, also where the client
    /// has disconnected.
    async fn run_limited<T: Send + 'static>(
        &self,
        turn: HashTurn,
        hash: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let turn = tokio::time::timeout(self.max_wait, self.queue.wait(turn)).await;
        let turn = turn.map_err(|_| AccountError::TooManySignIns)?;
        self.metrics.password_hash();
        let run = move || {
            let _turn = turn;
            hash()
        };
        tokio::task::spawn_blocking(run).await.map_err(failed)
    }
}
