//! The decks of a scope: dealt together, each made into bytes when it is first asked for.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, OnceLock},
};

use bytes::{Bytes, BytesMut};
use entity::tenant::traces::trace;
use poem_openapi::types::ToJSON;

use super::{
    model::DeckKey,
    sampler::{self, Candidate, Why},
    store::{Named, Pool},
};
use crate::{
    http::cacheable::{CACHE_HEADERS_BYTES, CacheHeaders},
    platform::{
        codec::{
            deflate::{Compressor, Content, Member, Segment},
            json,
        },
        snapshot::cache::Snapshot,
    },
    traces::{
        rules::Rules,
        trace::{Detail, TraceResponse},
    },
};

/// A deck as it is sent.
#[derive(Debug)]
pub struct Deck {
    /// How it is answered.
    pub ready: CacheHeaders,
    /// Its body, gzipped.
    pub gzip: Bytes,
    /// Its body.
    pub identity: Bytes,
    /// Its traces, with commas between.
    pub traces: Arc<Segment>,
}

/// The decks of a scope.
#[derive(Debug)]
pub struct Decks {
    /// When reading for them began.
    stamp_ms: i64,
    /// When something in them is over.
    valid_until_ms: Option<i64>,
    /// The newest content that any candidate fits.
    newest_version: i32,
    /// The last that had happened in the world when they were dealt.
    dealt_after: i64,
    refresh_s: u16,
    named: Named,
    scope: String,
    /// What stands in any of them, as JSON.
    rows: Vec<Bytes>,
    /// Which of those stand in which deck, and why.
    dealt: Vec<Vec<(usize, Why)>>,
    made: Vec<OnceLock<Deck>>,
}

fn candidate(row: &trace::Model, now_ms: i64) -> Candidate {
    let detail = Detail::of(row);
    let mut words = detail.text.join("\n");
    if words.is_empty() && detail.sentence.template.is_some() {
        words = format!("{:?}", detail.words().1);
    }
    Candidate {
        author: row.author.clone(),
        position: (|| Some([row.x?, row.y?, row.z?]))(),
        words,
        score: row.score,
        voted: row.base_good + row.good + row.poor > 0,
        age_ms: now_ms - row.created_at_ms,
        legacy: row.legacy,
    }
}

/// Whether what was read may stand in a deck: it fits the game's content, and its time is not over.
#[must_use]
pub fn fits(row: &trace::Model, rules: &Rules, now_ms: i64) -> bool {
    row.content_version >= rules.content_version_min && row.expires_at_ms.is_none_or(|over| over > now_ms)
}

/// What chance begins with: the same on all instances at one time, another for each scope.
#[must_use]
pub fn seed(key: &DeckKey, slot: i64) -> u64 {
    let mut hash = DefaultHasher::new();
    (key, slot).hash(&mut hash);
    hash.finish()
}

impl Decks {
    /// Deals the decks of a scope from what was read.
    #[must_use]
    pub fn deal(
        key: &DeckKey,
        pools: Vec<Pool>,
        rules: &Rules,
        named: Named,
        seed: u64,
        (stamp_ms, dealt_after): (i64, i64),
    ) -> Self {
        let count = usize::from(rules.decks.max(1));
        let mut dealt: Vec<Vec<(usize, Why)>> = vec![Vec::new(); count];
        let mut rows = Vec::new();
        let (mut valid_until_ms, mut newest_version): (Option<i64>, i32) = (None, i32::MIN);
        for Pool { kind, rows: read } in pools {
            let pool: Vec<trace::Model> = read.into_iter().filter(|row| fits(row, rules, stamp_ms)).collect();
            newest_version = pool.iter().map(|row| row.content_version).fold(newest_version, i32::max);
            let mut pool = pool;
            if let Some(version) = key.version {
                pool.retain(|row| row.content_version <= version);
            }
            let candidates: Vec<Candidate> = pool.iter().map(|row| candidate(row, stamp_ms)).collect();
            let size = usize::from(rules.of(kind).deck_size);
            let seed = seed ^ u64::from(kind.code().unsigned_abs());
            let decks = sampler::deal(&candidates, size, count, seed);
            // Each row that stands in any deck is made into JSON once.
            let mut places = vec![None; pool.len()];
            for (deck, places_of) in dealt.iter_mut().zip(decks) {
                for (at, why) in places_of {
                    let (Some(place), Some(row)) = (places.get_mut(at), pool.get(at)) else { continue };
                    let place = *place.get_or_insert_with(|| {
                        valid_until_ms = [valid_until_ms, row.expires_at_ms].into_iter().flatten().min();
                        rows.push(Bytes::from(TraceResponse::of(row.clone()).to_json_string()));
                        rows.len() - 1
                    });
                    deck.push((place, why));
                }
            }
        }
        let made = (0..count).map(|_| OnceLock::new()).collect();
        let (refresh_s, scope) = (rules.refresh_s, key.scope.as_str().to_owned());
        Self { stamp_ms, valid_until_ms, newest_version, dealt_after, refresh_s, named, scope, rows, dealt, made }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.made.len()
    }

    /// The newest content that anything in the scope fits.
    #[must_use]
    pub fn newest_version(&self) -> i32 {
        self.newest_version
    }

    /// When they were dealt, in milliseconds since the epoch.
    #[must_use]
    pub fn stamp_ms(&self) -> i64 {
        self.stamp_ms
    }

    /// When something in them is over.
    #[must_use]
    pub fn valid_until_ms(&self) -> Option<i64> {
        self.valid_until_ms
    }

    /// Which traces a deck shows, as JSON, and why.
    pub fn places(&self, deck: usize) -> impl Iterator<Item = (&Bytes, Why)> {
        let places = self.dealt.get(deck).into_iter().flatten();
        places.filter_map(|(place, why)| Some((self.rows.get(*place)?, *why)))
    }

    /// A deck, if it was made.
    #[must_use]
    pub fn try_get(&self, deck: usize) -> Option<&Deck> {
        self.made.get(deck)?.get()
    }

    /// A deck, made with `compressor` when it is first asked for.
    pub fn make(&self, deck: usize, compressor: &mut Compressor) -> Option<&Deck> {
        Some(self.made.get(deck)?.get_or_init(|| self.made_now(deck, compressor)))
    }

    /// How the body of a deck begins, up to its traces.
    #[must_use]
    pub fn head(&self, deck: usize) -> String {
        let Self { named: Named { game, environment }, dealt_after, refresh_s, .. } = self;
        let (game, scope, count) = (json::quoted(game), json::quoted(&self.scope), self.count());
        format!(
            r#"{{"game":{game},"environment":"{environment}","scope":{scope},"deck":{deck},"deck_count":{count},"revision":"{dealt_after}","refresh_s":{refresh_s},"traces":["#
        )
    }

    fn made_now(&self, deck: usize, compressor: &mut Compressor) -> Deck {
        let traces = Arc::new(compressor.segment(joined(self.places(deck).map(|(row, _)| row)), Content::Text));
        let (gzip, identity, crc) = assemble(&self.head(deck), &[Arc::clone(&traces)], "]}");
        let name = format!("{deck}-{:08x}{crc:08x}", identity.len());
        let ready = CacheHeaders::new(&name, "application/json", "no-cache", gzip.len(), identity.len());
        Deck { ready, gzip, identity, traces }
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

/// A body of segments with commas between, between two texts: gzipped, as it is, and its checksum.
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

impl Snapshot for Decks {
    fn revision(&self) -> i64 {
        self.stamp_ms
    }

    fn size_bytes(&self) -> usize {
        let rows: usize = self.rows.iter().map(Bytes::len).sum();
        // Each deck is made for somebody, at some time: its bytes twice, and gzipped.
        let places: usize = self.dealt.iter().map(Vec::len).sum();
        let average = rows / self.rows.len().max(1);
        rows + places * (average * 5 / 2 + 16) + self.made.len() * CACHE_HEADERS_BYTES
    }
}
