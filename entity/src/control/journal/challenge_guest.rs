//! Guests of challenges.

use sea_orm::entity::prelude::*;

/// A guest: invited, or come without an invitation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge_guest")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The challenge.
    pub challenge: i64,
    /// Who it is.
    pub user_id: String,
    /// What has become of it.
    pub state: i16,
    /// Whether the host has invited them.
    pub invited: bool,
    /// Their turn on the waiting list; lower ones come first.
    pub turn: Option<i64>,
    /// Until when a place is kept that was offered to them.
    pub answer_by_ms: Option<i64>,
    /// The devices that they bring, separated by spaces.
    pub brings: String,
    /// Whether they accepted and did not come.
    pub no_show: bool,
    /// When the state became this.
    pub since_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
