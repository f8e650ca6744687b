//! Which scopes have grown so much that trimming them is worth the cost. Finding the oldest traces means reading past all that
//! stay, so a scope is looked at only when it may hold one in a hundred too many; a scope with room, when that may be full.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    traces::{TraceKind, settings::Rules},
    worlds::{ScopeKey, WorldKey},
};

/// Scopes counted at once. Beyond that counting starts over, and a scope is trimmed somewhat later.
const COUNTED: usize = 100_000;

/// A scope is due when one part in so many of what it keeps has been added.
const SHARE: u64 = 100;

/// Of the room that a look has found, one part in so many may be added here before the next look: up to so many instances fill a
/// scope together, and each counts only what it has stored itself.
const INSTANCES: u64 = 8;

/// The growth of one kind in one scope since it was last looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Growth {
    /// Traces added.
    added: u64,
    /// Traces that may be added before the next look.
    room: u64,
}

type Growths = HashMap<(WorldKey, ScopeKey), [Growth; TraceKind::ALL.len()]>;

/// The growth of scopes since they were last trimmed.
#[derive(Debug, Default)]
pub struct TrimQueue(Mutex<Growths>);

impl TrimQueue {
    /// Counts what was added to scopes of a world; each with the code of its kind.
    pub fn count(&self, world: WorldKey, added: &[(ScopeKey, i16)]) {
        let mut growths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if growths.len() > COUNTED {
            growths.clear();
        }
        for (scope, code) in added {
            let of_scope = growths.entry((world, scope.clone())).or_default();
            for (kind, growth) in TraceKind::ALL.into_iter().zip(of_scope) {
                growth.added += u64::from(kind.code() == *code);
            }
        }
    }

    /// The scopes and kinds to trim now; their counts start over.
    pub fn take_due(&self, rules: impl Fn(WorldKey) -> Arc<Rules>) -> Vec<(WorldKey, ScopeKey, TraceKind)> {
        let mut growths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        for ((world, scope), of_scope) in &mut *growths {
            let rules = rules(*world);
            for (kind, growth) in TraceKind::ALL.into_iter().zip(of_scope) {
                if growth.added > growth.room.max(u64::from(rules.of(kind).keep) / SHARE) {
                    *growth = Growth::default();
                    due.push((*world, scope.clone(), kind));
                }
            }
        }
        due
    }

    /// Sets how many more traces of a kind fit into a scope, as a look has found.
    pub fn set_room(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, room: u64) {
        let mut growths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(of_scope) = growths.get_mut(&(world, scope.clone())) else { return };
        for (_, growth) in TraceKind::ALL.into_iter().zip(of_scope).filter(|(of, _)| *of == kind) {
            growth.room = room / INSTANCES;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::StudioId;

    #[test]
    fn a_scope_with_room_is_looked_at_when_an_eighth_of_it_has_come_in() {
        let (grown, world, scope) = (TrimQueue::default(), WorldKey::new(StudioId(1), 1), ScopeKey::default());
        let rules = Arc::new(Rules::default());
        let keep = u64::from(rules.of(TraceKind::Object).keep);
        let ripe_after = |added: u64| {
            for _ in 0..added {
                grown.count(world, &[(scope.clone(), TraceKind::Object.code())]);
            }
            !grown.take_due(|_| Arc::clone(&rules)).is_empty()
        };
        let share = keep / SHARE;
        assert!(!ripe_after(share));
        assert!(ripe_after(1));
        let room = 80 * share;
        grown.set_room(world, &scope, TraceKind::Object, room);
        assert!(!ripe_after(room / INSTANCES));
        assert!(ripe_after(1));
        assert!(!ripe_after(share), "what was found holds until the next look");
        assert!(ripe_after(1));
    }
}
