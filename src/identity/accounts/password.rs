//! Hashing passwords. They are stored as argon2id hashes, each with its parameters and salt (a PHC string). Only this
//! module uses the argon2 package.
//!
//! A hash is slow and needs memory on purpose, so it is computed on blocking threads, a few at a time. Further requests
//! wait for a while, and are then refused.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::sync::Semaphore;

use super::metrics::AccountMetrics;
use super::model::{AccountError, Password, PasswordAttempt};
use crate::platform::{secret::Secret, token};

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
    permits: Arc<Semaphore>,
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
            permits: Arc::new(Semaphore::new(cost.concurrency)),
            max_wait: cost.max_wait,
            dummy_hash: Arc::new(dummy_hash),
            metrics: metrics.clone(),
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`AccountError::TooManySignIns`], or [`AccountError::Internal`].
    pub async fn hash(&self, password: &Password) -> Result<String, AccountError> {
        self.hash_text(password.secret().clone()).await
    }

    /// Hashes a password again that has just been checked, at the configured cost.
    ///
    /// # Errors
    /// [`AccountError::TooManySignIns`], or [`AccountError::Internal`].
    pub async fn rehash(&self, attempt: &PasswordAttempt) -> Result<String, AccountError> {
        self.hash_text(attempt.secret().clone()).await
    }

    async fn hash_text(&self, text: Secret) -> Result<String, AccountError> {
        let argon2 = self.argon2();
        self.run_limited(move || argon2.hash_password(text.expose().as_bytes()).map(|hash| hash.to_string()))
            .await?
            .map_err(failed)
    }

    /// Checks a password against a stored hash. Without one it computes a hash all the same, and never matches.
    ///
    /// # Errors
    /// [`AccountError::TooManySignIns`], or [`AccountError::Internal`], also where the stored hash can't be parsed.
    pub async fn check(&self, attempt: &PasswordAttempt, stored: Option<&str>) -> Result<PasswordCheck, AccountError> {
        let hash = match stored {
            Some(text) => Arc::new(PasswordHash::new(text).map_err(failed)?),
            None => Arc::clone(&self.dummy_hash),
        };
        let needs_rehash = hash.params != self.dummy_hash.params;
        let (argon2, text) = (self.argon2(), attempt.secret().clone());
        let matches =
            self.run_limited(move || argon2.verify_password(text.expose().as_bytes(), &*hash).is_ok()).await?;
        Ok(PasswordCheck { matches, needs_rehash })
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    /// Runs `hash` on a blocking thread when there is a permit. The permit is held until `hash` ends, also where the client
    /// has disconnected.
    async fn run_limited<T: Send + 'static>(
        &self,
        hash: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let permit = tokio::time::timeout(self.max_wait, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| AccountError::TooManySignIns)?.map_err(failed)?;
        self.metrics.password_hash();
        let run = move || {
            let _permit = permit;
            hash()
        };
        tokio::task::spawn_blocking(run).await.map_err(failed)
    }
}
