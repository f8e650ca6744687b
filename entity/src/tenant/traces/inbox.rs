//! What an author is told of a trace: one row a trace and kind of news.

use sea_orm::entity::prelude::*;

/// What an author is told of a trace: one row a trace and kind of news.
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
    /// Its author, who is told.
    pub player: String,
    /// Taken from the world's `news`, anew each time: higher ones are later.
    pub id: i64,
    /// Votes for the trace then,
    pub good: i32,
    /// and against it.
    pub poor: i32,
    /// How often it had been of use then.
    pub uses: i32,
    /// How often it happened since the row is there.
    pub count: i32,
    /// When it happened last.
    pub at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
