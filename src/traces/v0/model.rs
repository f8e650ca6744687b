//! Types of v0: what `POST /add-object` stores, and what a snapshot is made of.

use crate::{
    traces::{TraceKind, gate::Gate, stored_size, trace::NewTrace},
    worlds::{ScopeKey, WorldKey},
};

/// An `Idempotency-Key` and the request that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The id of the API key that sent it; empty in the open world.
    pub caller: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the body.
    pub digest: [u8; 32],
}

/// Traces to be stored together or not at all.
#[derive(Clone, Debug)]
pub struct NewTraces {
    /// The world they go to.
    pub world: WorldKey,
    /// Their scope.
    pub scope: ScopeKey,
    /// The traces.
    pub traces: Vec<NewTrace>,
    /// A keyed digest of the network from which they come, if that is known.
    pub network: Option<i64>,
    /// The gate, which is asked about their authors.
    pub gate: Gate,
    /// The idempotency key, where the client sent one.
    pub idempotency: Option<Idempotency>,
}

impl NewTraces {
    /// Their authors.
    pub fn authors(&self) -> impl Iterator<Item = &str> {
        self.traces.iter().map(|trace| trace.author.as_str())
    }

    /// The bytes that they occupy when they are stored.
    #[must_use]
    pub fn stored_bytes(&self) -> i64 {
        self.traces.iter().map(|trace| stored_bytes(trace, &self.scope)).sum()
    }

    /// About how many bytes of memory they hold.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let recording_bytes = |trace: &NewTrace| trace.recording.as_ref().map_or(0, |packed| packed.bytes.len());
        self.traces.iter().map(|trace| trace.body.len() + recording_bytes(trace) + 256).sum()
    }
}

/// The bytes that a trace occupies when it is stored, with its recording.
#[must_use]
pub fn stored_bytes(trace: &NewTrace, scope: &ScopeKey) -> i64 {
    let recording = trace.recording.as_ref().map_or(0, |packed| stored_size::recording_bytes(packed.bytes.len()));
    stored_size::trace_bytes(&trace.author, scope, trace.body.len()) + recording
}

/// A trace as a snapshot needs it.
#[derive(Debug)]
pub struct SnapshotTrace {
    /// Its kind.
    pub kind: TraceKind,
    /// Its id.
    pub id: i64,
    /// The player id that the client sent.
    pub author: String,
    /// The members that its kind adds, as a JSON object.
    pub body: String,
    /// The codec of its recording, where it has one.
    pub codec: Option<i16>,
    /// Its packed recording.
    pub bytes: Option<Vec<u8>>,
}

/// An entry of the change log.
#[derive(Debug)]
pub struct ChangedTrace {
    /// The trace's id.
    pub trace: i64,
    /// The code of the [`ChangeReason`](crate::worlds::ChangeReason).
    pub reason: i16,
}

/// The newest traces of a scope, read at one moment.
#[derive(Debug)]
pub struct Newest {
    /// The revision up to which the traces are complete.
    pub revision: i64,
    /// The traces, newest first.
    pub traces: Vec<SnapshotTrace>,
    /// The changes of older traces in the scope.
    pub changes: Vec<ChangedTrace>,
}
