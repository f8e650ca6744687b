//! Marks cached decks that are due to be rebuilt.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{model::DeckKey, service::Decks};
use crate::{
    platform::{clock, error::StoreError},
    worlds::{ScopeKey, WorldChange, WorldKey},
};

/// The pause between two rounds.
const INTERVAL: Duration = Duration::from_secs(1);

/// Decks of an unchanged scope are rebuilt after this many times `refresh_s`, so that readers see other traces.
const UNCHANGED_FACTOR: i64 = 30;

/// The most changed scopes that are remembered. Decks of further scopes are rebuilt like those of unchanged ones.
const MAX_CHANGED: usize = 100_000;

type Scopes = HashMap<WorldKey, HashSet<ScopeKey>>;

#[derive(Debug, Default)]
struct Inner {
    scopes: Scopes,
    count: usize,
}

/// The scopes in which something has changed since the last round. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct ChangedScopes(Arc<Mutex<Inner>>);

impl ChangedScopes {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the scopes of a change.
    pub fn record(&self, change: WorldChange<'_>) {
        let mut inner = self.inner();
        let Some(scopes) = change.scopes.filter(|_| inner.count < MAX_CHANGED) else { return };
        inner.count += scopes.len();
        inner.scopes.entry(change.world).or_default().extend(scopes.iter().cloned());
    }

    fn take(&self) -> Scopes {
        std::mem::take(&mut *self.inner()).scopes
    }
}

impl Decks {
    /// Marks the decks that are due, again and again.
    pub(super) async fn refresh_due(self) {
        let mut changed = Scopes::new();
        loop {
            tokio::time::sleep(INTERVAL).await;
            for (world, scopes) in self.changed.take() {
                changed.entry(world).or_default().extend(scopes);
            }
            let keys: HashSet<DeckKey> = self.cache.keys().into_iter().collect();
            self.index.forget_missing(&keys);
            self.follow_worlds(&keys).await;
            changed = self.mark_due(keys, &changed);
        }
    }

    /// Follows the worlds of the cached decks: serving a cached deck does not, and their changes must arrive here.
    async fn follow_worlds(&self, keys: &HashSet<DeckKey>) {
        for world in keys.iter().map(|key| key.world).collect::<HashSet<_>>() {
            // A studio that was deleted has no readers left; its decks would fail here in every round.
            if let Err(StoreError::Statement(_)) = self.worlds.track(world).await {
                self.index.each(world, None, |key| self.cache.remove(key));
            }
        }
    }

    /// Marks the decks that are due; returns the changed scopes whose decks are not due yet.
    fn mark_due(&self, keys: HashSet<DeckKey>, changed: &Scopes) -> Scopes {
        let now_ms = clock::now_ms();
        let mut waiting = Scopes::new();
        for key in keys {
            let Some(held) = self.cache.held(&key) else { continue };
            let refresh_ms = i64::from(self.rules(key.world).refresh_s) * 1000;
            let age_ms = now_ms - held.read_at_ms();
            let has_changed = changed.get(&key.world).is_some_and(|scopes| scopes.contains(&key.scope));
            let has_expired = held.valid_until_ms().is_some_and(|valid_until_ms| valid_until_ms <= now_ms);
            if has_expired || age_ms >= refresh_ms * UNCHANGED_FACTOR || (has_changed && age_ms >= refresh_ms) {
                self.cache.mark(&key, now_ms + 1);
            } else if has_changed {
                waiting.entry(key.world).or_default().insert(key.scope);
            }
        }
        waiting
    }
}
