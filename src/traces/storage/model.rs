//! What may give way.

use crate::worlds::ScopeKey;

/// A trace that may give way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: i64,
    /// Its scope.
    pub scope: ScopeKey,
    /// Its author.
    pub author: String,
    /// Whether its author is a player known to this installation.
    pub by_player: bool,
    /// The bytes that it and its recording occupy.
    pub bytes: i64,
}
