//! Commands: everything that is done to a world besides bulk inserts.
//!
//! Those of one batch run one after another in one transaction that has locked the world's row. So a command sees all that was
//! committed before it, counts exactly, and can't deadlock with another.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt, future::BoxFuture};

use super::{model::WorldKey, store::WorldTx};
use crate::platform::error::StoreError;

/// Something done to one world, with its output.
pub trait Command: Send + Sync + 'static {
    /// What the caller gets.
    type Output: Send + 'static;

    /// Runs it. It may run more than once: again after a rollback. An error rolls back the commands beside it too, so what it
    /// merely refuses is part of its output, and then it has written nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    fn run(&self, world: &mut WorldTx<'_>) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;

    /// About how many bytes of memory it holds.
    fn size_bytes(&self) -> usize {
        256
    }
}

/// A queued command of any type.
pub trait RunCommand: Send + Sync {
    /// Runs it and keeps its output.
    fn run<'a>(&'a self, world: &'a mut WorldTx<'_>) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// A command in the queue, with the output of its last run.
pub struct QueuedCommand<C: Command> {
    command: C,
    output: Mutex<Option<C::Output>>,
}

impl<C: Command> QueuedCommand<C> {
    /// Not run yet.
    pub fn new(command: C) -> Arc<Self> {
        Arc::new(Self { command, output: Mutex::new(None) })
    }

    /// The output; it is there once.
    pub fn take(&self) -> Option<C::Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<C: Command> RunCommand for QueuedCommand<C> {
    fn run<'a>(&'a self, world: &'a mut WorldTx<'_>) -> BoxFuture<'a, Result<(), StoreError>> {
        async move {
            let output = self.command.run(world).await?;
            *self.output.lock().unwrap_or_else(PoisonError::into_inner) = Some(output);
            Ok(())
        }
        .boxed()
    }
}

/// A command with its world.
#[derive(Clone)]
pub struct WorldCommand {
    /// The world that it is run in.
    pub world: WorldKey,
    /// The command.
    pub command: Arc<dyn RunCommand>,
}

impl fmt::Debug for WorldCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorldCommand").field("world", &self.world).finish_non_exhaustive()
    }
}
