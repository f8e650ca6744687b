//! Cases of moderation.

use sea_orm::entity::prelude::*;

/// What was reported or decided about.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_case")]
pub struct Model {
    /// Id: one with a higher one is newer.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What the subject is.
    pub kind: i16,
    /// The id of the subject: of a thought, a comment or a challenge its number, of media its UUID, of a person the user's id.
    pub subject: String,
    /// Whose it is; nobody where a review outlived the account.
    pub author: Option<String>,
    /// Whether a moderator is to look at it: there are reports that nobody has settled, or an appeal.
    pub open: bool,
    /// Whether it is hidden, or its author banned because of it.
    pub in_force: bool,
    /// How many reports nobody has settled.
    pub reports: i32,
    /// When the first of them came.
    pub first_ms: Option<i64>,
    /// When the last of them came.
    pub last_ms: Option<i64>,
    /// What it said when it was last reported.
    pub reported_text: String,
    /// The revision of the subject that a moderator let stand: reports do not hide that one.
    pub stood_revision: Option<i64>,
    /// The verdict against which there is an appeal.
    pub appealed: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
