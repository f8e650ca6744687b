//! A stored trace.

use super::{detail::Detail, group::GroupKey};
use crate::{traces::TraceKind, worlds::ScopeKey};

/// A stored trace, without the frames of its recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Its id; later traces of the world have higher ids.
    pub id: i64,
    /// Its kind.
    pub kind: TraceKind,
    /// The scope in which it was left.
    pub scope: ScopeKey,
    /// The author: the id of a player where `by_player` is set, else the `u_uuid` that a v0 client sent.
    pub author: String,
    /// Whether the author is a player known to this installation.
    pub by_player: bool,
    /// Its position `[x,y,z]`, in the game's own units.
    pub position: Option<[f64; 3]>,
    /// Its rotation `[x,y,z,w]`, a quaternion.
    pub rotation: Option<[f64; 4]>,
    /// Its type, words, data and recording.
    pub detail: Detail,
    /// The content version of the game that it was made for.
    pub content_version: i32,
    /// How well a phantom was run; lower is better.
    pub rank_value: Option<f64>,
    /// The group whose members alone see it.
    pub group: Option<GroupKey>,
    /// Whether moderation has hidden it.
    pub hidden: bool,
    /// Whether it was imported as part of a world's history.
    pub legacy: bool,
    /// Votes for it, imported ones included.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
    /// Its score, 0 to 1 ([`super::score()`]).
    pub score: f64,
    /// The weight of all votes on it, in quarters of a vote.
    pub vote_weight: i32,
    /// A keyed digest of the network from which it was left, if that is known.
    pub network: Option<i64>,
    /// How often players have marked it as useful.
    pub uses: i32,
    /// Its revision: 1, and one more with each change by its author.
    pub revision: i32,
    /// When it was left, in milliseconds since the epoch.
    pub created_at_ms: i64,
    /// When it expires, in milliseconds since the epoch.
    pub expires_at_ms: Option<i64>,
}

impl Trace {
    /// Whether it says the same as another: words, type, data, place.
    #[must_use]
    pub fn has_content_of(&self, other: &Self) -> bool {
        (&self.detail, self.position, self.rotation) == (&other.detail, other.position, other.rotation)
    }

    /// Whether it has expired at that time, in milliseconds since the epoch.
    #[must_use]
    pub fn is_expired(&self, now_ms: i64) -> bool {
        self.expires_at_ms.is_some_and(|expires_at_ms| expires_at_ms <= now_ms)
    }
}
