//! The row that identifies this installation.

use sea_orm::entity::prelude::*;

/// The row that identifies this installation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    /// A UUID generated with the database. It prefixes every key and channel in a shared cache, so that two installations,
    /// or a recreated database, never share snapshots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// When the database was created.
    pub created_at_ms: i64,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
