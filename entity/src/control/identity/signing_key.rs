//! A secret with which this installation signs tokens.

use std::fmt;

use sea_orm::entity::prelude::*;

/// A secret with which this installation signs tokens.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// What it signs.
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: String,
    /// 32 random bytes.
    pub secret: Vec<u8>,
}

// The secret is never printed.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
