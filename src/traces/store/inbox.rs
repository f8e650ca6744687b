//! What authors are inbox_event of their traces: written in the act of what happened, so that nothing is missed, and folded into
//! one row for each trace and kind of news. Nobody is inbox_event who it was.

use std::collections::BTreeSet;

use entity::tenant::{traces::inbox, worlds::world};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement},
};

use super::{TraceCounters, WorldTx};
use crate::{platform::error::StoreError, traces::inbox_event::InboxEvent};

/// Rows that are kept for an author: the oldest go.
const ROWS: u64 = 500;

#[derive(FromQueryResult)]
struct Raised {
    news: i64,
}

impl WorldTx<'_> {
    /// Tells the authors of these traces that something happened to each. Authors that were not minted here have no inbox.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notify_author(&mut self, what: InboxEvent, of: &[TraceCounters]) -> Result<(), StoreError> {
        let of: Vec<&TraceCounters> = of.iter().filter(|trace| trace.minted).collect();
        let Ok(count) = i64::try_from(of.len()) else { return Ok(()) };
        if count == 0 {
            return Ok(());
        }
        let before = self.raise_news(count).await? - count;
        let mut insert = Query::insert()
            .into_table(self.tables().table(inbox::Entity))
            .columns([
                inbox::Column::World,
                inbox::Column::Trace,
                inbox::Column::What,
                inbox::Column::Player,
                inbox::Column::Id,
                inbox::Column::Good,
                inbox::Column::Poor,
                inbox::Column::Uses,
                inbox::Column::Count,
                inbox::Column::AtMs,
            ])
            .to_owned();
        for (trace, at) in of.iter().zip(1..) {
            insert.values_panic([
                self.world().into(),
                trace.id.into(),
                what.code().into(),
                trace.author.as_str().into(),
                (before + at).into(),
                trace.all_good().into(),
                trace.poor.into(),
                trace.uses.into(),
                1.into(),
                self.now_ms().into(),
            ]);
        }
        let again = OnConflict::columns([inbox::Column::World, inbox::Column::Trace, inbox::Column::What])
            .update_columns([
                inbox::Column::Id,
                inbox::Column::Good,
                inbox::Column::Poor,
                inbox::Column::Uses,
                inbox::Column::AtMs,
            ])
            .value(inbox::Column::Count, Expr::col((inbox::Entity, inbox::Column::Count)).add(1))
            .to_owned();
        insert.on_conflict(again);
        self.tables().execute(self.transaction(), &insert).await?;
        let authors: BTreeSet<&str> = of.iter().map(|trace| trace.author.as_str()).collect();
        for author in authors {
            self.bound_news(author).await?;
        }
        Ok(())
    }

    /// The last of so many new ids.
    async fn raise_news(&self, count: i64) -> Result<i64, StoreError> {
        let raise = Query::update()
            .table(self.tables().table(world::Entity))
            .value(world::Column::News, Expr::col(world::Column::News).add(count))
            .and_where(world::Column::Id.eq(self.world()))
            .returning(Query::returning().column(world::Column::News))
            .to_owned();
        let rows: Vec<Raised> = self.tables().returned(self.transaction(), &raise).await?;
        let gone = || StoreError::Statement(sea_orm::DbErr::RecordNotFound(format!("world {}", self.world())));
        rows.first().map(|row| row.news).ok_or_else(gone)
    }

    async fn bound_news(&self, author: &str) -> Result<(), StoreError> {
        let own = inbox::Column::World.eq(self.world()).and(inbox::Column::Player.eq(author));
        let first_too_many: SelectStatement = Query::select()
            .column(inbox::Column::Id)
            .from(self.tables().table(inbox::Entity))
            .and_where(own.clone())
            .order_by(inbox::Column::Id, Order::Desc)
            .offset(ROWS)
            .limit(1)
            .to_owned();
        let rows: Vec<First> = self.tables().returned(self.transaction(), &first_too_many).await?;
        let Some(First { id }) = rows.first() else { return Ok(()) };
        self.tables().delete(self.transaction(), inbox::Entity, own.and(inbox::Column::Id.lte(*id))).await?;
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct First {
    id: i64,
}
