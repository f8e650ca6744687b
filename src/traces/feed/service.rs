//! Reads pages of the feed, and waits for changes.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    model::{FeedError, FeedPage, FeedQuery},
    store,
    subscriptions::Subscriptions,
};
use crate::{traces::TraceWorlds, worlds::WorldKey};

/// Shows the changes of worlds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Feed {
    worlds: TraceWorlds,
    subscriptions: Subscriptions,
    closing: CancellationToken,
}

impl Feed {
    /// Starts the feature: it listens to the changes of all worlds that are in use here.
    #[must_use]
    pub fn start(worlds: TraceWorlds) -> Self {
        let subscriptions = Subscriptions::default();
        let listener = subscriptions.clone();
        worlds.on_change(move |change| listener.notify(change));
        Self { worlds, subscriptions, closing: CancellationToken::new() }
    }

    /// Ends all waiting, now and from now on: the program is about to stop.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// The changes after a cursor; if there are none, those that are committed while it waits.
    ///
    /// # Errors
    /// [`FeedError::TooOld`]; or the world is gone, or the database is unavailable.
    pub async fn changes(&self, world: WorldKey, query: FeedQuery) -> Result<FeedPage, FeedError> {
        let FeedQuery { scope, mut after, limit, wait } = query;
        self.worlds.track(world).await?;
        let deadline = Instant::now() + wait;
        let tables = self.worlds.tables(world.studio()).await?.world(world.world());
        // Subscribed before the first read, so that a change in between wakes it too.
        let mut revision = self.subscriptions.subscribe(world, after);
        loop {
            revision.borrow_and_update();
            let page = store::page(&tables, scope.as_ref(), after, limit).await?.ok_or(FeedError::TooOld)?;
            if !page.items.is_empty() || Instant::now() >= deadline || self.closing.is_cancelled() {
                return Ok(page);
            }
            after = page.next;
            tokio::select! {
                _changed = revision.changed() => {}
                () = tokio::time::sleep_until(deadline) => return Ok(page),
                () = self.closing.cancelled() => return Ok(page),
            }
        }
    }
}
