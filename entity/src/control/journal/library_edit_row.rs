//! An entry that an edit has changed.

use sea_orm::entity::prelude::*;

/// An entry that an edit has changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_edit_row")]
pub struct Model {
    /// The edit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edit: String,
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// The entry as it was, as JSON; nothing where there was none.
    pub before: Option<String>,
    /// The revision that the edit gave it; nothing where it has removed it.
    pub revision: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
