//! A user: a person with an account.

use sea_orm::entity::prelude::*;

/// A user: a person with an account. There is one only once its address is proven.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// A UUID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The address, as it was given.
    pub email: String,
    /// What all spellings of the address have in common.
    #[sea_orm(unique)]
    pub email_key: String,
    /// The password's hash with its parameters and salt, as a PHC string.
    pub password: String,
    /// Raised when all sessions end: those of an older epoch are void, also one that is just being opened.
    pub epoch: i64,
    /// Whether this user administers the installation.
    pub administrator: bool,
    /// When the account was made.
    pub created_at_ms: i64,
    /// When the password was set.
    pub password_at_ms: i64,
}

/// None: what hangs on a user names it, and goes with it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
