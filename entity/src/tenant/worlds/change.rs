//! The change log of a world.

use sea_orm::entity::prelude::*;

/// A row of the change log: a trace was changed or removed after it was left.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// Taken from the world's `seq`, like trace ids: new traces and changes share one order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The trace's id.
    pub trace: i64,
    /// Reason: 1 changed, 2 restored, 3 withdrawn, 4 evicted, 5 hidden, 6 removed, 7 trimmed, 8 expired.
    pub reason: i16,
    /// The trace's scope.
    pub scope: String,
    /// When it happened.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
