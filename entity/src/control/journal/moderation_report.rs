//! Reports.

use sea_orm::entity::prelude::*;

/// A report of one person about the subject of a case.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_report")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: i64,
    /// Who reports.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reporter: String,
    /// Why.
    pub reason: i16,
    /// More about it.
    pub note: String,
    /// When.
    pub at_ms: i64,
    /// What became of it: 0 nothing yet, 1 a moderator agreed, 2 a moderator did not.
    pub outcome: i16,
    /// Whether a moderator has dismissed an earlier one of the same person about the same.
    pub dismissed: bool,
    /// The verdict that settled it.
    pub verdict: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
