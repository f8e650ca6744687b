//! That one user follows another.

use sea_orm::entity::prelude::*;

/// That one user follows another.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow")]
pub struct Model {
    /// Who follows.
    #[sea_orm(primary_key, auto_increment = false)]
    pub follower: String,
    /// Whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub followed: String,
    /// Since when.
    pub since_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
