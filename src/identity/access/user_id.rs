//! The id of a user.

use std::{fmt, sync::Arc};

/// The id of a user: a UUID (version 7), made with the account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(Arc<str>);

impl UserId {
    /// A new id.
    #[must_use]
    pub fn generate() -> Self {
        Self::stored(&uuid::Uuid::now_v7().simple().to_string())
    }

    /// An id that was made before, from its text.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// Its text: 32 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
