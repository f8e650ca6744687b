//! Who did what.

use sea_orm::entity::prelude::*;

/// Who did what: rows are added, never changed, which the database itself sees to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// Key, in the order of writing.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When.
    pub at_ms: i64,
    /// At which studio, where it concerns one.
    pub studio: Option<i32>,
    /// Who: `command line`, or a key or a person by its id.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// More about it; never a secret.
    pub detail: String,
}

/// None: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
