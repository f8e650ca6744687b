//! Ids that more than one feature speaks of.

use std::{fmt, sync::Arc};

/// A user's id: a UUID, made when the account is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(Arc<str>);

impl UserId {
    /// A new user's.
    #[must_use]
    pub fn make() -> Self {
        Self::stored(&uuid::Uuid::now_v7().simple().to_string())
    }

    /// An id that was made before.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// Its text.
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
