//! The frames of a phantom or bloodstain: large and immutable.

use sea_orm::entity::prelude::*;

/// The frames of a phantom or bloodstain: large and immutable.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recording")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The codec of `bytes`. Every tag ever used stays readable.
    pub codec: i16,
    /// Number of frames.
    pub frames: i32,
    /// The compressed frames.
    pub bytes: Vec<u8>,
    /// Its own id, by which it is fetched. This and the following fields are absent if it was sent together with its trace.
    pub recording_id: Option<String>,
    /// Duration from the first frame to the last.
    pub duration_ms: Option<i32>,
    /// SHA-256 of the bytes.
    pub sha256: Option<Vec<u8>>,
    /// The game's compatibility number.
    pub content_version: Option<i32>,
    /// Whether the run was completed.
    pub complete: Option<bool>,
    /// The appearance of the recorded player, in the game's own words; may be empty.
    pub look: Option<String>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
