//! A world: one game in one environment.

use sea_orm::entity::prelude::*;

/// A world: one game in one environment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "world")]
pub struct Model {
    /// Id, within the studio.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The game's slug, as in URLs and on the command line.
    pub game: String,
    /// `live` or `dev`.
    pub environment: String,
    /// The last id assigned to a trace or change, which is also the world's revision. Every batch raises it in the
    /// transaction that stores its rows, so that ids follow commit order.
    pub seq: i64,
    /// A random number of the transaction that has raised `seq` last. Copies of a database that have gone different ways differ in it.
    pub stamp: i64,
    /// Rows of `change` up to this `seq` may have been removed.
    pub forgotten: i64,
    /// The last id assigned in `inbox`.
    pub news: i64,
    /// Raised whenever it changes who may write here; 0 while nobody was ever banned.
    pub guard: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::Id;
}
