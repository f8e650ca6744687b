//! How far an import has come.

use sea_orm::entity::prelude::*;

/// How far an import has come: written in the transaction of what it imported, gone when it is done.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import")]
pub struct Model {
    /// The world that is imported into.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// SHA-256 of the input's first line, in hexadecimal: finds the row again.
    #[sea_orm(primary_key, auto_increment = false)]
    pub input: String,
    /// Lines that are done.
    pub lines: i64,
    /// SHA-256 of those lines, in hexadecimal: tells whether they are still the same.
    pub digest: String,
}

/// None: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
