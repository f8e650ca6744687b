//! An edit of many entries, a deletion or an import, for as long as it can be undone.

use sea_orm::entity::prelude::*;

/// An edit of many entries, a deletion or an import, for as long as it can be undone.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_edit")]
pub struct Model {
    /// A UUID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Who made it.
    pub user: String,
    /// Until when it can be undone.
    pub expires_ms: i64,
    /// How far it was undone: the last title.
    pub undone_upto: Option<i64>,
    /// Entries that were restored.
    pub restored: i64,
    /// Entries that stayed as they were, because they had been changed since.
    pub kept: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
