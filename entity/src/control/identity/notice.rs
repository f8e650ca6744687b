//! Something that a user is told.

use sea_orm::entity::prelude::*;

/// Something that a user is told.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Who is told.
    pub user_id: String,
    /// What it is about; its domain declares the kinds.
    pub kind: String,
    /// The user who did it.
    pub actor: Option<String>,
    /// The id of the thing that it is about.
    pub subject: Option<String>,
    /// Ids and numbers that its kind needs, as a JSON object.
    pub detail: Option<String>,
    /// Notices of one user with the same text here are one.
    pub fold: Option<String>,
    /// How often it has happened.
    pub times: i32,
    /// When it happened last.
    pub at_ms: i64,
    /// When it was read.
    pub read_at_ms: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
