//! The view that v0 clients get: the newest traces of a scope, kept as a finished response body.

use std::{borrow::Borrow, time::Duration};

use bytes::{BufMut, Bytes, BytesMut};
use tokio::time::Instant;

use super::{
    model::{ChangedTrace, SnapshotTrace},
    response::SnapshotHeaders,
};
use crate::{
    platform::{
        codec::{
            deflate::{Compressor, Content},
            json,
        },
        snapshot::{
            body::Body,
            cache::Snapshot,
            encoded,
            list::{List, Row, Shape},
        },
    },
    traces::{
        TraceKind,
        trace::{TraceError, frame_codec},
    },
    worlds::{CHANGES_LIMIT, ChangeReason, ScopeKey, WorldKey},
};

/// The key of a view in the snapshot cache and the shared cache.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ViewKey {
    /// The world.
    pub world: WorldKey,
    /// The scope.
    pub scope: ScopeKey,
}

impl ViewKey {
    /// The key in the shared cache. Its version is raised when the bytes of a row change.
    #[must_use]
    pub fn cache_key(&self) -> String {
        format!("view:2:{}:{}", self.world, self.scope)
    }
}

/// The newest traces of a scope.
#[derive(Debug)]
pub struct View {
    revision: i64,
    lists: [List; 3],
    body: Body,
    headers: SnapshotHeaders,
    made_at: Instant,
}

/// The greatest age of a view that is refreshed; an older one is rebuilt. The change log is kept for longer than this.
const MAX_AGE: Duration = Duration::from_hours(24);

/// A list of a view: its kind of trace, its name, and its shape.
struct ListShape(TraceKind, &'static str, Shape);

/// The lists of the v0 response. Small rows are compressed 32 at a time, phantoms one by one.
const LISTS: [ListShape; 3] = [
    ListShape(TraceKind::Object, "objects", Shape { limit: 200, chunk_rows: 32, content: Content::Text }),
    ListShape(TraceKind::Message, "messages", Shape { limit: 200, chunk_rows: 32, content: Content::Text }),
    ListShape(TraceKind::Phantom, "phantoms", Shape { limit: 20, chunk_rows: 1, content: Content::Numbers }),
];

/// The kinds of trace in a view, each with the most traces of it.
#[must_use]
pub fn limits() -> [(TraceKind, u64); 3] {
    LISTS.map(|ListShape(kind, _, shape)| (kind, u64::try_from(shape.limit).unwrap_or(u64::MAX)))
}

impl View {
    fn assemble(revision: i64, lists: [List; 3]) -> Self {
        let body = Body::assemble(&named(&lists));
        let newest = lists.iter().filter_map(List::newest).max().unwrap_or_default();
        // The newest id, and a checksum that tells two databases apart whose ids both start at one.
        let name = format!("{newest}-{:08x}", body.crc());
        let headers = SnapshotHeaders::new(&name, body.gzip().len(), body.length());
        Self { revision, lists, body, headers, made_at: Instant::now() }
    }

    /// The view of a scope without traces.
    #[must_use]
    pub fn empty() -> Self {
        Self::assemble(0, [(); 3].map(|()| List::default()))
    }

    /// The view with `newer` traces (newest first) in front, complete up to `revision`.
    ///
    /// # Errors
    /// A stored recording can't be unpacked.
    pub fn with<S: Borrow<SnapshotTrace>>(
        &self,
        revision: i64,
        newer: &[S],
        compressor: &mut Compressor,
    ) -> Result<Self, TraceError> {
        self.rebuilt(revision, newer, |list, rows, shape| list.with(rows, shape, compressor))
    }

    /// The view of these traces (newest first) instead, complete up to `revision`. Chunks that stay the same are not compressed
    /// again.
    ///
    /// # Errors
    /// A stored recording can't be unpacked.
    pub fn of<S: Borrow<SnapshotTrace>>(
        &self,
        revision: i64,
        traces: &[S],
        compressor: &mut Compressor,
    ) -> Result<Self, TraceError> {
        self.rebuilt(revision, traces, |list, rows, shape| list.of(&rows, shape, compressor))
    }

    /// The view whose lists `make` makes, each from the old list and the rows of its kind.
    fn rebuilt<S: Borrow<SnapshotTrace>>(
        &self,
        revision: i64,
        traces: &[S],
        mut make: impl FnMut(&List, Vec<Row>, Shape) -> List,
    ) -> Result<Self, TraceError> {
        let mut lists = self.lists.clone();
        for (ListShape(kind, _, shape), list) in LISTS.into_iter().zip(&mut lists) {
            let rows = traces.iter().map(S::borrow).filter(|trace| trace.kind == kind).map(row);
            *list = make(list, rows.collect::<Result<_, _>>()?, shape);
        }
        Ok(Self::assemble(revision, lists))
    }

    /// Whether these changes concern no trace that is in the view or may belong in it.
    #[must_use]
    pub fn is_unchanged_by(&self, changes: &[ChangedTrace]) -> bool {
        let all_known = u64::try_from(changes.len()).is_ok_and(|count| count < CHANGES_LIMIT);
        // A restored trace may belong anywhere in the lists.
        let is_restored = |change: &ChangedTrace| change.reason == ChangeReason::Restored.code();
        let is_shown = |change: &ChangedTrace| self.lists.iter().any(|list| list.contains(change.trace));
        let is_young = self.made_at.elapsed() < MAX_AGE;
        all_known && is_young && changes.iter().all(|change| !is_restored(change) && !is_shown(change))
    }

    /// The view that [`View::encode`] encoded.
    #[must_use]
    pub fn decode(encoded: Bytes) -> Option<Self> {
        let (revision, lists) = encoded::decode(encoded)?;
        Some(Self::assemble(revision, lists))
    }

    /// The encoded view, for another instance.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        encoded::encode(self.revision, &self.lists.each_ref())
    }

    /// The headers of responses that carry it.
    #[inline]
    pub(super) fn headers(&self) -> &SnapshotHeaders {
        &self.headers
    }

    /// The gzipped body.
    #[inline]
    #[must_use]
    pub fn gzip(&self) -> Bytes {
        self.body.gzip().clone()
    }

    /// The body without compression.
    #[must_use]
    pub fn identity(&self) -> Bytes {
        self.body.identity(&named(&self.lists)).clone()
    }
}

fn named(lists: &[List; 3]) -> [(&'static str, &List); 3] {
    let mut names = LISTS.into_iter().map(|ListShape(_, name, _)| name);
    lists.each_ref().map(|list| (names.next().unwrap_or_default(), list))
}

/// A trace as a row of a v0 list.
fn row(trace: &SnapshotTrace) -> Result<Row, TraceError> {
    let mut out = BytesMut::with_capacity(trace.body.len() + trace.author.len() + 64);
    out.put_slice(format!(r#"{{"id":{},"u_uuid":"#, trace.id).as_bytes());
    out.put_slice(json::quoted(&trace.author).as_bytes());
    if let (Some(codec), Some(bytes)) = (trace.codec, &trace.bytes) {
        out.put_slice(br#","data":"#);
        out.put(frame_codec::unpack(codec, bytes)?);
        out.put_u8(b'}');
    } else {
        // The body is a JSON object with at least one member: a comma replaces its opening brace.
        out.put_u8(b',');
        out.put_slice(trace.body.as_bytes().get(1..).unwrap_or(b"}"));
    }
    Ok(Row { id: trace.id, json: out.freeze() })
}

impl Snapshot for View {
    fn revision(&self) -> i64 {
        self.revision
    }

    fn size_bytes(&self) -> usize {
        let chunks = self.lists.iter().flat_map(List::chunks);
        let held: usize = chunks.map(|chunk| chunk.segment().raw().len() + chunk.segment().deflated().len()).sum();
        // The plain body is made only when it is asked for, but always counted.
        held + self.body.gzip().len() + self.body.length() + SnapshotHeaders::SIZE_BYTES
    }
}
