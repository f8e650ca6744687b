//! Files beside the database.

use sea_orm::entity::prelude::*;

/// A file beside the database, or one that is expected.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blob")]
pub struct Model {
    /// Its name: a UUID of version 7 in hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// What it is for.
    pub bucket: i16,
    /// The user whose quota it takes; null also once that user has gone.
    pub user_id: Option<String>,
    /// Whether it is a user's.
    pub owned: bool,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: i64,
    /// Its SHA-256 digest, in hexadecimal digits.
    pub digest: String,
    /// What the upload that is expected must know; null once the bytes are there.
    pub nonce: Option<String>,
    /// Raised where links that were given out must work no longer.
    pub turn: i16,
    /// When it is to be removed; null: when somebody says so.
    pub due_ms: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
