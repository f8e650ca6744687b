//! What a library comes to.

use super::entry::State;

/// How many entries, and what they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Entries, or playthroughs where it is about a platform.
    pub entries: i64,
    /// Those that are completed.
    pub completed: i64,
    /// Their time.
    pub minutes: i64,
}

/// The entries of one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateCount {
    /// The state.
    pub state: State,
    /// The entries.
    pub count: Count,
}

/// The entries whose titles are of one genre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenreCount {
    /// The genre.
    pub genre: String,
    /// The entries.
    pub count: Count,
}

/// The playthroughs on one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformCount {
    /// The platform.
    pub platform: String,
    /// The playthroughs.
    pub count: Count,
}

/// What a library comes to, as far as somebody may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// All of it.
    pub total: Count,
    /// Entries with a score.
    pub scored: i64,
    /// The sum of these scores.
    pub score_sum: i64,
    /// By state: all states, in their order.
    pub states: Vec<StateCount>,
    /// By genre, those with most time first.
    pub genres: Vec<GenreCount>,
    /// By platform, those with most time first.
    pub platforms: Vec<PlatformCount>,
}

impl Statistics {
    /// The mean of the scores, in tenths, rounded.
    #[must_use]
    pub fn mean_score_tenths(&self) -> Option<i64> {
        (self.scored > 0).then(|| (self.score_sum * 10 + self.scored / 2) / self.scored)
    }
}
