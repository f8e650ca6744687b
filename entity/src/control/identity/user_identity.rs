//! Accounts elsewhere with which users sign in.

use sea_orm::entity::prelude::*;

/// An account at an issuer with which a user signs in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_identity")]
pub struct Model {
    /// Its public id; not a secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// The id of the provider that was set up for the issuer.
    pub provider: String,
    /// The issuer.
    pub issuer: String,
    /// Who it is, for the issuer.
    pub subject: String,
    /// The email address that the issuer named last; empty if it named none.
    pub email: String,
    /// When it was linked.
    pub linked_at_ms: i64,
    /// When it was last used.
    pub used_at_ms: Option<i64>,
}

/// No relations: an identity stores its user's id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
