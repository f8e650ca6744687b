//! What keeps a world within its bounds: the oldest traces go where there are too many, those whose time is over go, and
//! what was noted for those who follow is forgotten in the end. Each is an act of [`WorldTx::ROWS`] at most, which stalls no writer.

use entity::tenant::{
    traces::{idempotency, inbox, trace, trace_ref, trace_use},
    worlds::{change, world},
};
use sea_orm::{
    ColumnTrait, EntityName, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{Command, ScopeRow, Store, TraceLocation, WorldTx};
use crate::{
    platform::{db::Tenant, error::StoreError},
    traces::model::{Reason, ScopeKey, TraceKind, WorldKey},
};

#[derive(FromQueryResult)]
struct LyingRow {
    id: i64,
    scope: String,
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
struct Line {
    seq: i64,
    at_ms: i64,
}

#[derive(FromQueryResult)]
struct Aged {
    at_ms: i64,
}

impl LyingRow {
    fn lying(self) -> TraceLocation {
        TraceLocation { id: self.id, scope: ScopeKey::stored(&self.scope) }
    }
}

/// Removes traces of a kind in a scope, the oldest first, some hundreds at a time; what comes of it is how many went.
#[derive(Debug)]
pub struct Trim {
    /// Where.
    pub scope: ScopeKey,
    /// What.
    pub kind: TraceKind,
    /// The last that goes.
    pub upto: i64,
}

impl Command for Trim {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let oldest = of_kind(world.tables(), world.world(), &self.scope, self.kind)
            .columns([trace::Column::Id, trace::Column::Scope])
            .and_where(trace::Column::Id.lte(self.upto))
            .order_by(trace::Column::Id, Order::Asc)
            .limit(WorldTx::ROWS)
            .to_owned();
        let rows: Vec<LyingRow> = world.tables().returned(world.transaction(), &oldest).await?;
        let gone: Vec<TraceLocation> = rows.into_iter().map(LyingRow::lying).collect();
        world.remove(&gone, Reason::Trimmed).await?;
        Ok(count(&gone))
    }
}

fn of_kind(tables: &Tenant, world: i32, scope: &ScopeKey, kind: TraceKind) -> SelectStatement {
    Query::select()
        .from(tables.table(trace::Entity))
        .and_where(trace::Column::World.eq(world))
        .and_where(trace::Column::Scope.eq(scope.as_str()))
        .and_where(trace::Column::Kind.eq(kind.code()))
        .to_owned()
}

fn count<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// Removes traces whose time is over, some hundreds at a time; what comes of it is how many went.
#[derive(Debug)]
pub struct Expire;

impl Command for Expire {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let over = Query::select()
            .columns([trace::Column::Id, trace::Column::Scope])
            .from(world.tables().table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::ExpiresAtMs.is_not_null())
            .and_where(trace::Column::ExpiresAtMs.lte(world.now_ms()))
            .order_by(trace::Column::ExpiresAtMs, Order::Asc)
            .limit(WorldTx::ROWS)
            .to_owned();
        let rows: Vec<LyingRow> = world.tables().returned(world.transaction(), &over).await?;
        let gone: Vec<TraceLocation> = rows.into_iter().map(LyingRow::lying).collect();
        world.remove(&gone, Reason::Expired).await?;
        Ok(count(&gone))
    }
}

/// Forgets what became of traces before a time, some hundreds of lines at a time; what comes of it is how many went. Who
/// follows the world from before then is told to start over.
#[derive(Debug)]
pub struct ForgetChanges {
    /// Lines that are older go.
    pub before_ms: i64,
}

impl Command for ForgetChanges {
    type Output = u64;

    async fn run(&self, tx: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let (tables, transaction, world) = (tx.tables(), tx.transaction(), tx.world());
        let oldest = Query::select()
            .columns([change::Column::Seq, change::Column::AtMs])
            .from(tables.table(change::Entity))
            .and_where(change::Column::World.eq(world))
            .order_by(change::Column::Seq, Order::Asc)
            .limit(WorldTx::ROWS)
            .to_owned();
        let lines: Vec<Line> = tables.returned(transaction, &oldest).await?;
        let old: Vec<&Line> = lines.iter().take_while(|line| line.at_ms < self.before_ms).collect();
        let Some(last) = old.last() else { return Ok(0) };
        let upto = change::Column::World.eq(world).and(change::Column::Seq.lte(last.seq));
        tables.delete(transaction, change::Entity, upto).await?;
        let forgotten = Query::update()
            .table(tables.table(world::Entity))
            .value(world::Column::Forgotten, last.seq)
            .and_where(world::Column::Id.eq(world))
            .to_owned();
        tables.execute(transaction, &forgotten).await?;
        Ok(count(&old))
    }
}

/// Forgets what authors were told before a time, some hundreds of rows at a time; what comes of it is how many went.
#[derive(Debug)]
pub struct ForgetNews {
    /// Rows that are older go.
    pub before_ms: i64,
}

impl Command for ForgetNews {
    type Output = u64;

    async fn run(&self, tx: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        forget(tx, inbox::Entity, [inbox::Column::World, inbox::Column::AtMs], self.before_ms).await
    }
}

/// Forgets uses that were counted before a time, some hundreds at a time; what comes of it is how many went.
#[derive(Debug)]
pub struct ForgetUses {
    /// Older ones go.
    pub before_ms: i64,
}

impl Command for ForgetUses {
    type Output = u64;

    async fn run(&self, tx: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        forget(tx, trace_use::Entity, [trace_use::Column::World, trace_use::Column::AtMs], self.before_ms).await
    }
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
    let rows: Vec<Aged> = tables.returned(transaction, &oldest).await?;
    let Some(last) = rows.last() else { return Ok(0) };
    let those = world.eq(tx.world()).and(at_ms.lte(last.at_ms));
    tables.delete(transaction, entity, those).await?;
    Ok(count(&rows))
}

impl Store {
    /// The newest trace of a kind in a scope that is one too many where `keep` stay. Finding it means walking past all that
    /// stay, so it is looked for before anybody has the world to himself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn beyond(
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

    /// How many traces of a kind lie in a scope.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lying(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind) -> Result<u64, StoreError> {
        let count = of_kind(&self.tenant, world.world(), scope, kind)
            .expr_as(Expr::col(trace::Column::Id).count(), "count")
            .to_owned();
        let rows: Vec<CountRow> = self.tenant.all(&count).await?;
        Ok(rows.first().and_then(|row| u64::try_from(row.count).ok()).unwrap_or_default())
    }

    /// The scopes of a world that hold more than `keep` traces of a kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn crowded(&self, world: WorldKey, kind: TraceKind, keep: u32) -> Result<Vec<ScopeKey>, StoreError> {
        let select = Query::select()
            .column(trace::Column::Scope)
            .from(self.tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .group_by_col(trace::Column::Scope)
            .and_having(Expr::cust("count(*)").gt(i64::from(keep)))
            .to_owned();
        let rows: Vec<ScopeRow> = self.tenant.all(&select).await?;
        Ok(rows.iter().map(|row| ScopeKey::stored(&row.scope)).collect())
    }

    /// Forgets the idempotency keys that are older than `before_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_keys(&self, before_ms: i64) -> Result<u64, StoreError> {
        let transaction = self.tenant.begin().await?;
        let old = idempotency::Column::CreatedAtMs.lt(before_ms);
        let gone = self.tenant.delete(&transaction, idempotency::Entity, old).await?;
        self.tenant.commit(transaction).await?;
        Ok(gone)
    }

    /// Forgets what clients called their traces before `before_ms`, where the trace has gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_refs(&self, before_ms: i64) -> Result<u64, StoreError> {
        let there = Query::select()
            .expr(Expr::val(1))
            .from(self.tenant.table(trace::Entity))
            .and_where(Expr::col(("trace", trace::Column::World)).equals(("trace_ref", trace_ref::Column::World)))
            .and_where(Expr::col(("trace", trace::Column::Id)).equals(("trace_ref", trace_ref::Column::Trace)))
            .to_owned();
        let gone = trace_ref::Column::CreatedAtMs.lt(before_ms).and(Expr::exists(there).not());
        let transaction = self.tenant.begin().await?;
        let gone = self.tenant.delete(&transaction, trace_ref::Entity, gone).await?;
        self.tenant.commit(transaction).await?;
        Ok(gone)
    }
}
