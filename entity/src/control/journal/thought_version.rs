//! What a thought was before a change.

use sea_orm::entity::prelude::*;

/// What a thought was before a change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thought_version")]
pub struct Model {
    /// The thought.
    #[sea_orm(primary_key, auto_increment = false)]
    pub thought: i64,
    /// The revision that it had.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    /// Who saw it.
    pub audience: i16,
    /// The rating.
    pub rating: Option<i16>,
    /// Whether all of it was a spoiler.
    pub spoiler: bool,
    /// The Markdown.
    pub text: String,
    /// When it was changed.
    pub until_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
