//! Groups: those who know the same word see each other's traces, and nobody else does.

use crate::platform::{codec::hex, token};

/// Bytes of what a group is called, at most.
const GROUP_BYTES: usize = 64;

/// A group, as the store knows it: SHA-256 of what its members call it, in hexadecimal. The word itself is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupKey(String);

impl GroupKey {
    /// The group of that name.
    ///
    /// # Errors
    /// In words: it is too long.
    pub fn parse(name: &str) -> Result<Self, String> {
        if name.len() > GROUP_BYTES {
            return Err(format!("is {} bytes long; at most {GROUP_BYTES}", name.len()));
        }
        Ok(Self(hex::of_bytes(&token::digest(name))))
    }

    /// The group whose name has that digest, if it is one.
    #[must_use]
    pub fn of_digest(digest: &str) -> Option<Self> {
        let bytes = hex::to_bytes(digest).filter(|bytes| bytes.len() == 32)?;
        Some(Self(hex::of_bytes(&bytes)))
    }

    /// A group from its stored digest.
    #[must_use]
    pub fn stored(digest: &str) -> Self {
        Self(digest.to_owned())
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
