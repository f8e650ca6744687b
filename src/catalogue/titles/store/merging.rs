//! Merges titles: one takes the place of another, whose row stays behind for those that refer to it.

use entity::control::catalogue::{title, title_external, title_game, title_name};
use sea_orm::{
    ColumnTrait, DatabaseTransaction,
    sea_query::{Expr, ExprTrait, Query},
};

use super::Store;
use crate::{
    catalogue::titles::model::TitleId,
    platform::{clock, error::StoreError},
};

impl Store {
    /// Lets `into` take the place of `id`: links of studios' games and the ids of others become its own, and ids that were merged
    /// into `id` are answered with it. The row of `id` stays, without names, so that nothing that refers to it is lost.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn merge(&self, transaction: &DatabaseTransaction, id: TitleId, into: TitleId) -> Result<(), StoreError> {
        let control = &self.control;
        let moved = [
            Query::update()
                .table(control.table(title_external::Entity))
                .value(title_external::Column::Title, into.0)
                .and_where(title_external::Column::Title.eq(id.0))
                .to_owned(),
            Query::update()
                .table(control.table(title_game::Entity))
                .value(title_game::Column::Title, into.0)
                .and_where(title_game::Column::Title.eq(id.0))
                .to_owned(),
            Query::update()
                .table(control.table(title::Entity))
                .value(title::Column::MergedInto, into.0)
                .value(title::Column::PendingOf, None::<String>)
                .value(title::Column::Revision, Expr::col(title::Column::Revision).add(1))
                .value(title::Column::ChangedAtMs, clock::now_ms())
                .and_where(title::Column::Id.eq(id.0).or(title::Column::MergedInto.eq(id.0)))
                .to_owned(),
        ];
        for update in &moved {
            control.execute(transaction, update).await?;
        }
        control.delete(transaction, title_name::Entity, title_name::Column::Title.eq(id.0)).await?;
        Ok(())
    }
}
