//! An invitation to become a member of a studio.

use sea_orm::entity::prelude::*;

/// An invitation to become a member of a studio. An address has at most one for each studio.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// A UUID; not a secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The studio.
    pub studio: i32,
    /// The address that it was sent to, as entered.
    pub email: String,
    /// The normalised address, the same for all its spellings.
    pub email_key: String,
    /// The name of the role.
    pub role: String,
    /// SHA-256 of the code in the email.
    pub digest: Vec<u8>,
    /// The user who invites; empty for the command line.
    pub invited_by: String,
    /// When it was sent.
    pub created_at_ms: i64,
    /// When it expires.
    pub expires_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
