//! What higher domains hand in: how the settings of games are kept, how their worlds are created, and which tables move with a
//! studio.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;

use super::store::SettingsTx;
use crate::{
    identity::access::{Environment, PublicWorld},
    platform::{
        db::{MovableTable, Tenant},
        error::StoreError,
    },
};

/// The settings of games, which are opaque here: the implementation keeps them in memory, and reads them again when
/// [`GameSettingsPort::refresh`] is called.
///
/// They share the revision of all keys: a change raises it ([`super::Studios::begin_settings_change`]), and the keyring,
/// which watches it, calls `refresh` on every instance within a second.
pub trait GameSettingsPort: fmt::Debug + Send + Sync {
    /// Reads the settings that were changed after a revision into memory. `all`: the database was restored to an earlier
    /// state, so the settings in memory are replaced.
    fn refresh(&self, after: i64, all: bool) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The world of that name (`studio/game`, `studio/game/dev`), if its game lets anyone read it. Does not wait.
    fn public_world(&self, name: &str) -> Option<Arc<PublicWorld>>;

    /// Turns off public reads, in the transaction of a change. Returns the differences, empty if there are none.
    fn close_public_reads<'a>(&'a self, change: &'a SettingsTx) -> BoxFuture<'a, Result<String, StoreError>>;
}

/// Returns the key, in a studio's tables, of a game's world in an environment; creates the world if it does not exist. The text
/// is the game's slug.
pub type EnsureWorld = for<'a> fn(&'a Tenant, &'a str, Environment) -> BoxFuture<'a, Result<i32, StoreError>>;

/// What higher domains hand in.
#[derive(Clone, Debug)]
pub struct Ports {
    /// The settings of games.
    pub game_settings: Arc<dyn GameSettingsPort>,
    /// Creates the worlds of games.
    pub ensure_world: EnsureWorld,
    /// All tables of a studio, those that others refer to first.
    pub tenant_tables: Vec<MovableTable>,
    /// The control tables whose rows belong to a game, by a column `game`, and carry the revision of all keys in a column
    /// `revision`.
    pub game_tables: Vec<MovableTable>,
}
