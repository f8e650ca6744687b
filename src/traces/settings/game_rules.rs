//! The rules of all games that have changed any, in the memory of this instance. The keyring of `identity::studios` has changed
//! rules read, together with changed keys.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    model::{Rules, RulesPatch, ScopeLimits},
    store::{Store, StoredRules},
};
use crate::{
    identity::{
        access::{Environment, PublicWorld},
        studios::{GameDirectory, GameSettingsPort, NamedGame, SettingsTx},
    },
    platform::{
        db::{Database, StudioId},
        error::StoreError,
    },
};

/// The rules of worlds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GameRules(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    directory: GameDirectory,
    limits: ScopeLimits,
    /// By the studio and the world's id in the studio's tables.
    decided: RwLock<HashMap<(StudioId, i32), Arc<Rules>>>,
    /// The rules of a game that has not changed any.
    defaults: Arc<Rules>,
    /// Whether any world is closed to v0: while none is, hot reads need not ask for the rules.
    any_v0_closed: AtomicBool,
    /// The worlds that anyone may read, by their names.
    public: RwLock<HashMap<String, Arc<PublicWorld>>>,
}

/// The rules of a world, with its names.
struct WorldRules {
    world: PublicWorld,
    studio_slug: String,
    rules: Rules,
}

impl WorldRules {
    fn new(stored: StoredRules, NamedGame { studio_slug, game }: &NamedGame) -> Self {
        let StoredRules { environment, rules, .. } = stored;
        let (name, world) = (game.slug.as_str().into(), game.world(environment));
        let world = PublicWorld { studio: game.studio, game: name, environment, world };
        Self { world, studio_slug: studio_slug.clone(), rules }
    }

    /// The names in `?game=`: `studio/game/environment`, and for the live world also `studio/game`.
    fn names(&self) -> Vec<String> {
        let game = format!("{}/{}", self.studio_slug, self.world.game);
        let full = format!("{game}/{}", self.world.environment.name());
        match self.world.environment {
            Environment::Live => vec![game, full],
            Environment::Dev => vec![full],
        }
    }
}

impl GameRules {
    /// An empty table, on a server with those limits; to be filled by the keyring before anything is served.
    #[must_use]
    pub fn new(database: Database, limits: ScopeLimits) -> Self {
        Self(Arc::new(Inner {
            store: Store::new(database.clone()),
            directory: GameDirectory::new(database),
            limits,
            decided: RwLock::default(),
            defaults: Arc::new(Rules::of_new_game(limits)),
            any_v0_closed: AtomicBool::new(false),
            public: RwLock::default(),
        }))
    }

    /// The rules of a world, without waiting. A game that has not changed any, and the open world, have those of a new game.
    #[must_use]
    pub fn rules(&self, studio: StudioId, world: i32) -> Arc<Rules> {
        let decided = self.0.decided.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(decided.get(&(studio, world)).unwrap_or(&self.0.defaults))
    }

    /// Whether the v0 routes are open for a world, without waiting.
    #[inline]
    #[must_use]
    pub fn is_v0_open(&self, studio: StudioId, world: i32) -> bool {
        !self.0.any_v0_closed.load(Ordering::Acquire) || self.rules(studio, world).v0
    }

    /// The server's limits.
    #[must_use]
    pub fn limits(&self) -> ScopeLimits {
        self.0.limits
    }

    /// Applies a patch in the transaction of a change; returns the rules then, and the differences.
    pub(super) async fn update(&self, change: &SettingsTx, patch: RulesPatch) -> Result<(Rules, String), StoreError> {
        self.0.store.update_rules(change, patch, &self.0.defaults).await
    }

    async fn read_changes(&self, after: i64, all: bool) -> Result<(), StoreError> {
        let stored = self.0.store.changed_rules(after).await?;
        let games: HashSet<i64> = stored.iter().map(|stored| stored.game.into()).collect();
        let games = self.0.directory.games(&games.into_iter().collect::<Vec<_>>()).await?;
        let games: HashMap<i32, NamedGame> = games.into_iter().map(|named| (named.game.id, named)).collect();
        // A game that was deleted between the two queries has no rules any more.
        let world_rules = |stored: StoredRules| games.get(&stored.game).map(|game| WorldRules::new(stored, game));
        self.replace(stored.into_iter().filter_map(world_rules), all);
        Ok(())
    }

    /// Replaces the rules of those worlds; removes all others if these are `all`.
    fn replace(&self, changes: impl Iterator<Item = WorldRules>, all: bool) {
        let mut decided = self.0.decided.write().unwrap_or_else(PoisonError::into_inner);
        let mut public = self.0.public.write().unwrap_or_else(PoisonError::into_inner);
        if all {
            decided.clear();
            public.clear();
        }
        for change in changes {
            let names = change.names();
            let WorldRules { world, rules, .. } = change;
            let (key, world) = ((world.studio, world.world), Arc::new(world));
            for name in names {
                if rules.public_reads {
                    public.insert(name, Arc::clone(&world));
                } else {
                    public.remove(&name);
                }
            }
            decided.insert(key, Arc::new(rules.limited(self.0.limits)));
        }
        self.0.any_v0_closed.store(decided.values().any(|rules| !rules.v0), Ordering::Release);
    }
}

impl GameSettingsPort for GameRules {
    fn refresh(&self, after: i64, all: bool) -> BoxFuture<'_, Result<(), StoreError>> {
        self.read_changes(after, all).boxed()
    }

    fn public_world(&self, name: &str) -> Option<Arc<PublicWorld>> {
        self.0.public.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn close_public_reads<'a>(&'a self, change: &'a SettingsTx) -> BoxFuture<'a, Result<String, StoreError>> {
        async move { Ok(self.update(change, RulesPatch::closing_public_reads()).await?.1) }.boxed()
    }
}
