//! The history of challenges.

use sea_orm::entity::prelude::*;

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge_move")]
pub struct Model {
    /// Id, in order.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The challenge.
    pub challenge: i64,
    /// The guest whom it is about.
    pub guest: Option<String>,
    /// Who did it: the host, the guest, or the server.
    pub by: String,
    /// What was done.
    pub what: String,
    /// The state of the challenge after it.
    pub state: i16,
    /// When.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
