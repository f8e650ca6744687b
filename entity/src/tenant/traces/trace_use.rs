//! The last use of a trace by a player that counted.

use sea_orm::entity::prelude::*;

/// The last use of a trace by a player that counted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trace_use")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace: i64,
    /// Who used it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
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
