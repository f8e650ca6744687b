//! The view that the seed's clients see: the newest traces of a scope, as a snapshot.

use std::{borrow::Borrow, time::Duration};

use bytes::{BufMut, Bytes, BytesMut};
use tokio::time::Instant;

use super::{
    model::{Reason, ScopeKey, TraceError, TraceKind, WorldKey},
    recording,
    store::{CHANGE_ROW, CHANGES, Shown},
};
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
};

/// Which view: what the snapshot cache and the cache file it under.
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
const LASTS: Duration = Duration::from_hours(24);

/// A list of a view: what is in it, its name, and its shape.
struct Sort(TraceKind, &'static str, Shape);

/// What the seed's clients see. Small rows are compressed some dozens together, phantoms singly.
const LISTS: [Sort; 3] = [
    Sort(TraceKind::Object, "objects", Shape { limit: 200, grain: 32, content: Content::Text }),
    Sort(TraceKind::Message, "messages", Shape { limit: 200, grain: 32, content: Content::Text }),
    Sort(TraceKind::Phantom, "phantoms", Shape { limit: 20, grain: 1, content: Content::Numbers }),
];

/// How many traces of which kinds a view shows.
#[must_use]
pub fn limits() -> [(TraceKind, u64); 3] {
    LISTS.map(|Sort(kind, _, shape)| (kind, u64::try_from(shape.limit).unwrap_or(u64::MAX)))
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
    pub fn with<S: Borrow<Shown>>(
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
    pub fn of<S: Borrow<Shown>>(
        &self,
        revision: i64,
        rows: &[S],
        compressor: &mut Compressor,
    ) -> Result<Self, TraceError> {
        self.made(revision, rows, |list, rows, shape| list.of(&rows, shape, compressor))
    }

    fn made<S: Borrow<Shown>>(
        &self,
        revision: i64,
        shown: &[S],
        mut make: impl FnMut(&List, Vec<Row>, Shape) -> List,
    ) -> Result<Self, TraceError> {
        let mut lists = self.lists.clone();
        for (Sort(kind, _, shape), list) in LISTS.into_iter().zip(&mut lists) {
            let shown = shown.iter().map(S::borrow);
            let rows = shown.filter(|row| TraceKind::of_code(row.kind) == Some(kind)).map(row);
            *list = make(list, rows.collect::<Result<_, _>>()?, shape);
        }
        Ok(Self::assemble(revision, lists))
    }

    /// Whether what became of other traces since leaves the view as it is, but for what is newer. `newer` is what
    /// the look at what is newer has found.
    #[must_use]
    pub fn stands(&self, newer: &[Shown]) -> bool {
        let mut changes = newer.iter().filter(|row| row.kind == CHANGE_ROW);
        let few = changes.clone().count() < CHANGES && self.made_at.elapsed() < LASTS;
        // What is shown again may belong anywhere.
        let restored = Some(Reason::Restored.code());
        few && changes.all(|row| row.codec != restored && !self.lists.iter().any(|list| list.holds(row.id)))
    }

    /// The view that [`View::encoded`] packed.
    #[must_use]
    pub fn open(encoded: Bytes) -> Option<Self> {
        let (revision, lists) = encoded::decode(encoded)?;
        Some(Self::assemble(revision, lists))
    }

    /// The view for another instance.
    #[must_use]
    pub fn encoded(&self) -> Bytes {
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
    let mut names = LISTS.into_iter().map(|Sort(_, name, _)| name);
    lists.each_ref().map(|list| (names.next().unwrap_or_default(), list))
}

/// A trace as the seed shows it.
fn row(shown: &Shown) -> Result<Row, TraceError> {
    let mut out = BytesMut::with_capacity(shown.body.len() + shown.author.len() + 64);
    out.put_slice(format!(r#"{{"id":{},"u_uuid":"#, shown.id).as_bytes());
    out.put_slice(json::quoted(&shown.author).as_bytes());
    if let (Some(codec), Some(bytes)) = (shown.codec, &shown.bytes) {
        out.put_slice(br#","data":"#);
        out.put(recording::unpack(codec, bytes)?);
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
