//! Which scopes have grown so much that trimming them is worth while. Finding the oldest traces means walking past all
//! that stay, so a scope is looked at only when it may hold one in a hundred too many; where it was found to have room, when
//! that may be full.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::model::{ScopeKey, TraceKind, WorldKey};
use crate::traces::settings::Rules;

/// Permissions that are counted at once. Beyond them counting begins anew: a scope is then trimmed somewhat later.
const COUNTED: usize = 100_000;

/// A scope is due when this share of what it keeps has come in, as one part of so many.
const SHARE: u64 = 100;

/// Of the room that a look has found, one part of so many may come in here before the next look: so many instances may fill a
/// scope together, and each counts only what it has stored itself.
const INSTANCES: u64 = 8;

/// Of a kind in a scope, since it was last looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Growth {
    /// What came in.
    came: u64,
    /// What may, before it is looked at again.
    room: u64,
}

type Growths = HashMap<(WorldKey, ScopeKey), [Growth; TraceKind::ALL.len()]>;

/// What came in since a scope was last trimmed.
#[derive(Debug, Default)]
pub struct TrimQueue(Mutex<Growths>);

impl TrimQueue {
    /// Counts what was stored.
    pub fn count<'a>(&self, stored: impl Iterator<Item = (WorldKey, &'a ScopeKey, TraceKind)>) {
        let mut growths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if growths.len() > COUNTED {
            growths.clear();
        }
        for (world, scope, came) in stored {
            let of_scope = growths.entry((world, scope.clone())).or_default();
            for (kind, growth) in TraceKind::ALL.into_iter().zip(of_scope) {
                growth.came += u64::from(kind == came);
            }
        }
    }

    /// The scopes and kinds that are due; their counts begin anew.
    pub fn take_due(&self, rules: impl Fn(WorldKey) -> Arc<Rules>) -> Vec<(WorldKey, ScopeKey, TraceKind)> {
        let mut growths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        for ((world, scope), of_scope) in &mut *growths {
            let rules = rules(*world);
            for (kind, growth) in TraceKind::ALL.into_iter().zip(of_scope) {
                if growth.came > growth.room.max(u64::from(rules.of(kind).keep) / SHARE) {
                    *growth = Growth::default();
                    due.push((*world, scope.clone(), kind));
                }
            }
        }
        due
    }

    /// Takes in that so many more may lie there than a look has found.
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
        let ripe_after = |came: u64| {
            for _ in 0..came {
                grown.count(std::iter::once((world, &scope, TraceKind::Object)));
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
