//! The record of edits: each entry as it was before, and the revision that the edit gave it.

use entity::control::journal::{library_edit, library_edit_row};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryTrait, Set,
    sea_query::{ExprTrait, OnConflict, Order, Query},
};

use super::{Store, snapshot};
use crate::{
    identity::access::UserId,
    journal::library::model::{EditId, Entry},
    platform::error::StoreError,
};

/// Edits of one user that are kept; the oldest go.
const MAX_EDITS: u64 = 50;

/// Edits that are removed at once, when they can no longer be undone.
const REMOVED_AT_ONCE: u64 = 20;

/// What an edit does to an entry.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// The title.
    pub title: i64,
    /// The entry as it was.
    pub before: Option<&'a Entry>,
    /// Its revision from now on; nothing where it is gone.
    pub revision: Option<i64>,
}

impl Store {
    /// Records a new edit, which can be undone until `expires_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_edit(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        edit: &EditId,
        expires_ms: i64,
    ) -> Result<(), StoreError> {
        let row = library_edit::ActiveModel {
            id: Set(edit.0.clone()),
            user: Set(user.as_str().to_owned()),
            expires_ms: Set(expires_ms),
            ..library_edit::ActiveModel::default()
        };
        self.control.insert(transaction, vec![row]).await?;
        let oldest = Query::select()
            .column(library_edit::Column::Id)
            .from(self.control.table(library_edit::Entity))
            .and_where(library_edit::Column::User.eq(user.as_str()))
            .order_by(library_edit::Column::Id, Order::Desc)
            .offset(MAX_EDITS)
            .limit(REMOVED_AT_ONCE)
            .to_owned();
        let surplus = library_edit::Column::User.eq(user.as_str()).and(library_edit::Column::Id.in_subquery(oldest));
        self.control.delete(transaction, library_edit::Entity, surplus).await?;
        Ok(())
    }

    /// Records what an edit does. Of an entry that it changes again, the first state before it counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record(
        &self,
        transaction: &DatabaseTransaction,
        edit: &EditId,
        rows: &[Recorded<'_>],
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let row = |row: &Recorded<'_>| -> Result<library_edit_row::ActiveModel, StoreError> {
            Ok(library_edit_row::ActiveModel {
                edit: Set(edit.0.clone()),
                title: Set(row.title),
                before: Set(row.before.map(snapshot::to_text).transpose()?),
                revision: Set(row.revision),
            })
        };
        let rows: Vec<_> = rows.iter().map(row).collect::<Result<_, _>>()?;
        let mut insert = library_edit_row::Entity::insert_many(rows).into_query();
        let again = OnConflict::columns([library_edit_row::Column::Edit, library_edit_row::Column::Title])
            .update_column(library_edit_row::Column::Revision)
            .to_owned();
        insert.into_table(self.control.table(library_edit_row::Entity)).on_conflict(again);
        self.control.execute(transaction, &insert).await?;
        Ok(())
    }
}
