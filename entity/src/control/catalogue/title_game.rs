//! Which title a game of a studio is.

use sea_orm::entity::prelude::*;

/// Which title a game of a studio is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_game")]
pub struct Model {
    /// The game.
    #[sea_orm(primary_key, auto_increment = false)]
    pub game: i32,
    /// The title.
    pub title: i64,
    /// Since when.
    pub since_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
