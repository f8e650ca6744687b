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
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
