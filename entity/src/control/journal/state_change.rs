//! A state that an entry had, and since when; kept by triggers.

use sea_orm::entity::prelude::*;

/// A state that an entry had, and since when; kept by triggers.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "state_change")]
pub struct Model {
    /// The owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// Since when.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at_ms: i64,
    /// The state.
    #[sea_orm(primary_key, auto_increment = false)]
    pub state: i16,
    /// Whether others are told of it: its user made it, and no import.
    pub told: bool,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
