//! Removing traces.

use entity::tenant::traces::{inbox, recording, report, trace, trace_use, vote};

use crate::{
    platform::error::StoreError,
    traces::TraceKind,
    worlds::{ChangeReason, ScopeKey, TraceLocation, WorldTx},
};

impl WorldTx<'_> {
    /// Takes the id of a new trace of that kind in a scope.
    pub fn next_trace_id(&mut self, scope: &ScopeKey, kind: TraceKind) -> i64 {
        self.next_id(scope, kind.code())
    }

    /// Removes traces with everything that depends on them, and logs the reason.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&mut self, locations: &[TraceLocation], reason: ChangeReason) -> Result<(), StoreError> {
        if locations.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = locations.iter().map(|location| location.id).collect();
        let (tables, transaction) = (self.world_tables(), self.transaction());
        tables.delete(transaction, recording::Entity, tables.among(recording::Column::Id, &ids)).await?;
        tables.delete(transaction, vote::Entity, tables.among(vote::Column::Trace, &ids)).await?;
        tables.delete(transaction, trace_use::Entity, tables.among(trace_use::Column::Trace, &ids)).await?;
        tables.delete(transaction, report::Entity, tables.among(report::Column::Trace, &ids)).await?;
        tables.delete(transaction, inbox::Entity, tables.among(inbox::Column::Trace, &ids)).await?;
        tables.delete(transaction, trace::Entity, tables.among(trace::Column::Id, &ids)).await?;
        for location in locations {
            self.log_change(location, reason);
        }
        Ok(())
    }
}
