//! Whether a user wants notices of a kind. Absent: in the app, not by email.

use sea_orm::entity::prelude::*;

/// Whether a user wants notices of a kind. Absent: in the app, not by email.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_setting")]
pub struct Model {
    /// The user.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// The kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Whether they are told at all.
    pub app: bool,
    /// Whether by email too.
    pub mail: bool,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
