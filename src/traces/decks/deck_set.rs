//! The decks of a scope as they are cached. The response with each is encoded when the deck is first asked for.

use std::sync::OnceLock;

use bytes::{Bytes, BytesMut};

use super::{
    model::{DeckHead, Versions},
    response::EncodedDeck,
    sampler::Pick,
    selection::Selection,
};
use crate::{
    platform::{
        codec::deflate::{Compressor, Content},
        snapshot::cache::Snapshot,
    },
    traces::trace::TraceResponse,
};

/// All decks of a scope.
#[derive(Debug)]
pub struct DeckSet {
    head: DeckHead,
    read_at_ms: i64,
    valid_until_ms: Option<i64>,
    versions: Versions,
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
        let Selection { traces, decks, versions, valid_until_ms } = selection;
        let json = |trace| Bytes::from(TraceResponse::from(trace).to_json());
        let encoded = decks.iter().map(|_| OnceLock::new()).collect();
        let traces = traces.into_iter().map(json).collect();
        Self { head, read_at_ms, valid_until_ms, versions, traces, decks, encoded }
    }

    /// How many decks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.encoded.len()
    }

    /// The versions whose decks a reader gets who understands those `understood`, by the candidates of these decks; nothing for
    /// one who understands all of the candidates, and gets these.
    #[inline]
    #[must_use]
    pub fn versions_for(&self, understood: Versions) -> Option<Versions> {
        let Versions { min, max } = self.versions;
        if understood.min <= min && max <= understood.max {
            return None;
        }
        let has_some = understood.min <= understood.max && understood.min <= max && min <= understood.max;
        Some(if has_some { understood } else { Versions::NONE })
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
    #[inline]
    #[must_use]
    pub fn try_get(&self, deck: usize) -> Option<&EncodedDeck> {
        self.encoded.get(deck)?.get()
    }

    /// A deck, encoded with `compressor` if it was not before.
    pub fn encode(&self, deck: usize, compressor: &mut Compressor) -> Option<&EncodedDeck> {
        Some(self.encoded.get(deck)?.get_or_init(|| self.encode_now(deck, compressor)))
    }

    /// What the decks say of their scope.
    #[must_use]
    pub fn head(&self) -> &DeckHead {
        &self.head
    }

    fn encode_now(&self, deck: usize, compressor: &mut Compressor) -> EncodedDeck {
        let picks = self.decks.get(deck).into_iter().flatten();
        let traces = joined(picks.filter_map(|(place, _)| self.traces.get(*place)));
        EncodedDeck::new(&self.head, deck, compressor.segment(traces, Content::Text))
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

impl Snapshot for DeckSet {
    fn revision(&self) -> i64 {
        self.read_at_ms
    }

    fn size_bytes(&self) -> usize {
        let traces: usize = self.traces.iter().map(Bytes::len).sum();
        // As if all decks were encoded: each body twice, and gzipped.
        let picks: usize = self.decks.iter().map(Vec::len).sum();
        let average = traces / self.traces.len().max(1);
        traces + picks * (average * 5 / 2 + 16) + self.encoded.len() * EncodedDeck::HEADERS_BYTES
    }
}
