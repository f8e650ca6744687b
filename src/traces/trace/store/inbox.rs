//! What authors are told of their traces: written in the transaction of what happened, so that nothing is missed, and folded into
//! one row for each trace and event. Who caused it is not told.

use std::collections::BTreeSet;

use entity::tenant::traces::inbox;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement},
};

use crate::{
    platform::error::StoreError,
    traces::trace::{TraceCounters, inbox_event::InboxEvent},
    worlds::WorldTx,
};

/// Inbox items kept for an author; the oldest go.
const ROWS: u64 = 500;

impl WorldTx<'_> {
    /// Tells the authors of these traces that something happened to each. Only players whose id Cairn minted have an inbox.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notify_author(&mut self, what: InboxEvent, of: &[TraceCounters]) -> Result<(), StoreError> {
        let of: Vec<&TraceCounters> = of.iter().filter(|trace| trace.minted).collect();
        let Ok(count) = i64::try_from(of.len()) else { return Ok(()) };
        if count == 0 {
            return Ok(());
        }
        let before = self.raise_inbox_seq(count).await? - count;
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
            self.trim_inbox(author).await?;
        }
        Ok(())
    }

    async fn trim_inbox(&self, author: &str) -> Result<(), StoreError> {
        let own = inbox::Column::World.eq(self.world()).and(inbox::Column::Player.eq(author));
        let first_beyond: SelectStatement = Query::select()
            .column(inbox::Column::Id)
            .from(self.tables().table(inbox::Entity))
            .and_where(own.clone())
            .order_by(inbox::Column::Id, Order::Desc)
            .offset(ROWS)
            .limit(1)
            .to_owned();
        let rows: Vec<IdRow> = self.tables().returned(self.transaction(), &first_beyond).await?;
        let Some(IdRow { id }) = rows.first() else { return Ok(()) };
        self.tables().delete(self.transaction(), inbox::Entity, own.and(inbox::Column::Id.lte(*id))).await?;
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}
