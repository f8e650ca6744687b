//! The SQL of v0: reading snapshots here, storing batches in [`insert`].

mod insert;

use std::collections::BTreeSet;

use entity::tenant::traces::{recording, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{CommonTableExpression, Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};

pub use self::insert::InsertedTraces;
use crate::{
    platform::{
        db::{Dialect, Tenant},
        error::StoreError,
    },
    traces::TraceKind,
    worlds::{ScopeKey, ScopeRow, WorldKey, WorldStore, world_not_found},
};

/// The traces of one studio. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    tenant: Tenant,
}

/// A trace as a snapshot needs it.
#[derive(Debug)]
pub struct SnapshotRow {
    /// Its kind.
    pub kind: TraceKind,
    /// Its id.
    pub id: i64,
    /// The player id that the client sent.
    pub author: String,
    /// The members that its kind adds, as a JSON object.
    pub body: String,
    /// The codec of its recording, where it has one.
    pub codec: Option<i16>,
    /// Its recording.
    pub bytes: Option<Vec<u8>>,
}

/// What became of a trace.
#[derive(Debug)]
pub struct ChangedTrace {
    /// The trace's id.
    pub trace: i64,
    /// The code of the reason.
    pub reason: i16,
}

/// The newest traces of a scope at one moment.
#[derive(Debug)]
pub struct Newest {
    /// The revision up to which they are complete.
    pub revision: i64,
    /// The traces, newest first.
    pub rows: Vec<SnapshotRow>,
    /// What became of others since.
    pub changes: Vec<ChangedTrace>,
}

/// A row of the one statement that reads all of these.
#[derive(FromQueryResult)]
struct Row {
    kind: i16,
    id: i64,
    author: String,
    body: String,
    codec: Option<i16>,
    bytes: Option<Vec<u8>>,
}

/// Stands in place of a kind in the row that holds the world's revision as `id`,
const REVISION_ROW: i16 = 0;

/// and in rows of the change log: `id` is the trace, `codec` the reason.
const CHANGE_ROW: i16 = -1;

/// The columns that are read of a trace itself, in the order of [`Row`].
const TRACE_COLUMNS: [trace::Column; 4] =
    [trace::Column::Kind, trace::Column::Id, trace::Column::Author, trace::Column::Body];

/// The name of the subquery of traces.
const FOUND: &str = "found";

/// How many ids [`Store::nearest`] looks at: as many traces as are read in the time that a descent into an index takes.
pub const NEAR: i64 = 128;

impl Store {
    /// The traces of that studio.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant }
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
    ) -> Result<Newest, StoreError> {
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
        self.read(world, scope, after, found).await
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
    ) -> Result<Newest, StoreError> {
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
            .columns(TRACE_COLUMNS)
            .from_subquery(ids, "near")
            .and_where(Expr::col(trace::Column::Scope).eq(scope.as_str()))
            .and_where(Expr::col(trace::Column::Kind).is_in(limits.iter().map(|(kind, _)| kind.code())));
        Self::visible_to_v0(&mut found);
        let newest = self.read(world, scope, after, found).await?;
        Ok(Newest { revision: Ord::min(newest.revision, upto), ..newest })
    }

    fn left_in(&self, world: WorldKey) -> SelectStatement {
        Query::select()
            .columns(TRACE_COLUMNS)
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
    async fn read(
        &self,
        world: WorldKey,
        scope: &ScopeKey,
        after: i64,
        found: SelectStatement,
    ) -> Result<Newest, StoreError> {
        let mut all = Query::select()
            .expr_as(Expr::val(REVISION_ROW).cast_as("smallint"), "kind")
            .expr_as(Expr::col("seq"), "id")
            .expr_as(Expr::val(""), "author")
            .expr_as(Expr::val(""), "body")
            .expr_as(Expr::val(None::<i16>).cast_as("smallint"), "codec")
            .expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes")
            .from_subquery(WorldStore::select_revision(&self.tenant, world), "world")
            .to_owned();
        all.with_cte(CommonTableExpression::new().query(found).table_name(FOUND).to_owned());
        let recorded = TraceKind::ALL.into_iter().filter(|kind| kind.has_recording()).map(TraceKind::code);
        let is_recorded = Expr::col((FOUND, trace::Column::Kind)).is_in(recorded);
        let of_found = || Query::select().columns(TRACE_COLUMNS.map(|column| (FOUND, column))).from(FOUND).to_owned();
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
            all.union(UnionType::All, self.changes_of(world, scope, after));
        }
        let (mut revision, mut rows, mut changes) = (None, Vec::new(), Vec::new());
        for Row { kind, id, author, body, codec, bytes } in self.tenant.all::<Row>(&all).await? {
            match kind {
                REVISION_ROW => revision = Some(id),
                CHANGE_ROW => changes.push(ChangedTrace { trace: id, reason: codec.unwrap_or_default() }),
                // A kind that a newer program has stored is not for v0 clients.
                kind => {
                    rows.extend(TraceKind::of_code(kind).map(|kind| SnapshotRow {
                        kind,
                        id,
                        author,
                        body,
                        codec,
                        bytes,
                    }));
                }
            }
        }
        // A union promises no order.
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok(Newest { revision: revision.ok_or_else(|| world_not_found(world))?, rows, changes })
    }

    fn changes_of(&self, world: WorldKey, scope: &ScopeKey, after: i64) -> SelectStatement {
        Query::select()
            .expr_as(Expr::val(CHANGE_ROW).cast_as("smallint"), "kind")
            .expr_as(Expr::col("trace"), "id")
            .expr_as(Expr::val(""), "author")
            .expr_as(Expr::val(""), "body")
            .expr_as(Expr::col("reason"), "codec")
            .expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes")
            .from_subquery(WorldStore::select_changes(&self.tenant, world, scope, after), "logged")
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
        let changed = WorldStore::select_changed_scopes(&self.tenant, world, after, upto);
        let select = Query::select()
            .distinct()
            .column(trace::Column::Scope)
            .from(self.tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::Id.lte(upto))
            .union(UnionType::Distinct, changed)
            .limit(limit)
            .to_owned();
        let rows: Vec<ScopeRow> = self.tenant.all(&select).await?;
        Ok(ScopeRow::scopes(&rows))
    }
}
