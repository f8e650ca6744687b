//! Background tasks: named, tracked, and awaited when the program stops. Nothing else spawns any.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Spawns background tasks and awaits them at the end. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
    panicked: Arc<CancellationToken>,
}

impl Tasks {
    /// Runs `work` to its end. A panic in it is logged and stops the program: a restart is better than a writer or
    /// listener that is silently gone.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.spawn_boxed(name, work.boxed());
    }

    /// In a box, so that the runtime's part of a task is compiled once and not for each kind of work.
    fn spawn_boxed(&self, name: &'static str, work: BoxFuture<'static, ()>) {
        let panicked = Arc::clone(&self.panicked);
        self.tracker.spawn(async move {
            if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                tracing::error!(task = name, "a background task panicked; stopping");
                panicked.cancel();
            }
        });
    }

    /// Runs `work`, and cancels it when the program stops.
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
