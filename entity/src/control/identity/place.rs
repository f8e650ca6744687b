//! Where a person says that they are.

use sea_orm::entity::prelude::*;

/// Where a person says that they are.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// The H3 cell; nothing where they have removed it.
    pub cell: Option<i64>,
    /// Who sees how far it is: 0 everybody, 1 friends, 2 nobody else.
    pub audience: i16,
    /// When the cell was set to another.
    pub changed_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
