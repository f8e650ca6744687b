//! Publishing what an instance has counted in memory, so that instances keep a limit together.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::mpsc;

use super::Cache;
use crate::platform::tasks::Tasks;

/// Amounts that may wait to be published.
const QUEUE: usize = 1024;

/// Amounts that are published concurrently, on one connection.
const BATCH: usize = 64;

/// An amount that an instance has counted since it last published.
pub trait LocalAmount: Send + 'static {
    /// How long the shared total is kept after the last addition.
    const KEPT: Duration;

    /// The key of the shared total.
    fn key(&self) -> String;

    /// What to add to it.
    fn amount(&self) -> i64;

    /// Takes over the total of all instances.
    fn merge(self, total: i64);
}

/// Publishes amounts in the background. There is none where the cache has no other instances.
#[derive(Debug)]
pub struct Publisher<A>(Option<mpsc::Sender<A>>);

impl<A: LocalAmount> Publisher<A> {
    /// Starts publishing through this cache.
    #[must_use]
    pub fn start(name: &'static str, cache: Cache, tasks: &Tasks) -> Self {
        Self(cache.is_shared().then(|| {
            let (publisher, queue) = mpsc::channel(QUEUE);
            tasks.spawn_until_stop(name, publish(cache, queue));
            publisher
        }))
    }

    /// Publishes an amount soon. Where the queue is full, or there are no other instances, it answers `false`, and the caller keeps
    /// the amount for the next time.
    pub fn try_publish(&self, amount: impl FnOnce() -> A) -> bool {
        self.0.as_ref().is_some_and(|publisher| publisher.try_send(amount()).is_ok())
    }
}

/// Adds local amounts to the shared totals, and merges these into the local ones.
async fn publish<A: LocalAmount>(cache: Cache, mut queue: mpsc::Receiver<A>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let published = batch.drain(..).map(|amount| {
            let cache = &cache;
            async move {
                let total = cache.count(&amount.key(), amount.amount(), A::KEPT).await;
                amount.merge(total);
            }
        });
        join_all(published).await;
    }
}
