//! The tables of worlds in a studio.

use entity::tenant::worlds::{change, world};

use crate::platform::db::MovableTable;

/// All tables of worlds, in an order in which rows can be inserted.
#[must_use]
pub fn tenant_tables() -> Vec<MovableTable> {
    vec![MovableTable::of::<world::Entity>().with_sequence("id"), MovableTable::of::<change::Entity>()]
}
