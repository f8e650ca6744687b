//! Notifying authors of events of their traces. An inbox item is written in the transaction of the event, so that none is lost; there
//! is one row for each trace and event, which counts repetitions. It does not say who caused the event.

use std::collections::BTreeSet;

use entity::tenant::traces::inbox;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order},
};

use crate::{
    platform::error::StoreError,
    traces::trace::{TraceCounters, inbox_event::InboxEvent},
    worlds::WorldTx,
};

/// The most inbox items of an author; the oldest are removed.
const ROWS: u64 = 500;

impl WorldTx<'_> {
    /// Notifies the authors of these traces of an event of each. Only players known to this installation have an inbox.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notify_author(&mut self, event: InboxEvent, traces: &[TraceCounters]) -> Result<(), StoreError> {
        let traces: Vec<&TraceCounters> = traces.iter().filter(|trace| trace.minted).collect();
        let Ok(count) = i64::try_from(traces.len()) else { return Ok(()) };
        if count == 0 {
            return Ok(());
        }
        let before = self.raise_inbox_seq(count).await? - count;
        let tables = self.world_tables();
        let mut insert = tables
            .insert_into::<inbox::Entity>()
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
            .take();
        for (trace, offset) in traces.iter().zip(1..) {
            insert.values_panic([
                self.world().into(),
                trace.id.into(),
                event.code().into(),
                trace.author.as_str().into(),
                (before + offset).into(),
                trace.all_good().into(),
                trace.poor.into(),
                trace.uses.into(),
                1.into(),
                self.now_ms().into(),
            ]);
        }
        let count_again = OnConflict::columns([inbox::Column::World, inbox::Column::Trace, inbox::Column::What])
            .update_columns([
                inbox::Column::Id,
                inbox::Column::Good,
                inbox::Column::Poor,
                inbox::Column::Uses,
                inbox::Column::AtMs,
            ])
            .value(inbox::Column::Count, Expr::col((inbox::Entity, inbox::Column::Count)).add(1))
            .to_owned();
        insert.on_conflict(count_again);
        tables.execute(self.transaction(), &insert).await?;
        let authors: BTreeSet<&str> = traces.iter().map(|trace| trace.author.as_str()).collect();
        for author in authors {
            self.trim_inbox(author).await?;
            self.wake_inbox(author);
        }
        Ok(())
    }

    /// Removes the oldest inbox items of an author beyond [`ROWS`].
    async fn trim_inbox(&self, author: &str) -> Result<(), StoreError> {
        let (tables, own) = (self.world_tables(), inbox::Column::Player.eq(author));
        let first_beyond = tables
            .select_from::<inbox::Entity>()
            .column(inbox::Column::Id)
            .and_where(own.clone())
            .order_by(inbox::Column::Id, Order::Desc)
            .offset(ROWS)
            .limit(1)
            .take();
        let rows: Vec<IdRow> = tables.returned(self.transaction(), &first_beyond).await?;
        let Some(IdRow { id }) = rows.first() else { return Ok(()) };
        tables.delete(self.transaction(), inbox::Entity, own.and(inbox::Column::Id.lte(*id))).await?;
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}
