//! What was looked for at a provider of titles.

use sea_orm::entity::prelude::*;

/// What was looked for at a provider of titles.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_discovery")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What was typed, folded.
    #[sea_orm(unique)]
    pub query_key: String,
    /// What was typed by whoever was the first.
    pub query: String,
    /// When it was asked for last.
    pub asked_ms: i64,
    /// When the provider has answered last; 0: never.
    pub done_ms: i64,
    /// The ids of the titles that it knew, with commas between them.
    pub titles: String,
    /// How many records wait for an administrator.
    pub unclear: i32,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
