//! A player says that something is wrong with a trace.

use sea_orm::entity::prelude::*;

/// A player says that something is wrong with a trace.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace: i64,
    /// Who says so.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// What: 1 spam, 2 abuse, 3 cheating, 4 sexual, 5 other.
    pub reason: i16,
    /// More about it.
    pub note: Option<String>,
    /// Whether a moderator has decided since: then it counts no more.
    pub settled: bool,
    /// When it was said, or last changed.
    pub at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
