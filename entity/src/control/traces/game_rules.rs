//! What a game has decided about its traces in one environment. A game that has decided nothing has no row.

use sea_orm::entity::prelude::*;

/// What a game has decided about its traces in one environment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "game_rules")]
pub struct Model {
    /// Which game.
    #[sea_orm(primary_key, auto_increment = false)]
    pub game: i32,
    /// In which environment: `live` or `dev`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub environment: String,
    /// The rules, as JSON in the form of a change; what it does not name is as a new game has it.
    pub rules: String,
    /// The revision of all keys and rules at which it was last changed.
    pub revision: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
