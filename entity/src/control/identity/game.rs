//! A game of a studio.

use sea_orm::entity::prelude::*;

/// A game of a studio.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "game")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The studio that owns it.
    pub studio: i32,
    /// Its slug, as in URLs and on the command line; unique in the studio.
    pub slug: String,
    /// Its title.
    pub name: String,
    /// Its live world, in the studio's tenant tables.
    pub live_world: i32,
    /// Its dev world, in the studio's tenant tables.
    pub dev_world: i32,
    /// When it was created.
    pub created_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
