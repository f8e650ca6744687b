//! How many requests were made to a host in a month.

use sea_orm::entity::prelude::*;

/// How many requests were made to a host in a month.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbound_month")]
pub struct Model {
    /// The name of the host in the program.
    #[sea_orm(primary_key, auto_increment = false)]
    pub host: String,
    /// The month: `2026-11`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: String,
    /// How many.
    pub used: i64,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
