//! Types of what comes from other stores, and goes to them.

use super::super::trace::{Detail, GroupKey, NewTrace};
use crate::{traces::recordings::IncomingRecording, worlds::ScopeKey};

/// A trace that comes from another store, or goes to one.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferredTrace {
    /// Where.
    pub scope: ScopeKey,
    /// What.
    pub trace: NewTrace,
    /// How it is turned: a quaternion.
    pub rotation: Option<[f64; 4]>,
    /// Votes for it.
    pub good: i32,
    /// Whether it is history.
    pub legacy: bool,
    /// What it is called where it comes from.
    pub source_id: Option<String>,
    /// When it was left.
    pub created_at_ms: i64,
    /// When it goes by itself.
    pub expires_at_ms: Option<i64>,
    /// Whether nobody is shown it.
    pub hidden: bool,
    /// The group that alone sees it.
    pub group: Option<GroupKey>,
    /// With which content of the game it fits.
    pub content_version: i32,
    /// How well it was run.
    pub rank_value: Option<f64>,
    /// What only `/v1` says of it: then its body follows from that.
    pub said: Option<V1Fields>,
}

/// What only `/v1` says of a trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct V1Fields {
    /// What is said of it, but for its recording.
    pub detail: Detail,
    /// Whether its author is a player that was minted.
    pub minted: bool,
    /// Its recording.
    pub recording: Option<IncomingRecording>,
}

/// How far an import has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Lines that are done.
    pub lines: u64,
    /// SHA-256 of those lines, in hexadecimal.
    pub digest: String,
}
