//! An API key, stored as a digest.

use sea_orm::entity::prelude::*;

/// An API key, stored as a digest: reading this table does not allow using the keys.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    /// The public part of the key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The studio.
    pub studio: i32,
    /// The game that it opens.
    pub game: i32,
    /// The environment of the game: `live` or `dev`.
    pub environment: String,
    /// `publishable` or `secret`.
    pub kind: String,
    /// Its permissions: names separated by spaces.
    pub scopes: String,
    /// A label for its owner.
    pub label: String,
    /// SHA-256 of the whole key.
    pub digest: Vec<u8>,
    /// The id of the first key in its chain of rotations.
    pub family: String,
    /// The revision of all keys at which this row was last changed.
    pub revision: i64,
    /// When it was created.
    pub created_at_ms: i64,
    /// When it was last used, to within about a minute.
    pub last_used_at_ms: Option<i64>,
    /// When it was revoked.
    pub revoked_at_ms: Option<i64>,
    /// SHA-256 of the user and the `Idempotency-Key` with which it was issued.
    pub request: Option<Vec<u8>>,
    /// SHA-256 of what was asked under that key.
    pub content: Option<Vec<u8>>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
