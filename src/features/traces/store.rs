//! All SQL of traces.
//!
//! Reading stands here, storing in [`leave`], all else that is done to a world in [`acts`], what comes from other stores in
//! [`bulk`], what goes there in [`walk`], the look at many worlds at once in [`revisions`], how a trace stands with players in [`standing`], what its author is told in [`inbox`].

mod acts;
mod bulk;
mod inbox;
mod leave;
mod revisions;
mod standing;
mod upkeep;
mod walk;

use std::collections::BTreeSet;

use entity::tenant::{change, recording, trace, world};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};

pub use self::{
    acts::{Act, Acted, Acting, Awaited, Lying, WorldAct},
    bulk::Imported,
    revisions::revisions,
    standing::Standing,
    upkeep::{Expire, ForgetChanges, ForgetNews, ForgetUses, ROWS, Trim},
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
    StoreError::Refused(sea_orm::DbErr::RecordNotFound(format!("world {world}")))
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
        for &(kind, limit) in limits {
            let newest = self.newest_of(world, scope, kind, after, limit);
            let members = Query::select().expr(Expr::cust("*")).from_subquery(newest, "newest").to_owned();
            all.union(UnionType::All, members);
        }
        if after > 0 {
            let changes = self.changes_of(world, scope, after);
            let members = Query::select().expr(Expr::cust("*")).from_subquery(changes, "changes").to_owned();
            all.union(UnionType::All, members);
        }
        let mut rows: Vec<Shown> = self.tenant.all(&all).await?;
        let revision = rows.iter().position(|row| row.kind == REVISION_ROW).map(|at| rows.swap_remove(at).id);
        // A union promises no order.
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok((revision.ok_or_else(|| no_world(world))?, rows))
    }

    fn newest_of(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, after: i64, limit: u64) -> SelectStatement {
        let mut newest = Query::select();
        newest
            .columns([("trace", trace::Column::Kind), ("trace", trace::Column::Id)])
            .columns([("trace", trace::Column::Author), ("trace", trace::Column::Body)])
            .from(self.tenant.table(trace::Entity));
        if kind.has_recording() {
            let on_recording = Expr::col(("recording", recording::Column::World))
                .equals(("trace", trace::Column::World))
                .and(Expr::col(("recording", recording::Column::Id)).equals(("trace", trace::Column::Id)));
            newest
                .columns([("recording", recording::Column::Codec), ("recording", recording::Column::Bytes)])
                .left_join(self.tenant.table(recording::Entity), on_recording);
        } else {
            // Looking for a recording of each would cost as much again.
            newest.expr_as(Expr::val(None::<i16>).cast_as("smallint"), "codec");
            newest.expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes");
        }
        newest
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Scope.eq(scope.as_str()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .and_where(trace::Column::Id.gt(after))
            // What was left under `/v1` has no body where the seed's clients could not read it.
            .and_where(trace::Column::Hidden.eq(false))
            .and_where(trace::Column::GroupKey.is_null())
            .and_where(Expr::col(("trace", trace::Column::Body)).ne(""))
            .order_by(("trace", trace::Column::Id), Order::Desc)
            .limit(limit)
            .to_owned()
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
