//! The last numbers that titles and names have got. Who numbers holds the row, so that of two who add the same title one comes first.

use sea_orm::entity::prelude::*;

/// The last numbers that titles and names have got. Who numbers holds the row, so that of two who add the same title one comes first.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_sequence")]
pub struct Model {
    /// 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i16,
    /// The number of the last title.
    pub last_title: i64,
    /// The number of the last name.
    pub last_name: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
