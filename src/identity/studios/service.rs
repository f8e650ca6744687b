//! What can be done with studios, games and keys.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{
    keyring::{self, Keyring},
    model::{self, Actor, AuditEntry, Game, IssuedKey, Key, NewKey, Slug, StudioError, StudioStatus, Title},
    ports::Ports,
    store::{SettingsTx, Store},
};
use crate::{
    identity::{
        access::model::{Environment, Grant, KeyRefused, PublicWorld},
        accounts::Accounts,
    },
    platform::{
        cache::Cache,
        db::{Database, StudioId},
        tasks::Tasks,
    },
};

/// Entries of the audit that are shown at once.
const AUDIT_ENTRIES: u64 = 1000;

/// The studio and the game of the open world.
const DEFAULT: &str = "default";

/// What the feature is set to.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The keys in memory.
    pub keyring: keyring::Settings,
    /// Whether anyone with an account founds studios, or administrators alone.
    pub anyone_creates_studios: bool,
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
    ports: Ports,
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
        ports: Ports,
        settings: Settings,
        tasks: &Tasks,
    ) -> Result<Self, StudioError> {
        let store = Store::new(database.clone());
        let open_world = open_world(&store, &database).await?;
        let game_settings = Arc::clone(&ports.game_settings);
        let keyring =
            Keyring::start(store.clone(), cache, announcements, game_settings, settings.keyring, tasks).await?;
        Ok(Self { store, database, keyring, accounts, ports, settings, tasks: tasks.clone(), open_world })
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

    pub(super) fn ports(&self) -> &Ports {
        &self.ports
    }

    /// How many migrations a studio's tables have had.
    pub(super) async fn migrations(&self, studio: StudioId) -> Result<usize, StudioError> {
        Ok(self.database.states().await?.get(&studio).map_or(0, |state| state.applied))
    }

    /// Takes in changes of keys, and tells the other instances.
    pub(super) async fn keys_changed(&self) {
        self.keyring.refresh_and_announce().await;
    }

    /// Founds a studio.
    ///
    /// # Errors
    /// There is one of that name.
    pub async fn create(&self, slug: &Slug, actor: Actor<'_>) -> Result<StudioId, StudioError> {
        let founded = self.store.insert_studio(slug, &Title::parse("")?, None, actor).await?;
        let studio = founded.ok_or_else(|| StudioError::StudioTaken(slug.as_str().to_owned()))?;
        self.database.make_tenant(studio).await?;
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
            return Err(StudioError::IsOpenWorld);
        }
        self.close_public_reads(studio, actor).await?;
        self.store.revoke_all_keys(studio, actor).await?;
        self.keyring.refresh_and_announce().await;
        self.database.remove_tenant(studio).await?;
        Ok(self.store.delete_studio(studio, slug, &self.ports.game_tables, actor).await?)
    }

    /// Lets nobody read the studio's games without a key any more.
    async fn close_public_reads(&self, studio: StudioId, actor: Actor<'_>) -> Result<(), StudioError> {
        for game in self.store.games(studio).await? {
            for environment in Environment::ALL {
                let change = self.store.begin_settings_change(&game, environment).await?;
                let differences = self.ports.game_settings.close_public_reads(&change).await?;
                self.store.finish_settings_change(change, actor, differences).await?;
            }
        }
        Ok(())
    }

    /// All studios, with the state of their tables: also in a database that is not ready to work with.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn list(database: &Database) -> Result<Vec<StudioStatus>, StudioError> {
        let states = database.states().await?;
        let studios = Store::new(database.clone()).studios().await?.into_iter();
        // One that was founded between the two looks is listed next time.
        Ok(studios.filter_map(|studio| Some(StudioStatus { schema: *states.get(&studio.id)?, studio })).collect())
    }

    /// The studio of that name.
    ///
    /// # Errors
    /// There is none.
    pub async fn studio(&self, slug: &Slug) -> Result<StudioId, StudioError> {
        self.store.studio(slug).await?.ok_or_else(|| StudioError::StudioNotFound(slug.as_str().to_owned()))
    }

    /// Registers a game of a studio, with a world for each environment.
    ///
    /// # Errors
    /// There is one of that name.
    pub async fn register_game(
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
        games.into_iter().find(|game| game.slug == slug).ok_or_else(|| StudioError::GameNotFound(slug.to_owned()))
    }

    /// Mints a key for a game. What is returned is not seen again.
    ///
    /// # Errors
    /// A key of that kind may not do what is asked for.
    pub async fn issue_key(&self, game: &Game, new_key: &NewKey, actor: Actor<'_>) -> Result<IssuedKey, StudioError> {
        if !new_key.scopes.within(new_key.kind.most()) || new_key.scopes.is_empty() {
            return Err(StudioError::PermissionsTooWide { kind: new_key.kind, asked: new_key.scopes });
        }
        let issued = model::generate_key(new_key.kind, new_key.environment)?;
        self.store.insert_key(game, new_key, &issued, actor).await?;
        self.keyring.refresh_and_announce().await;
        Ok(issued)
    }

    /// Mints a key that takes another's place: the same but for its id and secret. Both are valid until the old one is
    /// revoked, and there is no third one before that.
    ///
    /// # Errors
    /// There is no such key, it is revoked, or it has a successor already.
    pub async fn rotate_key(&self, id: &str, actor: Actor<'_>) -> Result<IssuedKey, StudioError> {
        let (kind, environment) =
            self.store.key_form(id).await?.ok_or_else(|| StudioError::KeyNotFound(id.to_owned()))?;
        let issued = model::generate_key(kind, environment)?;
        self.store.insert_successor(id, &issued, actor).await?;
        self.keyring.refresh_and_announce().await;
        Ok(issued)
    }

    /// Revokes a key: within a second it opens nothing any more, on any instance.
    ///
    /// # Errors
    /// There is no such key.
    pub async fn revoke_key(&self, id: &str, actor: Actor<'_>) -> Result<(), StudioError> {
        self.store.revoke_key(id, actor).await?;
        self.keyring.refresh_and_announce().await;
        Ok(())
    }

    /// The keys of a studio, those of one game where one is named.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn keys(&self, studio: StudioId, game: Option<&Game>) -> Result<Vec<Key>, StudioError> {
        Ok(self.store.keys(studio, game.map(|game| game.id)).await?)
    }

    /// The world that is called so (`studio/game`, `studio/game/dev`), if its game lets anyone read it: never waits.
    #[must_use]
    pub fn public(&self, name: &str) -> Option<Arc<PublicWorld>> {
        self.keyring.public(name)
    }

    /// Begins a change of a game's settings in an environment: until it ends nobody else changes settings or keys.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn begin_settings_change(
        &self,
        game: &Game,
        environment: Environment,
    ) -> Result<SettingsTx, StudioError> {
        Ok(self.store.begin_settings_change(game, environment).await?)
    }

    /// Commits a change of a game's settings, with its entry in the audit log: all instances know within a second. If there
    /// are no differences it is rolled back.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn finish_settings_change(
        &self,
        change: SettingsTx,
        actor: Actor<'_>,
        differences: String,
    ) -> Result<(), StudioError> {
        self.store.finish_settings_change(change, actor, differences).await?;
        self.keyring.refresh_and_announce().await;
        Ok(())
    }

    /// Writes down what was done elsewhere to something of a studio's.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn record_audit(
        &self,
        studio: StudioId,
        actor: Actor<'_>,
        action: &str,
        object: String,
        detail: String,
    ) -> Result<(), StudioError> {
        Ok(self.store.record_audit(studio, actor, action, object, detail).await?)
    }

    /// What was done at a studio lately, the newest first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn audit_entries(&self, studio: StudioId) -> Result<Vec<AuditEntry>, StudioError> {
        Ok(self.store.audit_entries(studio, None, AUDIT_ENTRIES).await?)
    }

    /// At most `limit` of what was done at a studio, the newest first, before one of them if that is named; and whether
    /// there is more.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn audit_page(
        &self,
        studio: StudioId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<AuditEntry>, bool), StudioError> {
        let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let mut audit_entries = self.store.audit_entries(studio, before, one_more).await?;
        let more = audit_entries.len() > limit;
        audit_entries.truncate(limit);
        Ok((audit_entries, more))
    }

    /// The key of a game that has this id.
    ///
    /// # Errors
    /// There is none.
    pub async fn key(&self, game: &Game, id: &str) -> Result<Key, StudioError> {
        let keys = self.store.keys(game.studio, Some(game.id)).await?;
        keys.into_iter().find(|key| key.id == id).ok_or_else(|| StudioError::KeyNotFound(id.to_owned()))
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
        None => match store.insert_studio(&slug, &name, None, Actor::Cairn).await? {
            Some(studio) => studio,
            // Another instance was first.
            None => store.studio(&slug).await?.ok_or_else(|| StudioError::StudioNotFound(DEFAULT.to_owned()))?,
        },
    };
    let game = async || {
        let games = store.games(studio).await?;
        Ok::<_, StudioError>(games.into_iter().find(|game| game.slug == DEFAULT))
    };
    if let Some(game) = game().await? {
        return Ok((studio, game.live_world));
    }
    database.make_tenant(studio).await?;
    register(store, studio, &slug, &name, Actor::Cairn).await?;
    let game = game().await?.ok_or_else(|| StudioError::GameNotFound(DEFAULT.to_owned()))?;
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
    let live = store.ensure_world(studio, slug, Environment::Live).await?;
    let dev = store.ensure_world(studio, slug, Environment::Dev).await?;
    store.insert_game(studio, slug, name, [live, dev], actor).await
}
