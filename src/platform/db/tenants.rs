//! The studios whose data is open on this instance: opened when first needed, the least recently used one closed when there
//! are too many.
//!
//! The bound is there for SQLite, where an open studio is a file with connections and their threads. Who holds a
//! [`Tenant`] may go on using it when it is closed here: its connections end with its last holder.

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
    most: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    /// Counts uses: the lowest was used longest ago.
    turn: u64,
    slots: HashMap<StudioId, Slot>,
}

#[derive(Debug)]
struct Slot {
    /// Filled by the first who needs it, while the others wait.
    tenant: Arc<OnceCell<Tenant>>,
    used: u64,
}

impl OpenTenants {
    /// None open yet, and `most` of them at once.
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), open: Mutex::default() }
    }

    /// The studio's data, opened by `open` when it is not open.
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

    fn slot(&self, studio: StudioId) -> Arc<OnceCell<Tenant>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.turn += 1;
        let used = open.turn;
        let slot = open.slots.entry(studio).or_insert_with(|| Slot { tenant: Arc::default(), used });
        slot.used = used;
        let tenant = Arc::clone(&slot.tenant);
        if open.slots.len() > self.most {
            let oldest = open.slots.iter().min_by_key(|(_, slot)| slot.used).map(|(studio, _)| *studio);
            oldest.and_then(|oldest| open.slots.remove(&oldest));
        }
        tenant
    }
}
