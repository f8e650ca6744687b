//! What users store with their saves.

use sea_orm::entity::prelude::*;

/// How much a user stores with saves. Whoever changes saves locks this row first.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "save_keeper")]
pub struct Model {
    /// Id, by which jobs name the user.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The user.
    pub user_id: String,
    /// Different files.
    pub contents: i64,
    /// Bytes of these, those that are expected included.
    pub bytes: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
