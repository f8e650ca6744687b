//! A recording uploaded before the trace that it belongs to.

use sea_orm::entity::prelude::*;

/// A recording uploaded before the trace that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// A UUID of version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The owner: only a trace of theirs can take it.
    pub player: String,
    /// The idempotency key of the upload request, if any.
    pub idempotency_key: Option<String>,
    /// Number of frames.
    pub frames: i32,
    /// Duration from the first frame to the last.
    pub duration_ms: i32,
    /// Size of `bytes`.
    pub size_bytes: i32,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// The game's compatibility number.
    pub content_version: i32,
    /// Whether the run was completed.
    pub complete: bool,
    /// The appearance of the recorded player, in the game's own words; may be empty.
    pub look: String,
    /// The compressed recording.
    pub bytes: Vec<u8>,
    /// When it was uploaded.
    pub created_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
