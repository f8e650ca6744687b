//! The SQL of whole worlds: storing batches of an import ([`import`]), reading pages of an export ([`export`]).

mod export;
mod import;

pub use self::import::Imported;
use crate::platform::db::Tenant;

/// The traces of one studio. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    tenant: Tenant,
}

impl Store {
    /// The traces in these tables.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant }
    }
}
