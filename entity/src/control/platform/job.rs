//! Durable work: jobs of the installation.

use sea_orm::entity::prelude::*;

/// A job: durable work of the installation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Id, in the order of asking.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What is to be done: a name that the program knows.
    pub kind: String,
    /// Of what: ids as JSON. Never a text, a code or an address.
    pub payload: String,
    /// No two jobs of a kind that wait have the same.
    pub unique_key: Option<String>,
    /// Given up: a dead letter, which stays until somebody replays or discards it.
    pub dead: bool,
    /// When it is to be done, or done again; while it is being done, the end of the lease; of a dead letter, when it was given up.
    pub due_ms: i64,
    /// Who is doing it: a random name for each attempt.
    pub lease: Option<String>,
    /// Attempts that have begun.
    pub attempts: i32,
    /// Attempts that may have had their effect without anybody knowing.
    pub uncertain: i32,
    /// Why the last attempt failed; empty before.
    pub error: String,
    /// When it was asked for.
    pub created_at_ms: i64,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
