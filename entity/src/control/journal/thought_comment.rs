//! A comment on a thought.

use sea_orm::entity::prelude::*;

/// A comment on a thought.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thought_comment")]
pub struct Model {
    /// Id: a comment with a higher one is newer.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The thought.
    pub thought: i64,
    /// Who wrote it.
    pub user_id: String,
    /// Plain text.
    pub text: String,
    /// Why it is hidden; null where it is not.
    pub hidden: Option<i16>,
    /// When it was written.
    pub created_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
