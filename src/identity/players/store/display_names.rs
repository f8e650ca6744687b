//! The SQL of display names.

use entity::tenant::identity::player;
use sea_orm::{ColumnTrait, FromQueryResult, sea_query::UpdateStatement};
use uuid::Uuid;

use super::{Store, stored_id};
use crate::{
    identity::{
        access::Player,
        players::model::{DisplayName, NamedPlayer},
    },
    platform::{
        db::{StudioId, WorldTables},
        error::StoreError,
    },
};

#[derive(FromQueryResult)]
struct NamedRow {
    id: String,
    display_name: String,
}

fn update(tables: &WorldTables, id: Uuid) -> UpdateStatement {
    tables.update::<player::Entity>().and_where(player::Column::Id.eq(id.to_string())).take()
}

async fn run(tables: &WorldTables, update: &UpdateStatement) -> Result<bool, StoreError> {
    let transaction = tables.begin().await?;
    let updated = tables.execute(&transaction, update).await?;
    tables.commit(transaction).await?;
    Ok(updated > 0)
}

impl Store {
    /// Sets or removes the display name of a player; returns whether it did. It does not where the name is locked, or there is
    /// no such player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_display_name(&self, player: &Player, name: Option<&DisplayName>) -> Result<bool, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let name = name.map(|name| name.as_str().to_owned());
        let mut set = update(&tables, player.id);
        set.value(player::Column::DisplayName, name).and_where(player::Column::NameLocked.eq(false));
        run(&tables, &set).await
    }

    /// Removes the display name of a player and locks it; returns whether there is such a player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock_display_name(&self, player: &Player) -> Result<bool, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let mut lock = update(&tables, player.id);
        lock.value(player::Column::DisplayName, None::<String>).value(player::Column::NameLocked, true);
        run(&tables, &lock).await
    }

    /// Unlocks the display name of a player; returns whether it was locked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unlock_display_name(&self, player: &Player) -> Result<bool, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let mut unlock = update(&tables, player.id);
        unlock.value(player::Column::NameLocked, false).and_where(player::Column::NameLocked.eq(true));
        run(&tables, &unlock).await
    }

    /// Those of the players of a world who have a display name, in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn display_names(
        &self,
        studio: StudioId,
        world: i32,
        players: &[Uuid],
    ) -> Result<Vec<NamedPlayer>, StoreError> {
        if players.is_empty() {
            return Ok(Vec::new());
        }
        let tables = self.database.tenant(studio).await?.world(world);
        let find = tables
            .select_from::<player::Entity>()
            .columns([player::Column::Id, player::Column::DisplayName])
            .and_where(player::Column::Id.is_in(players.iter().map(Uuid::to_string)))
            .and_where(player::Column::DisplayName.is_not_null())
            .to_owned();
        let rows: Vec<NamedRow> = tables.all(&find).await?;
        let named = |row: NamedRow| NamedPlayer { player: stored_id(&row.id), display_name: row.display_name };
        Ok(rows.into_iter().map(named).collect())
    }
}
