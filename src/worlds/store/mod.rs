//! The engine's SQL: the tables `world` and `change`.

mod create;
mod queries;
mod revisions;
mod storage;
mod tables;
mod tx;

use std::collections::BTreeSet;

use entity::tenant::worlds::{change, world};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UpdateStatement},
};

use self::storage::StorageRow;
pub use self::{
    create::ensure_world,
    queries::{
        LoggedChange, WorldHead, WorldNames, has_changes, in_scopes, select_changes, select_changes_of, select_head,
        select_names,
    },
    revisions::revisions,
    storage::{Admission, RAISE_SEQ},
    tables::tenant_tables,
    tx::{CommittedCommands, WorldTx},
};
use super::{
    command::WorldCommand,
    model::{Revision, ScopeKey, WorldKey},
    storage::{Room, StorageBounds},
};
use crate::platform::{clock, db::Tenant, error::StoreError};

/// The most changes of a scope that one query returns. A reader that gets this many has to start over.
pub const CHANGES_LIMIT: u64 = 500;

/// Locks a world and returns its sequence, as SQL text.
pub const LOCK: &str = "SELECT seq FROM {schema}.world WHERE id = $1 FOR UPDATE";

/// Sets a locked world's sequence to `$2`, as SQL text. `{stamp}` stands for the parameter with a [`Revision::new_stamp`], which is
/// used if this raises the sequence.
pub const SET_SEQ: &str =
    "UPDATE {schema}.world SET seq = $2, stamp = CASE WHEN seq = $2 THEN stamp ELSE {stamp} END WHERE id = $1";

/// A world's sequence.
#[derive(Debug, FromQueryResult)]
pub struct RevisionRow {
    /// The world's durable revision.
    pub seq: i64,
}

/// A locked world: its sequence and its guard, and what is stored.
#[derive(FromQueryResult)]
struct LockedRow {
    seq: i64,
    guard: i64,
    #[sea_orm(nested)]
    storage: StorageRow,
}

#[derive(FromQueryResult)]
struct GuardRow {
    guard: i64,
}

#[derive(FromQueryResult)]
struct StampedRow {
    seq: i64,
    stamp: i64,
}

#[derive(FromQueryResult)]
struct InboxSeqRow {
    news: i64,
}

#[derive(FromQueryResult)]
struct LogRow {
    seq: i64,
    at_ms: i64,
}

/// The error for a world that does not exist.
#[must_use]
pub fn world_not_found(world: WorldKey) -> StoreError {
    StoreError::Statement(sea_orm::DbErr::RecordNotFound(format!("world {world}")))
}

/// The worlds of one studio. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WorldStore {
    tenant: Tenant,
}

impl WorldStore {
    /// The worlds in these tables.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant }
    }

    /// The world's durable revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revision(&self, world: WorldKey) -> Result<Revision, StoreError> {
        let select = Self::select_revision(&self.tenant, world).column(world::Column::Stamp).take();
        let rows: Vec<StampedRow> = self.tenant.all(&select).await?;
        rows.first().map(|row| Revision { seq: row.seq, stamp: row.stamp }).ok_or_else(|| world_not_found(world))
    }

    /// A query for the world's durable revision, as column `seq`.
    #[must_use]
    pub fn select_revision(tenant: &Tenant, world: WorldKey) -> SelectStatement {
        tenant.world(world.world()).select_from::<world::Entity>().column(world::Column::Seq).take()
    }

    /// A query for the changes of a scope's traces after a revision: columns `trace` and `reason`, at most [`CHANGES_LIMIT`] rows.
    #[must_use]
    pub fn select_changes(tenant: &Tenant, world: WorldKey, scope: &ScopeKey, after: i64) -> SelectStatement {
        tenant
            .world(world.world())
            .select_from::<change::Entity>()
            .columns([change::Column::Trace, change::Column::Reason])
            .and_where(change::Column::Scope.eq(scope.as_str()))
            .and_where(change::Column::Seq.gt(after))
            .limit(CHANGES_LIMIT)
            .take()
    }

    /// A query for the scopes in which a trace has changed after one revision, up to and including another: column `scope`.
    #[must_use]
    pub fn select_changed_scopes(tenant: &Tenant, world: WorldKey, after: i64, upto: i64) -> SelectStatement {
        tenant
            .world(world.world())
            .select_from::<change::Entity>()
            .distinct()
            .column(change::Column::Scope)
            .and_where(change::Column::Seq.gt(after))
            .and_where(change::Column::Seq.lte(upto))
            .take()
    }

    /// Raises a world's sequence by `count` in a transaction and returns the revision, whose sequence is the last id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn raise_seq(
        tenant: &Tenant,
        transaction: &DatabaseTransaction,
        world: WorldKey,
        count: i64,
    ) -> Result<Revision, StoreError> {
        let raise = Self::raise(tenant, world, count);
        let raised = Self::raised(tenant, transaction, &raise).await?;
        raised.ok_or_else(|| world_not_found(world))
    }

    fn raise(tenant: &Tenant, world: WorldKey, count: i64) -> UpdateStatement {
        let mut update = tenant.world(world.world()).update::<world::Entity>();
        update.value(world::Column::Seq, Expr::col(world::Column::Seq).add(count));
        // Other instances know the present revision by its stamp.
        if count > 0 {
            update.value(world::Column::Stamp, Revision::new_stamp());
        }
        update.returning(Query::returning().columns([world::Column::Seq, world::Column::Stamp])).take()
    }

    async fn raised(
        tenant: &Tenant,
        transaction: &DatabaseTransaction,
        raise: &UpdateStatement,
    ) -> Result<Option<Revision>, StoreError> {
        let rows: Vec<StampedRow> = tenant.returned(transaction, raise).await?;
        Ok(rows.first().map(|row| Revision { seq: row.seq, stamp: row.stamp }))
    }

    /// The world's guard, which is raised whenever it changes who may write there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn guard(tenant: &Tenant, world: WorldKey) -> Result<i64, StoreError> {
        let select = tenant.world(world.world()).select_from::<world::Entity>().column(world::Column::Guard).take();
        let rows: Vec<GuardRow> = tenant.all(&select).await?;
        rows.first().map(|row| row.guard).ok_or_else(|| world_not_found(world))
    }

    /// Runs commands in a world of this studio, in order, all in one transaction; returns the changes, if there are any. `bounds`
    /// are those of what the world and the studio store.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was done, except that after [`StoreError::Unavailable`] it is unknown.
    pub async fn run(
        &self,
        world: WorldKey,
        commands: &[&WorldCommand],
        bounds: StorageBounds,
    ) -> Result<Option<CommittedCommands>, StoreError> {
        let transaction = self.tenant.begin().await?;
        let LockedRow { seq: after, guard, storage } = self.lock(&transaction, world).await?;
        let room = Room::new(storage.into(), bounds.of_traces());
        let mut tx = WorldTx::new(&self.tenant, &transaction, world, clock::now_ms(), (after, guard), room);
        for command in commands {
            command.command.run(&mut tx).await?;
        }
        let upto = tx.seq();
        if upto == after {
            self.tenant.commit(transaction).await?;
            return Ok(None);
        }
        let upto = Self::raise_seq(&self.tenant, &transaction, world, upto - after).await?;
        let (committed, log) = tx.finish(after, upto);
        self.tenant.insert(&transaction, log).await?;
        self.tenant.commit(transaction).await?;
        Ok(Some(committed))
    }

    /// Locks a world until the transaction ends.
    async fn lock(&self, transaction: &DatabaseTransaction, world: WorldKey) -> Result<LockedRow, StoreError> {
        let select = Self::select_revision(&self.tenant, world).column(world::Column::Guard).take();
        let mut select = Self::with_storage(&self.tenant, select);
        let rows: Vec<LockedRow> = self.tenant.returned(transaction, select.lock_exclusive()).await?;
        rows.into_iter().next().ok_or_else(|| world_not_found(world))
    }
}

impl WorldTx<'_> {
    /// Raises the world's counter of inbox items by `count` and returns the last id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn raise_inbox_seq(&self, count: i64) -> Result<i64, StoreError> {
        let tables = self.world_tables();
        let raise = tables
            .update::<world::Entity>()
            .value(world::Column::News, Expr::col(world::Column::News).add(count))
            .returning(Query::returning().column(world::Column::News))
            .take();
        let rows: Vec<InboxSeqRow> = tables.returned(self.transaction(), &raise).await?;
        rows.first().map(|row| row.news).ok_or_else(|| world_not_found(self.key()))
    }

    /// Raises the world's guard: it has changed who may write here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn raise_guard(&mut self) -> Result<(), StoreError> {
        let raise = self
            .world_tables()
            .update::<world::Entity>()
            .value(world::Column::Guard, Expr::col(world::Column::Guard).add(1))
            .take();
        self.world_tables().execute(self.transaction(), &raise).await?;
        self.guard_raised();
        Ok(())
    }

    /// Removes the oldest rows of the change log that are older than `before_ms`, at most [`WorldTx::ROWS`]; returns how many.
    /// A reader whose cursor is older has to start over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn trim_change_log(&mut self, before_ms: i64) -> Result<u64, StoreError> {
        let (tables, transaction) = (self.world_tables(), self.transaction());
        let oldest = tables
            .select_from::<change::Entity>()
            .columns([change::Column::Seq, change::Column::AtMs])
            .order_by(change::Column::Seq, Order::Asc)
            .limit(Self::ROWS)
            .take();
        let rows: Vec<LogRow> = tables.returned(transaction, &oldest).await?;
        let old: Vec<&LogRow> = rows.iter().take_while(|row| row.at_ms < before_ms).collect();
        let Some(last) = old.last() else { return Ok(0) };
        tables.delete(transaction, change::Entity, change::Column::Seq.lte(last.seq)).await?;
        let forgotten = tables.update::<world::Entity>().value(world::Column::Forgotten, last.seq).take();
        tables.execute(transaction, &forgotten).await?;
        Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
    }
}

/// The scopes in rows with a column `scope`.
#[derive(Debug, FromQueryResult)]
pub struct ScopeRow {
    scope: String,
}

impl ScopeRow {
    /// The scopes of these rows.
    #[must_use]
    pub fn scopes(rows: &[Self]) -> BTreeSet<ScopeKey> {
        rows.iter().map(|row| ScopeKey::stored(&row.scope)).collect()
    }
}
