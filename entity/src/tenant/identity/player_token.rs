//! A refresh token of a player, stored as a digest.

use sea_orm::entity::prelude::*;

/// A refresh token of a player, stored as a digest: reading this table does not allow using the tokens.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "player_token")]
pub struct Model {
    /// SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// The world.
    pub world: i32,
    /// The player.
    pub player: String,
    /// Shared by all tokens that descend from one sign-in.
    pub family: String,
    /// Number of tokens before it in its family.
    pub generation: i32,
    /// When it was exchanged for the next one. A second use after that means that the token was stolen.
    pub used_at_ms: Option<i64>,
    /// When it expires.
    pub expires_at_ms: i64,
    /// The network and program that asked for it, as a signature.
    pub client: Option<Vec<u8>>,
    /// The `Idempotency-Key` under which it was asked for, as a signature.
    pub request: Option<Vec<u8>>,
    /// What was asked under that key, as a signature.
    pub content: Option<Vec<u8>>,
    /// When it was issued.
    pub created_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
