//! A player who may not leave, vote or report.

use sea_orm::entity::prelude::*;

/// A player who may not leave, vote or report.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ban")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// Until then; absent: for ever.
    pub until_ms: Option<i64>,
    /// Why, in the moderator's words.
    pub reason: String,
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
