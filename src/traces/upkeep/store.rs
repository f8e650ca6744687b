//! The SQL of upkeep.

use std::collections::BTreeSet;

use entity::tenant::traces::{idempotency, inbox, trace, trace_ref, trace_use};
use sea_orm::{
    ColumnTrait, EntityName, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use crate::{
    platform::{db::Tenant, error::StoreError},
    traces::TraceKind,
    worlds::{ScopeKey, ScopeRow, TraceLocation, WorldKey, WorldTx},
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

fn of_kind(tables: &Tenant, world: i32, scope: &ScopeKey, kind: TraceKind) -> SelectStatement {
    Query::select()
        .from(tables.table(trace::Entity))
        .and_where(trace::Column::World.eq(world))
        .and_where(trace::Column::Scope.eq(scope.as_str()))
        .and_where(trace::Column::Kind.eq(kind.code()))
        .to_owned()
}

/// The oldest traces of a kind in a scope, up to and including an id; at most [`WorldTx::ROWS`].
pub async fn oldest(
    world: &WorldTx<'_>,
    scope: &ScopeKey,
    kind: TraceKind,
    upto: i64,
) -> Result<Vec<TraceLocation>, StoreError> {
    let oldest = of_kind(world.tables(), world.world(), scope, kind)
        .columns([trace::Column::Id, trace::Column::Scope])
        .and_where(trace::Column::Id.lte(upto))
        .order_by(trace::Column::Id, Order::Asc)
        .limit(WorldTx::ROWS)
        .to_owned();
    Ok(LocationRow::locations(world.tables().returned(world.transaction(), &oldest).await?))
}

/// Expired traces, the first to expire first; at most [`WorldTx::ROWS`].
pub async fn expired(world: &WorldTx<'_>) -> Result<Vec<TraceLocation>, StoreError> {
    let expired = Query::select()
        .columns([trace::Column::Id, trace::Column::Scope])
        .from(world.tables().table(trace::Entity))
        .and_where(trace::Column::World.eq(world.world()))
        .and_where(trace::Column::ExpiresAtMs.is_not_null())
        .and_where(trace::Column::ExpiresAtMs.lte(world.now_ms()))
        .order_by(trace::Column::ExpiresAtMs, Order::Asc)
        .limit(WorldTx::ROWS)
        .to_owned();
    Ok(LocationRow::locations(world.tables().returned(world.transaction(), &expired).await?))
}

/// Removes inbox items older than `before_ms`; returns how many.
pub async fn forget_inbox_items(world: &WorldTx<'_>, before_ms: i64) -> Result<u64, StoreError> {
    forget(world, inbox::Entity, [inbox::Column::World, inbox::Column::AtMs], before_ms).await
}

/// Removes uses older than `before_ms`; returns how many.
pub async fn forget_uses(world: &WorldTx<'_>, before_ms: i64) -> Result<u64, StoreError> {
    forget(world, trace_use::Entity, [trace_use::Column::World, trace_use::Column::AtMs], before_ms).await
}

/// Removes the oldest rows of a table that are older than a time.
async fn forget<E: EntityName + Copy, C: ColumnTrait>(
    tx: &WorldTx<'_>,
    entity: E,
    [world, at_ms]: [C; 2],
    before_ms: i64,
) -> Result<u64, StoreError> {
    let (tables, transaction) = (tx.tables(), tx.transaction());
    let old = world.eq(tx.world()).and(at_ms.lt(before_ms));
    let oldest = Query::select()
        .column(at_ms)
        .from(tables.table(entity))
        .and_where(old)
        .order_by(at_ms, Order::Asc)
        .limit(WorldTx::ROWS)
        .to_owned();
    let rows: Vec<TimeRow> = tables.returned(transaction, &oldest).await?;
    let Some(last) = rows.last() else { return Ok(0) };
    tables.delete(transaction, entity, world.eq(tx.world()).and(at_ms.lte(last.at_ms))).await?;
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

/// The traces of one studio, outside of a world's transaction.
#[derive(Clone, Debug)]
pub struct Store {
    tenant: Tenant,
}

impl Store {
    /// The traces in these tables.
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant }
    }

    /// The newest trace of a kind in a scope that is one too many where `keep` stay. Finding it reads all that stay, so it is
    /// looked for before the world is locked.
    pub async fn first_beyond(
        &self,
        world: WorldKey,
        scope: &ScopeKey,
        kind: TraceKind,
        keep: u64,
    ) -> Result<Option<i64>, StoreError> {
        let beyond = of_kind(&self.tenant, world.world(), scope, kind)
            .column(trace::Column::Id)
            .order_by(trace::Column::Id, Order::Desc)
            .offset(keep)
            .limit(1)
            .to_owned();
        let rows: Vec<IdRow> = self.tenant.all(&beyond).await?;
        Ok(rows.first().map(|row| row.id))
    }

    /// How many traces of a kind a scope holds.
    pub async fn count(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind) -> Result<u64, StoreError> {
        let count = of_kind(&self.tenant, world.world(), scope, kind)
            .expr_as(Expr::col(trace::Column::Id).count(), "count")
            .to_owned();
        let rows: Vec<CountRow> = self.tenant.all(&count).await?;
        Ok(rows.first().and_then(|row| u64::try_from(row.count).ok()).unwrap_or_default())
    }

    /// The scopes of a world that hold more than `keep` traces of a kind.
    pub async fn scopes_beyond(
        &self,
        world: WorldKey,
        kind: TraceKind,
        keep: u32,
    ) -> Result<BTreeSet<ScopeKey>, StoreError> {
        let select = Query::select()
            .column(trace::Column::Scope)
            .from(self.tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .group_by_col(trace::Column::Scope)
            .and_having(Expr::cust("count(*)").gt(i64::from(keep)))
            .to_owned();
        let rows: Vec<ScopeRow> = self.tenant.all(&select).await?;
        Ok(ScopeRow::scopes(&rows))
    }

    /// Removes idempotency keys older than `before_ms`, in all worlds of the studio.
    pub async fn forget_idempotency_keys(&self, before_ms: i64) -> Result<(), StoreError> {
        let transaction = self.tenant.begin().await?;
        let old = idempotency::Column::CreatedAtMs.lt(before_ms);
        self.tenant.delete(&transaction, idempotency::Entity, old).await?;
        self.tenant.commit(transaction).await
    }

    /// Removes clients' refs older than `before_ms` whose trace has gone, in all worlds of the studio.
    pub async fn forget_refs(&self, before_ms: i64) -> Result<(), StoreError> {
        let exists = Query::select()
            .expr(Expr::val(1))
            .from(self.tenant.table(trace::Entity))
            .and_where(Expr::col(("trace", trace::Column::World)).equals(("trace_ref", trace_ref::Column::World)))
            .and_where(Expr::col(("trace", trace::Column::Id)).equals(("trace_ref", trace_ref::Column::Trace)))
            .to_owned();
        let old = trace_ref::Column::CreatedAtMs.lt(before_ms).and(Expr::exists(exists).not());
        let transaction = self.tenant.begin().await?;
        self.tenant.delete(&transaction, trace_ref::Entity, old).await?;
        self.tenant.commit(transaction).await
    }
}
