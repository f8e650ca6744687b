//! A studio: the tenant.

use sea_orm::entity::prelude::*;

/// A studio: the tenant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "studio")]
pub struct Model {
    /// Names the studio's PostgreSQL schema (`studio_<id>`) or SQLite file (`studio_<id>.sqlite`).
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The studio's name in addresses and on the command line.
    #[sea_orm(unique)]
    pub slug: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Which user founded it, where one did.
    pub founder: Option<String>,
    /// When the studio was founded.
    pub created_at_ms: i64,
}

/// None: what hangs on a studio lives in its own schema or file.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
