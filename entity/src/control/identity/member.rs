//! A member of a studio.

use sea_orm::entity::prelude::*;

/// A member of a studio.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    /// The studio.
    #[sea_orm(primary_key, auto_increment = false)]
    pub studio: i32,
    /// The user.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// Role: `owner`, `developer`, `moderator` or `viewer`.
    pub role: String,
    /// When they became a member.
    pub since_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
