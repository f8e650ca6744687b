//! What a browser keeps while it is at a provider: sealed, so that neither it nor anybody else can change or read it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::model::{LocalPath, OidcError};
use crate::{
    identity::access::UserId,
    platform::{
        clock,
        sealing::{Sealer, SealingError},
        secret::Secret,
        token,
    },
};

/// How long somebody may be at a provider.
pub const LIFETIME: Duration = Duration::from_mins(10);

/// What it is sealed for.
const SEALED_FOR: &str = "sign-in by a provider";

/// Random bytes of a state and of a nonce.
const RANDOM_BYTES: usize = 16;

/// Random bytes of a code verifier: as many digits as RFC 7636, 4.1, allows for.
const VERIFIER_BYTES: usize = 32;

/// A request that was begun.
#[derive(Debug, Deserialize, Serialize)]
pub struct Pending {
    /// The provider.
    pub provider: String,
    /// What the provider gives back with its answer.
    pub state: String,
    /// What its token repeats.
    pub nonce: String,
    /// What proves that whoever has the code has begun the request (RFC 7636).
    pub verifier: String,
    /// Where the browser goes afterwards.
    pub return_to: Option<String>,
    /// The user to whom the identity is to be linked; nothing where somebody signs in.
    pub link_to: Option<String>,
    expires_at_ms: i64,
}

impl Pending {
    /// A request to that provider.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn new(provider: &str, return_to: Option<&LocalPath>, link_to: Option<&UserId>) -> Result<Self, OidcError> {
        let random = || token::draw::<RANDOM_BYTES>();
        Ok(Self {
            provider: provider.to_owned(),
            state: random()?.expose().to_owned(),
            nonce: random()?.expose().to_owned(),
            verifier: token::draw::<VERIFIER_BYTES>()?.expose().to_owned(),
            return_to: return_to.map(|path| path.as_str().to_owned()),
            link_to: link_to.map(|user| user.as_str().to_owned()),
            expires_at_ms: clock::ms_from_now(LIFETIME),
        })
    }

    /// The form in which a browser keeps it.
    ///
    /// # Errors
    /// There is no key.
    pub fn seal(&self, sealer: &Sealer) -> Result<Secret, OidcError> {
        let text = serde_json::to_string(self).map_err(|error| OidcError::invalid(error.to_string()))?;
        Ok(Secret::new(sealer.seal(SEALED_FOR, &text)?))
    }

    /// Opens what a browser has kept.
    ///
    /// # Errors
    /// [`OidcError::StateNotValid`]: it is over, or was not made here; or there is no key.
    pub fn open(sealer: &Sealer, state: &Secret) -> Result<Self, OidcError> {
        let text = match sealer.open(SEALED_FOR, state.expose()) {
            Err(SealingError::Broken) => return Err(OidcError::StateNotValid),
            opened => opened?,
        };
        let pending: Self = serde_json::from_str(&text).map_err(|_| OidcError::StateNotValid)?;
        if pending.expires_at_ms <= clock::now_ms() { Err(OidcError::StateNotValid) } else { Ok(pending) }
    }
}
