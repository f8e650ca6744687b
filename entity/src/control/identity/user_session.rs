//! A session of a user.

use sea_orm::entity::prelude::*;

/// A session of a user.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_session")]
pub struct Model {
    /// SHA-256 of the token that opens it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// Names it, and opens nothing.
    #[sea_orm(unique)]
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// The user's epoch when it was opened.
    pub epoch: i64,
    /// Whether a browser holds it as a cookie; else it is a bearer token.
    pub cookie: bool,
    /// Whence it was opened.
    pub address: String,
    /// What the program that opened it calls itself.
    pub agent: String,
    /// When it was opened.
    pub created_at_ms: i64,
    /// When it was last used, to a minute or so.
    pub used_at_ms: i64,
    /// When it ends at the latest.
    pub expires_at_ms: i64,
}

/// None: a session names its user.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
