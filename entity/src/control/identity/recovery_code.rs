//! Codes that stand in for a second factor that is lost.

use sea_orm::entity::prelude::*;

/// A code that stands in for a second factor that is lost. Single use.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// SHA-256 of the user and the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
}

/// No relations: a code stores its user's id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
