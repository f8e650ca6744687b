//! A refresh token of a player, as far as it is kept.

use sea_orm::entity::prelude::*;

/// A refresh token of a player, as far as it is kept: whoever reads this can't use it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "player_token")]
pub struct Model {
    /// SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// The world.
    pub world: i32,
    /// Whose it is.
    pub player: String,
    /// Common to all that followed from one sign-in.
    pub family: String,
    /// How many came before it in its family.
    pub generation: i32,
    /// When the next was given for it. Whoever shows it after that has it from somebody else, or somebody else had.
    pub used_at_ms: Option<i64>,
    /// It is good until then.
    pub expires_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
