//! A cell in which somebody is, or was until the last count.

use sea_orm::entity::prelude::*;

/// A cell in which somebody is, or was until the last count.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_cell")]
pub struct Model {
    /// The H3 cell.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cell: i64,
    /// The cell of resolution 3 that it is in.
    pub region: i64,
    /// Whether enough accounts were in it at the last count for it to be shown.
    pub crowded: bool,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
