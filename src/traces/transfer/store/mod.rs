//! The SQL of imports and exports: storing batches ([`import`]), reading pages ([`export`]).

mod export;
mod import;

pub use self::import::ImportedBatch;
use crate::{
    platform::db::{Tenant, WorldTables},
    worlds::WorldKey,
};

/// The traces of one world. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    tables: WorldTables,
    world: WorldKey,
}

impl Store {
    /// The traces of a world of that studio.
    #[must_use]
    pub fn new(tenant: &Tenant, world: WorldKey) -> Self {
        Self { tables: tenant.world(world.world()), world }
    }
}
