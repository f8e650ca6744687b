//! The SQL of places: cells, and how crowded they are.

use std::collections::{BTreeMap, BTreeSet};

use entity::control::identity::{place, place_cell, place_count, user};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};

use super::Store;
use crate::{
    identity::{
        access::UserId,
        people::model::{Cell, OwnPlace, PeopleError, PlaceChange},
        profiles::{Audience, visible_to},
    },
    platform::error::StoreError,
};

/// Cells of one statement that marks them.
const CELLS: usize = 1_000;

#[derive(FromQueryResult)]
struct PlaceRow {
    cell: i64,
    audience: i16,
    changed_at_ms: i64,
    crowded: bool,
}

#[derive(FromQueryResult)]
struct CountRow {
    cell: i64,
    accounts: i64,
}

impl Store {
    fn select_place(&self) -> sea_orm::sea_query::SelectStatement {
        Query::select()
            .columns(
                [place::Column::Cell, place::Column::Audience, place::Column::ChangedAtMs]
                    .map(|column| ("place", column)),
            )
            .column(("place_cell", place_cell::Column::Crowded))
            .from(self.control.table(place::Entity))
            .inner_join(
                self.control.table(place_cell::Entity),
                Expr::col(("place_cell", place_cell::Column::Cell)).equals(("place", place::Column::Cell)),
            )
            .to_owned()
    }

    /// Where a user says that they are; `None` where they don't.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_place(&self, user: &UserId) -> Result<Option<OwnPlace>, StoreError> {
        let select = self.select_place().and_where(place::Column::UserId.eq(user.as_str())).to_owned();
        self.place_of(&select).await
    }

    /// Where somebody is, if they let the viewer know how far it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn place_shown_to(&self, viewer: &UserId, owner: &UserId) -> Result<Option<OwnPlace>, StoreError> {
        let of = |column: place::Column| Expr::col(("place", column));
        let select = self
            .select_place()
            .and_where(of(place::Column::UserId).eq(owner.as_str()))
            .cond_where(visible_to(Some(viewer), of(place::Column::UserId), of(place::Column::Audience)))
            .to_owned();
        self.place_of(&select).await
    }

    async fn place_of(&self, select: &sea_orm::sea_query::SelectStatement) -> Result<Option<OwnPlace>, StoreError> {
        let row: Option<PlaceRow> = self.control.all(select).await?.pop();
        Ok(row.and_then(|row| {
            let cell = Cell::stored(row.cell)?;
            let (audience, changed_at_ms) = (Audience::stored(row.audience), row.changed_at_ms);
            Some(OwnPlace { cell, shown: cell.shown(row.crowded), audience, changed_at_ms })
        }))
    }

    /// Says where a user is. `may_move` says from the time of the last change whether the cell may be another.
    ///
    /// # Errors
    /// [`PeopleError`].
    pub async fn set_place(
        &self,
        user: &UserId,
        change: PlaceChange,
        now_ms: i64,
        may_move: impl Fn(i64) -> Result<(), PeopleError>,
    ) -> Result<(), PeopleError> {
        let control = &self.control;
        let transaction = control.begin().await?;
        if !self.lock_user(&transaction, user).await? {
            return Err(PeopleError::Gone);
        }
        let find = control.select::<place::Entity>().and_where(place::Column::UserId.eq(user.as_str())).to_owned();
        let before: Option<place::Model> = control.returned(&transaction, &find).await?.pop();
        let number = change.cell.number();
        let changed_at_ms = match before {
            Some(before) if before.cell == Some(number) => before.changed_at_ms,
            Some(before) => {
                may_move(before.changed_at_ms)?;
                now_ms
            }
            None => now_ms,
        };
        let cell = place_cell::ActiveModel {
            cell: Set(number),
            region: Set(change.cell.region().number()),
            crowded: Set(false),
        };
        let mut known = place_cell::Entity::insert(cell).into_query();
        known
            .into_table(control.table(place_cell::Entity))
            .on_conflict(OnConflict::column(place_cell::Column::Cell).do_nothing().to_owned());
        control.execute(&transaction, &known).await?;
        let row = place::ActiveModel {
            user_id: Set(user.as_str().to_owned()),
            cell: Set(Some(number)),
            audience: Set(change.audience.number()),
            changed_at_ms: Set(changed_at_ms),
        };
        let replace = OnConflict::column(place::Column::UserId)
            .update_columns([place::Column::Cell, place::Column::Audience, place::Column::ChangedAtMs])
            .to_owned();
        let mut insert = place::Entity::insert(row).into_query();
        insert.into_table(control.table(place::Entity)).on_conflict(replace);
        control.execute(&transaction, &insert).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Removes the place of a user. When it was set stays known, so that removing it is no way to change it sooner.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_place(&self, user: &UserId) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(place::Entity))
            .value(place::Column::Cell, None::<i64>)
            .and_where(place::Column::UserId.eq(user.as_str()))
            .to_owned();
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    /// The cells of some regions in which somebody is, and whether each is crowded.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cells_of(&self, regions: &[Cell]) -> Result<Vec<(Cell, bool)>, StoreError> {
        let regions: Vec<i64> = regions.iter().map(|region| region.number()).collect();
        let in_these = self.control.among(place_cell::Column::Region, &regions);
        let select = self.control.select::<place_cell::Entity>().and_where(in_these).to_owned();
        let rows: Vec<place_cell::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().filter_map(|row| Some((Cell::stored(row.cell)?, row.crowded))).collect())
    }

    /// The day on which accounts in cells were counted last, since the Unix epoch.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counted_on(&self) -> Result<i64, StoreError> {
        let select = self.control.select::<place_count::Entity>().and_where(place_count::Column::Id.eq(1)).to_owned();
        let row: Option<place_count::Model> = self.control.all(&select).await?.pop();
        Ok(row.map(|row| row.day).unwrap_or_default())
    }

    /// How many accounts that were made by a time are in each cell. Reads all places.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accounts_in_cells(&self, made_by_ms: i64) -> Result<BTreeMap<Cell, u64>, StoreError> {
        let of_place = Expr::col(("user", user::Column::Id)).equals(("place", place::Column::UserId));
        let is_old = Expr::col(("user", user::Column::CreatedAtMs)).lte(made_by_ms);
        let old = Expr::case(is_old, Expr::val(1_i64)).finally(Expr::val(0_i64));
        let select = Query::select()
            .column(("place", place::Column::Cell))
            .expr_as(Expr::expr(old).sum().cast_as("bigint"), "accounts")
            .from(self.control.table(place::Entity))
            .inner_join(self.control.table(user::Entity), of_place)
            .and_where(Expr::col(("place", place::Column::Cell)).is_not_null())
            .group_by_col(("place", place::Column::Cell))
            .to_owned();
        let rows: Vec<CountRow> = self.control.all(&select).await?;
        let counted = |row: CountRow| Some((Cell::stored(row.cell)?, u64::try_from(row.accounts).ok()?));
        Ok(rows.into_iter().filter_map(counted).collect())
    }

    /// Stores which cells are crowded, and forgets those in which nobody is; nothing where another instance has done it for that
    /// day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark_crowded(
        &self,
        day: i64,
        occupied: &BTreeSet<Cell>,
        crowded: &BTreeSet<Cell>,
    ) -> Result<(), StoreError> {
        let control = &self.control;
        let before: Vec<place_cell::Model> = control.all(&control.select::<place_cell::Entity>()).await?;
        let transaction = control.begin().await?;
        let first = Query::update()
            .table(control.table(place_count::Entity))
            .value(place_count::Column::Day, day)
            .and_where(place_count::Column::Id.eq(1))
            .and_where(place_count::Column::Day.lt(day))
            .to_owned();
        if control.execute(&transaction, &first).await? == 0 {
            return control.commit(transaction).await;
        }
        let is = |cells: &BTreeSet<Cell>, number| Cell::stored(number).is_some_and(|cell| cells.contains(&cell));
        let numbers = |wanted: &dyn Fn(&place_cell::Model) -> bool| -> Vec<i64> {
            before.iter().filter(|row| wanted(row)).map(|row| row.cell).collect()
        };
        let filled = numbers(&|row| !row.crowded && is(crowded, row.cell));
        let emptied = numbers(&|row| row.crowded && !is(crowded, row.cell));
        for (cells, is_crowded) in [(filled, true), (emptied, false)] {
            for cells in cells.chunks(CELLS) {
                let mark = Query::update()
                    .table(control.table(place_cell::Entity))
                    .value(place_cell::Column::Crowded, is_crowded)
                    .and_where(control.among(place_cell::Column::Cell, cells))
                    .to_owned();
                control.execute(&transaction, &mark).await?;
            }
        }
        // Somebody may have come there since they were read.
        let somebody = Query::select()
            .expr(Expr::val(1))
            .from(control.table(place::Entity))
            .and_where(Expr::col(("place", place::Column::Cell)).equals(("place_cell", place_cell::Column::Cell)))
            .to_owned();
        for cells in numbers(&|row| !is(occupied, row.cell)).chunks(CELLS) {
            let empty = control.among(place_cell::Column::Cell, cells).and(Expr::exists(somebody.clone()).not());
            control.delete(&transaction, place_cell::Entity, empty).await?;
        }
        control.commit(transaction).await
    }
}
