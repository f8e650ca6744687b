//! The second factor of an account.

use sea_orm::entity::prelude::*;

/// The second factor of an account: what an authenticator app shares with the server.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// The shared secret, sealed.
    pub secret: String,
    /// When the secret was drawn.
    pub begun_at_ms: i64,
    /// Since when it is asked for; nothing until it is confirmed by a code.
    pub since_ms: Option<i64>,
    /// The last step of which a code was used: neither it nor an earlier one is accepted again.
    pub used_step: i64,
}

/// No relations: a factor stores its user's id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
