//! The kinds of traces.

use serde::{Deserialize, Serialize};

use crate::platform::named::Named;

/// A kind of trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(i16)]
pub enum TraceKind {
    /// An object placed in the world.
    Object = 1,
    /// A message, written freely or put together from templates.
    Message = 2,
    /// A recorded run of a player.
    Phantom = 3,
    /// The place of a death, optionally with the run that led there. v0 clients don't get it.
    Bloodstain = 4,
}

impl TraceKind {
    /// All kinds, in the order in which they are listed everywhere.
    pub const ALL: [Self; 4] = [Self::Object, Self::Message, Self::Phantom, Self::Bloodstain];

    /// Its code in the database.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            Self::Object => 1,
            Self::Message => 2,
            Self::Phantom => 3,
            Self::Bloodstain => 4,
        }
    }

    /// The kind with that code in the database.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether a recording may belong to it.
    #[must_use]
    pub fn has_recording(self) -> bool {
        matches!(self, Self::Phantom | Self::Bloodstain)
    }

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Message => "message",
            Self::Phantom => "phantom",
            Self::Bloodstain => "bloodstain",
        }
    }

    /// The kind with that name on the wire.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Named for TraceKind {
    const SET: &'static str = "TraceKind";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_name_and_its_code() {
        assert!(TraceKind::ALL.iter().all(|kind| TraceKind::of_name(kind.name()) == Some(*kind)));
        assert!(TraceKind::ALL.iter().all(|kind| TraceKind::of_code(kind.code()) == Some(*kind)));
    }
}
