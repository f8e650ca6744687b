//! A game of a studio.

use sea_orm::entity::prelude::*;

/// A game of a studio.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "game")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// Whose it is.
    pub studio: i32,
    /// Its name in addresses and on the command line; unique in the studio.
    pub slug: String,
    /// Its title.
    pub name: String,
    /// Its world for players, in the studio's own tables.
    pub live_world: i32,
    /// Its world for developers.
    pub dev_world: i32,
    /// When it was registered.
    pub created_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
