//! Somebody who belongs to a studio.

use sea_orm::entity::prelude::*;

/// Somebody who belongs to a studio.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    /// The studio.
    #[sea_orm(primary_key, auto_increment = false)]
    pub studio: i32,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// As what: `owner`, `developer`, `moderator` or `viewer`.
    pub role: String,
    /// Since when.
    pub since_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
