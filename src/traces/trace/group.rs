//! Groups: players who name the same group see each other's traces, and nobody else does.

use crate::platform::{codec::hex, token};

/// A group as it is stored: SHA-256 of its name, in hexadecimal. The name itself is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupKey(String);

impl GroupKey {
    /// The longest name of a group, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// The group of that name.
    ///
    /// # Errors
    /// The name is too long; the text says so.
    pub fn parse(name: &str) -> Result<Self, String> {
        if name.len() > Self::MAX_BYTES {
            return Err(format!("is {} bytes long; at most {}", name.len(), Self::MAX_BYTES));
        }
        Ok(Self(hex::of_bytes(&token::digest(name))))
    }

    /// The group whose name has that digest; `None` where the text is not a SHA-256 in hexadecimal.
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

    /// The digest as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
