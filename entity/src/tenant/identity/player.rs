//! A player: somebody in one world, under an id that was minted here.

use sea_orm::entity::prelude::*;

/// A player: somebody in one world, under an id that was minted here.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "player")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// A UUID of version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// SHA-256 of the device's own id, by which it is the same player again; absent where it gave none.
    pub device: Option<Vec<u8>>,
    /// When it was minted.
    pub created_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
