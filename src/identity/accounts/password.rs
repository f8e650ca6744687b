//! Passwords are kept as argon2id hashes, each with its parameters and salt (a PHC string). The one door to the package.
//!
//! A hash is made to be slow and to need memory, so it is computed off the reactor, a few at a time; more wait their turn
//! for a while, and are then told that there is no room.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::sync::Semaphore;

use super::{
    metrics::AccountMetrics,
    model::{AccountError, Attempt, Password},
};
use crate::platform::{secret::Secret, token};

/// What a hash costs. OWASP's Password Storage Cheat Sheet asks for argon2id with at least 19,456 KiB (19 MiB) of memory,
/// 2 passes and 1 lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Hashes that are computed at once.
    pub at_once: usize,
    /// How long one waits for its turn.
    pub wait: Duration,
}

/// What checking a password says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// It is the right one.
    pub right: bool,
    /// Its hash was made with other parameters than today's.
    pub outdated: bool,
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hasher {
    params: Params,
    turns: Arc<Semaphore>,
    wait: Duration,
    /// A hash that no password has, checked where there is none.
    nobodys: Arc<PasswordHash>,
    metrics: AccountMetrics,
}

fn broken(error: impl std::fmt::Display) -> AccountError {
    AccountError::Broken(format!("argon2: {error}"))
}

impl Hasher {
    /// A hasher at that cost.
    ///
    /// # Errors
    /// The cost is out of argon2's range, or the system gives no random bytes.
    pub fn new(cost: Cost, metrics: &AccountMetrics) -> Result<Self, AccountError> {
        const LANES: u32 = 1;
        let params = Params::new(cost.memory_kib, cost.passes, LANES, None).map_err(broken)?;
        let salt = token::bytes::<{ Salt::RECOMMENDED_LENGTH }>()?;
        let output = token::bytes::<{ Params::DEFAULT_OUTPUT_LEN }>()?;
        let nobodys = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(broken)?,
            salt: Some(Salt::new(&salt).map_err(broken)?),
            hash: Some(Output::new(&output).map_err(broken)?),
        };
        Ok(Self {
            params,
            turns: Arc::new(Semaphore::new(cost.at_once)),
            wait: cost.wait,
            nobodys: Arc::new(nobodys),
            metrics: metrics.clone(),
        })
    }

    /// What is kept of a password.
    ///
    /// # Errors
    /// [`AccountError::Crowded`].
    pub async fn hash(&self, password: &Password) -> Result<String, AccountError> {
        self.hash_text(password.secret().clone()).await
    }

    /// What is kept of a password that was just found to be right, at today's cost.
    ///
    /// # Errors
    /// [`AccountError::Crowded`].
    pub async fn hash_again(&self, attempt: &Attempt) -> Result<String, AccountError> {
        self.hash_text(attempt.secret().clone()).await
    }

    async fn hash_text(&self, text: Secret) -> Result<String, AccountError> {
        let argon2 = self.argon2();
        self.in_turn(move || argon2.hash_password(text.expose().as_bytes()).map(|hash| hash.to_string()))
            .await?
            .map_err(broken)
    }

    /// Whether a password is the one whose hash was kept. Costs one hash, also where none was.
    ///
    /// # Errors
    /// [`AccountError::Crowded`]; or what was kept is no hash.
    pub async fn check(&self, attempt: &Attempt, kept: Option<&str>) -> Result<Verdict, AccountError> {
        let kept = match kept {
            Some(text) => Arc::new(PasswordHash::new(text).map_err(broken)?),
            None => Arc::clone(&self.nobodys),
        };
        let outdated = kept.params != self.nobodys.params;
        let (argon2, text) = (self.argon2(), attempt.secret().clone());
        let right = self.in_turn(move || argon2.verify_password(text.expose().as_bytes(), &*kept).is_ok()).await?;
        Ok(Verdict { right, outdated })
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    /// Runs a hash when it is its turn. The turn goes with it, so that one whose client has left still counts.
    async fn in_turn<T: Send + 'static>(&self, hash: impl FnOnce() -> T + Send + 'static) -> Result<T, AccountError> {
        let turn = tokio::time::timeout(self.wait, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| AccountError::Crowded)?.map_err(broken)?;
        self.metrics.password_hash();
        let done = move || {
            let _turn = turn;
            hash()
        };
        tokio::task::spawn_blocking(done).await.map_err(broken)
    }
}
