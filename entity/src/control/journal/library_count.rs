//! What a library comes to, within one audience; kept by triggers.

use sea_orm::entity::prelude::*;

/// What a library comes to, within one audience; kept by triggers.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_count")]
pub struct Model {
    /// The owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// The audience of what is counted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub audience: i16,
    /// What is counted: 0 entries by state, 1 by genre, 2 playthroughs by platform, 3 all entries.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: i16,
    /// The state, genre or platform.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// How many.
    pub entries: i64,
    /// How many of them are completed.
    pub completed: i64,
    /// Their time.
    pub minutes: i64,
    /// How many of them have a score.
    pub scored: i64,
    /// The sum of these scores.
    pub score_sum: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
