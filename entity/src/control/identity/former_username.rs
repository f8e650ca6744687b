//! A username that was given up a while ago: nobody else may take it yet.

use sea_orm::entity::prelude::*;

/// A username that was given up a while ago: nobody else may take it yet.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "former_username")]
pub struct Model {
    /// The username folded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub username_key: String,
    /// Who had it, and may take it again.
    pub user_id: String,
    /// Until when others may not.
    pub until_ms: i64,
    /// Whether a moderator has taken it away: who had it may not take it again either.
    pub refused: bool,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
