//! One row with the revision of all API keys.

use sea_orm::entity::prelude::*;

/// One row with the revision of all API keys. Who changes a key raises it first, in the same transaction: so changes
/// follow each other, and who has seen a revision has seen all before it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_revision")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// How many changes there were.
    pub revision: i64,
}

/// None: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
