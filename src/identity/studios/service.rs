//! What can be done with studios, games and keys.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{
    keyring::{self, Keyring},
    model::{self, Actor, AuditEntry, Game, Key, Listed, Minted, NewKey, Slug, StudioError, Title},
    rules::Change,
    store::Store,
};
use crate::{
    identity::{
        access::model::{Environment, Grant, KeyRefused, PublicWorld},
        accounts::Accounts,
    },
    platform::{
        cache::Cache,
        db::{Database, StudioId},
        page::{self, Page},
        tasks::Tasks,
    },
    traces::rules::Rules,
};

/// Entries of the audit that are shown at once.
const DEEDS: u64 = 1000;

/// The studio and the game of the open world.
const DEFAULT: &str = "default";

/// What the feature is set to.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The keys in memory.
    pub keyring: keyring::Settings,
    /// Whether anyone with an account founds studios, or administrators alone.
    pub anyone_founds: bool,
    /// Studios that one user may found.
    pub studios_per_user: u32,
    /// For how long an invitation is good.
    pub invitations_last: Duration,
}

/// Founds studios, registers games, mints keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Studios {
    store: Store,
    database: Database,
    keyring: Keyring,
    accounts: Accounts,
    settings: Settings,
    tasks: Tasks,
    open_world: (StudioId, i32),
}

impl Studios {
    /// Starts the feature, with the studio and the game of the open world. `announcements` are those of the other
    /// instances, of [`super::CHANNEL`].
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn start(
        database: Database,
        cache: Cache,
        announcements: mpsc::Receiver<Bytes>,
        accounts: Accounts,
        settings: Settings,
        tasks: &Tasks,
    ) -> Result<Self, StudioError> {
        let store = Store::new(database.clone());
        let open_world = open_world(&store, &database).await?;
        let keyring = Keyring::start(store.clone(), cache, announcements, settings.keyring, tasks).await?;
        Ok(Self { store, database, keyring, accounts, settings, tasks: tasks.clone(), open_world })
    }

    /// The studio and, in its own tables, the world that is open to callers without a key, where that is allowed.
    #[must_use]
    pub fn open_world(&self) -> (StudioId, i32) {
        self.open_world
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// How many migrations a studio's tables have had.
    pub(super) async fn migrations(&self, studio: StudioId) -> Result<usize, StudioError> {
        Ok(self.database.states().await?.get(&studio).map_or(0, |state| state.applied))
    }

    /// Takes in changes of keys, and tells the other instances.
    pub(super) async fn keys_changed(&self) {
        self.keyring.changed().await;
    }

    /// Founds a studio.
    ///
    /// # Errors
    /// There is one of that name.
    pub async fn found(&self, slug: &Slug, actor: Actor<'_>) -> Result<StudioId, StudioError> {
        let founded = self.store.found(slug, &Title::parse("")?, None, actor).await?;
        let studio = founded.ok_or_else(|| StudioError::StudioTaken(slug.as_str().to_owned()))?;
        self.database.create_tenant(studio).await?;
        Ok(studio)
    }

    /// Deletes a studio with all that its players have left. Its keys open nothing any more before anything is removed; what
    /// was cut short goes on when it is called again. What the audit says of it stays.
    ///
    /// # Errors
    /// There is none of that name, or it is that of the open world.
    pub async fn delete(&self, slug: &Slug, actor: Actor<'_>) -> Result<(), StudioError> {
        let studio = self.studio(slug).await?;
        if studio == self.open_world.0 {
            return Err(StudioError::OpenWorld);
        }
        self.shut(studio, actor).await?;
        self.store.revoke_keys(studio, actor).await?;
        self.keyring.changed().await;
        self.database.remove_tenant(studio).await?;
        Ok(self.store.remove(studio, slug, actor).await?)
    }

    /// Nobody reads the studio's games without a key any more.
    async fn shut(&self, studio: StudioId, actor: Actor<'_>) -> Result<(), StudioError> {
        let new = Rules::of_new(self.settings.keyring.keep);
        for game in self.store.games(studio).await? {
            for environment in Environment::ALL {
                // Where that is so already nothing is changed, or written down.
                let change = Change::read(br#"{"public_reads":false}"#)?;
                self.store.decide(&game, environment, change, &new, actor).await?;
            }
        }
        Ok(())
    }

    /// All studios, with the state of their tables: also in a database that is not ready to work with.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn list(database: &Database) -> Result<Vec<Listed>, StudioError> {
        let states = database.states().await?;
        let studios = Store::new(database.clone()).studios().await?.into_iter();
        // One that was founded between the two looks is listed next time.
        Ok(studios.filter_map(|studio| Some(Listed { schema: *states.get(&studio.id)?, studio })).collect())
    }

    /// The studio of that name.
    ///
    /// # Errors
    /// There is none.
    pub async fn studio(&self, slug: &Slug) -> Result<StudioId, StudioError> {
        self.store.studio(slug).await?.ok_or_else(|| StudioError::NoStudio(slug.as_str().to_owned()))
    }

    /// Registers a game of a studio, with a world for each environment.
    ///
    /// # Errors
    /// There is one of that name.
    pub async fn register(
        &self,
        studio: StudioId,
        slug: &Slug,
        name: &Title,
        actor: Actor<'_>,
    ) -> Result<(), StudioError> {
        if register(&self.store, studio, slug, name, actor).await? {
            Ok(())
        } else {
            Err(StudioError::GameTaken(slug.as_str().to_owned()))
        }
    }

    /// The games of a studio.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn games(&self, studio: StudioId) -> Result<Vec<Game>, StudioError> {
        Ok(self.store.games(studio).await?)
    }

    /// The game of that name.
    ///
    /// # Errors
    /// There is none.
    pub async fn game(&self, studio: StudioId, slug: &str) -> Result<Game, StudioError> {
        let games = self.store.games(studio).await?;
        games.into_iter().find(|game| game.slug == slug).ok_or_else(|| StudioError::NoGame(slug.to_owned()))
    }

    /// Mints a key for a game. What is returned is not seen again.
    ///
    /// # Errors
    /// A key of that kind may not do what is asked for.
    pub async fn mint(&self, game: &Game, order: &NewKey, actor: Actor<'_>) -> Result<Minted, StudioError> {
        if !order.scopes.within(order.kind.most()) || order.scopes.is_empty() {
            return Err(StudioError::TooMuch { kind: order.kind, asked: order.scopes });
        }
        let minted = model::mint(order.kind, order.environment)?;
        self.store.keep_key(game, order, &minted, actor).await?;
        self.keyring.changed().await;
        Ok(minted)
    }

    /// Mints a key that takes another's place: the same but for its id and secret. Both are valid until the old one is
    /// revoked, and there is no third one before that.
    ///
    /// # Errors
    /// There is no such key, it is revoked, or it has a successor already.
    pub async fn rotate(&self, id: &str, actor: Actor<'_>) -> Result<Minted, StudioError> {
        let (kind, environment) = self.store.key_form(id).await?.ok_or_else(|| StudioError::NoKey(id.to_owned()))?;
        let minted = model::mint(kind, environment)?;
        self.store.keep_successor(id, &minted, actor).await?;
        self.keyring.changed().await;
        Ok(minted)
    }

    /// Revokes a key: within a second it opens nothing any more, on any instance.
    ///
    /// # Errors
    /// There is no such key.
    pub async fn revoke(&self, id: &str, actor: Actor<'_>) -> Result<(), StudioError> {
        self.store.revoke_key(id, actor).await?;
        self.keyring.changed().await;
        Ok(())
    }

    /// The keys of a studio, those of one game where one is named.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn keys(&self, studio: StudioId, game: Option<&Game>) -> Result<Vec<Key>, StudioError> {
        Ok(self.store.keys(studio, game.map(|game| game.id)).await?)
    }

    /// What the game of a world has decided: never waits. A game that has decided nothing, and the open world, have what a
    /// new game has.
    #[must_use]
    pub fn rules(&self, studio: StudioId, world: i32) -> Arc<Rules> {
        self.keyring.rules(studio, world)
    }

    /// The world that is called so (`studio/game`, `studio/game/dev`), if its game lets anyone read it: never waits.
    #[must_use]
    pub fn public(&self, name: &str) -> Option<Arc<PublicWorld>> {
        self.keyring.public(name)
    }

    /// Changes what a game decides in an environment: within a second all instances know. Returns all its rules.
    ///
    /// # Errors
    /// A scope would keep more than this server lets it, or the database can't be reached.
    pub async fn decide(
        &self,
        game: &Game,
        environment: Environment,
        change: Change,
        actor: Actor<'_>,
    ) -> Result<Rules, StudioError> {
        let most = self.settings.keyring.keep;
        let beyond = change.beyond(most);
        if !beyond.is_empty() {
            return Err(StudioError::Invalid(beyond));
        }
        let rules = self.store.decide(game, environment, change, &Rules::of_new(most), actor).await?.on(most);
        self.keyring.changed().await;
        Ok(rules)
    }

    /// Writes down what was done elsewhere to something of a studio's.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn note(
        &self,
        studio: StudioId,
        actor: Actor<'_>,
        action: &str,
        object: String,
        detail: String,
    ) -> Result<(), StudioError> {
        Ok(self.store.note(studio, actor, action, object, detail).await?)
    }

    /// What was done at a studio lately, the newest first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn audit_entries(&self, studio: StudioId) -> Result<Vec<AuditEntry>, StudioError> {
        Ok(self.store.audit_entries(studio, None, DEEDS).await?)
    }

    /// At most `limit` of what was done at a studio, the newest first, before one of them if that is named; and whether
    /// there is more.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn audit_before(
        &self,
        studio: StudioId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<AuditEntry>, StudioError> {
        let rows = self.store.audit_entries(studio, before, page::rows_for(limit)).await?;
        Ok(Page::cut(rows, limit))
    }

    /// The key of a game that has this id.
    ///
    /// # Errors
    /// There is none.
    pub async fn key(&self, game: &Game, id: &str) -> Result<Key, StudioError> {
        let keys = self.store.keys(game.studio, Some(game.id)).await?;
        keys.into_iter().find(|key| key.id == id).ok_or_else(|| StudioError::NoKey(id.to_owned()))
    }

    /// What a key opens, if that is known without waiting.
    #[must_use]
    pub fn try_get(&self, shown: &[u8]) -> Option<Arc<Grant>> {
        self.keyring.try_get(shown)
    }

    /// What a key opens.
    ///
    /// # Errors
    /// Nothing, or nobody can tell.
    pub async fn look_up(&self, shown: &str) -> Result<Arc<Grant>, KeyRefused> {
        self.keyring.look_up(shown).await
    }
}

/// Makes what is not there yet of the open world.
async fn open_world(store: &Store, database: &Database) -> Result<(StudioId, i32), StudioError> {
    let (slug, name) = (Slug::parse(DEFAULT)?, Title::parse("The open world")?);
    let studio = match store.studio(&slug).await? {
        Some(studio) => studio,
        None => match store.found(&slug, &name, None, Actor::Cairn).await? {
            Some(studio) => studio,
            // Another instance was first.
            None => store.studio(&slug).await?.ok_or_else(|| StudioError::NoStudio(DEFAULT.to_owned()))?,
        },
    };
    let game = async || {
        let games = store.games(studio).await?;
        Ok::<_, StudioError>(games.into_iter().find(|game| game.slug == DEFAULT))
    };
    if let Some(game) = game().await? {
        return Ok((studio, game.live_world));
    }
    database.create_tenant(studio).await?;
    register(store, studio, &slug, &name, Actor::Cairn).await?;
    let game = game().await?.ok_or_else(|| StudioError::NoGame(DEFAULT.to_owned()))?;
    Ok((studio, game.live_world))
}

/// Makes a game's worlds, then the game; false when there is one of that name.
async fn register(
    store: &Store,
    studio: StudioId,
    slug: &Slug,
    name: &Title,
    actor: Actor<'_>,
) -> Result<bool, StudioError> {
    // Worlds first: they are made once however often that is tried, and a game without them opens nothing.
    let live = store.make_world(studio, slug, Environment::Live).await?;
    let dev = store.make_world(studio, slug, Environment::Dev).await?;
    store.add_game(studio, slug, name, [live, dev], actor).await
}
