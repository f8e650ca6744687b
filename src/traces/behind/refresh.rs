//! How a view is made anew.

use std::sync::Arc;

use bytes::Bytes;

use super::Behind;
use crate::{
    platform::{codec::deflate::Compressor, error::StoreError, snapshot::cache::Snapshot},
    traces::{
        model::{ScopeKey, TraceError},
        revision_tracker::RecentTraces,
        store::{NEAR, Shown},
        view::{self, View, ViewKey},
    },
};

/// By what a view is made anew.
enum Newer {
    /// What was revision_tracker of since.
    RevisionTracker(RecentTraces),
    /// The world's revision, and what was found in the database of what is newer,
    Read(i64, Vec<Shown>),
    /// or of all: what is at hand is of another past, or something has gone of it.
    Anew(i64, Vec<Shown>),
}

impl Newer {
    fn view(&self, base: &View, scope: &ScopeKey, compressor: &mut Compressor) -> Result<View, TraceError> {
        match self {
            Self::RevisionTracker(recent) => {
                let newer = recent.newest(scope, base.revision(), &view::limits());
                base.with(recent.upto, &newer, compressor)
            }
            Self::Read(revision, newer) => base.with(*revision, newer, compressor),
            Self::Anew(revision, rows) => base.of(*revision, rows, compressor),
        }
    }
}

impl Behind {
    /// Makes a view anew: from the one at hand, or from the cache, or from nothing; by what was revision_tracker of since, or by what is
    /// newer in the database.
    pub async fn refresh(self, key: ViewKey, held: Option<Arc<View>>) -> Result<View, TraceError> {
        let (base, recent) = match held {
            Some(held) => (Arc::clone(&held), self.revision_tracker.recent(key.world, held.revision())),
            // What is not at hand nobody has marked: the first look asks.
            None => (Arc::new(self.cached(&key).await.unwrap_or_else(View::empty)), None),
        };
        self.metrics.refreshed_from(recent.is_some());
        let newer = match recent {
            Some(recent) => Newer::RevisionTracker(recent),
            None => self.read_newer(&key, &base).await?,
        };
        let mut compressor = self.compressors.get().await.map_err(|error| TraceError::Broken(error.to_string()))?;
        let is_due = self.parcelled.get(&key).is_none();
        let scope = key.scope.clone();
        let make = move || {
            let view = newer.view(&base, &scope, &mut compressor)?;
            // Copies all that is in it, so not on a thread that answers.
            let encoded = is_due.then(|| view.encoded());
            Ok::<_, TraceError>((view, encoded))
        };
        let (view, encoded) =
            tokio::task::spawn_blocking(make).await.map_err(|error| TraceError::Broken(error.to_string()))??;
        if let Some(encoded) = encoded {
            self.put_in_cache(key, encoded);
        }
        Ok(view)
    }

    /// Asks the database for what is newer than a view.
    async fn read_newer(&self, key: &ViewKey, base: &View) -> Result<Newer, StoreError> {
        let limits = view::limits();
        let store = self.stores.of(key.world).await?;
        let newest = |after| store.newest(key.world, &key.scope, after, &limits);
        let after = base.revision();
        // There may be more than was revision_tracker of: then the view is complete up to fewer ids, and stays marked.
        let is_near = after > 0 && self.revision_tracker.last(key.world) <= after + NEAR;
        let (revision, rows) =
            if is_near { store.nearest(key.world, &key.scope, after, &limits).await? } else { newest(after).await? };
        // What was set back, to a backup say, is of another past than what is at hand.
        if revision >= after && base.stands(&rows) {
            return Ok(Newer::Read(revision, rows));
        }
        let (revision, rows) = newest(0).await?;
        Ok(Newer::Anew(revision, rows))
    }

    async fn cached(&self, key: &ViewKey) -> Option<View> {
        let found = self.cache.get(&key.cache_key()).await;
        self.metrics.cache_read(found.is_some());
        let encoded = found?;
        tokio::task::spawn_blocking(move || View::open(encoded)).await.ok().flatten()
    }

    fn put_in_cache(&self, key: ViewKey, encoded: Bytes) {
        let (cache, name, ttl) = (self.cache.clone(), key.cache_key(), self.settings.cache_ttl);
        self.parcelled.insert(key, ());
        self.tasks.spawn("put in cache", async move { cache.set(&name, encoded, ttl).await });
    }
}
