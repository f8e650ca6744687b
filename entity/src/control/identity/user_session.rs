//! A session of a user.

use sea_orm::entity::prelude::*;

/// A session of a user.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_session")]
pub struct Model {
    /// SHA-256 of the session token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// Its public id; not a secret.
    #[sea_orm(unique)]
    pub id: String,
    /// The user.
    pub user: String,
    /// The user's epoch when it was opened.
    pub epoch: i64,
    /// Whether a browser holds it as a cookie; otherwise it is a bearer token.
    pub cookie: bool,
    /// The address that it was opened from.
    pub address: String,
    /// The user agent that opened it.
    pub agent: String,
    /// When it was opened.
    pub created_at_ms: i64,
    /// When it was last used, to within about a minute.
    pub used_at_ms: i64,
    /// When it expires at the latest.
    pub expires_at_ms: i64,
    /// SHA-256 of the client and the `Idempotency-Key` with which it was opened.
    pub request: Option<Vec<u8>>,
}

/// No relations: a session stores its user's id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
