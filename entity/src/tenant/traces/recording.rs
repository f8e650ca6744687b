//! The frames of a phantom or bloodstain: heavy, immutable.

use sea_orm::entity::prelude::*;

/// The frames of a phantom or bloodstain: heavy, immutable.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recording")]
pub struct Model {
    /// The trace's world.
    #[sea_orm(primary_key, auto_increment = false)]
    pub world: i32,
    /// The trace's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Which codec made `bytes`; a tag, once given out, is read for ever.
    pub codec: i16,
    /// Number of frames.
    pub frames: i32,
    /// The packed frames.
    pub bytes: Vec<u8>,
    /// Its own id, by which it is fetched; this and what follows is absent where it was left together with its trace.
    pub recording_id: Option<String>,
    /// From the first frame to the last.
    pub duration_ms: Option<i32>,
    /// SHA-256 of the bytes.
    pub sha256: Option<Vec<u8>>,
    /// The game's compatibility number.
    pub content_version: Option<i32>,
    /// Whether the run came to its end.
    pub complete: Option<bool>,
    /// How whoever is seen in it looks, in the game's own words; may be empty.
    pub look: Option<String>,
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::tenant::InWorld for Entity {
    const WORLD: Column = Column::World;
}
