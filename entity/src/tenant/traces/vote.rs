//! A vote of a player for a trace, or against it.

use sea_orm::entity::prelude::*;

/// A vote of a player for a trace, or against it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vote")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace: i64,
    /// Whose vote.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// Whether it is for the trace.
    pub good: bool,
    /// What it weighs, in quarters of a vote: 1 to 4, by how old the player was when it was cast.
    pub weight: i32,
    /// When it was cast, or last changed.
    pub at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
