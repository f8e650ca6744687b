//! The progress of an import.

use sea_orm::entity::prelude::*;

/// The progress of an import: written in the transaction of the imported rows, removed when the import is complete.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import")]
pub struct Model {
    /// The target world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// SHA-256 of the input's first line, in hexadecimal: identifies the input.
    #[sea_orm(primary_key, auto_increment = false)]
    pub input: String,
    /// Number of lines imported.
    pub lines: i64,
    /// SHA-256 of those lines, in hexadecimal: verifies that the input has not changed.
    pub digest: String,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
