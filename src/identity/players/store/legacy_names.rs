//! The SQL of legacy names.

use entity::tenant::identity::legacy_name;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{ExprTrait, OnConflict, Order, Query},
};
use uuid::Uuid;

use super::{Store, stored_id};
use crate::{
    identity::{access::Player, players::model::LegacyName},
    platform::{clock, db::StudioId, error::StoreError},
};

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
        let tenant = self.database.tenant(player.studio).await?;
        let find = Query::select()
            .column(legacy_name::Column::Name)
            .from(tenant.table(legacy_name::Entity))
            .and_where(legacy_name::Column::World.eq(player.world))
            .and_where(legacy_name::Column::Player.eq(player.id.to_string()))
            .order_by(legacy_name::Column::BoundAtMs, Order::Asc)
            .order_by(legacy_name::Column::Name, Order::Asc)
            .to_owned();
        let rows: Vec<NameRow> = tenant.all(&find).await?;
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
        let tenant = self.database.tenant(studio).await?;
        let find = Query::select()
            .column(legacy_name::Column::Player)
            .from(tenant.table(legacy_name::Entity))
            .and_where(legacy_name::Column::World.eq(world))
            .and_where(legacy_name::Column::Name.eq(name.as_str()))
            .to_owned();
        let rows: Vec<OwnerRow> = tenant.all(&find).await?;
        Ok(rows.first().map(|row| stored_id(&row.player)))
    }

    /// Binds a name to a player; changes nothing where it is bound already, to any player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_legacy_name(&self, player: &Player, name: &LegacyName) -> Result<(), StoreError> {
        let tenant = self.database.tenant(player.studio).await?;
        let transaction = tenant.begin().await?;
        let insert = Query::insert()
            .into_table(tenant.table(legacy_name::Entity))
            .columns([
                legacy_name::Column::World,
                legacy_name::Column::Name,
                legacy_name::Column::Player,
                legacy_name::Column::BoundAtMs,
            ])
            .values_panic([
                player.world.into(),
                name.as_str().into(),
                player.id.to_string().into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        tenant.execute(&transaction, &insert).await?;
        tenant.commit(transaction).await
    }

    /// Unbinds a name from a player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_legacy_name(&self, player: &Player, name: &LegacyName) -> Result<(), StoreError> {
        let tenant = self.database.tenant(player.studio).await?;
        let transaction = tenant.begin().await?;
        let matches = legacy_name::Column::World
            .eq(player.world)
            .and(legacy_name::Column::Name.eq(name.as_str()))
            .and(legacy_name::Column::Player.eq(player.id.to_string()));
        tenant.delete(&transaction, legacy_name::Entity, matches).await?;
        tenant.commit(transaction).await
    }
}
