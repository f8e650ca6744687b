//! A code that links a player to an account.

use sea_orm::entity::prelude::*;

/// A code that links a player to an account: shown in the game, entered where the user is signed in. Single use.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_code")]
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
    /// SHA-256 of the code.
    pub digest: Vec<u8>,
    /// When it expires.
    pub expires_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
