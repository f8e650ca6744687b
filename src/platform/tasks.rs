//! The one door to background tasks: named, counted, and waited for when the program stops.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Spawns background work and waits for it at the end. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
    panicked: Arc<CancellationToken>,
}

impl Tasks {
    /// Runs `work` until it ends by itself. A panic in it is logged, and stops the program: a writer or listener that
    /// has died in silence would be worse than a restart.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let panicked = Arc::clone(&self.panicked);
        self.tracker.spawn(async move {
            if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                tracing::error!(task = name, "a background task panicked; stopping");
                panicked.cancel();
            }
        });
    }

    /// Runs `work`, and drops it where it waits when the program stops.
    pub fn spawn_until_stop(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let stopping = self.stopping.clone();
        self.spawn(name, async move {
            stopping.run_until_cancelled(work).await;
        });
    }

    /// Resolves when [`Tasks::stop`] was called.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Resolves when a task has panicked.
    pub async fn panicked(&self) {
        self.panicked.cancelled().await;
    }

    /// True once a task has panicked.
    #[must_use]
    pub fn has_panicked(&self) -> bool {
        self.panicked.is_cancelled()
    }

    /// Tells every task to stop and waits for the last one.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
