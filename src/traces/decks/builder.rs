//! Builds the decks of a scope: reads the candidates, selects from them, encodes the selection.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    deck_set::DeckSet,
    model::{Candidates, DeckHead, DeckKey, WorldName},
    selection::Selection,
    store::Store,
};
use crate::{
    platform::clock,
    traces::{
        TraceWorlds,
        settings::{GameRules, Rules},
        trace::TraceError,
    },
    worlds::WorldKey,
};

/// Builds decks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DeckBuilder {
    worlds: TraceWorlds,
    rules: GameRules,
    names: Arc<Mutex<HashMap<WorldKey, WorldName>>>,
}

/// What was read to build the decks of a scope.
#[derive(Debug)]
pub struct DeckInputs {
    /// The candidates of each kind.
    pub candidates: Vec<Candidates>,
    /// The rules of the game.
    pub rules: Arc<Rules>,
    /// The names of the world.
    pub name: WorldName,
    /// When reading began, in milliseconds since the epoch.
    pub read_at_ms: i64,
    seed: u64,
    revision: i64,
}

impl DeckInputs {
    /// Selects the traces of the decks.
    #[must_use]
    pub fn select(self, key: &DeckKey) -> Selection {
        Selection::select(key, self.candidates, &self.rules, self.seed, self.read_at_ms)
    }

    fn build(self, key: &DeckKey) -> DeckSet {
        let (name, scope) = (self.name.clone(), key.scope.as_str().to_owned());
        let (revision, refresh_s, read_at_ms) = (self.revision, self.rules.refresh_s, self.read_at_ms);
        let selection = self.select(key);
        let head = DeckHead { name, scope, deck_count: selection.decks.len(), revision, refresh_s };
        DeckSet::new(selection, head, read_at_ms)
    }
}

/// The seed of the random choices: the same on all instances within a time slot, another for each scope.
fn seed(key: &DeckKey, slot: i64) -> u64 {
    let mut hash = DefaultHasher::new();
    (key, slot).hash(&mut hash);
    hash.finish()
}

impl DeckBuilder {
    /// A builder of decks of `worlds`, by the rules of the games.
    #[must_use]
    pub fn new(worlds: TraceWorlds, rules: GameRules) -> Self {
        Self { worlds, rules, names: Arc::default() }
    }

    /// Builds the decks of a scope.
    ///
    /// # Errors
    /// The world is gone, or the database is unavailable.
    pub async fn build(self, key: DeckKey) -> Result<DeckSet, TraceError> {
        let inputs = self.read(&key).await?;
        let build = move || inputs.build(&key);
        tokio::task::spawn_blocking(build).await.map_err(TraceError::broken)
    }

    /// Reads what the decks of a scope are built from.
    ///
    /// # Errors
    /// The world is gone, or the database is unavailable.
    pub async fn read(&self, key: &DeckKey) -> Result<DeckInputs, TraceError> {
        let read_at_ms = clock::now_ms();
        let store = Store::new(&self.worlds.tables(key.world.studio()).await?, key.world);
        let rules = self.rules.rules(key.world.studio(), key.world.world());
        // Before the candidates are read, so that a client that follows the changes from here misses none.
        let revision = self.worlds.tracked_revision(key.world);
        let slot = read_at_ms / (i64::from(rules.refresh_s.max(1)) * 1000);
        let seed = seed(key, slot);
        let mut random = fastrand::Rng::with_seed(seed);
        let candidates = store.candidates(key, &rules, || random.u16(..)).await?;
        let name = self.name(&store, key.world).await?;
        Ok(DeckInputs { candidates, rules, name, read_at_ms, seed, revision })
    }

    /// The names of a world, which never change.
    async fn name(&self, store: &Store, world: WorldKey) -> Result<WorldName, TraceError> {
        if let Some(name) = self.names.lock().unwrap_or_else(PoisonError::into_inner).get(&world) {
            return Ok(name.clone());
        }
        let gone = || TraceError::broken(format!("there is no world {world}"));
        let name = store.world_name().await?.ok_or_else(gone)?;
        self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(world, name.clone());
        Ok(name)
    }
}
