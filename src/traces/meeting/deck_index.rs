//! Which decks may stand on the snapshot cache, by world and scope: so that whoever looks for some of them looks at those alone.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::model::DeckKey;
use crate::worlds::{ScopeKey, WorldKey};

/// The decks of a scope, and whether each was missing from the snapshot cache when it was last looked through.
type OfScope = HashMap<DeckKey, bool>;

/// All that may stand on the snapshot cache, and perhaps some that do not. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct DeckIndex(Arc<Mutex<HashMap<WorldKey, HashMap<ScopeKey, OfScope>>>>);

impl DeckIndex {
    fn worlds(&self) -> MutexGuard<'_, HashMap<WorldKey, HashMap<ScopeKey, OfScope>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It may stand there from now on.
    pub fn file(&self, key: &DeckKey) {
        let mut worlds = self.worlds();
        let scopes = worlds.entry(key.world).or_default();
        scopes.entry(key.scope.clone()).or_default().insert(key.clone(), false);
    }

    /// Visits those of a world, or of some of its scopes.
    pub fn each(&self, world: WorldKey, scopes: Option<&BTreeSet<ScopeKey>>, visit: impl FnMut(&DeckKey)) {
        let worlds = self.worlds();
        let Some(deck_index) = worlds.get(&world) else { return };
        match scopes {
            Some(scopes) => {
                scopes.iter().filter_map(|scope| deck_index.get(scope)).flat_map(OfScope::keys).for_each(visit)
            }
            None => deck_index.values().flat_map(OfScope::keys).for_each(visit),
        }
    }

    /// Forgets what is not on the snapshot cache, and was not there the last time either: what was indexed a moment ago is only about to
    /// stand there.
    pub fn forget_missing(&self, on_shelf: &HashSet<DeckKey>) {
        self.worlds().retain(|_, scopes| {
            scopes.retain(|_, decks| {
                decks.retain(|key, missing| {
                    let was_missing = std::mem::replace(missing, !on_shelf.contains(key));
                    !(*missing && was_missing)
                });
                !decks.is_empty()
            });
            !scopes.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::StudioId;

    fn key(world: i32, scope: &str, version: Option<i32>) -> DeckKey {
        let world = WorldKey::new(StudioId(1), world);
        DeckKey { world, scope: ScopeKey::stored(scope), group: None, version }
    }

    fn visited(deck_index: &DeckIndex, world: i32, scopes: Option<&[&str]>) -> Vec<DeckKey> {
        let scopes = scopes.map(|scopes| scopes.iter().map(|scope| ScopeKey::stored(scope)).collect());
        let mut visited = Vec::new();
        deck_index.each(WorldKey::new(StudioId(1), world), scopes.as_ref(), |key| visited.push(key.clone()));
        visited.sort_by(|one, other| (one.scope.as_str(), one.version).cmp(&(other.scope.as_str(), other.version)));
        visited
    }

    #[test]
    fn however_many_decks_there_are_only_those_of_the_scope_are_visited() {
        let deck_index = DeckIndex::default();
        for number in 0..1000 {
            deck_index.file(&key(1, &number.to_string(), None));
            deck_index.file(&key(2, "7", Some(number)));
        }
        deck_index.file(&key(1, "7", Some(3)));
        deck_index.file(&key(1, "7", None));
        assert_eq!(visited(&deck_index, 1, Some(&["7", "nowhere"])), [key(1, "7", None), key(1, "7", Some(3))]);
        assert_eq!(visited(&deck_index, 1, None).len(), 1001);
        assert!(visited(&deck_index, 3, None).is_empty());
    }

    #[test]
    fn what_is_not_on_the_shelf_is_forgotten_but_not_what_is_about_to_stand_there() {
        let deck_index = DeckIndex::default();
        let (stays, goes) = (key(1, "a", None), key(1, "b", None));
        deck_index.file(&stays);
        deck_index.file(&goes);
        let snapshot_cache = HashSet::from([stays.clone()]);
        deck_index.forget_missing(&snapshot_cache);
        assert_eq!(visited(&deck_index, 1, None).len(), 2);
        // It was asked for again in between.
        deck_index.file(&goes);
        deck_index.forget_missing(&snapshot_cache);
        assert_eq!(visited(&deck_index, 1, None).len(), 2);
        deck_index.forget_missing(&snapshot_cache);
        assert_eq!(visited(&deck_index, 1, None), [stays]);
        deck_index.forget_missing(&HashSet::new());
        deck_index.forget_missing(&HashSet::new());
        assert!(deck_index.worlds().is_empty());
    }
}
