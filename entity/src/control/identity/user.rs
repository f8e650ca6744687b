//! A user: a person with an account.

use sea_orm::entity::prelude::*;

/// A user: a person with an account. The row is created once the address is verified.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// A UUID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The email address, as entered.
    pub email: String,
    /// The normalised address, the same for all its spellings.
    #[sea_orm(unique)]
    pub email_key: String,
    /// The password's hash with its parameters and salt, as a PHC string.
    pub password: String,
    /// Raised to end all sessions: those of an older epoch are void, including one that is being opened at the same time.
    pub epoch: i64,
    /// Whether this user administers the installation.
    pub administrator: bool,
    /// Whether this user moderates what people write here.
    pub moderator: bool,
    /// Until when they are banned; the highest number: for good.
    pub banned_until_ms: Option<i64>,
    /// Why they are banned.
    pub ban_reason: Option<i16>,
    /// When the account was created.
    pub created_at_ms: i64,
    /// When the password was set.
    pub password_at_ms: i64,
}

/// No relations here: the tables that refer to a user cascade its deletion.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
