//! An invitation to become a member of a studio.

use sea_orm::entity::prelude::*;

/// An invitation to become a member of a studio. An address has one for each studio.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// A UUID, which opens nothing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Into which studio.
    pub studio: i32,
    /// The address that it was sent to, as it was given.
    pub email: String,
    /// What all spellings of the address have in common.
    pub email_key: String,
    /// As what: a role's name.
    pub role: String,
    /// SHA-256 of the code in the letter.
    pub digest: Vec<u8>,
    /// Which user invites; empty for the command line.
    pub invited_by: String,
    /// When it was sent.
    pub created_at_ms: i64,
    /// When it ends.
    pub expires_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
