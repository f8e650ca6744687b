//! Invitations to challenges, by host.

use sea_orm::entity::prelude::*;

/// How many a user has sent on a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge_host")]
pub struct Model {
    /// Who has sent them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// The day, since the Unix epoch.
    pub day: i64,
    /// How many.
    pub invitations: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
