//! Removing what can no longer be undone or applied, in slices.

use entity::control::journal::{library_edit, library_edit_row, library_import, library_import_row};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::Store;
use crate::platform::{clock, error::StoreError};

/// Rows that are removed in one transaction.
const SLICE: u64 = 500;

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

impl Store {
    /// Removes some edits and imports that have expired; whether there may be more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_expired(&self) -> Result<bool, StoreError> {
        let (now_ms, control) = (clock::now_ms(), &self.control);
        let expired = Query::select()
            .column(library_edit::Column::Id)
            .from(control.table(library_edit::Entity))
            .and_where(library_edit::Column::ExpiresMs.lte(now_ms))
            .order_by(library_edit::Column::ExpiresMs, Order::Asc)
            .limit(1)
            .to_owned();
        let found: Vec<IdRow> = control.all(&expired).await?;
        let edits = match found.first() {
            Some(row) => self.remove_slices(&row.id).await?,
            None => false,
        };
        Ok(self.remove_expired_import(now_ms).await? || edits)
    }

    /// Removes the rows of an edit in slices, then the edit.
    async fn remove_slices(&self, edit: &str) -> Result<bool, StoreError> {
        let control = &self.control;
        loop {
            let transaction = control.begin().await?;
            let some = Query::select()
                .column(library_edit_row::Column::Title)
                .from(control.table(library_edit_row::Entity))
                .and_where(library_edit_row::Column::Edit.eq(edit))
                .order_by(library_edit_row::Column::Title, Order::Asc)
                .limit(SLICE)
                .to_owned();
            let of_slice = library_edit_row::Column::Edit
                .eq(edit)
                .and(control.among_those(Expr::col(library_edit_row::Column::Title), some));
            let removed = control.delete(&transaction, library_edit_row::Entity, of_slice).await?;
            if removed == 0 {
                control.delete(&transaction, library_edit::Entity, library_edit::Column::Id.eq(edit)).await?;
            }
            control.commit(transaction).await?;
            if removed == 0 {
                return Ok(true);
            }
        }
    }

    /// Removes an import with its rows, in slices; what it has changed in the library stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_import(&self, import: &str) -> Result<(), StoreError> {
        let control = &self.control;
        loop {
            let transaction = control.begin().await?;
            let some = Query::select()
                .column(library_import_row::Column::Number)
                .from(control.table(library_import_row::Entity))
                .and_where(library_import_row::Column::Import.eq(import))
                .order_by(library_import_row::Column::Number, Order::Asc)
                .limit(SLICE)
                .to_owned();
            let of_slice = library_import_row::Column::Import
                .eq(import)
                .and(control.among_those(Expr::col(library_import_row::Column::Number), some));
            let removed = control.delete(&transaction, library_import_row::Entity, of_slice).await?;
            if removed == 0 {
                control.delete(&transaction, library_import::Entity, library_import::Column::Id.eq(import)).await?;
            }
            control.commit(transaction).await?;
            if removed == 0 {
                return Ok(());
            }
        }
    }

    /// Removes an import that has expired; whether there was one.
    async fn remove_expired_import(&self, now_ms: i64) -> Result<bool, StoreError> {
        let expired = Query::select()
            .column(library_import::Column::Id)
            .from(self.control.table(library_import::Entity))
            .and_where(library_import::Column::ExpiresMs.lte(now_ms))
            .order_by(library_import::Column::ExpiresMs, Order::Asc)
            .limit(1)
            .to_owned();
        let found: Vec<IdRow> = self.control.all(&expired).await?;
        let Some(row) = found.first() else { return Ok(false) };
        self.remove_import(&row.id).await?;
        Ok(true)
    }
}
