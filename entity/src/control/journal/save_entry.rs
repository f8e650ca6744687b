//! What is in versions of save slots.

use sea_orm::entity::prelude::*;

/// A file or a folder of a version, or a file that it has removed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "save_entry")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: i64,
    /// The path in the slot, without a slash at its beginning or end.
    #[sea_orm(primary_key, auto_increment = false)]
    pub path: String,
    /// File, folder or removed.
    pub kind: i16,
    /// The content of a file.
    pub content_id: Option<i64>,
    /// When the file was last changed, as its device says.
    pub modified_ms: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
