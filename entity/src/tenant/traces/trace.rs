//! A trace: one thing that a player left in a scope of a world.

use sea_orm::entity::prelude::*;

/// A trace: one thing that a player left in a scope of a world.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[expect(clippy::struct_excessive_bools, reason = "the columns of the table")]
#[sea_orm(table_name = "trace")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// Taken from the world's `seq`: a higher id was committed later.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// 1 object, 2 message, 3 phantom, 4 bloodstain.
    pub kind: i16,
    /// The scope, as the game names it; at most 64 bytes.
    pub scope: String,
    /// The author: a player's id, or on the v0 routes the `u_uuid` that the engine sent.
    pub author: String,
    /// Position, in the game's own axes and units; absent if what was sent does not parse as three numbers.
    pub x: Option<f64>,
    /// See `x`.
    pub y: Option<f64>,
    /// See `x`.
    pub z: Option<f64>,
    /// Fields specific to the kind, as the text of a JSON object.
    pub body: String,
    /// When it was left.
    pub created_at_ms: i64,
    /// Rotation, as a quaternion; absent if none was sent.
    pub qx: Option<f64>,
    /// See `qx`.
    pub qy: Option<f64>,
    /// See `qx`.
    pub qz: Option<f64>,
    /// See `qx`.
    pub qw: Option<f64>,
    /// Votes for it from before it was imported.
    pub base_good: i32,
    /// Its id in the system that it was imported from; unique in its world.
    pub source_id: Option<String>,
    /// Whether it was imported as a world's history.
    pub legacy: bool,
    /// Whether `author` is a player whose id Cairn generated; otherwise it is an unproven claim.
    pub minted: bool,
    /// Fields sent under `/v1`, as the text of a JSON object; absent where `body` holds everything.
    pub detail: Option<String>,
    /// The group whose members alone see it: a digest of the group's name.
    pub group_key: Option<String>,
    /// The version of the game's content that it fits.
    pub content_version: i32,
    /// The rank of the run, where there is one: lower is better.
    pub rank_value: Option<f64>,
    /// Players' votes for it.
    pub good: i32,
    /// Players' votes against it.
    pub poor: i32,
    /// Weight of the votes for it, in quarters of a vote.
    pub good_weight: i32,
    /// Weight of the votes against it, in quarters of a vote.
    pub poor_weight: i32,
    /// Score, 0 to 1, computed from all votes.
    pub score: f64,
    /// Number of uses.
    pub uses: i32,
    /// Number of players who reported it.
    pub reports: i32,
    /// Whether it is hidden from everybody.
    pub hidden: bool,
    /// Starts at 1 and is raised by each change of its content.
    pub revision: i32,
    /// When it expires; absent: never.
    pub expires_at_ms: Option<i64>,
    /// The world's `seq` when its votes changed last; absent: never.
    pub rated_seq: Option<i64>,
    /// The weight of the reports since a moderator last decided, in quarters of a report.
    pub report_weight: i32,
    /// Whether a moderator has decided about its content as it is: reports do not hide it then.
    pub decided: bool,
    /// A keyed digest of the network from which it was left.
    pub network: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
