//! Who waits for something to happen in a world, and which decks are to be dealt anew.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::worlds::{ScopeKey, WorldChange, WorldKey};

/// Permissions that are remembered to have changed; beyond them decks are dealt anew when they are old.
const REMEMBERED: usize = 100_000;

/// What has happened since it was last asked.
#[derive(Debug, Default)]
pub struct Pending {
    /// Permissions in which something was left.
    pub scopes: HashMap<WorldKey, HashSet<ScopeKey>>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The last that is known to have happened, where somebody waits.
    worlds: HashMap<WorldKey, watch::Sender<i64>>,
    pending: Pending,
    count: usize,
}

/// What has happened in which world. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions(Arc<Mutex<Inner>>);

impl Subscriptions {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is told.
    pub fn hear(&self, news: WorldChange<'_>) {
        let mut inner = self.inner();
        let nobody = match inner.worlds.get(&news.world) {
            Some(world) => {
                world.send_if_modified(|last| {
                    let later = news.revision > *last;
                    *last = news.revision.max(*last);
                    later
                });
                world.is_closed()
            }
            None => false,
        };
        if nobody {
            inner.worlds.remove(&news.world);
        }
        let Some(scopes) = news.scopes.filter(|_| inner.count < REMEMBERED) else { return };
        inner.count += scopes.len();
        inner.pending.scopes.entry(news.world).or_default().extend(scopes.iter().cloned());
    }

    /// Tells of what happens in a world after `after`.
    pub fn follow(&self, world: WorldKey, after: i64) -> watch::Receiver<i64> {
        self.inner().worlds.entry(world).or_insert_with(|| watch::channel(after).0).subscribe()
    }

    /// What was left since this was last asked.
    pub fn take(&self) -> Pending {
        let mut inner = self.inner();
        inner.count = 0;
        std::mem::take(&mut inner.pending)
    }
}
