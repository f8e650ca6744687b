//! A genre of a title.

use sea_orm::entity::prelude::*;

/// A genre of a title.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_genre")]
pub struct Model {
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// The genre.
    #[sea_orm(primary_key, auto_increment = false)]
    pub genre: String,
    /// The folded name of the title.
    pub name_key: String,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
