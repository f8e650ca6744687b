//! Challenges.

use sea_orm::entity::prelude::*;

/// A challenge, or a gathering where it has a place.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge")]
pub struct Model {
    /// Id: one with a higher one is newer.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Who invites; nobody where their account was deleted.
    pub host: Option<String>,
    /// The title.
    pub title: i64,
    /// Online or offline.
    pub session_type: i16,
    /// Who may come without an invitation: 0 everybody, 1 friends, 2 nobody.
    pub audience: i16,
    /// Why it is hidden; null where it is not. What is hidden has its owner alone as its audience.
    pub hidden: Option<i16>,
    /// While it is hidden: the audience that its owner asked for.
    pub audience_asked: Option<i16>,
    /// What has become of it.
    pub state: i16,
    /// What the host says about it.
    pub text: String,
    /// Guests at most.
    pub capacity: i32,
    /// When it begins.
    pub starts_at_ms: i64,
    /// The IANA name of its time zone.
    pub zone: String,
    /// How long it lasts.
    pub minutes: i32,
    /// What the host calls the area.
    pub area: Option<String>,
    /// The cell that it is in.
    pub cell: Option<i64>,
    /// The region that the cell is in.
    pub region: Option<i64>,
    /// The address, sealed; null once it is wiped.
    pub address: Option<String>,
    /// The devices that the host brings, separated by spaces.
    pub brings: String,
    /// The devices that guests are asked to bring, separated by spaces.
    pub needs: String,
    /// Whether everybody was reminded of it, or nobody is to be.
    pub reminded: bool,
    /// How often somebody has come onto the waiting list.
    pub turns: i64,
    /// Raised by each change.
    pub revision: i64,
    /// When it was made.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
