//! A name under which a seed's client writes (`u_uuid`), bound to a player: a claim that the studio vouches for.

use sea_orm::entity::prelude::*;

/// A name under which a seed's client writes (`u_uuid`), bound to a player.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legacy_name")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The name: 1 to 64 bytes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Whose it is, in the same world.
    pub player: String,
    /// Since when.
    pub bound_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
