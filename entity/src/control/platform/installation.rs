//! The row that identifies this installation.

use sea_orm::entity::prelude::*;

/// The row that identifies this installation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    /// A UUID generated with the database. Copies of the database keep it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// When the database was created.
    pub created_at_ms: i64,
    /// A UUID that is part of every key and channel in a shared cache, so that two databases never share snapshots.
    pub namespace: String,
    /// The database for which the namespace was drawn. A copy is another database, and draws another namespace.
    pub drawn_for: String,
    /// The check value of the secret key that this database was sealed with; empty before the first.
    pub secret_key_check: String,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
