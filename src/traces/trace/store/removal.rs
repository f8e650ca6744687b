//! Removing traces.

use std::collections::BTreeSet;

use entity::tenant::traces::{inbox, recording, report, trace, trace_ref, trace_use, vote};
use sea_orm::{ColumnTrait, FromQueryResult, Set};

use super::OwnCountChanges;
use crate::{
    platform::error::StoreError,
    traces::TraceKind,
    worlds::{ChangeReason, ScopeKey, TraceLocation, WorldTx},
};

#[derive(FromQueryResult)]
struct AuthoredRow {
    id: i64,
    author: String,
    kind: i16,
    scope: String,
}

#[derive(FromQueryResult)]
struct ReferredRow {
    trace: i64,
}

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
        let of_players = self.of_players(&ids).await?;
        self.uncount(&of_players).await?;
        self.remember_authors(of_players, &ids).await?;
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

    /// Those of these traces that are players'.
    async fn of_players(&self, ids: &[i64]) -> Result<Vec<AuthoredRow>, StoreError> {
        let tables = self.world_tables();
        let of_players = tables
            .select_from::<trace::Entity>()
            .columns([trace::Column::Id, trace::Column::Author, trace::Column::Kind, trace::Column::Scope])
            .and_where(tables.among(trace::Column::Id, ids))
            .and_where(trace::Column::Minted.eq(true))
            .take();
        tables.returned(self.transaction(), &of_players).await
    }

    /// Subtracts traces that are removed from the counts of their authors.
    async fn uncount(&self, removed: &[AuthoredRow]) -> Result<(), StoreError> {
        let mut changes = OwnCountChanges::default();
        for AuthoredRow { author, kind, scope, .. } in removed {
            changes.add(author, *kind, &ScopeKey::stored(scope), -1);
        }
        self.change_own_counts(changes).await?;
        Ok(())
    }

    /// Gives a reference to the traces of players that have none: by it their author learns that they have gone.
    async fn remember_authors(&self, of_players: Vec<AuthoredRow>, ids: &[i64]) -> Result<(), StoreError> {
        let (tables, transaction) = (self.world_tables(), self.transaction());
        if of_players.is_empty() {
            return Ok(());
        }
        let authors: BTreeSet<&str> = of_players.iter().map(|row| row.author.as_str()).collect();
        let with_reference = tables
            .select_from::<trace_ref::Entity>()
            .column(trace_ref::Column::Trace)
            .and_where(trace_ref::Column::Author.is_in(authors))
            .and_where(tables.among(trace_ref::Column::Trace, ids))
            .take();
        let with_reference: Vec<ReferredRow> = tables.returned(transaction, &with_reference).await?;
        let with_reference: BTreeSet<i64> = with_reference.into_iter().map(|row| row.trace).collect();
        let reference = |row: AuthoredRow| trace_ref::ActiveModel {
            world: Set(self.world()),
            author: Set(row.author),
            // The control character keeps it apart from every `ref` that a client can send.
            name: Set(format!("\u{1}{}", row.id)),
            trace: Set(row.id),
            digest: Set(Vec::new()),
            created_at_ms: Set(self.now_ms()),
        };
        let new = of_players.into_iter().filter(|row| !with_reference.contains(&row.id)).map(reference).collect();
        tables.insert(transaction, new).await
    }
}
