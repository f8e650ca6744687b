//! Tables that exist once for each studio, a folder for each domain: only that domain uses them.

pub mod identity;
pub mod platform;
pub mod traces;
pub mod worlds;

/// A table whose rows belong to one world each. `platform::db::WorldTables` adds the world to each statement on it.
pub trait InWorld: sea_orm::EntityTrait {
    /// The column that holds the world's key.
    const WORLD: Self::Column;
}
