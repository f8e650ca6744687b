//! What a change expects of the entry that it changes.

/// Which revision of an entry a change expects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whatever there is; there need be no entry.
    #[default]
    Anything,
    /// An entry, of any revision.
    Something,
    /// An entry of one of these revisions.
    These(Vec<i64>),
}

impl Expected {
    /// Whether there must be an entry.
    #[must_use]
    pub fn needs_entry(&self) -> bool {
        *self != Self::Anything
    }

    /// Whether an entry of that revision may be changed.
    #[must_use]
    pub fn allows(&self, revision: i64) -> bool {
        match self {
            Self::Anything | Self::Something => true,
            Self::These(revisions) => revisions.contains(&revision),
        }
    }
}
