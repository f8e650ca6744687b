//! That one user has blocked another.

use sea_orm::entity::prelude::*;

/// That one user has blocked another.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "block")]
pub struct Model {
    /// Who has blocked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocker: String,
    /// Whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocked: String,
    /// Since when.
    pub since_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
