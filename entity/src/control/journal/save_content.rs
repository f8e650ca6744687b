//! The files of saves, each once for a user.

use sea_orm::entity::prelude::*;

/// A file of saves of a user, whatever it is called and in however many versions it is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "save_content")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose it is.
    pub user_id: String,
    /// The SHA-256 digest, in hexadecimal digits.
    pub digest: String,
    /// The length.
    pub bytes: i64,
    /// The blob; null where no upload was asked for yet.
    pub blob: Option<String>,
    /// Whether it has not arrived.
    pub awaited: bool,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
