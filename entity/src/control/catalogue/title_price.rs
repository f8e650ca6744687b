//! When a title's prices were asked for, and the lowest ever.

use sea_orm::entity::prelude::*;

/// When a title's prices were asked for, and the lowest ever.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_price")]
pub struct Model {
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// The provider's id of it; nothing where the provider does not know it.
    pub provider_game: Option<String>,
    /// When the provider was asked last, whatever came of it.
    pub asked_ms: i64,
    /// When it has answered last; 0: never.
    pub checked_ms: i64,
    /// The lowest price that the title was ever sold for, in US cents.
    pub low_minor: Option<i64>,
    /// When that was.
    pub low_at_ms: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
