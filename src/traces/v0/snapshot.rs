//! The view that v0 clients see: the newest traces of a scope, as a ready-made snapshot.

use std::{borrow::Borrow, time::Duration};

use bytes::{BufMut, Bytes, BytesMut};
use tokio::time::Instant;

use super::store::{ChangedTrace, SnapshotRow};
use crate::{
    http::cacheable::{CACHE_HEADERS_BYTES, CacheHeaders},
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
    /// Its key in the cache. The version changes when the bytes of a row would.
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
    ready: CacheHeaders,
    made_at: Instant,
}

/// What became of traces is noted for longer than this: an older view is made from the start.
const MAX_AGE: Duration = Duration::from_hours(24);

/// A list of a view: what is in it, its name, and its shape.
struct ListShape(TraceKind, &'static str, Shape);

/// What the seed's clients see. Small rows are compressed some dozens together, phantoms singly.
const LISTS: [ListShape; 3] = [
    ListShape(TraceKind::Object, "objects", Shape { limit: 200, chunk_rows: 32, content: Content::Text }),
    ListShape(TraceKind::Message, "messages", Shape { limit: 200, chunk_rows: 32, content: Content::Text }),
    ListShape(TraceKind::Phantom, "phantoms", Shape { limit: 20, chunk_rows: 1, content: Content::Numbers }),
];

/// How many traces of which kinds a view shows.
#[must_use]
pub fn limits() -> [(TraceKind, u64); 3] {
    LISTS.map(|ListShape(kind, _, shape)| (kind, u64::try_from(shape.limit).unwrap_or(u64::MAX)))
}

impl View {
    fn assemble(revision: i64, lists: [List; 3]) -> Self {
        let body = Body::assemble(&named(&lists));
        let newest = lists.iter().filter_map(List::newest).max().unwrap_or_default();
        // The newest id in it, and its checksum, which keeps two databases apart that count from one.
        let name = format!("{newest}-{:08x}", body.crc());
        let ready = CacheHeaders::new(&name, "application/json", "no-cache", body.gzip().len(), body.length());
        Self { revision, lists, body, ready, made_at: Instant::now() }
    }

    /// A scope in which nothing lies.
    #[must_use]
    pub fn empty() -> Self {
        Self::assemble(0, [(); 3].map(|()| List::default()))
    }

    /// The view with `newer` rows (newest first) in front, complete up to `revision`.
    ///
    /// # Errors
    /// A stored recording can't be unpacked.
    pub fn with<S: Borrow<SnapshotRow>>(
        &self,
        revision: i64,
        newer: &[S],
        compressor: &mut Compressor,
    ) -> Result<Self, TraceError> {
        self.made(revision, newer, |list, rows, shape| list.with(rows, shape, compressor))
    }

    /// The view of these rows (newest first) instead, complete up to `revision`: what is alike is not compressed again.
    ///
    /// # Errors
    /// A stored recording can't be unpacked.
    pub fn of<S: Borrow<SnapshotRow>>(
        &self,
        revision: i64,
        rows: &[S],
        compressor: &mut Compressor,
    ) -> Result<Self, TraceError> {
        self.made(revision, rows, |list, rows, shape| list.of(&rows, shape, compressor))
    }

    fn made<S: Borrow<SnapshotRow>>(
        &self,
        revision: i64,
        shown: &[S],
        mut make: impl FnMut(&List, Vec<Row>, Shape) -> List,
    ) -> Result<Self, TraceError> {
        let mut lists = self.lists.clone();
        for (ListShape(kind, _, shape), list) in LISTS.into_iter().zip(&mut lists) {
            let shown = shown.iter().map(S::borrow);
            let rows = shown.filter(|row| row.kind == kind).map(row);
            *list = make(list, rows.collect::<Result<_, _>>()?, shape);
        }
        Ok(Self::assemble(revision, lists))
    }

    /// Whether these changes leave the view as it is, but for what is newer.
    #[must_use]
    pub fn is_unchanged_by(&self, changes: &[ChangedTrace]) -> bool {
        let few =
            u64::try_from(changes.len()).is_ok_and(|count| count < CHANGES_LIMIT) && self.made_at.elapsed() < MAX_AGE;
        // A restored trace may belong anywhere.
        let restored = |change: &ChangedTrace| change.reason == ChangeReason::Restored.code();
        few && changes
            .iter()
            .all(|change| !restored(change) && !self.lists.iter().any(|list| list.contains(change.trace)))
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

    /// How it is answered.
    #[must_use]
    pub fn ready(&self) -> &CacheHeaders {
        &self.ready
    }

    /// The body, gzipped.
    #[must_use]
    pub fn gzip(&self) -> Bytes {
        self.body.gzip().clone()
    }

    /// The body as it is.
    #[must_use]
    pub fn identity(&self) -> Bytes {
        self.body.identity(&named(&self.lists)).clone()
    }
}

fn named(lists: &[List; 3]) -> [(&'static str, &List); 3] {
    let mut names = LISTS.into_iter().map(|ListShape(_, name, _)| name);
    lists.each_ref().map(|list| (names.next().unwrap_or_default(), list))
}

/// A trace as the seed shows it.
fn row(shown: &SnapshotRow) -> Result<Row, TraceError> {
    let mut out = BytesMut::with_capacity(shown.body.len() + shown.author.len() + 64);
    out.put_slice(format!(r#"{{"id":{},"u_uuid":"#, shown.id).as_bytes());
    out.put_slice(json::quoted(&shown.author).as_bytes());
    if let (Some(codec), Some(bytes)) = (shown.codec, &shown.bytes) {
        out.put_slice(br#","data":"#);
        out.put(frame_codec::unpack(codec, bytes)?);
        out.put_u8(b'}');
    } else {
        // The body is an object with members: its brace becomes a comma.
        out.put_u8(b',');
        out.put_slice(shown.body.as_bytes().get(1..).unwrap_or(b"}"));
    }
    Ok(Row { id: shown.id, json: out.freeze() })
}

impl Snapshot for View {
    fn revision(&self) -> i64 {
        self.revision
    }

    fn size_bytes(&self) -> usize {
        let chunks = self.lists.iter().flat_map(List::chunks);
        let held: usize = chunks.map(|chunk| chunk.segment().raw().len() + chunk.segment().deflated().len()).sum();
        // The plain body is made for some, and counted for all.
        held + self.body.gzip().len() + self.body.length() + CACHE_HEADERS_BYTES
    }
}
