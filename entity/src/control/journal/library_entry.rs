//! An entry of a library: a title with what its owner does with it.

use sea_orm::entity::prelude::*;

/// An entry of a library: a title with what its owner does with it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_entry")]
pub struct Model {
    /// The owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// What they do with it: 0 wishlist, 1 ongoing, 2 completed, 3 paused, 4 dropped.
    pub state: i16,
    /// Since when.
    pub since_ms: i64,
    /// When it came into the library.
    pub added_ms: i64,
    /// When it was changed last.
    pub changed_ms: i64,
    /// Raised by each change.
    pub revision: i64,
    /// The owner's score, 0 to 100.
    pub score: Option<i16>,
    /// Who sees it: 0 everybody, 1 friends, 2 nobody else.
    pub audience: i16,
    /// Time that belongs to no playthrough.
    pub loose_minutes: i32,
    /// The time of all playthroughs; kept by triggers.
    pub played_minutes: i32,
    /// The price target, in minor units.
    pub target_minor: Option<i64>,
    /// Its currency, by ISO 4217.
    pub target_currency: Option<String>,
    /// What the owner has written, as bits: 1 the state, 2 the score, 4 the time.
    pub written: i16,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
