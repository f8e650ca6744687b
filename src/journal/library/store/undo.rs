//! Undoing edits, in slices: entries become again what they were, except those that were changed since.

use std::collections::BTreeMap;

use entity::control::journal::{library_edit, library_edit_row};
use sea_orm::{
    ColumnTrait, DatabaseTransaction,
    sea_query::{LockType, Order, Query},
};

use super::{Store, reading::With, snapshot};
use crate::{
    identity::access::UserId,
    journal::library::model::{EditId, Entry, Undone},
    platform::{clock, error::StoreError},
};

/// Entries in one transaction.
const SLICE: u64 = 100;

/// How far an edit was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoProgress {
    /// There is no such edit, or its time is over.
    Gone,
    /// Others of its entries are still as the edit made them.
    More,
    /// All of it was.
    Done(Undone),
}

/// What a slice does.
#[derive(Default)]
struct Plan {
    removed: Vec<i64>,
    restored: Vec<Entry>,
    kept: i64,
}

fn plan(rows: Vec<library_edit_row::Model>, present: &BTreeMap<i64, Entry>) -> Plan {
    let mut plan = Plan::default();
    for row in rows {
        let now = present.get(&row.title);
        if now.map(|entry| entry.revision) != row.revision {
            plan.kept += 1;
            continue;
        }
        match row.before.as_deref().map(|text| snapshot::of_text(row.title, text)) {
            None => plan.removed.push(row.title),
            Some(Some(entry)) => plan.restored.push(entry),
            Some(None) => plan.kept += 1,
        }
    }
    plan
}

impl Store {
    /// Undoes the next slice of an edit.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn undo_slice(&self, user: &UserId, edit: &EditId) -> Result<UndoProgress, StoreError> {
        let (control, now_ms) = (&self.control, clock::now_ms());
        let transaction = control.begin().await?;
        let Some(found) = self.lock_edit(&transaction, user, edit, now_ms).await? else {
            return Ok(UndoProgress::Gone);
        };
        let rows = control
            .select::<library_edit_row::Entity>()
            .and_where(library_edit_row::Column::Edit.eq(edit.0.as_str()))
            .and_where(library_edit_row::Column::Title.gt(found.undone_upto.unwrap_or(i64::MIN)))
            .order_by(library_edit_row::Column::Title, Order::Asc)
            .limit(SLICE)
            .to_owned();
        let rows: Vec<library_edit_row::Model> = control.returned(&transaction, &rows).await?;
        let Some(last) = rows.last().map(|row| row.title) else {
            return Ok(UndoProgress::Done(Undone { restored: found.restored, kept: found.kept }));
        };
        let titles: Vec<i64> = rows.iter().map(|row| row.title).collect();
        let present = self.entries(Some(&transaction), user, &titles, With::Playthroughs).await?;
        let Plan { removed, restored, kept } = plan(rows, &present);
        self.delete_entries(&transaction, user, &removed).await?;
        self.replace_entries(&transaction, user, &restored).await?;
        let count = i64::try_from(removed.len() + restored.len()).unwrap_or_default();
        let update = Query::update()
            .table(control.table(library_edit::Entity))
            .value(library_edit::Column::UndoneUpto, last)
            .value(library_edit::Column::Restored, found.restored + count)
            .value(library_edit::Column::Kept, found.kept + kept)
            .and_where(library_edit::Column::Id.eq(edit.0.as_str()))
            .to_owned();
        control.execute(&transaction, &update).await?;
        control.commit(transaction).await?;
        Ok(UndoProgress::More)
    }

    async fn lock_edit(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        edit: &EditId,
        now_ms: i64,
    ) -> Result<Option<library_edit::Model>, StoreError> {
        let select = self
            .control
            .select::<library_edit::Entity>()
            .and_where(library_edit::Column::Id.eq(edit.0.as_str()))
            .and_where(library_edit::Column::User.eq(user.as_str()))
            .and_where(library_edit::Column::ExpiresMs.gt(now_ms))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<library_edit::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next())
    }
}
