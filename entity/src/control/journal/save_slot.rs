//! Save slots of users.

use sea_orm::entity::prelude::*;

/// A save slot of a user: a place for the saves of one game.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "save_slot")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose it is.
    pub user_id: String,
    /// The first part of its path: the id of a title, or any name.
    pub folder: String,
    /// The second part of its path.
    pub name: String,
    /// The title, where the folder is the id of one.
    pub title: Option<i64>,
    /// The number of the version that counts; null before the first.
    pub current: Option<i64>,
    /// The highest number that was given to a version.
    pub last: i64,
    /// When it was made.
    pub created_at_ms: i64,
    /// When its current version last became another.
    pub changed_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
