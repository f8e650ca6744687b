//! A player who is being erased, or was a while ago.

use sea_orm::entity::prelude::*;

/// A player who is being erased, or was a while ago: tokens of theirs are not valid any more.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erased_player")]
pub struct Model {
    /// SHA-256 of the player.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// The studio.
    pub studio: i32,
    /// The world, in the studio's tenant tables.
    pub world: i32,
    /// The player; nothing once all is erased.
    pub player: Option<String>,
    /// Until then tokens may be valid.
    pub until_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
