//! The scopes that have grown so much that trimming them is worth the cost. Finding the traces to trim means reading past all that are
//! kept, so a scope is checked only when it may hold 1 % too many; a scope that was found to have room, when the room may be full.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    traces::{TraceKind, settings::Rules},
    worlds::{ScopeKey, WorldKey},
};

/// The most scopes that are counted. With more all counts start over, and scopes are trimmed somewhat later.
const COUNTED_SCOPES: usize = 100_000;

/// A scope is due when `1 / SHARE` of what it keeps was added.
const SHARE: u64 = 100;

/// `1 / INSTANCES` of the room that a check has found may be added on this instance before the next check: up to so many instances
/// add to a scope at the same time, and each counts only its own traces.
const INSTANCES: u64 = 8;

/// The growth of one kind in one scope since it was last checked.
#[derive(Clone, Copy, Debug, Default)]
struct Growth {
    /// Traces added.
    added: u64,
    /// Traces that may be added before the next check.
    room: u64,
}

type Growths = HashMap<(WorldKey, ScopeKey), [Growth; TraceKind::ALL.len()]>;

/// The growth of scopes since they were last trimmed.
#[derive(Debug, Default)]
pub struct TrimQueue(Mutex<Growths>);

impl TrimQueue {
    /// Counts traces that were added to a world: the scope and the code of the kind of each.
    pub fn count(&self, world: WorldKey, added: &[(ScopeKey, i16)]) {
        let mut growths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if growths.len() > COUNTED_SCOPES {
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

    /// Sets the number of traces of a kind that still fit into a scope, as a check has found it.
    pub fn set_room(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, room: u64) {
        let mut growths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(of_scope) = growths.get_mut(&(world, scope.clone())) else { return };
        for (_, growth) in TraceKind::ALL.into_iter().zip(of_scope).filter(|(counted, _)| *counted == kind) {
            growth.room = room / INSTANCES;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::StudioId;

    #[test]
    fn a_scope_with_room_is_checked_when_an_eighth_of_the_room_was_added() {
        let (queue, world, scope) = (TrimQueue::default(), WorldKey::new(StudioId(1), 1), ScopeKey::default());
        let rules = Arc::new(Rules::default());
        let keep = u64::from(rules.of(TraceKind::Object).keep);
        let is_due_after = |added: u64| {
            for _ in 0..added {
                queue.count(world, &[(scope.clone(), TraceKind::Object.code())]);
            }
            !queue.take_due(|_| Arc::clone(&rules)).is_empty()
        };
        let share = keep / SHARE;
        assert!(!is_due_after(share));
        assert!(is_due_after(1));
        let room = 80 * share;
        queue.set_room(world, &scope, TraceKind::Object, room);
        assert!(!is_due_after(room / INSTANCES));
        assert!(is_due_after(1));
        assert!(!is_due_after(share), "the room holds until the next check");
        assert!(is_due_after(1));
    }
}
