//! Slots.

use entity::control::journal::save_slot;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{NumberRow, Store, statement_error, unsigned};
use crate::{
    catalogue::titles::TitleId,
    identity::access::UserId,
    journal::saves::model::{ListRequest, MAX_SLOTS, SaveError, Slot, SlotId},
    platform::{
        error::StoreError,
        page::{Page, rows_for},
    },
};

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct LastRow {
    last: i64,
}

fn of_user(user: &UserId) -> Expr {
    save_slot::Column::UserId.eq(user.as_str())
}

impl Store {
    async fn one_slot(&self, condition: Expr) -> Result<Option<Slot>, StoreError> {
        let select = self.control.select::<save_slot::Entity>().and_where(condition).limit(1).to_owned();
        let rows: Vec<save_slot::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(Slot::from))
    }

    /// A slot of a user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn slot(&self, user: &UserId, slot: SlotId) -> Result<Option<Slot>, StoreError> {
        self.one_slot(save_slot::Column::Id.eq(slot.0).and(of_user(user))).await
    }

    /// A slot, whosever it is: for jobs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn any_slot(&self, slot: SlotId) -> Result<Option<Slot>, StoreError> {
        self.one_slot(save_slot::Column::Id.eq(slot.0)).await
    }

    /// The same, in a transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn any_slot_in(
        &self,
        transaction: &DatabaseTransaction,
        slot: SlotId,
    ) -> Result<Option<Slot>, StoreError> {
        let this = save_slot::Column::Id.eq(slot.0);
        let select = self.control.select::<save_slot::Entity>().and_where(this).to_owned();
        let rows: Vec<save_slot::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().map(Slot::from))
    }

    /// As [`Store::slot`], in a transaction that has locked the user's saves.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn slot_in(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        slot: SlotId,
    ) -> Result<Option<Slot>, StoreError> {
        let this = save_slot::Column::Id.eq(slot.0).and(of_user(user));
        let select = self.control.select::<save_slot::Entity>().and_where(this).to_owned();
        let rows: Vec<save_slot::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().map(Slot::from))
    }

    /// The slot of that name in the first of these folders that has one. In a transaction if one is given.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn slot_at(
        &self,
        transaction: Option<&DatabaseTransaction>,
        user: &UserId,
        (folders, name): (&[String], &str),
    ) -> Result<Option<Slot>, StoreError> {
        let select = self
            .control
            .select::<save_slot::Entity>()
            .and_where(of_user(user))
            .and_where(save_slot::Column::Folder.is_in(folders.iter().map(String::as_str)))
            .and_where(save_slot::Column::Name.eq(name))
            .limit(1)
            .to_owned();
        let rows: Vec<save_slot::Model> = match transaction {
            Some(transaction) => self.control.returned(transaction, &select).await?,
            None => self.control.all(&select).await?,
        };
        Ok(rows.into_iter().next().map(Slot::from))
    }

    /// A page of the slots of a user, in these folders or in all, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn slots(
        &self,
        user: &UserId,
        folders: Option<&[String]>,
        list: &ListRequest,
    ) -> Result<Page<Slot>, StoreError> {
        let in_folders = folders.map(|folders| save_slot::Column::Folder.is_in(folders.iter().map(String::as_str)));
        let select = self
            .control
            .select::<save_slot::Entity>()
            .and_where(of_user(user))
            .and_where_option(in_folders)
            .and_where_option(list.after.map(|after| save_slot::Column::Id.lt(after)))
            .order_by(save_slot::Column::Id, Order::Desc)
            .limit(rows_for(list.limit))
            .to_owned();
        let rows: Vec<save_slot::Model> = self.control.all(&select).await?;
        Ok(Page::cut(rows, list.limit).map(Slot::from))
    }

    /// Makes a slot, in a transaction that has locked the user's saves.
    ///
    /// # Errors
    /// [`SaveError::TooManySlots`], or [`StoreError`].
    pub async fn insert_slot(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        (folder, name, title): (&str, &str, Option<TitleId>),
        now_ms: i64,
    ) -> Result<Slot, SaveError> {
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), "number")
            .from(self.control.table(save_slot::Entity))
            .and_where(of_user(user))
            .to_owned();
        let count: Vec<NumberRow> = self.control.returned(transaction, &count).await?;
        if unsigned(count.into_iter().next().unwrap_or_default().number) >= MAX_SLOTS {
            return Err(SaveError::TooManySlots);
        }
        let insert = Query::insert()
            .into_table(self.control.table(save_slot::Entity))
            .columns([
                save_slot::Column::UserId,
                save_slot::Column::Folder,
                save_slot::Column::Name,
                save_slot::Column::Title,
                save_slot::Column::Last,
                save_slot::Column::CreatedAtMs,
                save_slot::Column::ChangedAtMs,
            ])
            .values([
                Expr::val(user.as_str()),
                Expr::val(folder),
                Expr::val(name),
                Expr::val(title.map(|title| title.0)),
                Expr::val(0_i64),
                Expr::val(now_ms),
                Expr::val(now_ms),
            ])
            .map_err(|error| statement_error(&error))?
            .returning(Query::returning().column(save_slot::Column::Id))
            .to_owned();
        let rows: Vec<IdRow> = self.control.returned(transaction, &insert).await?;
        let id = rows.into_iter().next().map(|row| row.id).unwrap_or_default();
        Ok(Slot {
            id: SlotId(id),
            user: user.clone(),
            folder: folder.to_owned(),
            name: name.to_owned(),
            title,
            current: None,
            created_at_ms: now_ms,
            changed_at_ms: now_ms,
        })
    }

    /// Has a version of a slot count.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_current(
        &self,
        transaction: &DatabaseTransaction,
        slot: SlotId,
        number: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(save_slot::Entity))
            .value(save_slot::Column::Current, number)
            .value(save_slot::Column::ChangedAtMs, now_ms)
            .and_where(save_slot::Column::Id.eq(slot.0))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Takes the next number of a slot for a version.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_number(&self, transaction: &DatabaseTransaction, slot: SlotId) -> Result<i64, StoreError> {
        let update = Query::update()
            .table(self.control.table(save_slot::Entity))
            .value(save_slot::Column::Last, Expr::col(save_slot::Column::Last).add(1))
            .and_where(save_slot::Column::Id.eq(slot.0))
            .returning(Query::returning().column(save_slot::Column::Last))
            .to_owned();
        let rows: Vec<LastRow> = self.control.returned(transaction, &update).await?;
        Ok(rows.into_iter().next().map(|row| row.last).unwrap_or_default())
    }

    /// Deletes a slot with all that is in it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_slot(&self, transaction: &DatabaseTransaction, slot: SlotId) -> Result<(), StoreError> {
        self.control.delete(transaction, save_slot::Entity, save_slot::Column::Id.eq(slot.0)).await.map(drop)
    }
}
