//! All SQL of traces.
//!
//! Reading stands here, storing in [`leave`], all else that is done to a world in [`commands`], what comes from other stores in
//! [`bulk`], what goes there in [`walk`], the look at many worlds at once in [`revisions`], how a trace stands with players in [`counters`], what its author is told in [`inbox`].

mod bulk;
mod commands;
mod counters;
mod inbox;
mod leave;
mod revisions;
mod upkeep;
mod walk;

use std::collections::BTreeSet;

use entity::tenant::{
    traces::{recording, trace},
    worlds::{change, world},
};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{CommonTableExpression, Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};

pub use self::{
    bulk::Imported,
    commands::{Command, CommittedCommands, QueuedCommand, TraceLocation, WorldCommand, WorldTx},
    counters::TraceCounters,
    leave::InsertedBatch,
    revisions::revisions,
    upkeep::{Expire, ForgetChanges, ForgetNews, ForgetUses, Trim},
};
use super::model::{ScopeKey, TraceKind, WorldKey};
use crate::platform::{
    db::{Dialect, Tenant},
    error::StoreError,
};

/// The traces of one studio. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    tenant: Tenant,
}

/// A trace as it stands in a view, or the world's revision.
#[derive(Debug, FromQueryResult)]
pub struct Shown {
    /// The trace's kind; 0 in the one row that holds the world's revision; -1 where it says what became of one.
    pub kind: i16,
    /// The trace's id, or the revision.
    pub id: i64,
    /// Who left it.
    pub author: String,
    /// What its kind adds.
    pub body: String,
    /// The codec of its recording, where it has one.
    pub codec: Option<i16>,
    /// Its recording.
    pub bytes: Option<Vec<u8>>,
}

const REVISION_ROW: i16 = 0;

/// What is read of a trace itself, in the order of [`Shown`],
const LYING: [trace::Column; 4] = [trace::Column::Kind, trace::Column::Id, trace::Column::Author, trace::Column::Body];

/// and what those that were found are called in the statement.
const FOUND: &str = "found";

/// How many ids [`Store::nearest`] looks at: as many traces as are read in the time that a descent into an index takes.
pub const NEAR: i64 = 128;

/// In the rows of [`Store::newest`] that say what became of a trace: `codec` holds why.
pub const CHANGE_ROW: i16 = -1;

/// Changes that one look takes: beyond them a view is made from the start.
pub const CHANGES: usize = 500;

#[derive(FromQueryResult)]
struct Revision {
    seq: i64,
}

#[derive(FromQueryResult)]
struct ScopeRow {
    scope: String,
}

fn no_world(world: WorldKey) -> StoreError {
    StoreError::Statement(sea_orm::DbErr::RecordNotFound(format!("world {world}")))
}

impl Store {
    /// The traces of that studio.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant }
    }

    /// The world's durable revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revision(&self, world: WorldKey) -> Result<i64, StoreError> {
        let select = self.tenant.select::<world::Entity>().and_where(world::Column::Id.eq(world.world())).to_owned();
        let rows: Vec<Revision> = self.tenant.all(&select).await?;
        rows.first().map(|row| row.seq).ok_or_else(|| no_world(world))
    }

    /// The world's revision, and the newest traces of a scope with ids after `after`: of each kind in `limits` so many,
    /// newest first; and what became of others since. One statement, so that all is of one moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(
        &self,
        world: WorldKey,
        scope: &ScopeKey,
        after: i64,
        limits: &[(TraceKind, u64)],
    ) -> Result<(i64, Vec<Shown>), StoreError> {
        let mut kinds = limits.iter().map(|&(kind, limit)| {
            let mut newest = self.left_in(world);
            newest
                .and_where(trace::Column::Scope.eq(scope.as_str()))
                .and_where(trace::Column::Kind.eq(kind.code()))
                .and_where(trace::Column::Id.gt(after))
                .order_by(trace::Column::Id, Order::Desc)
                .limit(limit);
            Self::visible_to_v0(&mut newest);
            newest
        });
        let mut found = Self::all_of(kinds.next().unwrap_or_else(|| self.left_in(world)), "newest");
        for newest in kinds {
            found.union(UnionType::All, Self::all_of(newest, "newest"));
        }
        self.shown(world, scope, after, found).await
    }

    /// As [`Store::newest`], of what was left under the next [`NEAR`] ids, and complete up to the last of these or the
    /// world's revision. Found by the ids alone, so that one index is descended into, and not one for each kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn nearest(
        &self,
        world: WorldKey,
        scope: &ScopeKey,
        after: i64,
        limits: &[(TraceKind, u64)],
    ) -> Result<(i64, Vec<Shown>), StoreError> {
        let upto = after + NEAR;
        // The limit leaves the database no other way to them.
        let ids = self
            .left_in(world)
            .columns([trace::Column::Scope, trace::Column::GroupKey])
            .column(trace::Column::Hidden)
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::Id.lte(upto))
            .order_by(trace::Column::Id, Order::Asc)
            .limit(NEAR.unsigned_abs())
            .to_owned();
        let mut found = Query::select();
        found
            .columns(LYING)
            .from_subquery(ids, "near")
            .and_where(Expr::col(trace::Column::Scope).eq(scope.as_str()))
            .and_where(Expr::col(trace::Column::Kind).is_in(limits.iter().map(|(kind, _)| kind.code())));
        Self::visible_to_v0(&mut found);
        let (revision, rows) = self.shown(world, scope, after, found).await?;
        Ok((Ord::min(revision, upto), rows))
    }

    fn left_in(&self, world: WorldKey) -> SelectStatement {
        Query::select()
            .columns(LYING)
            .from(self.tenant.table(trace::Entity))
            .and_where(Expr::col(trace::Column::World).eq(world.world()))
            .to_owned()
    }

    /// What was left under `/v1` has no body where the seed's clients could not read it.
    fn visible_to_v0(traces: &mut SelectStatement) {
        traces
            .and_where(Expr::col(trace::Column::Hidden).eq(false))
            .and_where(Expr::col(trace::Column::GroupKey).is_null())
            .and_where(Expr::col(trace::Column::Body).ne(""));
    }

    fn all_of(select: SelectStatement, name: &'static str) -> SelectStatement {
        Query::select().expr(Expr::cust("*")).from_subquery(select, name).to_owned()
    }

    /// The world's revision, the traces that `found` finds with their recordings, and what became of others after `after`.
    async fn shown(
        &self,
        world: WorldKey,
        scope: &ScopeKey,
        after: i64,
        found: SelectStatement,
    ) -> Result<(i64, Vec<Shown>), StoreError> {
        let mut all = Query::select()
            .expr_as(Expr::val(REVISION_ROW).cast_as("smallint"), "kind")
            .expr_as(Expr::col(world::Column::Seq), "id")
            .expr_as(Expr::val(""), "author")
            .expr_as(Expr::val(""), "body")
            .expr_as(Expr::val(None::<i16>).cast_as("smallint"), "codec")
            .expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes")
            .from(self.tenant.table(world::Entity))
            .and_where(world::Column::Id.eq(world.world()))
            .to_owned();
        all.with_cte(CommonTableExpression::new().query(found).table_name(FOUND).to_owned());
        let recorded = TraceKind::ALL.into_iter().filter(|kind| kind.has_recording()).map(TraceKind::code);
        let is_recorded = Expr::col((FOUND, trace::Column::Kind)).is_in(recorded);
        let of_found = || Query::select().columns(LYING.map(|column| (FOUND, column))).from(FOUND).to_owned();
        // Looking for a recording of each would cost as much again.
        let bare = of_found()
            .expr(Expr::val(None::<i16>).cast_as("smallint"))
            .expr(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()))
            .and_where(is_recorded.clone().not())
            .to_owned();
        let of_recording = (Expr::col(("recording", recording::Column::World)).eq(world.world()))
            .and(Expr::col(("recording", recording::Column::Id)).equals((FOUND, trace::Column::Id)));
        let with_recording = of_found()
            .columns([("recording", recording::Column::Codec), ("recording", recording::Column::Bytes)])
            .left_join(self.tenant.table(recording::Entity), of_recording)
            .and_where(is_recorded)
            .to_owned();
        all.union(UnionType::All, bare).union(UnionType::All, with_recording);
        if after > 0 {
            all.union(UnionType::All, Self::all_of(self.changes_of(world, scope, after), "changes"));
        }
        let mut rows: Vec<Shown> = self.tenant.all(&all).await?;
        let revision = rows.iter().position(|row| row.kind == REVISION_ROW).map(|at| rows.swap_remove(at).id);
        // A union promises no order.
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok((revision.ok_or_else(|| no_world(world))?, rows))
    }

    fn changes_of(&self, world: WorldKey, scope: &ScopeKey, after: i64) -> SelectStatement {
        Query::select()
            .expr_as(Expr::val(CHANGE_ROW).cast_as("smallint"), "kind")
            .expr_as(Expr::col(change::Column::Trace), "id")
            .expr_as(Expr::val(""), "author")
            .expr_as(Expr::val(""), "body")
            .expr_as(Expr::col(change::Column::Reason), "codec")
            .expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes")
            .from(self.tenant.table(change::Entity))
            .and_where(change::Column::World.eq(world.world()))
            .and_where(change::Column::Scope.eq(scope.as_str()))
            .and_where(change::Column::Seq.gt(after))
            .limit(u64::try_from(CHANGES).unwrap_or(u64::MAX))
            .to_owned()
    }

    fn bytes_type(&self) -> &'static str {
        match self.tenant.dialect() {
            Dialect::Postgres => "bytea",
            Dialect::Sqlite => "blob",
        }
    }

    /// The scopes in which something was left or has changed after one id, up to and with another; at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scopes_between(
        &self,
        world: WorldKey,
        after: i64,
        upto: i64,
        limit: u64,
    ) -> Result<BTreeSet<ScopeKey>, StoreError> {
        let changes = Query::select()
            .distinct()
            .column(change::Column::Scope)
            .from(self.tenant.table(change::Entity))
            .and_where(change::Column::World.eq(world.world()))
            .and_where(change::Column::Seq.gt(after))
            .and_where(change::Column::Seq.lte(upto))
            .to_owned();
        let select = Query::select()
            .distinct()
            .column(trace::Column::Scope)
            .from(self.tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::Id.lte(upto))
            .union(UnionType::Distinct, changes)
            .limit(limit)
            .to_owned();
        let rows: Vec<ScopeRow> = self.tenant.all(&select).await?;
        Ok(rows.iter().map(|row| ScopeKey::stored(&row.scope)).collect())
    }
}
