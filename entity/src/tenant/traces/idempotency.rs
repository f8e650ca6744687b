//! Used idempotency keys.

use sea_orm::entity::prelude::*;

/// A used `Idempotency-Key`: stored in the transaction of the rows that it protects.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// The world that was written to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The caller who sent the key; empty in the open world, where callers are anonymous.
    #[sea_orm(primary_key, auto_increment = false)]
    pub caller: String,
    /// The key, as sent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the request's body.
    pub digest: Vec<u8>,
    /// When it was stored; removed after `idempotency_hours`.
    pub created_at_ms: i64,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
