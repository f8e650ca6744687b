//! A short name with one letter missing, by a hash.

use sea_orm::entity::prelude::*;

/// A short name with one letter missing, by a hash.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_slip")]
pub struct Model {
    /// The hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: i64,
    /// The name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
