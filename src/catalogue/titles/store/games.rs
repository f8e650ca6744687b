//! Which titles studios' games are.

use entity::control::catalogue::title_game;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryTrait, Set,
    sea_query::{ExprTrait, OnConflict},
};

use super::Store;
use crate::{
    catalogue::titles::model::TitleId,
    platform::{clock, error::StoreError},
};

impl Store {
    /// Says that a game is a title, in place of what was said before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn link_game(&self, game: i32, title: TitleId) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let row = title_game::ActiveModel { game: Set(game), title: Set(title.0), since_ms: Set(clock::now_ms()) };
        let replace = OnConflict::column(title_game::Column::Game)
            .update_columns([title_game::Column::Title, title_game::Column::SinceMs])
            .to_owned();
        let mut insert = title_game::Entity::insert(row).into_query();
        insert.into_table(self.control.table(title_game::Entity)).on_conflict(replace);
        self.control.execute(&transaction, &insert).await?;
        self.control.commit(transaction).await
    }

    /// Takes back that a game is a title; returns whether it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unlink_game(&self, game: i32, title: TitleId) -> Result<bool, StoreError> {
        let transaction = self.control.begin().await?;
        let link = title_game::Column::Game.eq(game).and(title_game::Column::Title.eq(title.0));
        let deleted = self.control.delete(&transaction, title_game::Entity, link).await?;
        self.control.commit(transaction).await?;
        Ok(deleted > 0)
    }
}
