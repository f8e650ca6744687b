//! Selects the traces of a scope's decks from its candidates.

use super::{
    model::{Candidates, DeckKey, Versions},
    sampler::{self, Candidate, Pick},
};
use crate::traces::{settings::Rules, trace::Trace};

/// The traces of a scope's decks.
#[derive(Debug)]
pub struct Selection {
    /// The traces that are in any deck, each once.
    pub traces: Vec<Trace>,
    /// The picks of each deck, as places in `traces`.
    pub decks: Vec<Vec<Pick>>,
    /// The content versions of the candidates, from the lowest to the highest; without candidates, the lowest is above the
    /// highest.
    pub versions: Versions,
    /// When the first of the selected traces expires, in milliseconds since the epoch.
    pub valid_until_ms: Option<i64>,
}

/// Whether a candidate may be in a deck: its content version is one that the game shows, and it has not expired.
#[must_use]
pub fn is_eligible(trace: &Trace, rules: &Rules, now_ms: i64) -> bool {
    trace.content_version >= rules.content_version_min && !trace.is_expired(now_ms)
}

/// The weight of votes at which a trace counts as judged, in quarters of a vote: three whole votes. Those of one network are fewer.
const JUDGED: i32 = 12;

fn candidate(trace: &Trace, now_ms: i64) -> Candidate {
    let detail = &trace.detail;
    let mut words = detail.text.join("\n");
    if words.is_empty() && detail.sentence.template.is_some() {
        words = format!("{:?}", detail.words().1);
    }
    Candidate {
        // A name that is claimed is not the player whose id it may be.
        author: if trace.by_player { trace.author.clone() } else { format!("claimed {}", trace.author) },
        position: trace.position,
        words,
        score: trace.score,
        judged: trace.vote_weight >= JUDGED,
        network: trace.network,
        age_ms: now_ms - trace.created_at_ms,
        legacy: trace.legacy,
    }
}

impl Selection {
    /// Selects from these candidates; the same for the same `seed`.
    #[must_use]
    pub fn select(key: &DeckKey, candidates: Vec<Candidates>, rules: &Rules, seed: u64, now_ms: i64) -> Self {
        let count = usize::from(rules.decks.max(1));
        let versions = Versions { min: i32::MAX, max: i32::MIN };
        let mut selection = Self { traces: Vec::new(), decks: vec![Vec::new(); count], versions, valid_until_ms: None };
        for Candidates { kind, mut traces } in candidates {
            traces.retain(|trace| is_eligible(trace, rules, now_ms));
            for version in traces.iter().map(|trace| trace.content_version) {
                let Versions { min, max } = &mut selection.versions;
                (*min, *max) = (version.min(*min), version.max(*max));
            }
            if let Some(versions) = key.versions {
                traces.retain(|trace| versions.contains(trace.content_version));
            }
            let pool: Vec<Candidate> = traces.iter().map(|trace| candidate(trace, now_ms)).collect();
            let size = usize::from(rules.of(kind).deck_size);
            let seed = seed ^ u64::from(kind.code().unsigned_abs());
            selection.add(traces, sampler::sample(&pool, size, count, seed));
        }
        selection
    }

    /// Adds picks from `traces` to the decks.
    fn add(&mut self, traces: Vec<Trace>, decks: Vec<Vec<Pick>>) {
        let mut places = vec![None; traces.len()];
        let mut traces: Vec<Option<Trace>> = traces.into_iter().map(Some).collect();
        for (deck, picks) in self.decks.iter_mut().zip(decks) {
            for (at, reason) in picks {
                let (Some(place), Some(trace)) = (places.get_mut(at), traces.get_mut(at)) else { continue };
                // A trace is moved out when it is first picked.
                if let Some(trace) = trace.take() {
                    self.valid_until_ms = [self.valid_until_ms, trace.expires_at_ms].into_iter().flatten().min();
                    *place = Some(self.traces.len());
                    self.traces.push(trace);
                }
                deck.extend(place.map(|place| (place, reason)));
            }
        }
    }
}
