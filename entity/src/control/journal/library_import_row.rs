//! A row of an import.

use sea_orm::entity::prelude::*;

/// A row of an import.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_import_row")]
pub struct Model {
    /// The import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import: String,
    /// Its number in the file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// What becomes of it: 0 new, 1 changed, 2 same, 3 unclear, 4 refused.
    pub outcome: i16,
    /// The title, where it is known.
    pub title: Option<i64>,
    /// The name in the file.
    pub name: String,
    /// Why, in words.
    pub why: String,
    /// What it says about the entry, as JSON.
    pub content: String,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
