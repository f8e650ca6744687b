//! A trace: one thing that a player left in a scope of a world.

use sea_orm::entity::prelude::*;

/// A trace: one thing that a player left in a scope of a world.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "trace")]
pub struct Model {
    /// The world it lies in.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// Taken from the world's `seq`: a higher id was committed later.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// 1 object, 2 message, 3 phantom, 4 bloodstain.
    pub kind: i16,
    /// The place, as the game names it; at most 64 bytes.
    pub scope: String,
    /// Who left it: under the seed's routes the `u_uuid` that the engine sent.
    pub author: String,
    /// Position, in the game's own axes and units; absent where what was sent could not be read as three numbers.
    pub x: Option<f64>,
    /// See `x`.
    pub y: Option<f64>,
    /// See `x`.
    pub z: Option<f64>,
    /// What the kind adds, as the text of a JSON object.
    pub body: String,
    /// When it was left.
    pub created_at_ms: i64,
    /// How it is turned, as a quaternion; absent where nothing was said of it.
    pub qx: Option<f64>,
    /// See `qx`.
    pub qy: Option<f64>,
    /// See `qx`.
    pub qz: Option<f64>,
    /// See `qx`.
    pub qw: Option<f64>,
    /// Votes for it that it had before it came here.
    pub base_good: i32,
    /// What it was called where it came from; unique in its world.
    pub source_id: Option<String>,
    /// Whether it came with a world's history.
    pub legacy: bool,
    /// Whether `author` is a player that was minted here; else it is a claim.
    pub minted: bool,
    /// What was said of it under `/v1`, as the text of a JSON object; absent where `body` says all.
    pub detail: Option<String>,
    /// The group whose members alone see it: a digest of what they call it.
    pub group_key: Option<String>,
    /// With which content of the game it fits.
    pub content_version: i32,
    /// How well it was run, where that can be told: lower is better.
    pub rank_value: Option<f64>,
    /// Votes of players for it,
    pub good: i32,
    /// and against it.
    pub poor: i32,
    /// What the votes for it weigh, in quarters of a vote,
    pub good_weight: i32,
    /// and those against it.
    pub poor_weight: i32,
    /// How well it stands, 0 to 1, by all votes.
    pub score: f64,
    /// How often it was of use.
    pub uses: i32,
    /// How many players have reported it.
    pub reports: i32,
    /// Whether nobody is shown it.
    pub hidden: bool,
    /// Raised by each change of what it says, from 1.
    pub revision: i32,
    /// When it goes by itself.
    pub expires_at_ms: Option<i64>,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
