//! How the decks of a scope would be built now, in full: the traces in the scope, the candidates, and the picks.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    model::{DeckError, DeckKey, KindCounts},
    sampler::Pick,
    selection::is_eligible,
    service::Decks,
};
use crate::{
    platform::named::Named,
    traces::{
        TraceKind,
        trace::{GroupKey, Trace, TraceError, TraceResponse},
    },
    worlds::{ScopeKey, WorldKey},
};

/// The traces of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The kind.
    pub kind: TraceKind,
    /// Those in the scope.
    pub in_scope: KindCounts,
    /// How many of them were candidates.
    pub candidates: usize,
}

/// The decks of a scope, with what they were built from.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The game.
    pub game: String,
    /// The environment.
    pub environment: String,
    /// Which way the game's axes point; empty if it has not said.
    pub axes: String,
    /// The game's units.
    pub units: String,
    /// Seconds for which decks are kept at least.
    pub refresh_s: u16,
    /// When the candidates were read, in milliseconds since the epoch.
    pub read_at_ms: i64,
    /// The number of traces of each kind.
    pub counts: Vec<Counts>,
    /// The positions of the candidates.
    pub positions: Vec<(TraceKind, [f64; 3])>,
    /// The traces that are in any deck, each once, as `/v1` shows them.
    pub traces: Vec<Value>,
    /// The picks of each deck, as places in `traces`.
    pub decks: Vec<Vec<Pick>>,
}

impl Decks {
    /// Builds the decks of a scope and returns them with all that they were built from. Cached decks stay as they are.
    ///
    /// # Errors
    /// The world is gone, or the database is unavailable.
    pub async fn inspect(
        &self,
        world: WorldKey,
        scope: ScopeKey,
        group: Option<GroupKey>,
    ) -> Result<Inspection, DeckError> {
        let key = DeckKey { world, scope, group, versions: None };
        let inputs = self.builder.read(&key).await?;
        let (rules, name, read_at_ms) = (inputs.rules.clone(), inputs.name.clone(), inputs.read_at_ms);
        let in_scope = self.store(world).await?.count(&key, &rules, read_at_ms).await?;
        let candidates = inputs.candidates.iter().flat_map(|candidates| &candidates.traces);
        let candidates: Vec<&Trace> = candidates.filter(|trace| is_eligible(trace, &rules, read_at_ms)).collect();
        let counts = |(kind, in_scope)| {
            let candidates = candidates.iter().filter(|trace| trace.kind == kind).count();
            Counts { kind, in_scope, candidates }
        };
        let counts = TraceKind::ALL.into_iter().zip(in_scope).map(counts).collect();
        let positions = candidates.iter().filter_map(|trace| Some((trace.kind, trace.position?))).collect();
        let selection = inputs.select(&key);
        let (traces, decks) = in_order_of_decks(&selection.traces, &selection.decks)?;
        let axes = rules.axes.map(Named::public_name).unwrap_or_default().to_owned();
        let (units, refresh_s) = (rules.units.clone(), rules.refresh_s);
        let (game, environment) = (name.game, name.environment);
        Ok(Inspection { game, environment, axes, units, refresh_s, read_at_ms, counts, positions, traces, decks })
    }
}

/// The traces as JSON in the order in which they first appear in a deck, and the picks as places in that.
fn in_order_of_decks(selected: &[Trace], decks: &[Vec<Pick>]) -> Result<(Vec<Value>, Vec<Vec<Pick>>), TraceError> {
    let (mut places, mut traces) = (HashMap::new(), Vec::new());
    let mut ordered = Vec::with_capacity(decks.len());
    for deck in decks {
        let mut picks = Vec::with_capacity(deck.len());
        for (at, reason) in deck {
            let Some(trace) = selected.get(*at) else { continue };
            let place = if let Some(place) = places.get(at) {
                *place
            } else {
                let json = TraceResponse::from(trace.clone()).to_json();
                traces.push(serde_json::from_str(&json).map_err(TraceError::broken)?);
                places.insert(*at, traces.len() - 1);
                traces.len() - 1
            };
            picks.push((place, *reason));
        }
        ordered.push(picks);
    }
    Ok((traces, ordered))
}
