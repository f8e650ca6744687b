//! A vote of a player for or against a trace.

use sea_orm::entity::prelude::*;

/// A vote of a player for or against a trace.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vote")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace: i64,
    /// The voter.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// Whether it is for the trace.
    pub good: bool,
    /// Weight, in quarters of a vote: 1 to 4, depending on the age of the player when it was cast.
    pub weight: i32,
    /// A keyed digest of the network from which it was given.
    pub network: Option<i64>,
    /// When it was cast or last changed.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
