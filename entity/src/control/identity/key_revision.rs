//! One row with the revision of all API keys.

use sea_orm::entity::prelude::*;

/// One row with the revision of all API keys. A transaction that changes a key raises it first: changes are serialised,
/// and a reader that has seen a revision has seen all earlier changes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_revision")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Number of changes so far.
    pub revision: i64,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
