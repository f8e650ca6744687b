//! A game's settings for its traces in one environment. A game without settings of its own has no row.

use sea_orm::entity::prelude::*;

/// A game's settings for its traces in one environment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "game_rules")]
pub struct Model {
    /// The game.
    #[sea_orm(primary_key, auto_increment = false)]
    pub game: i32,
    /// The environment: `live` or `dev`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub environment: String,
    /// The settings, as a JSON object in the form of a change; settings that it does not name have their defaults.
    pub rules: String,
    /// The revision of all keys and settings at which it was last changed.
    pub revision: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
