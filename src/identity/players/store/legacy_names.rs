//! The SQL of legacy names.

use entity::tenant::identity::legacy_name;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{ExprTrait, OnConflict, Order, SelectStatement},
};
use uuid::Uuid;

use super::{Store, stored_id};
use crate::{
    identity::{
        access::Player,
        players::model::{LegacyName, MAX_LEGACY_NAMES, PlayerError},
    },
    platform::{
        clock,
        db::{StudioId, WorldTables},
        error::StoreError,
    },
};

/// A legacy name that is bound to a player: of [`select_bound_names`].
#[derive(Clone, Debug, FromQueryResult)]
pub struct BoundName {
    /// The name.
    pub name: String,
    /// The player's id.
    pub player: String,
}

/// Those of these names that are bound to players, for the stores of the domains above: columns `name` and `player`.
#[must_use]
pub fn select_bound_names<'a>(tables: &WorldTables, names: impl IntoIterator<Item = &'a str>) -> SelectStatement {
    tables
        .select_from::<legacy_name::Entity>()
        .columns([legacy_name::Column::Name, legacy_name::Column::Player])
        .and_where(legacy_name::Column::Name.is_in(names))
        .take()
}

#[derive(FromQueryResult)]
struct NameRow {
    name: String,
}

#[derive(FromQueryResult)]
struct OwnerRow {
    player: String,
}

impl Store {
    /// The names of a player, in the order in which they were bound.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn legacy_names(&self, player: &Player) -> Result<Vec<String>, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let find = tables
            .select_from::<legacy_name::Entity>()
            .column(legacy_name::Column::Name)
            .and_where(legacy_name::Column::Player.eq(player.id.to_string()))
            .order_by(legacy_name::Column::BoundAtMs, Order::Asc)
            .order_by(legacy_name::Column::Name, Order::Asc)
            .to_owned();
        let rows: Vec<NameRow> = tables.all(&find).await?;
        Ok(rows.into_iter().map(|row| row.name).collect())
    }

    /// The id of the player to whom a name is bound in a world.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_by_legacy_name(
        &self,
        studio: StudioId,
        world: i32,
        name: &LegacyName,
    ) -> Result<Option<Uuid>, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let find = tables
            .select_from::<legacy_name::Entity>()
            .column(legacy_name::Column::Player)
            .and_where(legacy_name::Column::Name.eq(name.as_str()))
            .to_owned();
        let rows: Vec<OwnerRow> = tables.all(&find).await?;
        Ok(rows.first().map(|row| stored_id(&row.player)))
    }

    /// Binds a name to a player, whose row is locked meanwhile, so that of many at once each sees those before it. Changes nothing
    /// where the name is bound already, to any player.
    ///
    /// # Errors
    /// [`PlayerError::NotFound`], [`PlayerError::TooManyLegacyNames`], or [`StoreError`].
    pub async fn insert_legacy_name(&self, player: &Player, name: &LegacyName) -> Result<(), PlayerError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let transaction = tables.begin().await?;
        if !Self::lock_player(&tables, &transaction, player.id).await? {
            return Err(PlayerError::NotFound);
        }
        let others = tables
            .select_from::<legacy_name::Entity>()
            .column(legacy_name::Column::Name)
            .and_where(legacy_name::Column::Player.eq(player.id.to_string()))
            .and_where(legacy_name::Column::Name.ne(name.as_str()))
            .take();
        if tables.returned::<NameRow>(&transaction, &others).await?.len() >= MAX_LEGACY_NAMES {
            return Err(PlayerError::TooManyLegacyNames);
        }
        let insert = tables
            .insert_into::<legacy_name::Entity>()
            .columns([
                legacy_name::Column::World,
                legacy_name::Column::Name,
                legacy_name::Column::Player,
                legacy_name::Column::BoundAtMs,
            ])
            .values_panic([
                tables.world().into(),
                name.as_str().into(),
                player.id.to_string().into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        tables.execute(&transaction, &insert).await?;
        Ok(tables.commit(transaction).await?)
    }

    /// Unbinds a name from a player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_legacy_name(&self, player: &Player, name: &LegacyName) -> Result<(), StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let transaction = tables.begin().await?;
        let matches =
            legacy_name::Column::Name.eq(name.as_str()).and(legacy_name::Column::Player.eq(player.id.to_string()));
        tables.delete(&transaction, legacy_name::Entity, matches).await?;
        tables.commit(transaction).await
    }
}
