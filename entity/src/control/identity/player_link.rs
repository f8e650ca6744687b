//! A link from a player to an account.

use sea_orm::entity::prelude::*;

/// A link from a player to an account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "player_link")]
pub struct Model {
    /// The studio that owns the game.
    #[sea_orm(primary_key, auto_increment = false)]
    pub studio: i32,
    /// The world, in the studio's tenant tables.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The player, in that world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// The user whose account it is.
    pub user: String,
    /// When they were linked.
    pub linked_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
