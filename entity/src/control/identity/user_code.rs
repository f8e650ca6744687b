//! A code that was sent to an address.

use sea_orm::entity::prelude::*;

/// A code that was sent to an address, to prove that who asked reads its mail. Used once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_code")]
pub struct Model {
    /// SHA-256 of the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    /// 1: to make an account; 2: to set a new password; 3: to change the account's address; 4: to
    /// make the administrator, which is printed, not sent.
    pub purpose: i16,
    /// The address that it was sent to, as it was given.
    pub email: String,
    /// What all spellings of the address have in common.
    pub email_key: String,
    /// Whose account it is about; empty where there is none yet.
    pub user: String,
    /// When it was sent.
    pub created_at_ms: i64,
    /// When it ends.
    pub expires_at_ms: i64,
}

/// None: a code names its user.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
