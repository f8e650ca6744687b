//! Passwords that users give to programs.

use sea_orm::entity::prelude::*;

/// A password that a user has given to a program.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_password")]
pub struct Model {
    /// Its public id; not a secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// The user's epoch when it was made.
    pub epoch: i64,
    /// What its user calls it.
    pub name: String,
    /// SHA-256 of the password.
    pub digest: Vec<u8>,
    /// When it was made.
    pub created_at_ms: i64,
    /// When it was last used, to within some minutes.
    pub used_at_ms: Option<i64>,
}

/// No relations: a password stores its user's id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
