//! All SQL of discovery.

use entity::control::catalogue::title_discovery;
use sea_orm::{
    ActiveValue::NotSet,
    ColumnTrait, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query as SqlQuery},
};

use super::model::{Query, Search};
use crate::{
    catalogue::titles::TitleId,
    platform::{db::Control, error::StoreError},
};

/// Old searches that are deleted at once.
const DELETED_AT_ONCE: u64 = 100;

/// Searches in the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

fn search(row: title_discovery::Model) -> Search {
    let title_discovery::Model { id, query, asked_ms, done_ms, titles, unclear, .. } = row;
    let titles = titles.split(',').filter_map(|id| id.parse().ok()).map(TitleId).collect();
    Search { id, query, asked_ms, done_ms, titles, unclear }
}

impl Store {
    /// A store on these tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// The search for these words.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, query: &Query) -> Result<Option<Search>, StoreError> {
        let is_it = title_discovery::Column::QueryKey.eq(query.key());
        let select = self.control.select::<title_discovery::Entity>().and_where(is_it).to_owned();
        Ok(self.control.all::<title_discovery::Model>(&select).await?.pop().map(search))
    }

    /// The search of that number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn get(&self, id: i64) -> Result<Option<Search>, StoreError> {
        let is_it = title_discovery::Column::Id.eq(id);
        let select = self.control.select::<title_discovery::Entity>().and_where(is_it).to_owned();
        Ok(self.control.all::<title_discovery::Model>(&select).await?.pop().map(search))
    }

    /// Notes that words are looked for, unless that was noted since `since_ms`: the number of the search where it is noted now. Those
    /// that nobody has asked for since `forget_ms` are deleted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ask(
        &self,
        query: &Query,
        now_ms: i64,
        (since_ms, forget_ms): (i64, i64),
    ) -> Result<Option<i64>, StoreError> {
        let row = title_discovery::ActiveModel {
            id: NotSet,
            query_key: Set(query.key().to_owned()),
            query: Set(query.text().to_owned()),
            asked_ms: Set(now_ms),
            done_ms: Set(0),
            titles: Set(String::new()),
            unclear: Set(0),
        };
        let column = |column: title_discovery::Column| Expr::col(("title_discovery", column));
        let again = OnConflict::column(title_discovery::Column::QueryKey)
            .update_column(title_discovery::Column::AskedMs)
            .action_and_where(column(title_discovery::Column::AskedMs).lt(since_ms))
            .to_owned();
        let mut insert = title_discovery::Entity::insert(row).into_query();
        insert
            .into_table(self.control.table(title_discovery::Entity))
            .on_conflict(again)
            .returning_col(title_discovery::Column::Id);
        let transaction = self.control.begin().await?;
        let rows: Vec<IdRow> = self.control.returned(&transaction, &insert).await?;
        let old = SqlQuery::select()
            .column(title_discovery::Column::Id)
            .from(self.control.table(title_discovery::Entity))
            .and_where(title_discovery::Column::AskedMs.lt(forget_ms))
            .order_by(title_discovery::Column::AskedMs, Order::Asc)
            .limit(DELETED_AT_ONCE)
            .to_owned();
        let is_old = self.control.among_those(Expr::col(title_discovery::Column::Id), old);
        self.control.delete(&transaction, title_discovery::Entity, is_old).await?;
        self.control.commit(transaction).await?;
        Ok(rows.first().map(|row| row.id))
    }

    /// Stores what a search has brought.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish(&self, id: i64, titles: &[TitleId], unclear: i32, now_ms: i64) -> Result<(), StoreError> {
        let titles: Vec<String> = titles.iter().map(ToString::to_string).collect();
        let update = SqlQuery::update()
            .table(self.control.table(title_discovery::Entity))
            .value(title_discovery::Column::Titles, titles.join(","))
            .value(title_discovery::Column::Unclear, unclear)
            .value(title_discovery::Column::DoneMs, now_ms)
            .and_where(title_discovery::Column::Id.eq(id))
            .to_owned();
        let transaction = self.control.begin().await?;
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }
}
