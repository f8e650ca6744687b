//! Single changes by WebDAV that are in no version yet.

use sea_orm::entity::prelude::*;

/// What has become of a path in a window.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "save_change")]
pub struct Model {
    /// The window.
    #[sea_orm(primary_key, auto_increment = false)]
    pub window_id: i64,
    /// The path in the slot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub path: String,
    /// File, folder or removed.
    pub kind: i16,
    /// The content of a file.
    pub content_id: Option<i64>,
    /// When the file was last changed, as its device says.
    pub modified_ms: Option<i64>,
    /// When the change came: of two of the same path the later one counts.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
