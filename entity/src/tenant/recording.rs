//! The frames of a phantom: heavy, immutable.

use sea_orm::entity::prelude::*;

/// The frames of a phantom: heavy, immutable.
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
}

/// None: rows are joined by hand, where a query wants it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
