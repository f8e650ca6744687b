//! The decks of a scope as they are cached and sent. Each body is encoded when it is first asked for.

use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};

use super::{model::WorldName, sampler::Pick, selection::Selection};
use crate::{
    http::cacheable::{CACHE_HEADERS_BYTES, CacheHeaders},
    platform::{
        codec::{
            deflate::{Compressor, Content, Member, Segment},
            json,
        },
        snapshot::cache::Snapshot,
    },
    traces::trace::TraceResponse,
};

/// A deck as it is sent.
#[derive(Debug)]
pub struct EncodedDeck {
    /// The headers of its answers.
    pub ready: CacheHeaders,
    /// The body, gzipped.
    pub gzip: Bytes,
    /// The body.
    pub identity: Bytes,
    /// The traces as JSON with commas between, compressed: answers about several scopes are assembled of these.
    pub traces: Arc<Segment>,
}

/// What a deck says of its scope, besides the traces.
#[derive(Debug)]
pub struct DeckHead {
    /// The world.
    pub name: WorldName,
    /// The scope.
    pub scope: String,
    /// The world's revision of which the decks are.
    pub revision: i64,
    /// Seconds for which the decks are kept at least.
    pub refresh_s: u16,
}

/// All decks of a scope.
#[derive(Debug)]
pub struct DeckSet {
    head: DeckHead,
    read_at_ms: i64,
    valid_until_ms: Option<i64>,
    newest_version: i32,
    /// The traces that are in any deck, as JSON.
    traces: Vec<Bytes>,
    /// The picks of each deck, as places in `traces`.
    decks: Vec<Vec<Pick>>,
    encoded: Vec<OnceLock<EncodedDeck>>,
}

impl DeckSet {
    /// The decks of a selection; `read_at_ms` is when reading its candidates began, in milliseconds since the epoch.
    #[must_use]
    pub fn new(selection: Selection, head: DeckHead, read_at_ms: i64) -> Self {
        let Selection { traces, decks, newest_version, valid_until_ms } = selection;
        let json = |trace| Bytes::from(TraceResponse::from(trace).to_json());
        let encoded = decks.iter().map(|_| OnceLock::new()).collect();
        let traces = traces.into_iter().map(json).collect();
        Self { head, read_at_ms, valid_until_ms, newest_version, traces, decks, encoded }
    }

    /// How many decks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.encoded.len()
    }

    /// The highest content version of any trace that was a candidate.
    #[must_use]
    pub fn newest_version(&self) -> i32 {
        self.newest_version
    }

    /// When the candidates were read, in milliseconds since the epoch.
    #[must_use]
    pub fn read_at_ms(&self) -> i64 {
        self.read_at_ms
    }

    /// When the first trace in a deck expires, in milliseconds since the epoch.
    #[must_use]
    pub fn valid_until_ms(&self) -> Option<i64> {
        self.valid_until_ms
    }

    /// A deck, if it was encoded before.
    #[must_use]
    pub fn try_get(&self, deck: usize) -> Option<&EncodedDeck> {
        self.encoded.get(deck)?.get()
    }

    /// A deck, encoded with `compressor` if it was not before.
    pub fn encode(&self, deck: usize, compressor: &mut Compressor) -> Option<&EncodedDeck> {
        Some(self.encoded.get(deck)?.get_or_init(|| self.encode_now(deck, compressor)))
    }

    /// The beginning of a deck's body, up to the traces.
    #[must_use]
    pub fn head(&self, deck: usize) -> String {
        let DeckHead { name: WorldName { game, environment }, scope, revision, refresh_s } = &self.head;
        let (game, scope, count) = (json::quoted(game), json::quoted(scope), self.count());
        format!(
            r#"{{"game":{game},"environment":"{environment}","scope":{scope},"deck":{deck},"deck_count":{count},"revision":"{revision}","refresh_s":{refresh_s},"traces":["#
        )
    }

    fn encode_now(&self, deck: usize, compressor: &mut Compressor) -> EncodedDeck {
        let picks = self.decks.get(deck).into_iter().flatten();
        let traces = joined(picks.filter_map(|(place, _)| self.traces.get(*place)));
        let traces = Arc::new(compressor.segment(traces, Content::Text));
        let (gzip, identity, crc) = assemble(&self.head(deck), &[Arc::clone(&traces)], "]}");
        let name = format!("{deck}-{:08x}{crc:08x}", identity.len());
        let ready = CacheHeaders::new(&name, "application/json", "no-cache", gzip.len(), identity.len());
        EncodedDeck { ready, gzip, identity, traces }
    }
}

fn joined<'a>(rows: impl Iterator<Item = &'a Bytes>) -> Bytes {
    let mut out = BytesMut::new();
    for row in rows {
        if !out.is_empty() {
            out.extend_from_slice(b",");
        }
        out.extend_from_slice(row);
    }
    out.freeze()
}

/// The body made of `head`, the segments with commas between, and `tail`: gzipped, as it is, and its CRC-32.
#[must_use]
pub fn assemble(head: &str, segments: &[Arc<Segment>], tail: &str) -> (Bytes, Bytes, u32) {
    let length: usize = segments.iter().map(|segment| segment.deflated().len() + 8).sum();
    let mut member = Member::with_capacity(head.len() + length + 64);
    let mut identity = BytesMut::from(head);
    member.glue(head.as_bytes());
    let mut first = true;
    for segment in segments.iter().filter(|segment| !segment.raw().is_empty()) {
        if !std::mem::take(&mut first) {
            member.glue(b",");
            identity.extend_from_slice(b",");
        }
        member.segment(segment);
        identity.extend_from_slice(segment.raw());
    }
    member.glue(tail.as_bytes());
    identity.extend_from_slice(tail.as_bytes());
    let (gzip, crc) = member.finish();
    (gzip, identity.freeze(), crc)
}

impl Snapshot for DeckSet {
    fn revision(&self) -> i64 {
        self.read_at_ms
    }

    fn size_bytes(&self) -> usize {
        let traces: usize = self.traces.iter().map(Bytes::len).sum();
        // As if all decks were encoded: each body twice, and gzipped.
        let picks: usize = self.decks.iter().map(Vec::len).sum();
        let average = traces / self.traces.len().max(1);
        traces + picks * (average * 5 / 2 + 16) + self.encoded.len() * CACHE_HEADERS_BYTES
    }
}
