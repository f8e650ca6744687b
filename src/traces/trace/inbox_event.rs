//! What an author is told of a trace, and for how long things count.

use std::time::Duration;

/// A use of a trace by a player counts once in this time.
pub const USE_WINDOW: Duration = Duration::from_hours(1);

/// What an author is told of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxEvent {
    /// Somebody has voted for it or against it.
    Rated,
    /// Somebody has used it.
    Used,
    /// A moderator, or the reports of players, have hidden it.
    Hidden,
    /// A moderator has removed it.
    Removed,
}

impl InboxEvent {
    /// All of them, in the order of their codes, from 1.
    pub const ALL: [Self; 4] = [Self::Rated, Self::Used, Self::Hidden, Self::Removed];

    /// As it is stored.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            Self::Rated => 1,
            Self::Used => 2,
            Self::Hidden => 3,
            Self::Removed => 4,
        }
    }

    /// As it was stored.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|told| told.code() == code)
    }

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rated => "rated",
            Self::Used => "used",
            Self::Hidden => "hidden",
            Self::Removed => "removed",
        }
    }
}
