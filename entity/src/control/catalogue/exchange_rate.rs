//! What a US dollar is worth in a currency.

use sea_orm::entity::prelude::*;

/// What a US dollar is worth in a currency.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange_rate")]
pub struct Model {
    /// The currency, by ISO 4217.
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    /// How much of it a dollar is, in billionths.
    pub billionths: i64,
    /// Of which day.
    pub date: String,
    /// When the provider has said so last.
    pub checked_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
