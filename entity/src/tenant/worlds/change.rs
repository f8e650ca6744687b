//! What became of a trace after it was left.

use sea_orm::entity::prelude::*;

/// What became of a trace after it was left: it was changed, or has gone.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// Taken from the world's `seq`, as a trace's id is: what was left and what became of it stand in one order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The trace's id.
    pub trace: i64,
    /// Why: 1 changed, 2 restored, 3 withdrawn, 4 evicted, 5 hidden, 6 removed, 7 trimmed, 8 expired.
    pub reason: i16,
    /// The trace's scope.
    pub scope: String,
    /// When.
    pub at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
