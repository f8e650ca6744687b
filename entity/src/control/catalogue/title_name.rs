//! A name of a title.

use sea_orm::entity::prelude::*;

/// A name of a title.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_name")]
pub struct Model {
    /// Id, in the order in which names were added.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The title.
    pub title: i64,
    /// The name.
    pub name: String,
    /// The folded name.
    pub name_key: String,
    /// The words of the folded name in ASCII, of which the search makes trigrams.
    pub search_text: String,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
