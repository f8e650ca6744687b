//! The quotas of an author: how many traces of a kind they have, and which are evicted to make room.

use std::collections::HashMap;

use crate::{
    traces::TraceKind,
    worlds::{ScopeKey, TraceLocation},
};

/// A trace of an author, as quotas count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTrace {
    /// Its id.
    pub id: i64,
    /// Its kind.
    pub kind: TraceKind,
    /// Its scope.
    pub scope: ScopeKey,
}

impl OwnTrace {
    fn counts(&self, kind: TraceKind, scope: Option<&ScopeKey>) -> bool {
        self.kind == kind && scope.is_none_or(|scope| *scope == self.scope)
    }
}

/// What quotas count together: an author's traces of a kind, in a scope or, without one, in all.
pub type Counted = (TraceKind, Option<ScopeKey>);

/// How many traces an author has, the oldest of them as far as they may be evicted, and those that are to be evicted.
#[derive(Clone, Debug, Default)]
pub struct OwnTraces {
    counts: HashMap<Counted, u32>,
    /// The oldest first.
    traces: Vec<OwnTrace>,
    evicted: Vec<TraceLocation>,
}

impl OwnTraces {
    /// The most traces that are evicted at once, where a quota was lowered: the world is locked meanwhile.
    pub const EVICTED: usize = 200;

    /// An author with so many traces, of which `oldest` are the oldest: of each count as many as may be evicted.
    #[must_use]
    pub fn new(counts: HashMap<Counted, u32>, oldest: Vec<OwnTrace>) -> Self {
        Self { counts, traces: oldest, evicted: Vec::new() }
    }

    /// Adds the newest trace.
    pub fn push(&mut self, trace: OwnTrace) {
        for scope in [Some(trace.scope.clone()), None] {
            *self.counts.entry((trace.kind, scope)).or_default() += 1;
        }
        self.traces.push(trace);
    }

    /// How many there are of a kind in a scope, or in all scopes.
    #[must_use]
    pub fn count(&self, kind: TraceKind, scope: Option<&ScopeKey>) -> u32 {
        self.counts.get(&(kind, scope.cloned())).copied().unwrap_or_default()
    }

    /// Evicts the oldest of a kind, in a scope or in all scopes, until `quota` are left or [`OwnTraces::EVICTED`] are
    /// evicted in all; returns their ids.
    pub fn evict(&mut self, kind: TraceKind, scope: Option<&ScopeKey>, quota: u32) -> Vec<i64> {
        let mut ids = Vec::new();
        while self.count(kind, scope) > quota && self.evicted.len() < Self::EVICTED {
            let Some(oldest) = self.traces.iter().position(|own| own.counts(kind, scope)) else { break };
            let OwnTrace { id, scope, .. } = self.traces.remove(oldest);
            for scope in [Some(scope.clone()), None] {
                if let Some(count) = self.counts.get_mut(&(kind, scope)) {
                    *count = count.saturating_sub(1);
                }
            }
            ids.push(id);
            self.evicted.push(TraceLocation { id, scope });
        }
        ids
    }

    /// Takes out traces that were removed for want of room.
    pub fn forget(&mut self, ids: &[i64]) {
        self.traces.retain(|own| !ids.contains(&own.id));
    }

    /// All traces that are to be evicted.
    #[must_use]
    pub fn evicted(&self) -> &[TraceLocation] {
        &self.evicted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(id: i64, kind: TraceKind, scope: &str) -> OwnTrace {
        OwnTrace { id, kind, scope: ScopeKey::stored(scope) }
    }

    #[test]
    fn the_oldest_of_the_same_kind_and_scope_is_evicted_first() {
        let mut traces = OwnTraces::default();
        for (id, kind, scope) in [
            (1, TraceKind::Object, "a"),
            (2, TraceKind::Message, "b"),
            (3, TraceKind::Message, "a"),
            (4, TraceKind::Message, "a"),
        ] {
            traces.push(own(id, kind, scope));
        }
        assert_eq!(traces.evict(TraceKind::Message, Some(&ScopeKey::stored("a")), 1), [3]);
        assert_eq!(traces.evict(TraceKind::Message, None, 1), [2]);
        assert_eq!(traces.count(TraceKind::Message, None), 1);
        assert_eq!(traces.evicted().iter().map(|gone| gone.id).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn a_lowered_quota_evicts_some_with_each_new_trace() {
        let last = i64::try_from(OwnTraces::EVICTED).unwrap();
        let oldest = (1..=last).map(|id| own(id, TraceKind::Message, "a")).collect();
        let counts = [Some(ScopeKey::stored("a")), None].map(|scope| ((TraceKind::Message, scope), 5_000));
        let mut traces = OwnTraces::new(counts.into(), oldest);
        traces.push(own(9_000, TraceKind::Message, "a"));
        assert_eq!(traces.evict(TraceKind::Message, None, 10), (1..=last).collect::<Vec<_>>());
        assert_eq!(traces.count(TraceKind::Message, None), 4_801);
    }
}
