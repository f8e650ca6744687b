//! The quotas of an author: how many traces of a kind they have, and which are evicted to make room.

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

/// The traces of an author, the oldest first, and those that are to be evicted.
#[derive(Clone, Debug)]
pub struct OwnTraces {
    traces: Vec<OwnTrace>,
    evicted: Vec<TraceLocation>,
}

impl OwnTraces {
    /// An author with these traces, the oldest first.
    #[must_use]
    pub fn new(traces: Vec<OwnTrace>) -> Self {
        Self { traces, evicted: Vec::new() }
    }

    /// Adds the newest trace.
    pub fn push(&mut self, trace: OwnTrace) {
        self.traces.push(trace);
    }

    /// How many there are of a kind in a scope, or in all scopes.
    #[must_use]
    pub fn count(&self, kind: TraceKind, scope: Option<&ScopeKey>) -> u32 {
        u32::try_from(self.traces.iter().filter(|own| own.counts(kind, scope)).count()).unwrap_or(u32::MAX)
    }

    /// Evicts the oldest of a kind, in a scope or in all scopes, until `quota` are left; returns their ids.
    pub fn evict(&mut self, kind: TraceKind, scope: Option<&ScopeKey>, quota: u32) -> Vec<i64> {
        let mut ids = Vec::new();
        while self.count(kind, scope) > quota {
            let Some(oldest) = self.traces.iter().position(|own| own.counts(kind, scope)) else { break };
            let OwnTrace { id, scope, .. } = self.traces.remove(oldest);
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
        let mut traces = OwnTraces::new(vec![
            own(1, TraceKind::Object, "a"),
            own(2, TraceKind::Message, "b"),
            own(3, TraceKind::Message, "a"),
            own(4, TraceKind::Message, "a"),
        ]);
        assert_eq!(traces.evict(TraceKind::Message, Some(&ScopeKey::stored("a")), 1), [3]);
        assert_eq!(traces.evict(TraceKind::Message, None, 1), [2]);
        assert_eq!(traces.count(TraceKind::Message, None), 1);
        assert_eq!(traces.evicted().iter().map(|gone| gone.id).collect::<Vec<_>>(), [3, 2]);
    }
}
