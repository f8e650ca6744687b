//! An author whose traces a player does not want to see.

use sea_orm::entity::prelude::*;

/// An author whose traces a player does not want to see.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hidden_author")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The player who does not want to see them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// The author, as stored in `trace`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author: String,
    /// When the player hid the author.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
