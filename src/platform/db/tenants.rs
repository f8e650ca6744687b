//! The studios whose data is open on this instance: opened on first use; the least recently used one is closed when
//! there are too many.
//!
//! The limit matters for SQLite, where an open studio is a file with connections and their threads. A [`Tenant`] in use
//! stays usable after it was closed here: its connections end with its last clone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OnceCell;

use super::tenant::{StudioId, Tenant};
use crate::platform::error::StoreError;

/// The open studios.
#[derive(Debug)]
pub(super) struct OpenTenants {
    capacity: usize,
    open: Mutex<LruMap>,
}

#[derive(Debug, Default)]
struct LruMap {
    /// Counts uses.
    clock: u64,
    slots: HashMap<StudioId, Slot>,
}

#[derive(Debug)]
struct Slot {
    /// Opened by the first caller, while the others wait.
    tenant: Arc<OnceCell<Tenant>>,
    /// The clock at its last use.
    last_used: u64,
}

impl OpenTenants {
    /// An empty set of at most `capacity` open studios.
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), open: Mutex::default() }
    }

    /// The studio's data, opened by `open` where it is not open.
    pub async fn get<F>(&self, studio: StudioId, open: impl FnOnce() -> F) -> Result<Tenant, StoreError>
    where
        F: Future<Output = Result<Tenant, StoreError>>,
    {
        let tenant = self.slot(studio);
        tenant.get_or_try_init(open).await.cloned()
    }

    /// Whether it is open.
    pub fn is_open(&self, studio: StudioId) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.slots.get(&studio).is_some_and(|slot| slot.tenant.initialized())
    }

    /// Closes it here.
    pub fn close(&self, studio: StudioId) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).slots.remove(&studio);
    }

    /// Closes all of them here; returns those that were open.
    pub fn close_all(&self) -> Vec<Tenant> {
        let slots = std::mem::take(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner).slots);
        slots.into_values().filter_map(|slot| slot.tenant.get().cloned()).collect()
    }

    fn slot(&self, studio: StudioId) -> Arc<OnceCell<Tenant>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.clock += 1;
        let last_used = open.clock;
        let slot = open.slots.entry(studio).or_insert_with(|| Slot { tenant: Arc::default(), last_used });
        slot.last_used = last_used;
        let tenant = Arc::clone(&slot.tenant);
        if open.slots.len() > self.capacity {
            let oldest = open.slots.iter().min_by_key(|(_, slot)| slot.last_used).map(|(studio, _)| *studio);
            oldest.and_then(|oldest| open.slots.remove(&oldest));
        }
        tenant
    }
}
