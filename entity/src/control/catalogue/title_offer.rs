//! What a store asks for a title.

use sea_orm::entity::prelude::*;

/// What a store asks for a title.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_offer")]
pub struct Model {
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// The provider's number of the store.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store: i32,
    /// The store's name.
    pub store_name: String,
    /// The provider's id of the offer, as it wrote it.
    pub deal: String,
    /// The price, in US cents; 0: it is given away.
    pub price_minor: i64,
    /// The price without a discount, in US cents.
    pub regular_minor: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
