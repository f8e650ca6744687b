//! A recording that waits for the trace that it belongs to.

use sea_orm::entity::prelude::*;

/// A recording that waits for the trace that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    /// The world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// A UUID of version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose it is: nobody else's trace takes it.
    pub player: String,
    /// The name that the player gave the request, if any.
    pub idempotency_key: Option<String>,
    /// Number of frames.
    pub frames: i32,
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// Bytes.
    pub size_bytes: i32,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// The game's compatibility number.
    pub content_version: i32,
    /// Whether the run came to its end.
    pub complete: bool,
    /// How whoever is seen in it looks, in the game's own words; may be empty.
    pub look: String,
    /// The packed recording.
    pub bytes: Vec<u8>,
    /// When it was sent.
    pub created_at_ms: i64,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
