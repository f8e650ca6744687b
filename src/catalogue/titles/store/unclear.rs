//! The queue of records whose title is unclear.

use entity::control::catalogue::unclear_title;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryTrait, Set,
    sea_query::{ExprTrait, OnConflict, Order, Query},
};

use super::Store;
use crate::{
    catalogue::titles::model::{Record, TitleId, UnclearRecord},
    platform::{
        clock,
        codec::hex,
        error::StoreError,
        page::{Page, rows_for},
        token,
    },
};

fn unclear(row: &unclear_title::Model) -> Option<UnclearRecord> {
    let candidates = row.candidates.split(',').filter_map(|id| id.parse().ok()).map(TitleId).collect();
    Some(UnclearRecord { id: row.id, at_ms: row.at_ms, record: Record::of_json(&row.record)?, candidates })
}

impl Store {
    /// Adds records with the titles that each may be. One that is there already, or was put aside, stays as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue(
        &self,
        transaction: &DatabaseTransaction,
        records: &[(&Record, Vec<TitleId>)],
    ) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let now_ms = clock::now_ms();
        let row = |(record, candidates): &(&Record, Vec<TitleId>)| {
            let text = record.to_json();
            let digest = || (String::new(), hex::of_bytes(&token::digest(&text)));
            let own = record.external.first().map(|id| (id.source().to_owned(), id.external().to_owned()));
            let (source, external) = own.unwrap_or_else(digest);
            unclear_title::ActiveModel {
                source: Set(source),
                external: Set(external),
                record: Set(text),
                candidates: Set(super::joined(candidates, ",")),
                at_ms: Set(now_ms),
                ..Default::default()
            }
        };
        let mut insert = unclear_title::Entity::insert_many(records.iter().map(row)).into_query();
        let known = OnConflict::columns([unclear_title::Column::Source, unclear_title::Column::External]);
        insert.into_table(self.control.table(unclear_title::Entity)).on_conflict(known.clone().do_nothing().to_owned());
        self.control.execute(transaction, &insert).await?;
        Ok(())
    }

    /// A page of the queue, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unclear(&self, after: i64, limit: usize) -> Result<Page<UnclearRecord>, StoreError> {
        let select = self
            .control
            .select::<unclear_title::Entity>()
            .and_where(unclear_title::Column::PutAside.into_expr().not())
            .and_where(unclear_title::Column::Id.gt(after))
            .order_by(unclear_title::Column::Id, Order::Asc)
            .limit(rows_for(limit))
            .to_owned();
        let rows: Vec<unclear_title::Model> = self.control.all(&select).await?;
        let more = rows.len() > limit;
        Ok(Page { items: rows.iter().take(limit).filter_map(unclear).collect(), more })
    }

    /// A record of the queue.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unclear_record(
        &self,
        transaction: &DatabaseTransaction,
        id: i64,
    ) -> Result<Option<UnclearRecord>, StoreError> {
        let select = self
            .control
            .select::<unclear_title::Entity>()
            .and_where(unclear_title::Column::Id.eq(id))
            .and_where(unclear_title::Column::PutAside.into_expr().not())
            .to_owned();
        let rows: Vec<unclear_title::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.first().and_then(unclear))
    }

    /// Takes a record out of the queue; `keep` remembers it, so that it does not come again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle(&self, transaction: &DatabaseTransaction, id: i64, keep: bool) -> Result<(), StoreError> {
        if keep {
            let update = Query::update()
                .table(self.control.table(unclear_title::Entity))
                .value(unclear_title::Column::PutAside, true)
                .and_where(unclear_title::Column::Id.eq(id))
                .to_owned();
            self.control.execute(transaction, &update).await?;
        } else {
            self.control.delete(transaction, unclear_title::Entity, unclear_title::Column::Id.eq(id)).await?;
        }
        Ok(())
    }
}
