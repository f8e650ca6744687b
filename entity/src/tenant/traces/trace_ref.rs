//! The name that a client gave a trace of its own.

use sea_orm::entity::prelude::*;

/// The name that a client gave a trace of its own.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trace_ref")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The player.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author: String,
    /// The name: unique for the player.
    #[sea_orm(primary_key, auto_increment = false, column_name = "ref")]
    pub name: String,
    /// The trace's id, also when the trace has gone.
    pub trace: i64,
    /// SHA-256 of what was asked for.
    pub digest: Vec<u8>,
    /// When.
    pub created_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
