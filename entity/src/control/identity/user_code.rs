//! A code sent to an email address.

use sea_orm::entity::prelude::*;

/// A code sent to an email address, to prove that the requester can read its mail. Single use.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_code")]
pub struct Model {
    /// SHA-256 of the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// 1: create an account; 2: set a new password; 3: change the account's address; 4: create the
    /// administrator (printed at the start, not sent).
    pub purpose: i16,
    /// The address that it was sent to, as entered.
    pub email: String,
    /// The normalised address, the same for all its spellings.
    pub email_key: String,
    /// The user whose account it concerns; empty if there is none yet.
    pub user: String,
    /// When it was sent.
    pub created_at_ms: i64,
    /// When it expires.
    pub expires_at_ms: i64,
}

/// No relations: a code stores its user's id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
