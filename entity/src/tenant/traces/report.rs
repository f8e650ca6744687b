//! A player's report of a trace.

use sea_orm::entity::prelude::*;

/// A player's report of a trace.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace: i64,
    /// The player who reported it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player: String,
    /// Reason: 1 spam, 2 abuse, 3 cheating, 4 sexual, 5 other.
    pub reason: i16,
    /// Details in the player's words.
    pub note: Option<String>,
    /// Whether a moderator has decided since; a settled report no longer counts.
    pub settled: bool,
    /// Its weight, in quarters of a report.
    pub weight: i32,
    /// A keyed digest of the network from which it was sent.
    pub network: Option<i64>,
    /// When it was made or last changed.
    pub at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
