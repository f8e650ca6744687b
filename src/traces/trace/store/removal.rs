//! Removing traces.

use entity::tenant::traces::{inbox, recording, report, trace, trace_use, vote};
use sea_orm::{ColumnTrait, sea_query::ExprTrait};

use crate::{
    platform::error::StoreError,
    traces::TraceKind,
    worlds::{ChangeReason, ScopeKey, TraceLocation, WorldTx},
};

impl WorldTx<'_> {
    /// The id of a trace of that kind that is left in a scope.
    pub fn next_trace_id(&mut self, scope: &ScopeKey, kind: TraceKind) -> i64 {
        self.next_id(scope, kind.code())
    }

    /// Removes traces with everything that depends on them, and logs why.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&mut self, gone: &[TraceLocation], reason: ChangeReason) -> Result<(), StoreError> {
        if gone.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = gone.iter().map(|location| location.id).collect();
        let (world, tenant, transaction) = (self.world(), self.tables(), self.transaction());
        let recordings = recording::Column::World.eq(world).and(tenant.among(recording::Column::Id, &ids));
        tenant.delete(transaction, recording::Entity, recordings).await?;
        let votes = vote::Column::World.eq(world).and(tenant.among(vote::Column::Trace, &ids));
        tenant.delete(transaction, vote::Entity, votes).await?;
        let uses = trace_use::Column::World.eq(world).and(tenant.among(trace_use::Column::Trace, &ids));
        tenant.delete(transaction, trace_use::Entity, uses).await?;
        let reports = report::Column::World.eq(world).and(tenant.among(report::Column::Trace, &ids));
        tenant.delete(transaction, report::Entity, reports).await?;
        let inbox_items = inbox::Column::World.eq(world).and(tenant.among(inbox::Column::Trace, &ids));
        tenant.delete(transaction, inbox::Entity, inbox_items).await?;
        let traces = trace::Column::World.eq(world).and(tenant.among(trace::Column::Id, &ids));
        tenant.delete(transaction, trace::Entity, traces).await?;
        for location in gone {
            self.log_change(location, reason);
        }
        Ok(())
    }
}
