//! The answer to a request with an `Idempotency-Key`.

use sea_orm::entity::prelude::*;

/// The answer to a request with an `Idempotency-Key`. Answers with a secret in them are not kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_answer")]
pub struct Model {
    /// SHA-256 of the caller and the key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Vec<u8>,
    /// SHA-256 of the caller.
    pub caller: Vec<u8>,
    /// SHA-256 of the caller, the key and the request.
    pub content: Vec<u8>,
    /// The status of the answer; nothing while the request is being processed.
    pub status: Option<i16>,
    /// The body of the answer.
    pub body: Option<Vec<u8>>,
    /// When the request came.
    pub created_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
