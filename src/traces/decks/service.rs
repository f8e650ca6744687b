//! Serves decks from a cache, and single traces from the database.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;

use super::{
    builder::DeckBuilder,
    deck_index::DeckIndex,
    deck_set::DeckSet,
    model::{DeckError, DeckKey, Versions},
    refresh::ChangedScopes,
    store::Store,
};
use crate::{
    platform::{
        clock,
        codec::deflate,
        snapshot::{
            cache::{SnapshotCache, Unavailable},
            metrics::SnapshotMetrics,
        },
        tasks::Tasks,
    },
    traces::{
        TraceWorlds,
        settings::{GameRules, Rules},
        trace::{Trace, TraceError},
    },
    worlds::{WorldChange, WorldKey},
};

/// The settings of the feature.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The size of the cache, in bytes.
    pub deck_bytes: u64,
    /// How long a reader waits for a deck at most.
    pub wait: Duration,
}

/// The cached decks of scopes.
pub(super) type DeckCache = SnapshotCache<DeckKey, DeckSet, TraceError>;

/// Shows decks and single traces. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Decks {
    pub(super) worlds: TraceWorlds,
    pub(super) rules: GameRules,
    pub(super) cache: DeckCache,
    pub(super) index: DeckIndex,
    pub(super) changed: ChangedScopes,
    pub(super) builder: DeckBuilder,
    compressors: deflate::Pool,
}

impl Decks {
    /// Starts the feature, with the task that refreshes decks.
    #[must_use]
    pub fn start(
        worlds: TraceWorlds,
        rules: GameRules,
        compressors: deflate::Pool,
        settings: Settings,
        tasks: &Tasks,
        metrics: &SnapshotMetrics,
    ) -> Self {
        let builder = DeckBuilder::new(worlds.clone(), rules.clone());
        let for_cache = builder.clone();
        let cache = SnapshotCache::new(settings.deck_bytes, settings.wait, tasks, metrics, move |key, _| {
            for_cache.clone().build(key).boxed()
        });
        let (index, changed) = (DeckIndex::default(), ChangedScopes::default());
        let decks = Self { worlds, rules, cache, index, changed, builder, compressors };
        let (cache, index, changed) = (decks.cache.clone(), decks.index.clone(), decks.changed.clone());
        decks.worlds.on_change(move |change| {
            changed.record(change);
            if change.alters_existing {
                invalidate(&cache, &index, change);
            }
        });
        tasks.spawn_until_stop("decks", decks.clone().refresh_due());
        decks
    }

    /// The decks of a scope, if they are cached and up to date.
    #[inline]
    #[must_use]
    pub fn try_get(&self, key: &DeckKey) -> Option<Arc<DeckSet>> {
        self.cache.try_get(key)
    }

    /// The decks of a scope for a reader who understands these content versions.
    ///
    /// # Errors
    /// They can't be built, or building them takes too long.
    pub async fn get(&self, key: DeckKey, understood: Versions) -> Result<Arc<DeckSet>, DeckError> {
        self.worlds.track(key.world).await?;
        let all = self.cached(&key).await?;
        match all.versions_for(understood) {
            Some(versions) => self.cached(&DeckKey { versions: Some(versions), ..key }).await,
            None => Ok(all),
        }
    }

    async fn cached(&self, key: &DeckKey) -> Result<Arc<DeckSet>, DeckError> {
        self.index.insert(key);
        self.cache.get(key).await.map_err(|unavailable| match unavailable {
            Unavailable::TimedOut => TraceError::Late.into(),
            Unavailable::Failed(error) => TraceError::clone(&error).into(),
        })
    }

    /// Encodes a deck, if it was not before.
    ///
    /// # Errors
    /// The program is stopping.
    pub async fn encode(&self, decks: &Arc<DeckSet>, deck: usize) -> Result<(), DeckError> {
        if decks.try_get(deck).is_none() {
            let mut compressor = self.compressors.get().await.map_err(TraceError::broken)?;
            let decks = Arc::clone(decks);
            let encode = move || decks.encode(deck, &mut compressor).is_some();
            tokio::task::spawn_blocking(encode).await.map_err(TraceError::broken)?;
        }
        Ok(())
    }

    /// A trace that every player may see.
    ///
    /// # Errors
    /// [`DeckError::NotFound`]; or the database is unavailable.
    pub async fn trace(&self, world: WorldKey, id: i64) -> Result<Trace, DeckError> {
        let found = self.store(world).await?.visible(id, clock::now_ms()).await?;
        let rules = self.rules(world);
        found.filter(|trace| trace.content_version >= rules.content_version_min).ok_or(DeckError::NotFound)
    }

    pub(super) async fn store(&self, world: WorldKey) -> Result<Store, DeckError> {
        Ok(Store::new(&self.worlds.tables(world.studio()).await?, world))
    }

    pub(super) fn rules(&self, world: WorldKey) -> Arc<Rules> {
        self.rules.rules(world.studio(), world.world())
    }
}

/// Marks the decks of the scopes in which a trace was changed or removed, so that they are rebuilt.
fn invalidate(cache: &DeckCache, index: &DeckIndex, WorldChange { world, scopes, .. }: WorldChange<'_>) {
    let now_ms = clock::now_ms() + 1;
    index.each(world, scopes, |key| cache.mark(key, now_ms));
}
