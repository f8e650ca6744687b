//! A notification to the author of a trace: one row for each trace and kind of event.

use sea_orm::entity::prelude::*;

/// A notification to the author of a trace: one row for each trace and kind of event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace: i64,
    /// What happened: 1 rated, 2 used, 3 hidden, 4 removed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub what: i16,
    /// The author, who is notified.
    pub player: String,
    /// Taken from the world's `news` at each event: a higher id is later.
    pub id: i64,
    /// Votes for the trace at the last event.
    pub good: i32,
    /// Votes against the trace at the last event.
    pub poor: i32,
    /// Uses of the trace at the last event.
    pub uses: i32,
    /// Number of events since the row was created.
    pub count: i32,
    /// When the last event happened.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
