//! A name under which v0 clients may not write.

use sea_orm::entity::prelude::*;

/// A name under which v0 clients may not write: the `u_uuid` that they claim.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claimed_ban")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author: String,
    /// When the ban ends; absent: never.
    pub until_ms: Option<i64>,
    /// The reason, in the moderator's words.
    pub reason: String,
    /// When the ban began.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
