//! A name that a client gave to its own trace.

use sea_orm::entity::prelude::*;

/// A name that a client gave to its own trace.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trace_ref")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The player.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author: String,
    /// The name; unique for the player.
    #[sea_orm(primary_key, auto_increment = false, column_name = "ref")]
    pub name: String,
    /// The trace's id, kept after the trace was removed.
    pub trace: i64,
    /// SHA-256 of the request.
    pub digest: Vec<u8>,
    /// When the trace was left.
    pub created_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
