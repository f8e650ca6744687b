//! The requests that wait for a change in a world.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::worlds::{WorldChange, WorldKey};

/// The last known revision of each world with waiting requests. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions(Arc<Mutex<HashMap<WorldKey, watch::Sender<i64>>>>);

impl Subscriptions {
    fn worlds(&self) -> MutexGuard<'_, HashMap<WorldKey, watch::Sender<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the requests that wait for a change in its world.
    pub fn notify(&self, change: WorldChange<'_>) {
        let mut worlds = self.worlds();
        let Some(revision) = worlds.get(&change.world) else { return };
        revision.send_if_modified(|last| {
            let is_newer = change.revision > *last;
            *last = change.revision.max(*last);
            is_newer
        });
        if revision.is_closed() {
            worlds.remove(&change.world);
        }
    }

    /// A receiver of the revisions of a world after `after`.
    pub fn subscribe(&self, world: WorldKey, after: i64) -> watch::Receiver<i64> {
        self.worlds().entry(world).or_insert_with(|| watch::channel(after).0).subscribe()
    }
}
