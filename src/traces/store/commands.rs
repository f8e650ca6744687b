//! Acts: what is done to a world besides leaving the seed's traces, many in one transaction.
//!
//! The transaction has the world to itself from the start: it locks the world's row, as every batch does. So an act sees all
//! that was committed before it, counts exactly, and can't wait for another that waits for it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use entity::tenant::{
    traces::{inbox, recording, report, trace, trace_use, vote},
    worlds::{change, world},
};
use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, Set,
    sea_query::{ExprTrait, Query},
};

use super::{Revision, Store};
use crate::{
    platform::{clock, db::Tenant, error::StoreError},
    traces::model::{Reason, ScopeKey, TraceKind, WorldKey},
};

/// What is done to one world, with what comes of it.
pub trait Command: Send + Sync + 'static {
    /// What comes of it.
    type Output: Send + 'static;

    /// Does it. It may be done more than once, if what it did was rolled back. An error rolls back the commands beside it too:
    /// what it merely refuses is something that comes of it, and then it has written nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    fn run(&self, world: &mut WorldTx<'_>) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;

    /// What it holds in memory, about.
    fn size_bytes(&self) -> usize {
        256
    }
}

/// A world in a transaction that has it to itself.
#[derive(Debug)]
pub struct WorldTx<'a> {
    tenant: &'a Tenant,
    transaction: &'a DatabaseTransaction,
    world: WorldKey,
    now_ms: i64,
    seq: i64,
    log: Vec<change::ActiveModel>,
    scopes: BTreeSet<ScopeKey>,
    left: Vec<(ScopeKey, TraceKind)>,
}

/// Where a trace lies that is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLocation {
    /// The trace's id.
    pub id: i64,
    /// Its scope.
    pub scope: ScopeKey,
}

impl WorldTx<'_> {
    /// Rows that one act removes at most. Noting more would keep a thread for longer than half a millisecond, and the world
    /// from others.
    pub const ROWS: u64 = 200;

    /// The studio's tables.
    #[must_use]
    pub fn tables(&self) -> &Tenant {
        self.tenant
    }

    /// The transaction.
    #[must_use]
    pub fn transaction(&self) -> &DatabaseTransaction {
        self.transaction
    }

    /// The world, in the studio's tables.
    #[must_use]
    pub fn world(&self) -> i32 {
        self.world.world()
    }

    /// When it is done.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The id of a trace of that kind that is left in a scope.
    pub fn next_trace_id(&mut self, scope: &ScopeKey, kind: TraceKind) -> i64 {
        self.left.push((scope.clone(), kind));
        self.next_seq(scope)
    }

    fn next_seq(&mut self, scope: &ScopeKey) -> i64 {
        self.seq += 1;
        self.scopes.insert(scope.clone());
        self.seq
    }

    /// Notes what became of a trace, for all who follow the world.
    pub fn log_change(&mut self, lying: &TraceLocation, reason: Reason) {
        let seq = self.next_seq(&lying.scope);
        self.log.push(change::ActiveModel {
            world: Set(self.world.world()),
            seq: Set(seq),
            trace: Set(lying.id),
            reason: Set(reason.code()),
            scope: Set(lying.scope.as_str().to_owned()),
            at_ms: Set(self.now_ms),
        });
    }

    /// The world's sequence: the id of what was left last, or of what became of something.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Removes traces with all that hangs on them, and notes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&mut self, gone: &[TraceLocation], reason: Reason) -> Result<(), StoreError> {
        if gone.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = gone.iter().map(|lying| lying.id).collect();
        let (world, tenant, transaction) = (self.world.world(), self.tenant, self.transaction);
        let recordings = recording::Column::World.eq(world).and(tenant.among(recording::Column::Id, &ids));
        tenant.delete(transaction, recording::Entity, recordings).await?;
        let votes = vote::Column::World.eq(world).and(tenant.among(vote::Column::Trace, &ids));
        tenant.delete(transaction, vote::Entity, votes).await?;
        let uses = trace_use::Column::World.eq(world).and(tenant.among(trace_use::Column::Trace, &ids));
        tenant.delete(transaction, trace_use::Entity, uses).await?;
        let reports = report::Column::World.eq(world).and(tenant.among(report::Column::Trace, &ids));
        tenant.delete(transaction, report::Entity, reports).await?;
        let told = inbox::Column::World.eq(world).and(tenant.among(inbox::Column::Trace, &ids));
        tenant.delete(transaction, inbox::Entity, told).await?;
        let traces = trace::Column::World.eq(world).and(tenant.among(trace::Column::Id, &ids));
        tenant.delete(transaction, trace::Entity, traces).await?;
        for lying in gone {
            self.log_change(lying, reason);
        }
        Ok(())
    }
}

/// An act that waits to be done, whatever comes of it.
pub trait RunCommand: Send + Sync {
    /// Does it, and keeps what came of it.
    fn run<'a>(&'a self, world: &'a mut WorldTx<'_>) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// An act, and what came of it the last time that it was done.
pub struct QueuedCommand<C: Command> {
    command: C,
    done: Mutex<Option<C::Output>>,
}

impl<C: Command> QueuedCommand<C> {
    /// Not done yet.
    pub fn new(command: C) -> Arc<Self> {
        Arc::new(Self { command, done: Mutex::new(None) })
    }

    /// What came of it, once.
    pub fn take(&self) -> Option<C::Output> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<C: Command> RunCommand for QueuedCommand<C> {
    fn run<'a>(&'a self, world: &'a mut WorldTx<'_>) -> BoxFuture<'a, Result<(), StoreError>> {
        async move {
            let done = self.command.run(world).await?;
            *self.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            Ok(())
        }
        .boxed()
    }
}

/// An act in its world.
#[derive(Clone)]
pub struct WorldCommand {
    /// Where it is done.
    pub world: WorldKey,
    /// What is done.
    pub command: Arc<dyn RunCommand>,
}

impl std::fmt::Debug for WorldCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorldCommand").field("world", &self.world).finish_non_exhaustive()
    }
}

/// What commands have changed in a world: ids after the first, up to and with the second, in these scopes.
#[derive(Debug)]
pub struct CommittedCommands {
    /// The sequence before,
    pub after: i64,
    /// and after it.
    pub upto: i64,
    /// Where something is other than it was.
    pub scopes: BTreeSet<ScopeKey>,
    /// Whether something is there no more, or other than it was.
    pub unmade: bool,
    /// What was left where.
    pub left: Vec<(ScopeKey, TraceKind)>,
}

impl Store {
    /// Does commands in a world of this studio, in order, all in one transaction; returns what has changed, if anything has.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was done, unless it is [`StoreError::Unavailable`], which can't know.
    pub async fn run(
        &self,
        world: WorldKey,
        commands: &[&WorldCommand],
    ) -> Result<Option<CommittedCommands>, StoreError> {
        let transaction = self.tenant.begin().await?;
        let after = self.lock(&transaction, world).await?;
        let mut tx = WorldTx {
            tenant: &self.tenant,
            transaction: &transaction,
            world,
            now_ms: clock::now_ms(),
            seq: after,
            log: Vec::new(),
            scopes: BTreeSet::new(),
            left: Vec::new(),
        };
        for command in commands {
            command.command.run(&mut tx).await?;
        }
        let WorldTx { seq: upto, log, scopes, left, .. } = tx;
        let unmade = !log.is_empty();
        if upto > after {
            self.raise(&transaction, world, upto - after).await?;
            self.tenant.insert(&transaction, log).await?;
        }
        self.tenant.commit(transaction).await?;
        Ok((upto > after).then_some(CommittedCommands { after, upto, scopes, unmade, left }))
    }

    /// Has a world to itself until the transaction ends; returns its sequence.
    async fn lock(&self, transaction: &DatabaseTransaction, world: WorldKey) -> Result<i64, StoreError> {
        let select = Query::select()
            .column(world::Column::Seq)
            .from(self.tenant.table(world::Entity))
            .and_where(world::Column::Id.eq(world.world()))
            .lock_exclusive()
            .to_owned();
        let rows: Vec<Revision> = self.tenant.returned(transaction, &select).await?;
        rows.first().map(|row| row.seq).ok_or_else(|| super::no_world(world))
    }
}
