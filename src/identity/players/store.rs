//! The SQL of players; that of their refresh tokens, of display names, of legacy names and of links to accounts is in
//! [`tokens`], [`display_names`], [`legacy_names`] and [`links`].

mod display_names;
mod erasure;
mod legacy_names;
mod links;
mod tables;
mod tokens;

use entity::{control::identity::signing_key, tenant::identity::player};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{LockType, OnConflict, Query, SelectStatement},
};
use uuid::Uuid;

pub use self::{
    legacy_names::{BoundName, select_bound_names},
    tables::{personal_tables, tenant_tables},
    tokens::{NewFamily, NewToken, OpenedFamily, Rotation},
};
use super::model::{DeviceDigest, StoredPlayer};
use crate::{
    identity::access::Player,
    platform::{
        db::{Database, StudioId, WorldTables},
        error::StoreError,
    },
};

/// The purpose under which the signing key of players' tokens is stored.
const PURPOSE: &str = "player token";

/// Players and their tokens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

#[derive(FromQueryResult)]
struct PlayerRow {
    created_at_ms: i64,
    display_name: Option<String>,
}

/// A player that exists: of [`select_player`].
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct FoundPlayer {
    /// When the player was created, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
}

/// The player of an id in a world, for the stores of the domains above: column `created_at_ms`.
#[must_use]
pub fn select_player(tables: &WorldTables, id: Uuid) -> SelectStatement {
    tables
        .select_from::<player::Entity>()
        .column(player::Column::CreatedAtMs)
        .and_where(player::Column::Id.eq(id.to_string()))
        .take()
}

fn stored_id(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}

impl Store {
    /// The store on a database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The secret that signs players' tokens: the stored one, or else `fresh`, which is stored.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn signing_key(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let insert = Query::insert()
            .into_table(control.table(signing_key::Entity))
            .columns([signing_key::Column::Purpose, signing_key::Column::Secret])
            .values_panic([PURPOSE.into(), fresh.to_vec().into()])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        control.execute(&transaction, &insert).await?;
        control.commit(transaction).await?;
        let find =
            control.select::<signing_key::Entity>().and_where(signing_key::Column::Purpose.eq(PURPOSE)).to_owned();
        let rows: Vec<signing_key::Model> = control.all(&find).await?;
        let secret = rows.into_iter().next().and_then(|row| row.secret.try_into().ok());
        secret.ok_or_else(|| StoreError::Statement(sea_orm::DbErr::RecordNotFound("the signing key".to_owned())))
    }

    /// The player of a device.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_by_device(
        &self,
        studio: StudioId,
        world: i32,
        device: &DeviceDigest,
    ) -> Result<Option<Uuid>, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let find = tables
            .select_from::<player::Entity>()
            .column(player::Column::Id)
            .and_where(player::Column::Device.eq(device.0.to_vec()))
            .to_owned();
        let rows: Vec<IdRow> = tables.all(&find).await?;
        Ok(rows.first().map(|row| stored_id(&row.id)))
    }

    /// Locks a player's row until the transaction ends; returns whether there is such a player.
    async fn lock_player(
        tables: &WorldTables,
        transaction: &DatabaseTransaction,
        id: Uuid,
    ) -> Result<bool, StoreError> {
        let mut lock = tables.select_from::<player::Entity>();
        lock.column(player::Column::Id).and_where(player::Column::Id.eq(id.to_string())).lock(LockType::Update);
        Ok(!tables.returned::<IdRow>(transaction, &lock).await?.is_empty())
    }

    /// A player; `None` where there is no such player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, player: &Player) -> Result<Option<StoredPlayer>, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let find = tables
            .select_from::<player::Entity>()
            .columns([player::Column::CreatedAtMs, player::Column::DisplayName])
            .and_where(player::Column::Id.eq(player.id.to_string()))
            .to_owned();
        let rows: Vec<PlayerRow> = tables.all(&find).await?;
        let stored = |row: PlayerRow| StoredPlayer { created_at_ms: row.created_at_ms, display_name: row.display_name };
        Ok(rows.into_iter().next().map(stored))
    }
}
