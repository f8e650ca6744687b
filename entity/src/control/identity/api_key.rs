//! An API key, as far as it is kept.

use sea_orm::entity::prelude::*;

/// An API key, as far as it is kept: whoever reads this can't use it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    /// What stands in the key for everybody to see.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose it is.
    pub studio: i32,
    /// Which game it opens.
    pub game: i32,
    /// Which of the game's worlds: `live` or `dev`.
    pub environment: String,
    /// `publishable` or `secret`.
    pub kind: String,
    /// What it may do: names with spaces between.
    pub scopes: String,
    /// What its owner calls it.
    pub label: String,
    /// SHA-256 of the whole key.
    pub digest: Vec<u8>,
    /// The id of the first of the keys that took each other's place by rotation.
    pub family: String,
    /// Raised by every change of any key; this row was changed last at this one.
    pub revision: i64,
    /// When it was minted.
    pub created_at_ms: i64,
    /// When it was last used, to about a minute.
    pub last_used_at_ms: Option<i64>,
    /// Since when it opens nothing.
    pub revoked_at_ms: Option<i64>,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
