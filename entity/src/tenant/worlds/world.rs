//! A world: one game in one environment.

use sea_orm::entity::prelude::*;

/// A world: one game in one environment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "world")]
pub struct Model {
    /// Key, within the studio.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The game's name in addresses and on the command line.
    pub game: String,
    /// `live` or `dev`.
    pub environment: String,
    /// The last trace id given out, which is also the world's revision. Every batch raises it in the transaction that
    /// stores its rows, so that ids follow commit order.
    pub seq: i64,
    /// Lines of `change` up to this one may have been removed.
    pub forgotten: i64,
    /// The last id given out in `inbox`.
    pub news: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::Id;
}
