//! Acts: what is done to a world besides leaving the seed's traces, many in one transaction.
//!
//! The transaction has the world to itself from the start: it locks the world's row, as every batch does. So an act sees all
//! that was committed before it, counts exactly, and can't wait for another that waits for it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use entity::tenant::{change, inbox, recording, report, trace, trace_use, vote, world};
use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, Set,
    sea_query::{ExprTrait, Query},
};

use super::{Revision, Store};
use crate::{
    features::traces::model::{Reason, ScopeKey, TraceKind, WorldKey},
    platform::{clock, db::Tenant, error::StoreError},
};

/// What is done to one world, with what comes of it.
pub trait Act: Send + Sync + 'static {
    /// What comes of it.
    type Done: Send + 'static;

    /// Does it. It may be done more than once, if what it did was rolled back. An error rolls back the acts beside it too:
    /// what it merely refuses is something that comes of it, and then it has written nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    fn act(&self, world: &mut Acting<'_>) -> impl Future<Output = Result<Self::Done, StoreError>> + Send;

    /// What it holds in memory, about.
    fn size_bytes(&self) -> usize {
        256
    }
}

/// A world in a transaction that has it to itself.
#[derive(Debug)]
pub struct Acting<'a> {
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
pub struct Lying {
    /// The trace's id.
    pub id: i64,
    /// Its scope.
    pub scope: ScopeKey,
}

impl Acting<'_> {
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
    pub fn id_for(&mut self, scope: &ScopeKey, kind: TraceKind) -> i64 {
        self.left.push((scope.clone(), kind));
        self.next_seq(scope)
    }

    fn next_seq(&mut self, scope: &ScopeKey) -> i64 {
        self.seq += 1;
        self.scopes.insert(scope.clone());
        self.seq
    }

    /// Notes what became of a trace, for all who follow the world.
    pub fn note(&mut self, lying: &Lying, reason: Reason) {
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
    pub async fn remove(&mut self, gone: &[Lying], reason: Reason) -> Result<(), StoreError> {
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
            self.note(lying, reason);
        }
        Ok(())
    }
}

/// An act that waits to be done, whatever comes of it.
pub trait Pending: Send + Sync {
    /// Does it, and keeps what came of it.
    fn run<'a>(&'a self, world: &'a mut Acting<'_>) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// An act, and what came of it the last time that it was done.
pub struct Awaited<A: Act> {
    act: A,
    done: Mutex<Option<A::Done>>,
}

impl<A: Act> Awaited<A> {
    /// Not done yet.
    pub fn new(act: A) -> Arc<Self> {
        Arc::new(Self { act, done: Mutex::new(None) })
    }

    /// What came of it, once.
    pub fn take(&self) -> Option<A::Done> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<A: Act> Pending for Awaited<A> {
    fn run<'a>(&'a self, world: &'a mut Acting<'_>) -> BoxFuture<'a, Result<(), StoreError>> {
        async move {
            let done = self.act.act(world).await?;
            *self.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            Ok(())
        }
        .boxed()
    }
}

/// An act in its world.
#[derive(Clone)]
pub struct WorldAct {
    /// Where it is done.
    pub world: WorldKey,
    /// What is done.
    pub act: Arc<dyn Pending>,
}

impl std::fmt::Debug for WorldAct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorldAct").field("world", &self.world).finish_non_exhaustive()
    }
}

/// What acts have changed in a world: ids after the first, up to and with the second, in these scopes.
#[derive(Debug)]
pub struct Acted {
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
    /// Does acts in a world of this studio, in order, all in one transaction; returns what has changed, if anything has.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was done, unless it is [`StoreError::Away`], which can't know.
    pub async fn act(&self, world: WorldKey, acts: &[&WorldAct]) -> Result<Option<Acted>, StoreError> {
        let transaction = self.tenant.begin().await?;
        let after = self.lock(&transaction, world).await?;
        let mut acting = Acting {
            tenant: &self.tenant,
            transaction: &transaction,
            world,
            now_ms: clock::now_ms(),
            seq: after,
            log: Vec::new(),
            scopes: BTreeSet::new(),
            left: Vec::new(),
        };
        for act in acts {
            act.act.run(&mut acting).await?;
        }
        let Acting { seq: upto, log, scopes, left, .. } = acting;
        let unmade = !log.is_empty();
        if upto > after {
            self.raise(&transaction, world, upto - after).await?;
            self.tenant.insert(&transaction, log).await?;
        }
        self.tenant.commit(transaction).await?;
        Ok((upto > after).then_some(Acted { after, upto, scopes, unmade, left }))
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
