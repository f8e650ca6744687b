//! Changes by WebDAV that are no version yet.

use sea_orm::entity::prelude::*;

/// The changes of one app password to a slot that will be one version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "save_window")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The slot.
    pub slot_id: i64,
    /// The id of the app password.
    pub password: String,
    /// What it was called then.
    pub device: String,
    /// When the first change came.
    pub opened_at_ms: i64,
    /// When the last one came.
    pub changed_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
