//! The SQL of upkeep.

use std::collections::BTreeSet;

use entity::tenant::{
    InWorld,
    traces::{idempotency, inbox, trace, trace_ref, trace_use},
};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use crate::{
    platform::{
        db::{Tenant, WorldTables},
        error::StoreError,
    },
    traces::TraceKind,
    worlds::{ScopeKey, ScopeRow, TraceLocation, WorldTx},
};

#[derive(FromQueryResult)]
struct LocationRow {
    id: i64,
    scope: String,
}

impl LocationRow {
    fn locations(rows: Vec<Self>) -> Vec<TraceLocation> {
        let location = |Self { id, scope }| TraceLocation { id, scope: ScopeKey::stored(&scope) };
        rows.into_iter().map(location).collect()
    }
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

#[derive(FromQueryResult)]
struct TimeRow {
    at_ms: i64,
}

/// A query over the traces of a kind in a scope.
fn select_traces(tables: &WorldTables, scope: &ScopeKey, kind: TraceKind) -> SelectStatement {
    tables
        .select_from::<trace::Entity>()
        .and_where(trace::Column::Scope.eq(scope.as_str()))
        .and_where(trace::Column::Kind.eq(kind.code()))
        .take()
}

/// The oldest traces of a kind in a scope, up to and including an id; at most [`WorldTx::ROWS`].
pub async fn oldest(
    world: &WorldTx<'_>,
    scope: &ScopeKey,
    kind: TraceKind,
    upto: i64,
) -> Result<Vec<TraceLocation>, StoreError> {
    let tables = world.world_tables();
    let oldest = select_traces(&tables, scope, kind)
        .columns([trace::Column::Id, trace::Column::Scope])
        .and_where(trace::Column::Id.lte(upto))
        .order_by(trace::Column::Id, Order::Asc)
        .limit(WorldTx::ROWS)
        .take();
    Ok(LocationRow::locations(tables.returned(world.transaction(), &oldest).await?))
}

/// Expired traces, the first to expire first; at most [`WorldTx::ROWS`].
pub async fn expired(world: &WorldTx<'_>) -> Result<Vec<TraceLocation>, StoreError> {
    let tables = world.world_tables();
    let expired = tables
        .select_from::<trace::Entity>()
        .columns([trace::Column::Id, trace::Column::Scope])
        .and_where(trace::Column::ExpiresAtMs.is_not_null())
        .and_where(trace::Column::ExpiresAtMs.lte(world.now_ms()))
        .order_by(trace::Column::ExpiresAtMs, Order::Asc)
        .limit(WorldTx::ROWS)
        .take();
    Ok(LocationRow::locations(tables.returned(world.transaction(), &expired).await?))
}

/// Removes inbox items older than `before_ms`; returns how many.
pub async fn forget_inbox_items(world: &WorldTx<'_>, before_ms: i64) -> Result<u64, StoreError> {
    remove_oldest(world, inbox::Entity, inbox::Column::AtMs, before_ms).await
}

/// Removes uses older than `before_ms`; returns how many.
pub async fn forget_uses(world: &WorldTx<'_>, before_ms: i64) -> Result<u64, StoreError> {
    remove_oldest(world, trace_use::Entity, trace_use::Column::AtMs, before_ms).await
}

/// Removes rows older than `before_ms`, oldest first, about [`WorldTx::ROWS`] of them; returns how many of these were found.
async fn remove_oldest<E: InWorld>(
    world: &WorldTx<'_>,
    entity: E,
    at_ms: E::Column,
    before_ms: i64,
) -> Result<u64, StoreError> {
    let (tables, transaction) = (world.world_tables(), world.transaction());
    let oldest = tables
        .select_from::<E>()
        .column(at_ms)
        .and_where(at_ms.lt(before_ms))
        .order_by(at_ms, Order::Asc)
        .limit(WorldTx::ROWS)
        .take();
    let rows: Vec<TimeRow> = tables.returned(transaction, &oldest).await?;
    let Some(last) = rows.last() else { return Ok(0) };
    tables.delete(transaction, entity, at_ms.lte(last.at_ms)).await?;
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

/// The traces of one world, outside of its transaction.
#[derive(Clone, Debug)]
pub struct Store {
    tables: WorldTables,
}

impl Store {
    /// The traces in these tables.
    pub fn new(tables: WorldTables) -> Self {
        Self { tables }
    }

    /// The newest trace of a kind in a scope beyond the `keep` newest, if there are more. Finding it reads all that are kept, so
    /// this runs before the world is locked.
    pub async fn first_beyond(&self, scope: &ScopeKey, kind: TraceKind, keep: u64) -> Result<Option<i64>, StoreError> {
        let beyond = select_traces(&self.tables, scope, kind)
            .column(trace::Column::Id)
            .order_by(trace::Column::Id, Order::Desc)
            .offset(keep)
            .limit(1)
            .take();
        let rows: Vec<IdRow> = self.tables.all(&beyond).await?;
        Ok(rows.first().map(|row| row.id))
    }

    /// The number of traces of a kind in a scope.
    pub async fn count(&self, scope: &ScopeKey, kind: TraceKind) -> Result<u64, StoreError> {
        let count =
            select_traces(&self.tables, scope, kind).expr_as(Expr::col(trace::Column::Id).count(), "count").take();
        let rows: Vec<CountRow> = self.tables.all(&count).await?;
        Ok(rows.first().and_then(|row| u64::try_from(row.count).ok()).unwrap_or_default())
    }

    /// The scopes that hold more than `keep` traces of a kind.
    pub async fn scopes_beyond(&self, kind: TraceKind, keep: u32) -> Result<BTreeSet<ScopeKey>, StoreError> {
        let select = self
            .tables
            .select_from::<trace::Entity>()
            .column(trace::Column::Scope)
            .and_where(trace::Column::Kind.eq(kind.code()))
            .group_by_col(trace::Column::Scope)
            .and_having(Expr::cust("count(*)").gt(i64::from(keep)))
            .take();
        let rows: Vec<ScopeRow> = self.tables.all(&select).await?;
        Ok(ScopeRow::scopes(&rows))
    }
}

/// Removes idempotency keys older than `before_ms`, in all worlds of a studio.
pub async fn forget_idempotency_keys(tenant: &Tenant, before_ms: i64) -> Result<(), StoreError> {
    let transaction = tenant.begin().await?;
    let old = idempotency::Column::CreatedAtMs.lt(before_ms);
    tenant.delete(&transaction, idempotency::Entity, old).await?;
    tenant.commit(transaction).await
}

/// Removes clients' refs older than `before_ms` whose trace no longer exists, in all worlds of a studio.
pub async fn forget_refs(tenant: &Tenant, before_ms: i64) -> Result<(), StoreError> {
    let trace = Query::select()
        .expr(Expr::val(1))
        .from(tenant.table(trace::Entity))
        .and_where(Expr::col(("trace", trace::Column::World)).equals(("trace_ref", trace_ref::Column::World)))
        .and_where(Expr::col(("trace", trace::Column::Id)).equals(("trace_ref", trace_ref::Column::Trace)))
        .take();
    let old = trace_ref::Column::CreatedAtMs.lt(before_ms).and(Expr::exists(trace).not());
    let transaction = tenant.begin().await?;
    tenant.delete(&transaction, trace_ref::Entity, old).await?;
    tenant.commit(transaction).await
}
