//! The SQL by which a player is erased: what this feature stores of them, and that their tokens are not valid any more.

use std::collections::HashSet;

use entity::control::identity::{erased_player, link_code, player_link};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{ExprTrait, OnConflict, Query},
};

use super::{Store, personal_tables, stored_id};
use crate::{
    identity::{access::Player, players::model::player_digest},
    platform::{
        clock,
        db::{Row, StudioId},
        error::StoreError,
    },
};

#[derive(FromQueryResult)]
struct DigestRow {
    digest: Vec<u8>,
}

impl Store {
    /// Stores that a player is being erased, and that their tokens are not valid any more; they may have been until `until_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_erasure(&self, player: &Player, until_ms: i64) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let row = erased_player::ActiveModel {
            digest: Set(player_digest(player).to_vec()),
            studio: Set(player.studio.0),
            world: Set(player.world),
            player: Set(Some(player.id.to_string())),
            until_ms: Set(until_ms),
        };
        let replace = OnConflict::column(erased_player::Column::Digest)
            .update_columns([erased_player::Column::Player, erased_player::Column::UntilMs])
            .to_owned();
        let mut insert = erased_player::Entity::insert(row).into_query();
        insert.into_table(control.table(erased_player::Entity)).on_conflict(replace);
        control.execute(&transaction, &insert).await?;
        control.commit(transaction).await
    }

    /// Stores that all of a player is erased.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish_erasure(&self, player: &Player) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let update = Query::update()
            .table(control.table(erased_player::Entity))
            .value(erased_player::Column::Player, None::<String>)
            .and_where(erased_player::Column::Digest.eq(player_digest(player).to_vec()))
            .to_owned();
        control.execute(&transaction, &update).await?;
        control.commit(transaction).await
    }

    /// The players whose erasure has begun and not ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unfinished_erasures(&self) -> Result<Vec<Player>, StoreError> {
        let control = self.database.control();
        let select =
            control.select::<erased_player::Entity>().and_where(erased_player::Column::Player.is_not_null()).to_owned();
        let rows: Vec<erased_player::Model> = control.all(&select).await?;
        let player = |row: erased_player::Model| {
            let id = stored_id(&row.player?);
            Some(Player { studio: StudioId(row.studio), world: row.world, id })
        };
        Ok(rows.into_iter().filter_map(player).collect())
    }

    /// The digests of the players whose tokens are not valid any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn erased_digests(&self) -> Result<HashSet<[u8; 32]>, StoreError> {
        let control = self.database.control();
        let select =
            Query::select().column(erased_player::Column::Digest).from(control.table(erased_player::Entity)).to_owned();
        let rows: Vec<DigestRow> = control.all(&select).await?;
        Ok(rows.into_iter().filter_map(|row| row.digest.try_into().ok()).collect())
    }

    /// Forgets erased players whose tokens have expired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_expired_erasures(&self) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let expired = erased_player::Column::UntilMs.lte(clock::now_ms()).and(erased_player::Column::Player.is_null());
        control.delete(&transaction, erased_player::Entity, expired).await?;
        control.commit(transaction).await
    }

    /// Deletes what this feature stores of a player, in the studio and in the control tables.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_player(&self, player: &Player) -> Result<(), StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let transaction = tables.begin().await?;
        // A sign-in at the same time waits here, and then makes another player.
        Self::lock_player(&tables, &transaction, player.id).await?;
        for table in personal_tables() {
            table.delete(&tables, &transaction, &player.id.to_string()).await?;
        }
        tables.commit(transaction).await?;
        let control = self.database.control();
        let transaction = control.begin().await?;
        let id = player.id.to_string();
        let codes = link_code::Column::Studio
            .eq(player.studio.0)
            .and(link_code::Column::World.eq(player.world))
            .and(link_code::Column::Player.eq(id.as_str()));
        control.delete(&transaction, link_code::Entity, codes).await?;
        let links = player_link::Column::Studio
            .eq(player.studio.0)
            .and(player_link::Column::World.eq(player.world))
            .and(player_link::Column::Player.eq(id.as_str()));
        control.delete(&transaction, player_link::Entity, links).await?;
        control.commit(transaction).await
    }

    /// The rows of this feature about a player, by table.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn personal_rows(&self, player: &Player) -> Result<Vec<(&'static str, Vec<Row>)>, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let transaction = tables.begin_reading().await?;
        let mut all = Vec::new();
        for table in personal_tables() {
            all.push((table.name(), table.rows(&tables, &transaction, &player.id.to_string()).await?));
        }
        Ok(all)
    }
}
