//! That somebody likes a thought.

use sea_orm::entity::prelude::*;

/// That somebody likes a thought.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thought_reaction")]
pub struct Model {
    /// The thought.
    #[sea_orm(primary_key, auto_increment = false)]
    pub thought: i64,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// Since when.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
