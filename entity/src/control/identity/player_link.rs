//! A player who belongs to an account.

use sea_orm::entity::prelude::*;

/// A player who belongs to an account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "player_link")]
pub struct Model {
    /// Whose game it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub studio: i32,
    /// The world, in the studio's own tables.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The player, in that world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// Whose account.
    pub user: String,
    /// Since when.
    pub linked_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
