//! Queries over a world's row and its change log, for the stores of the domains above: they complete them with conditions,
//! orders or other rows, and run them together with their own.

use entity::tenant::worlds::{change, world};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, IntoColumnRef, Order, SelectStatement},
};

use crate::{
    platform::db::WorldTables,
    worlds::model::{ChangeReason, ScopeKey},
};

/// How far a world is: of [`select_head`].
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct WorldHead {
    /// The world's sequence.
    pub seq: i64,
    /// The change log no longer has entries up to this sequence.
    pub forgotten: i64,
}

/// The names of a world: of [`select_names`].
#[derive(Clone, Debug, FromQueryResult)]
pub struct WorldNames {
    /// The slug of the game.
    pub game: String,
    /// The name of the environment.
    pub environment: String,
}

/// An entry of the change log: of [`select_changes`] and [`select_changes_of`].
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct LoggedChange {
    /// Its place in the world's sequence.
    pub seq: i64,
    /// The trace that has changed.
    pub trace: i64,
    reason: i16,
}

impl LoggedChange {
    /// What became of the trace; `None` for reasons of newer versions.
    #[must_use]
    pub fn reason(&self) -> Option<ChangeReason> {
        ChangeReason::of_code(self.reason)
    }
}

/// How far a world is: columns `seq` and `forgotten`.
#[must_use]
pub fn select_head(tables: &WorldTables) -> SelectStatement {
    tables.select_from::<world::Entity>().columns([world::Column::Seq, world::Column::Forgotten]).take()
}

/// The names of a world: columns `game` and `environment`.
#[must_use]
pub fn select_names(tables: &WorldTables) -> SelectStatement {
    tables.select_from::<world::Entity>().columns([world::Column::Game, world::Column::Environment]).take()
}

/// The entries of the change log after a sequence, of some scopes or, without any, of all, in order, at most `limit`: columns `seq`, `trace` and
/// `reason`.
#[must_use]
pub fn select_changes(tables: &WorldTables, scopes: &[ScopeKey], after: i64, limit: u64) -> SelectStatement {
    tables
        .select_from::<change::Entity>()
        .columns([change::Column::Seq, change::Column::Trace, change::Column::Reason])
        .and_where(change::Column::Seq.gt(after))
        .and_where_option(in_scopes(change::Column::Scope, scopes))
        .order_by(change::Column::Seq, Order::Asc)
        .limit(limit)
        .take()
}

/// The condition that a column holds one of these scopes; none where there are no scopes, which stands for all.
#[must_use]
pub fn in_scopes(column: impl ColumnTrait, scopes: &[ScopeKey]) -> Option<Expr> {
    match scopes {
        [] => None,
        [scope] => Some(column.eq(scope.as_str())),
        several => Some(column.is_in(several.iter().map(ScopeKey::as_str))),
    }
}

/// The entries of the change log about these traces, in no order: columns `seq`, `trace` and `reason`. In the order of the sequence
/// a database without statistics would read the log of the whole world.
#[must_use]
pub fn select_changes_of(tables: &WorldTables, traces: &[i64]) -> SelectStatement {
    tables
        .select_from::<change::Entity>()
        .columns([change::Column::Seq, change::Column::Trace, change::Column::Reason])
        .and_where(tables.among(change::Column::Trace, traces))
        .take()
}

/// Whether the change log has an entry about the trace that a column of another table names.
#[must_use]
pub fn has_changes(tables: &WorldTables, trace: impl IntoColumnRef) -> Expr {
    let changes = tables
        .select_from::<change::Entity>()
        .expr(Expr::val(1))
        .and_where(Expr::col(("change", change::Column::Trace)).equals(trace))
        .take();
    Expr::exists(changes)
}
