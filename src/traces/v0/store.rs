//! The SQL of v0: reading snapshots is here, storing batches in [`insert`].

mod insert;
mod one;

use std::collections::BTreeSet;

use entity::tenant::traces::{recording, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{CommonTableExpression, Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};

pub use self::insert::InsertedTraces;
use super::model::{ChangedTrace, Newest, SnapshotTrace};
use crate::{
    platform::{
        db::{Dialect, Tenant, WorldTables},
        error::StoreError,
    },
    traces::TraceKind,
    worlds::{ScopeKey, ScopeRow, WorldKey, WorldStore, world_not_found},
};

/// The traces of one world. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    tables: WorldTables,
    world: WorldKey,
}

/// A row of the statement that reads a [`Newest`]: a trace, the world's revision, or an entry of the change log.
#[derive(FromQueryResult)]
struct Row {
    kind: i16,
    id: i64,
    author: String,
    body: String,
    codec: Option<i16>,
    bytes: Option<Vec<u8>>,
}

/// The `kind` of the row that holds the world's revision, as `id`.
const REVISION_ROW: i16 = 0;

/// The `kind` of rows of the change log: `id` is the trace, `codec` the reason.
const CHANGE_ROW: i16 = -1;

/// The columns of a trace that are read, in the order of [`Row`].
const TRACE_COLUMNS: [trace::Column; 4] =
    [trace::Column::Kind, trace::Column::Id, trace::Column::Author, trace::Column::Body];

/// The name of the subquery of traces.
const FOUND: &str = "found";

/// The number of ids in which [`Store::nearest`] looks. Reading so many traces takes about as long as one descent into an index.
pub const NEAR: i64 = 128;

impl Store {
    /// The traces of a world of that studio.
    #[must_use]
    pub fn new(tenant: &Tenant, world: WorldKey) -> Self {
        Self { tables: tenant.world(world.world()), world }
    }

    /// The world's revision; the newest traces of a scope with ids after `after`, newest first, of each kind in `limits` at most
    /// so many; and the changes of other traces since. One statement, so that all of it is from one moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(
        &self,
        scope: &ScopeKey,
        after: i64,
        limits: &[(TraceKind, u64)],
    ) -> Result<Newest, StoreError> {
        let mut kinds = limits.iter().map(|&(kind, limit)| {
            let mut newest = self.select_traces();
            newest
                .and_where(trace::Column::Scope.eq(scope.as_str()))
                .and_where(trace::Column::Kind.eq(kind.code()))
                .and_where(trace::Column::Id.gt(after))
                .order_by(trace::Column::Id, Order::Desc)
                .limit(limit);
            Self::visible_to_v0(&mut newest);
            newest
        });
        let mut found = Self::all_of(kinds.next().unwrap_or_else(|| self.select_traces()), "newest");
        for newest in kinds {
            found.union(UnionType::All, Self::all_of(newest, "newest"));
        }
        self.read(scope, after, found).await
    }

    /// As [`Store::newest`], of the traces under the next [`NEAR`] ids, and complete up to the last of these ids or the world's
    /// revision. The traces are found by id alone, so that one index is descended into and not one for each kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn nearest(
        &self,
        scope: &ScopeKey,
        after: i64,
        limits: &[(TraceKind, u64)],
    ) -> Result<Newest, StoreError> {
        let upto = after + NEAR;
        // The limit makes the database use the index on the id.
        let ids = self
            .select_traces()
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
        let newest = self.read(scope, after, found).await?;
        Ok(Newest { revision: Ord::min(newest.revision, upto), ..newest })
    }

    fn select_traces(&self) -> SelectStatement {
        self.tables.select_from::<trace::Entity>().columns(TRACE_COLUMNS).take()
    }

    /// Adds the conditions of traces that v0 clients may see. Traces that they could not read have an empty body.
    fn visible_to_v0(traces: &mut SelectStatement) {
        traces
            .and_where(Expr::col(trace::Column::Hidden).eq(false))
            .and_where(Expr::col(trace::Column::GroupKey).is_null())
            .and_where(Expr::col(trace::Column::Body).ne(""));
    }

    fn all_of(select: SelectStatement, name: &'static str) -> SelectStatement {
        Query::select().expr(Expr::cust("*")).from_subquery(select, name).to_owned()
    }

    /// The world's revision, the traces that `found` selects with their recordings, and the changes of other traces after `after`.
    async fn read(&self, scope: &ScopeKey, after: i64, found: SelectStatement) -> Result<Newest, StoreError> {
        let mut all = Query::select()
            .expr_as(Expr::val(REVISION_ROW).cast_as("smallint"), "kind")
            .expr_as(Expr::col("seq"), "id")
            .expr_as(Expr::val(""), "author")
            .expr_as(Expr::val(""), "body")
            .expr_as(Expr::val(None::<i16>).cast_as("smallint"), "codec")
            .expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes")
            .from_subquery(WorldStore::select_revision(self.tables.tenant(), self.world), "world")
            .to_owned();
        all.with_cte(CommonTableExpression::new().query(found).table_name(FOUND).to_owned());
        let recorded = TraceKind::ALL.into_iter().filter(|kind| kind.has_recording()).map(TraceKind::code);
        let is_recorded = Expr::col((FOUND, trace::Column::Kind)).is_in(recorded);
        let select_found = || Query::select().columns(TRACE_COLUMNS.map(|column| (FOUND, column))).from(FOUND).take();
        // Joining recordings to kinds that have none would double the cost.
        let bare = select_found()
            .expr(Expr::val(None::<i16>).cast_as("smallint"))
            .expr(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()))
            .and_where(is_recorded.clone().not())
            .to_owned();
        let mut with_recording = select_found()
            .columns([("recording", recording::Column::Codec), ("recording", recording::Column::Bytes)])
            .and_where(is_recorded)
            .take();
        let of_trace = Expr::col(("recording", recording::Column::Id)).equals((FOUND, trace::Column::Id));
        self.tables.left_join::<recording::Entity>(&mut with_recording, of_trace);
        all.union(UnionType::All, bare).union(UnionType::All, with_recording);
        if after > 0 {
            all.union(UnionType::All, self.select_changes(scope, after));
        }
        let (mut revision, mut traces, mut changes) = (None, Vec::new(), Vec::new());
        for Row { kind, id, author, body, codec, bytes } in self.tables.all::<Row>(&all).await? {
            match kind {
                REVISION_ROW => revision = Some(id),
                CHANGE_ROW => changes.push(ChangedTrace { trace: id, reason: codec.unwrap_or_default() }),
                // Kinds that a newer version has stored are not for v0 clients.
                kind => {
                    let trace = |kind| SnapshotTrace { kind, id, author, body, codec, bytes };
                    traces.extend(TraceKind::of_code(kind).map(trace));
                }
            }
        }
        // A union has no guaranteed order.
        traces.sort_unstable_by_key(|trace| std::cmp::Reverse(trace.id));
        Ok(Newest { revision: revision.ok_or_else(|| world_not_found(self.world))?, traces, changes })
    }

    fn select_changes(&self, scope: &ScopeKey, after: i64) -> SelectStatement {
        Query::select()
            .expr_as(Expr::val(CHANGE_ROW).cast_as("smallint"), "kind")
            .expr_as(Expr::col("trace"), "id")
            .expr_as(Expr::val(""), "author")
            .expr_as(Expr::val(""), "body")
            .expr_as(Expr::col("reason"), "codec")
            .expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes")
            .from_subquery(WorldStore::select_changes(self.tables.tenant(), self.world, scope, after), "logged")
            .to_owned()
    }

    fn bytes_type(&self) -> &'static str {
        match self.tables.dialect() {
            Dialect::Postgres => "bytea",
            Dialect::Sqlite => "blob",
        }
    }

    /// The scopes in which a trace was left or changed after one id, up to and including another; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scopes_between(&self, after: i64, upto: i64, limit: u64) -> Result<BTreeSet<ScopeKey>, StoreError> {
        let changed = WorldStore::select_changed_scopes(self.tables.tenant(), self.world, after, upto);
        let select = self
            .tables
            .select_from::<trace::Entity>()
            .distinct()
            .column(trace::Column::Scope)
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::Id.lte(upto))
            .union(UnionType::Distinct, changed)
            .limit(limit)
            .to_owned();
        let rows: Vec<ScopeRow> = self.tables.all(&select).await?;
        Ok(ScopeRow::scopes(&rows))
    }
}
