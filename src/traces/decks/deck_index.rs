//! An index of the cached decks by world and scope, so that those of a scope are found without a scan of the cache.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::model::DeckKey;
use crate::worlds::{ScopeKey, WorldKey};

/// The decks of a scope, and whether each was missing from the cache at the last [`DeckIndex::forget_missing`].
type OfScope = HashMap<DeckKey, bool>;

/// The keys of all decks in the cache, and of some that no longer are. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct DeckIndex(Arc<Mutex<HashMap<WorldKey, HashMap<ScopeKey, OfScope>>>>);

impl DeckIndex {
    fn worlds(&self) -> MutexGuard<'_, HashMap<WorldKey, HashMap<ScopeKey, OfScope>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the key of decks that are about to be cached.
    pub fn insert(&self, key: &DeckKey) {
        let mut worlds = self.worlds();
        let scopes = worlds.entry(key.world).or_default();
        scopes.entry(key.scope.clone()).or_default().insert(key.clone(), false);
    }

    /// Visits the keys of a world, or of some of its scopes.
    pub fn each(&self, world: WorldKey, scopes: Option<&BTreeSet<ScopeKey>>, visit: impl FnMut(&DeckKey)) {
        let worlds = self.worlds();
        let Some(of_world) = worlds.get(&world) else { return };
        match scopes {
            Some(scopes) => {
                scopes.iter().filter_map(|scope| of_world.get(scope)).flat_map(OfScope::keys).for_each(visit);
            }
            None => of_world.values().flat_map(OfScope::keys).for_each(visit),
        }
    }

    /// Removes the keys that are not among those `cached`, and were not at the last call either: a key inserted just before
    /// may not have reached the cache yet.
    pub fn forget_missing(&self, cached: &HashSet<DeckKey>) {
        self.worlds().retain(|_, scopes| {
            scopes.retain(|_, decks| {
                decks.retain(|key, missing| {
                    let was_missing = std::mem::replace(missing, !cached.contains(key));
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
    use crate::{platform::db::StudioId, traces::decks::model::Versions};

    fn key(world: i32, scope: &str, version: Option<i32>) -> DeckKey {
        let world = WorldKey::new(StudioId(1), world);
        let versions = version.map(|max| Versions { min: 0, max });
        DeckKey { world, scope: ScopeKey::stored(scope), group: None, versions }
    }

    fn highest(key: &DeckKey) -> Option<i32> {
        key.versions.map(|versions| versions.max)
    }

    fn visited(index: &DeckIndex, world: i32, scopes: Option<&[&str]>) -> Vec<DeckKey> {
        let scopes = scopes.map(|scopes| scopes.iter().map(|scope| ScopeKey::stored(scope)).collect());
        let mut visited = Vec::new();
        index.each(WorldKey::new(StudioId(1), world), scopes.as_ref(), |key| visited.push(key.clone()));
        visited.sort_by(|one, other| (one.scope.as_str(), highest(one)).cmp(&(other.scope.as_str(), highest(other))));
        visited
    }

    #[test]
    fn only_the_decks_of_the_scope_are_visited() {
        let index = DeckIndex::default();
        for number in 0..1000 {
            index.insert(&key(1, &number.to_string(), None));
            index.insert(&key(2, "7", Some(number)));
        }
        index.insert(&key(1, "7", Some(3)));
        index.insert(&key(1, "7", None));
        assert_eq!(visited(&index, 1, Some(&["7", "nowhere"])), [key(1, "7", None), key(1, "7", Some(3))]);
        assert_eq!(visited(&index, 1, None).len(), 1001);
        assert!(visited(&index, 3, None).is_empty());
    }

    #[test]
    fn a_key_is_forgotten_when_it_is_missing_from_the_cache_twice() {
        let index = DeckIndex::default();
        let (stays, goes) = (key(1, "a", None), key(1, "b", None));
        index.insert(&stays);
        index.insert(&goes);
        let cached = HashSet::from([stays.clone()]);
        index.forget_missing(&cached);
        assert_eq!(visited(&index, 1, None).len(), 2);
        // It is asked for again in between.
        index.insert(&goes);
        index.forget_missing(&cached);
        assert_eq!(visited(&index, 1, None).len(), 2);
        index.forget_missing(&cached);
        assert_eq!(visited(&index, 1, None), [stays]);
        index.forget_missing(&HashSet::new());
        index.forget_missing(&HashSet::new());
        assert!(index.worlds().is_empty());
    }
}
