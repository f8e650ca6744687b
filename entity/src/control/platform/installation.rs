//! One row that names this installation.

use sea_orm::entity::prelude::*;

/// One row that names this installation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    /// A UUID made with the database. It prefixes every key and channel in a shared cache, so that two installations,
    /// or a database made anew, never meet each other's snapshots.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// When the database was made.
    pub created_at_ms: i64,
}

/// None: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
