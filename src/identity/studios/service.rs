//! The use cases of studios, by what they are about.

mod audit;
mod creation;
mod games;
mod invitations;
mod keys;
mod members;
mod studios;
mod transfer;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::sync::mpsc;

pub use self::transfer::{StudioExport, StudioImport, is_export_line};
use super::{
    keyring::{self, Keyring},
    model::StudioError,
    ports::Ports,
    store::Store,
};
use crate::{
    identity::accounts::Accounts,
    platform::{
        cache::Cache,
        db::{Database, StudioId},
        tasks::Tasks,
    },
};

/// Settings of the feature.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The keys in memory.
    pub keyring: keyring::Settings,
    /// Whether anyone with an account may create studios, or administrators alone.
    pub anyone_creates_studios: bool,
    /// Studios that one user may create, unless they are an administrator.
    pub studios_per_user: u32,
    /// For how long an invitation is valid.
    pub invitations_last: Duration,
    /// How long a repeated request is answered as the first was.
    pub requests_kept: Duration,
}

/// Studios with their members, games and keys. Cheap to clone.
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
    /// Starts the feature, and creates the studio and the game of the open world if they do not exist. `announcements` are
    /// those of other instances on [`super::CHANNEL`].
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
        let open_world = creation::open_world(&store, &database, ports.ensure_world).await?;
        let game_settings = Arc::clone(&ports.game_settings);
        let keyring =
            Keyring::start(store.clone(), cache, announcements, game_settings, settings.keyring, tasks).await?;
        Ok(Self { store, database, keyring, accounts, ports, settings, tasks: tasks.clone(), open_world })
    }

    /// The studio and, in its own tables, the world that is open to callers without a key, where the configuration allows
    /// that.
    #[must_use]
    pub fn open_world(&self) -> (StudioId, i32) {
        self.open_world
    }
}
