//! The audit log.

use sea_orm::entity::prelude::*;

/// A row of the audit log. It is append-only, which triggers in the database enforce.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// Id, in the order of writing.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When it was done.
    pub at_ms: i64,
    /// The studio, if it concerns one.
    pub studio: Option<i32>,
    /// The actor: `command line`, or the id of a key or user.
    pub actor: String,
    /// The action.
    pub action: String,
    /// The object of the action.
    pub object: String,
    /// Details; never a secret.
    pub detail: String,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
