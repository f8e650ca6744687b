//! A studio: the tenant.

use sea_orm::entity::prelude::*;

/// A studio: the tenant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "studio")]
pub struct Model {
    /// Names the studio's PostgreSQL schema (`studio_<id>`) or SQLite file (`studio_<id>.sqlite`).
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The studio's slug, as in URLs and on the command line.
    #[sea_orm(unique)]
    pub slug: String,
    /// Its title; empty if it has none.
    pub title: String,
    /// The user who created it; absent if the command line did.
    pub founder: Option<String>,
    /// When the studio was created.
    pub created_at_ms: i64,
}

/// No relations: a studio's data is in a schema or file of its own.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
