//! Changes by WebDAV that are no version yet.

use entity::control::journal::{save_change, save_window};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::{EntryRow, NumberRow, Paths, Store, statement_error, with_content};
use crate::{
    journal::saves::model::{Change, SavePath, SlotId, What, Window},
    platform::error::StoreError,
};

/// Changes that are noted with one statement.
const CHANGES_AT_ONCE: usize = 500;

#[derive(FromQueryResult)]
struct ChangeRow {
    #[sea_orm(nested)]
    entry: EntryRow,
    at_ms: i64,
}

#[derive(FromQueryResult)]
struct OpenedRow {
    id: i64,
    opened_at_ms: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

impl Store {
    /// The window of an app password in a slot, opened if there is none; and whether it was opened now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_window(
        &self,
        transaction: &DatabaseTransaction,
        slot: SlotId,
        (password, device): (&str, &str),
        now_ms: i64,
    ) -> Result<(i64, bool), StoreError> {
        let again = OnConflict::columns([save_window::Column::SlotId, save_window::Column::Password])
            .value(save_window::Column::ChangedAtMs, now_ms)
            .to_owned();
        let insert = Query::insert()
            .into_table(self.control.table(save_window::Entity))
            .columns([
                save_window::Column::SlotId,
                save_window::Column::Password,
                save_window::Column::Device,
                save_window::Column::OpenedAtMs,
                save_window::Column::ChangedAtMs,
            ])
            .values([Expr::val(slot.0), Expr::val(password), Expr::val(device), Expr::val(now_ms), Expr::val(now_ms)])
            .map_err(|error| statement_error(&error))?
            .on_conflict(again)
            .returning(Query::returning().columns([save_window::Column::Id, save_window::Column::OpenedAtMs]))
            .to_owned();
        let rows: Vec<OpenedRow> = self.control.returned(transaction, &insert).await?;
        let row = rows.into_iter().next().map(|row| (row.id, row.opened_at_ms == now_ms));
        row.ok_or_else(|| StoreError::Unavailable("no row was written".to_owned()))
    }

    /// Notes changes in a window; of a path the last one counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change(
        &self,
        transaction: &DatabaseTransaction,
        window: i64,
        changes: &[Change],
    ) -> Result<(), StoreError> {
        for some in changes.chunks(CHANGES_AT_ONCE) {
            let again = OnConflict::columns([save_change::Column::WindowId, save_change::Column::Path])
                .update_columns([
                    save_change::Column::Kind,
                    save_change::Column::ContentId,
                    save_change::Column::ModifiedMs,
                    save_change::Column::AtMs,
                ])
                .to_owned();
            let mut insert = Query::insert();
            insert.into_table(self.control.table(save_change::Entity)).on_conflict(again).columns([
                save_change::Column::WindowId,
                save_change::Column::Path,
                save_change::Column::Kind,
                save_change::Column::ContentId,
                save_change::Column::ModifiedMs,
                save_change::Column::AtMs,
            ]);
            for Change { entry, at_ms } in some {
                let content = if let What::File(content) = &entry.what { Some(content.id) } else { None };
                let values = [
                    Expr::val(window),
                    Expr::val(entry.path.as_str()),
                    Expr::val(entry.what.number()),
                    Expr::val(content),
                    Expr::val(entry.modified_ms),
                    Expr::val(*at_ms),
                ];
                insert.values(values).map_err(|error| statement_error(&error))?;
            }
            self.control.execute(transaction, &insert).await?;
        }
        Ok(())
    }

    /// The open changes of a slot at these paths, of all windows or of one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn changes(
        &self,
        transaction: &DatabaseTransaction,
        slot: SlotId,
        only: Option<i64>,
        paths: Paths<'_>,
    ) -> Result<Vec<Change>, StoreError> {
        let window = |column| Expr::col(("save_window", column));
        let of_window = Expr::col(("save_change", save_change::Column::WindowId)).equals(("save_window", "id"));
        let mut select = Query::select();
        select
            .expr(Expr::col(("save_change", save_change::Column::AtMs)))
            .from(self.control.table(save_window::Entity))
            .inner_join(self.control.table(save_change::Entity), of_window)
            .and_where(window(save_window::Column::SlotId).eq(slot.0))
            .and_where_option(only.map(|only| window(save_window::Column::Id).eq(only)));
        with_content(&mut select, &self.control, "save_change");
        paths.narrow(&mut select, "save_change");
        let rows: Vec<ChangeRow> = self.control.returned(transaction, &select).await?;
        let change = |row: ChangeRow| Some(Change { entry: row.entry.entry()?, at_ms: row.at_ms });
        Ok(rows.into_iter().filter_map(change).collect())
    }

    /// How many open changes a slot has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_changes(&self, transaction: &DatabaseTransaction, slot: SlotId) -> Result<usize, StoreError> {
        let of_window = Expr::col(("save_change", save_change::Column::WindowId)).equals(("save_window", "id"));
        let select = Query::select()
            .expr_as(Expr::cust("count(*)"), "number")
            .from(self.control.table(save_window::Entity))
            .inner_join(self.control.table(save_change::Entity), of_window)
            .and_where(Expr::col(("save_window", save_window::Column::SlotId)).eq(slot.0))
            .to_owned();
        let rows: Vec<NumberRow> = self.control.returned(transaction, &select).await?;
        Ok(usize::try_from(rows.into_iter().next().unwrap_or_default().number).unwrap_or(usize::MAX))
    }

    /// The open windows of a slot, the first opened first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn windows(&self, slot: SlotId) -> Result<Vec<Window>, StoreError> {
        let select = self
            .control
            .select::<save_window::Entity>()
            .and_where(save_window::Column::SlotId.eq(slot.0))
            .order_by(save_window::Column::Id, Order::Asc)
            .to_owned();
        let rows: Vec<save_window::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(Window::from).collect())
    }

    /// A window.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn window(&self, id: i64) -> Result<Option<Window>, StoreError> {
        let select = self.control.select::<save_window::Entity>().and_where(save_window::Column::Id.eq(id)).to_owned();
        let rows: Vec<save_window::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(Window::from))
    }

    /// The windows of a slot in which another app password has changed this path or something below it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn windows_of_others(
        &self,
        slot: SlotId,
        password: &str,
        path: &SavePath,
    ) -> Result<Vec<i64>, StoreError> {
        let window = |column| Expr::col(("save_window", column));
        let of_window = Expr::col(("save_change", save_change::Column::WindowId)).equals(("save_window", "id"));
        let mut select = Query::select();
        select
            .distinct()
            .expr(window(save_window::Column::Id))
            .from(self.control.table(save_window::Entity))
            .inner_join(self.control.table(save_change::Entity), of_window)
            .and_where(window(save_window::Column::SlotId).eq(slot.0))
            .and_where(window(save_window::Column::Password).ne(password));
        Paths::Tree(path).narrow(&mut select, "save_change");
        let rows: Vec<IdRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Forgets a window with its changes; returns whether it was there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_window(&self, transaction: &DatabaseTransaction, id: i64) -> Result<bool, StoreError> {
        let this = save_window::Column::Id.eq(id);
        Ok(self.control.delete(transaction, save_window::Entity, this).await? > 0)
    }
}
