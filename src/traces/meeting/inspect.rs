//! How the decks of a scope are dealt at this moment, laid open: what there is, what was looked at, what stands where and why.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    decks,
    model::{DeckKey, MeetingError},
    sampler::Why,
    service::{Hand, Meeting},
    store::InScope,
};
use crate::{
    traces::{
        rules::TraceKind,
        trace::{GroupKey, TraceError},
    },
    worlds::{ScopeKey, WorldKey},
};

/// What there is of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The kind.
    pub kind: TraceKind,
    /// What lies in the scope.
    pub in_scope: InScope,
    /// How many the sampler has looked at.
    pub candidates: usize,
}

/// The decks of a scope, with what they were dealt from.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The game,
    pub game: String,
    /// and which of its worlds.
    pub environment: String,
    /// What the game says of its axes,
    pub axes: String,
    /// and of its units.
    pub units: String,
    /// Seconds for which decks stay at least.
    pub refresh_s: u16,
    /// When they were dealt.
    pub dealt_at_ms: i64,
    /// What there is, in the order of the kinds.
    pub counts: Vec<Counts>,
    /// Where those lie that were looked at.
    pub places: Vec<(TraceKind, [f64; 3])>,
    /// What stands in any deck, each once, as `/v1` shows it.
    pub traces: Vec<Value>,
    /// Which of these stand in which deck, and why.
    pub decks: Vec<Vec<(usize, Why)>>,
}

impl Meeting {
    /// Deals the decks of a scope, for who wants to see how that is done: servers that hold decks of it go on with theirs.
    ///
    /// # Errors
    /// The world is gone, or the database is away.
    pub async fn inspect(
        &self,
        world: WorldKey,
        scope: ScopeKey,
        group: Option<GroupKey>,
    ) -> Result<Inspected, MeetingError> {
        let key = DeckKey { world, scope, group, version: None };
        let hand = self.dealer().read(&key).await?;
        let (rules, dealt_at_ms) = (hand.rules.clone(), hand.stamp_ms);
        let in_scope = self.store(world).await?.counted(&key, &rules, dealt_at_ms).await?;
        let counts = |(kind, in_scope)| Counts { kind, in_scope, candidates: candidates(kind, &hand) };
        let counts = TraceKind::ALL.into_iter().zip(in_scope).map(counts).collect();
        let candidates = hand.pools.iter().flat_map(|pool| pool.rows.iter().map(|row| (pool.kind, row)));
        let places = candidates
            .filter(|(_, row)| decks::fits(row, &rules, dealt_at_ms))
            .filter_map(|(kind, row)| Some((kind, [row.x?, row.y?, row.z?])))
            .collect();
        let (game, environment) = (hand.named.game.clone(), hand.named.environment.clone());
        let dealt = hand.deal(&key);
        let (mut met, mut traces, mut decks) = (HashMap::new(), Vec::new(), Vec::new());
        for deck in 0..dealt.count() {
            let mut places = Vec::new();
            for (row, why) in dealt.places(deck) {
                let at = if let Some(at) = met.get(row) {
                    *at
                } else {
                    let broken = |error: serde_json::Error| TraceError::Broken(error.to_string());
                    traces.push(serde_json::from_slice(row).map_err(broken)?);
                    met.insert(row.clone(), traces.len() - 1);
                    traces.len() - 1
                };
                places.push((at, why));
            }
            decks.push(places);
        }
        let (axes, units, refresh_s) = (rules.axes.clone(), rules.units.clone(), rules.refresh_s);
        Ok(Inspected { game, environment, axes, units, refresh_s, dealt_at_ms, counts, places, traces, decks })
    }
}

/// How many of a kind the sampler has looked at.
fn candidates(kind: TraceKind, hand: &Hand) -> usize {
    let fits = |row: &&entity::tenant::traces::trace::Model| decks::fits(row, &hand.rules, hand.stamp_ms);
    hand.pools.iter().filter(|pool| pool.kind == kind).flat_map(|pool| pool.rows.iter().filter(fits)).count()
}
