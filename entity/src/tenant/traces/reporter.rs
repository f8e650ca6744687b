//! What moderators thought of a player's reports.

use sea_orm::entity::prelude::*;

/// What moderators thought of a player's reports.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporter")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The player.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// Reports after which a moderator has hidden or removed the trace.
    pub upheld: i32,
    /// Reports after which a moderator has restored the trace.
    pub dismissed: i32,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
