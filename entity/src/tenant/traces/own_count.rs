//! The number of a player's traces of a kind, in a scope or in all.

use sea_orm::entity::prelude::*;

/// The number of a player's traces of a kind, in a scope or in all.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "own_count")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The player.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author: String,
    /// The code of the kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: i16,
    /// The scope; U+0001 for all scopes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    /// How many there are.
    pub count: i32,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
