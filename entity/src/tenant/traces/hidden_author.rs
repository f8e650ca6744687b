//! An author whose traces a player does not want to see.

use sea_orm::entity::prelude::*;

/// An author whose traces a player does not want to see.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hidden_author")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// Who does not want to see them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// Whose, as it stands in the traces.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author: String,
    /// Since when.
    pub at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
