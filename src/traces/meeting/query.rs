//! A question after traces, and the page that answers it.
//!
//! Each mode reads its traces in one order through one index, so many at most, and never the scope. A page may hold fewer
//! traces than it could while there are more: those between were looked at, and are not to be seen.

mod cursor;
mod read;

pub use self::{
    cursor::{Cursor, Position},
    read::question,
};
use crate::{
    traces::{
        rules::TraceKind,
        trace::{GroupKey, TraceResponse},
    },
    worlds::ScopeKey,
};

/// TraceWorlds of one page where nothing is said,
pub const USUAL: u16 = 100;

/// and at most.
pub const MOST: u16 = 1_000;

/// Ghosts on one side of a rank, at most.
pub const BESIDE: u16 = 100;

/// Ghosts just better than a rank where nothing is said.
pub const AHEAD: u16 = 10;

/// TraceWorlds gone that are told of in one answer, at most.
pub const GONE: usize = 1_000;

/// In which order traces are asked for, and what of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// The newest first.
    Recent,
    /// The best score first: those that anybody has voted for, history apart.
    Top,
    /// The nearest first.
    Near {
        /// To what.
        to: [f64; 3],
        /// How far at most; more than 0.
        radius: f64,
    },
    /// Ghosts whose rank is beside one, the best first.
    Ahead(Beside),
    /// The player's own, the oldest first.
    Own,
}

/// Ghosts beside a rank.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    /// The rank: lower is better.
    pub rank_value: f64,
    /// So many of those that are better, the worst of them.
    pub ahead: u16,
    /// So many of those that are not, the best of them.
    pub behind: u16,
    /// Of each author the best alone.
    pub best_per_author: bool,
}

impl Order {
    /// As it is written.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Top => "top",
            Self::Near { .. } => "near",
            Self::Ahead(_) => "ahead",
            Self::Own => "own",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// In which order.
    pub order: Order,
    /// In which scopes, each once; in all where there is none, which only [`Order::Own`] asks for.
    pub scopes: Vec<ScopeKey>,
    /// Of which kinds, each once.
    pub kinds: Vec<TraceKind>,
    /// Of which group; of none where there is none.
    pub group: Option<GroupKey>,
    /// Of this content and newer.
    pub version_min: i32,
    /// Behind this.
    pub after: Option<Cursor>,
    /// So many at most.
    pub limit: u16,
}

/// A page of traces.
#[derive(Debug)]
pub struct Page {
    /// In order.
    pub items: Vec<TraceResponse>,
    /// Those that have gone from the scopes since the page before.
    pub gone: Vec<i64>,
    /// After which the next page begins.
    pub next: Cursor,
    /// Whether there is one, or more has gone.
    pub more: bool,
}

/// How far it is from one place to another, squared: in the order in which the databases reckon it too, so that a cursor
/// means the same to all.
#[must_use]
pub fn square_of_distance([x, y, z]: [f64; 3], [to_x, to_y, to_z]: [f64; 3]) -> f64 {
    let (x, y, z) = (x - to_x, y - to_y, z - to_z);
    x * x + y * y + z * z
}
