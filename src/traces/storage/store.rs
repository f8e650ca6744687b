//! The SQL of making room.

use entity::tenant::traces::{recording, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, SelectStatement},
};

use super::model::Candidate;
use crate::{
    platform::{db::WorldTables, error::StoreError},
    traces::{
        TraceKind,
        stored_size::{recording_bytes, trace_bytes},
        trace::is_own,
    },
    worlds::{ScopeKey, WorldTx},
};

#[derive(FromQueryResult)]
struct CandidateRow {
    id: i64,
    scope: String,
    author: String,
    minted: bool,
    texts: i64,
    recording: Option<i64>,
}

#[derive(FromQueryResult)]
struct IdRow {
    #[expect(dead_code, reason = "that there is a row is what matters")]
    id: i64,
}

/// The length of a column in bytes; 0 where it is NULL.
fn length(column: &str) -> String {
    format!("coalesce(octet_length({column}), 0)")
}

/// The oldest traces of a kind, with what they occupy, at most as many as one command removes.
fn select_oldest(tables: &WorldTables, kind: TraceKind) -> SelectStatement {
    let texts = format!(
        "CAST({} + {} + 2 * {} AS bigint)",
        length("trace.body"),
        length("trace.detail"),
        length("trace.source_id")
    );
    let recording = format!("CAST({} + {} AS bigint)", length("recording.bytes"), length("recording.look"));
    let mut select = tables.select_from::<trace::Entity>();
    let on = recording::Column::Id.into_expr().eq(trace::Column::Id.into_expr());
    tables.left_join::<recording::Entity>(&mut select, on);
    select
        .columns(
            [trace::Column::Id, trace::Column::Scope, trace::Column::Author, trace::Column::Minted]
                .map(|column| (trace::Entity, column)),
        )
        .expr_as(Expr::cust(texts), "texts")
        .expr_as(Expr::cust(format!("CASE WHEN recording.id IS NULL THEN NULL ELSE {recording} END")), "recording")
        .and_where(trace::Column::Kind.eq(kind.code()))
        .order_by((trace::Entity, trace::Column::Id), Order::Asc)
        .limit(WorldTx::ROWS)
        .take()
}

async fn candidates(tx: &WorldTx<'_>, select: &SelectStatement) -> Result<Vec<Candidate>, StoreError> {
    let rows: Vec<CandidateRow> = tx.world_tables().returned(tx.transaction(), select).await?;
    let size = |bytes: i64| usize::try_from(bytes).unwrap_or_default();
    let candidate = |row: CandidateRow| {
        let scope = ScopeKey::stored(&row.scope);
        let bytes = trace_bytes(&row.author, &scope, size(row.texts))
            + row.recording.map_or(0, |bytes| recording_bytes(size(bytes)));
        Candidate { id: row.id, author: row.author, by_player: row.minted, bytes, scope }
    };
    Ok(rows.into_iter().map(candidate).collect())
}

/// A player's oldest traces of a kind.
///
/// # Errors
/// [`StoreError`].
pub async fn oldest_of_player(tx: &WorldTx<'_>, player: &str, kind: TraceKind) -> Result<Vec<Candidate>, StoreError> {
    let select = select_oldest(&tx.world_tables(), kind).and_where(is_own(player)).take();
    candidates(tx, &select).await
}

/// The oldest traces of a kind in a scope.
///
/// # Errors
/// [`StoreError`].
pub async fn oldest_in_scope(
    tx: &WorldTx<'_>,
    scope: &ScopeKey,
    kind: TraceKind,
) -> Result<Vec<Candidate>, StoreError> {
    let select = select_oldest(&tx.world_tables(), kind).and_where(trace::Column::Scope.eq(scope.as_str())).take();
    candidates(tx, &select).await
}

/// Whether a scope has a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn is_stored(tx: &WorldTx<'_>, scope: &ScopeKey) -> Result<bool, StoreError> {
    Ok(!has_only(tx, scope, 0).await?)
}

/// Whether a scope has at most so many traces.
///
/// # Errors
/// [`StoreError`].
pub async fn has_only(tx: &WorldTx<'_>, scope: &ScopeKey, most: usize) -> Result<bool, StoreError> {
    let tables = tx.world_tables();
    let one_more = tables
        .select_from::<trace::Entity>()
        .column(trace::Column::Id)
        .and_where(trace::Column::Scope.eq(scope.as_str()))
        .offset(u64::try_from(most).unwrap_or(u64::MAX))
        .limit(1)
        .take();
    let rows: Vec<IdRow> = tables.returned(tx.transaction(), &one_more).await?;
    Ok(rows.is_empty())
}
