//! A fall of a price that a user was told of.

use sea_orm::entity::prelude::*;

/// A fall of a price that a user was told of.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_fall")]
pub struct Model {
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// The user.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// The price target that it fell to, in minor units.
    pub target_minor: i64,
    /// The target's currency.
    pub target_currency: String,
    /// The price as the provider has it, in US cents.
    pub usd_minor: i64,
    /// The price in the target's currency, in minor units.
    pub shown_minor: i64,
    /// What a US dollar was worth in that currency; nothing where it is the dollar.
    pub rate: Option<String>,
    /// Of which day the rate was.
    pub rate_date: Option<String>,
    /// When the user was told.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
