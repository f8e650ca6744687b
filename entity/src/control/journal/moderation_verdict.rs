//! Verdicts of moderation.

use sea_orm::entity::prelude::*;

/// What was decided about something: also the audit log.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_verdict")]
pub struct Model {
    /// Id: one with a higher one is newer.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The case; none where it went with its author.
    pub case_id: Option<i64>,
    /// What the subject is.
    pub kind: i16,
    /// The id of the subject.
    pub subject: String,
    /// Whose it is.
    pub author: Option<String>,
    /// What was decided.
    pub action: i16,
    /// Why.
    pub reason: Option<i16>,
    /// More about it, for the author.
    pub note: String,
    /// When a ban ends.
    pub until_ms: Option<i64>,
    /// Whether reports alone decided it.
    pub automatic: bool,
    /// Who decided it.
    pub moderator: Option<String>,
    /// When.
    pub at_ms: i64,
    /// What was before, as JSON, so that it can be undone.
    pub before: String,
    /// When it was undone.
    pub undone_at_ms: Option<i64>,
    /// Who undid it.
    pub undone_by: Option<String>,
    /// What its author says against it.
    pub appeal: Option<String>,
    /// When they said it.
    pub appeal_at_ms: Option<i64>,
    /// 0 no appeal, 1 one that nobody has decided, 2 refused, 3 granted.
    pub appeal_state: i16,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
