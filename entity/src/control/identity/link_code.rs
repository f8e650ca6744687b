//! A code by which a player is linked to an account.

use sea_orm::entity::prelude::*;

/// A code by which a player is linked to an account: shown in the game, typed where the user is signed in. Used once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_code")]
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
    /// SHA-256 of the code.
    pub digest: Vec<u8>,
    /// When it ends.
    pub expires_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
