//! The events that an author finds in their inbox, and the window in which a use counts once.

use std::time::Duration;

/// A player's uses of a trace count once in this time.
pub const USE_WINDOW: Duration = Duration::from_hours(1);

/// An event that an author is notified of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxEvent {
    /// Somebody has voted for or against it. Called `rated` in the API.
    Voted,
    /// Somebody has used it.
    Used,
    /// A moderator or the number of reports has hidden it.
    Hidden,
    /// A moderator has removed it.
    Removed,
}

impl InboxEvent {
    /// All of them, in the order of their codes, from 1.
    pub const ALL: [Self; 4] = [Self::Voted, Self::Used, Self::Hidden, Self::Removed];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            Self::Voted => 1,
            Self::Used => 2,
            Self::Hidden => 3,
            Self::Removed => 4,
        }
    }

    /// The event with a stored code; `None` for codes of newer versions.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }

    /// The name in responses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Voted => "rated",
            Self::Used => "used",
            Self::Hidden => "hidden",
            Self::Removed => "removed",
        }
    }
}
