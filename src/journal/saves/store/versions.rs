//! Versions, and what is in them.

use std::collections::BTreeMap;

use entity::control::journal::{save_content, save_entry, save_version};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{EntryRow, NumberRow, Paths, Store, signed, statement_error, with_content};
use crate::{
    journal::saves::model::{
        Entry, HeldFor, ListRequest, NewVersion, Slot, SlotId, Version, VersionId, VersionState, What,
    },
    platform::{
        error::StoreError,
        page::{Page, rows_for},
    },
};

/// Versions that are removed at once.
const REMOVED_AT_ONCE: u64 = 10;

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

impl Store {
    /// A version of a slot.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn version_in(
        &self,
        transaction: &DatabaseTransaction,
        slot: SlotId,
        number: i64,
    ) -> Result<Option<Version>, StoreError> {
        let select = self
            .control
            .select::<save_version::Entity>()
            .and_where(save_version::Column::SlotId.eq(slot.0))
            .and_where(save_version::Column::Number.eq(number))
            .to_owned();
        let rows: Vec<save_version::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().map(Version::from))
    }

    /// The version of a row, in a transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn version_of_row(
        &self,
        transaction: &DatabaseTransaction,
        id: VersionId,
    ) -> Result<Option<Version>, StoreError> {
        let select =
            self.control.select::<save_version::Entity>().and_where(save_version::Column::Id.eq(id.0)).to_owned();
        let rows: Vec<save_version::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().map(Version::from))
    }

    /// The versions that count, of these slots.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn current_versions(&self, slots: &[Slot]) -> Result<BTreeMap<SlotId, Version>, StoreError> {
        let pairs: Vec<(i64, i64)> = slots.iter().filter_map(|slot| Some((slot.id.0, slot.current?))).collect();
        let Some(these) = pairs
            .into_iter()
            .map(|(slot, number)| save_version::Column::SlotId.eq(slot).and(save_version::Column::Number.eq(number)))
            .reduce(ExprTrait::or)
        else {
            return Ok(BTreeMap::new());
        };
        let select = self.control.select::<save_version::Entity>().and_where(these).to_owned();
        let rows: Vec<save_version::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(Version::from).map(|version| (version.slot, version)).collect())
    }

    /// A page of the versions of a slot, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn versions(&self, slot: SlotId, list: &ListRequest) -> Result<Page<Version>, StoreError> {
        let select = self
            .control
            .select::<save_version::Entity>()
            .and_where(save_version::Column::SlotId.eq(slot.0))
            .and_where_option(list.after.map(|after| save_version::Column::Number.lt(after)))
            .order_by(save_version::Column::Number, Order::Desc)
            .limit(rows_for(list.limit))
            .to_owned();
        let rows: Vec<save_version::Model> = self.control.all(&select).await?;
        Ok(Page::cut(rows, list.limit).map(Version::from))
    }

    /// How many versions of a slot wait for uploads.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting(&self, transaction: &DatabaseTransaction, slot: SlotId) -> Result<usize, StoreError> {
        let select = Query::select()
            .expr_as(Expr::cust("count(*)"), "number")
            .from(self.control.table(save_version::Entity))
            .and_where(save_version::Column::SlotId.eq(slot.0))
            .and_where(save_version::Column::State.eq(VersionState::Uploading.number()))
            .to_owned();
        let rows: Vec<NumberRow> = self.control.returned(transaction, &select).await?;
        Ok(usize::try_from(rows.into_iter().next().unwrap_or_default().number).unwrap_or(usize::MAX))
    }

    /// What is in a version at these paths, in the order of the paths, with what it has removed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn entries(
        &self,
        transaction: &DatabaseTransaction,
        version: VersionId,
        paths: Paths<'_>,
    ) -> Result<Vec<Entry>, StoreError> {
        let mut select = Query::select();
        select
            .from(self.control.table(save_entry::Entity))
            .and_where(Expr::col(("save_entry", save_entry::Column::VersionId)).eq(version.0))
            .order_by(("save_entry", save_entry::Column::Path), Order::Asc);
        with_content(&mut select, &self.control, "save_entry");
        paths.narrow(&mut select, "save_entry");
        let rows: Vec<EntryRow> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().filter_map(EntryRow::entry).collect())
    }

    /// Stores a version under that number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_version(
        &self,
        transaction: &DatabaseTransaction,
        (slot, number): (SlotId, i64),
        new: &NewVersion,
        now_ms: i64,
    ) -> Result<Version, StoreError> {
        let (files, bytes) = new.size();
        let finished_at_ms = (new.state != VersionState::Uploading).then_some(now_ms);
        let insert = Query::insert()
            .into_table(self.control.table(save_version::Entity))
            .columns([
                save_version::Column::SlotId,
                save_version::Column::Number,
                save_version::Column::State,
                save_version::Column::HeldFor,
                save_version::Column::Origin,
                save_version::Column::Device,
                save_version::Column::Base,
                save_version::Column::Restored,
                save_version::Column::Files,
                save_version::Column::Bytes,
                save_version::Column::CreatedAtMs,
                save_version::Column::FinishedAtMs,
            ])
            .values([
                Expr::val(slot.0),
                Expr::val(number),
                Expr::val(new.state.number()),
                Expr::val(new.held_for.map(HeldFor::number)),
                Expr::val(new.origin.number()),
                Expr::val(new.device.as_str()),
                Expr::val(new.base),
                Expr::val(new.restored),
                Expr::val(i32::try_from(files).unwrap_or(i32::MAX)),
                Expr::val(signed(bytes)),
                Expr::val(now_ms),
                Expr::val(finished_at_ms),
            ])
            .map_err(|error| statement_error(&error))?
            .returning(Query::returning().column(save_version::Column::Id))
            .to_owned();
        let rows: Vec<IdRow> = self.control.returned(transaction, &insert).await?;
        let id = VersionId(rows.into_iter().next().map(|row| row.id).unwrap_or_default());
        let row = |entry: &Entry| save_entry::ActiveModel {
            version_id: Set(id.0),
            path: Set(entry.path.as_str().to_owned()),
            kind: Set(entry.what.number()),
            content_id: Set(if let What::File(content) = &entry.what { Some(content.id) } else { None }),
            modified_ms: Set(entry.modified_ms),
        };
        self.control.insert(transaction, new.entries.iter().map(row).collect()).await?;
        Ok(Version {
            id,
            slot,
            number,
            state: new.state,
            held_for: new.held_for,
            origin: new.origin,
            device: new.device.clone(),
            base: new.base,
            restored: new.restored,
            files,
            bytes,
            created_at_ms: now_ms,
            finished_at_ms,
        })
    }

    /// Notes what has become of a version that waited for uploads.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle(
        &self,
        transaction: &DatabaseTransaction,
        version: VersionId,
        held_for: Option<HeldFor>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let state = if held_for.is_some() { VersionState::Held } else { VersionState::Kept };
        let update = Query::update()
            .table(self.control.table(save_version::Entity))
            .value(save_version::Column::State, state.number())
            .value(save_version::Column::HeldFor, held_for.map(HeldFor::number))
            .value(save_version::Column::FinishedAtMs, now_ms)
            .and_where(save_version::Column::Id.eq(version.0))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// The versions that wait for uploads and have this content.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting_for(
        &self,
        transaction: &DatabaseTransaction,
        content: i64,
    ) -> Result<Vec<VersionId>, StoreError> {
        let version = |column| Expr::col(("save_version", column));
        let of_entry = version(save_version::Column::Id).equals(("save_entry", save_entry::Column::VersionId));
        let select = Query::select()
            .distinct()
            .expr(version(save_version::Column::Id))
            .from(self.control.table(save_entry::Entity))
            .inner_join(self.control.table(save_version::Entity), of_entry)
            .and_where(Expr::col(("save_entry", save_entry::Column::ContentId)).eq(content))
            .and_where(version(save_version::Column::State).eq(VersionState::Uploading.number()))
            .to_owned();
        let rows: Vec<IdRow> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().map(|row| VersionId(row.id)).collect())
    }

    /// Whether a version has files that have not arrived.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_awaited(&self, transaction: &DatabaseTransaction, version: VersionId) -> Result<bool, StoreError> {
        let content = |column| Expr::col(("save_content", column));
        let of_entry = content(save_content::Column::Id).equals(("save_entry", save_entry::Column::ContentId));
        let select = Query::select()
            .expr_as(Expr::val(1_i64), "id")
            .from(self.control.table(save_entry::Entity))
            .inner_join(self.control.table(save_content::Entity), of_entry)
            .and_where(Expr::col(("save_entry", save_entry::Column::VersionId)).eq(version.0))
            .and_where(content(save_content::Column::Awaited))
            .limit(1)
            .to_owned();
        let rows: Vec<IdRow> = self.control.returned(transaction, &select).await?;
        Ok(!rows.is_empty())
    }

    /// Deletes a version.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_version(&self, transaction: &DatabaseTransaction, id: VersionId) -> Result<(), StoreError> {
        self.control.delete(transaction, save_version::Entity, save_version::Column::Id.eq(id.0)).await.map(drop)
    }

    /// Some of the versions of a slot in that state that are beyond the newest `most`; never the one that counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn surplus(&self, slot: &Slot, state: VersionState, most: u64) -> Result<Vec<VersionId>, StoreError> {
        let select = Query::select()
            .column(save_version::Column::Id)
            .from(self.control.table(save_version::Entity))
            .and_where(save_version::Column::SlotId.eq(slot.id.0))
            .and_where(save_version::Column::State.eq(state.number()))
            .and_where(save_version::Column::Number.ne(slot.revision()))
            .order_by(save_version::Column::Number, Order::Desc)
            // The one that counts is one of those that are kept.
            .offset(if state == VersionState::Kept { most.saturating_sub(1) } else { most })
            .limit(REMOVED_AT_ONCE)
            .to_owned();
        let rows: Vec<IdRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| VersionId(row.id)).collect())
    }
}
