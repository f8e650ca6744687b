//! An id that somebody else knows a title by.

use sea_orm::entity::prelude::*;

/// An id that somebody else knows a title by.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_external")]
pub struct Model {
    /// Who: `steam`, `rawg` and so on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Their id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub external: String,
    /// The title.
    pub title: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
