//! Which jobs of studios have arrived in the control tables.

use sea_orm::entity::prelude::*;

/// A job of a studio that has arrived: it is taken over once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crossing")]
pub struct Model {
    /// The studio.
    #[sea_orm(primary_key, auto_increment = false)]
    pub studio: i32,
    /// The world that it is about; 0 for the studio itself.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// What tells it from all others of the studio.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// When it arrived.
    pub at_ms: i64,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
