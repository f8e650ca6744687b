//! The last counted use of a trace by a player.

use sea_orm::entity::prelude::*;

/// The last counted use of a trace by a player.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trace_use")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace: i64,
    /// The player who used it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// When they used it.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
