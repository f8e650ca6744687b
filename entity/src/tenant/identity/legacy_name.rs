//! A name that a v0 client sends (`u_uuid`), bound to a player: an unproven claim that the studio vouches for.

use sea_orm::entity::prelude::*;

/// A name that a v0 client sends (`u_uuid`), bound to a player.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seed_name")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The name: 1 to 64 bytes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The player that it is bound to, in the same world.
    pub player: String,
    /// When it was bound.
    pub bound_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
