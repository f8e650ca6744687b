//! Commands: all writes to a world except bulk inserts.
//!
//! The commands of a batch run one after another in one transaction that has locked the world's row. So a command sees everything that
//! was committed before it, can count exactly, and can't deadlock with another.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt, future::BoxFuture};

use super::{model::WorldKey, store::WorldTx};
use crate::platform::error::StoreError;

/// A write to one world, with an output.
pub trait Command: Send + Sync + 'static {
    /// The result for the caller.
    type Output: Send + 'static;

    /// Runs the command. It runs again after a rollback. An error also rolls back the other commands of the batch; therefore a refusal
    /// is part of the output, and a command that refuses must not have written anything.
    ///
    /// # Errors
    /// [`StoreError`].
    fn run(&self, world: &mut WorldTx<'_>) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;

    /// About how many bytes of memory the command uses.
    fn size_bytes(&self) -> usize {
        256
    }
}

/// A queued command of any type.
pub trait RunCommand: Send + Sync {
    /// Runs the command and keeps its output.
    fn run<'a>(&'a self, world: &'a mut WorldTx<'_>) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// A command in the queue, with the output of its last run.
pub struct QueuedCommand<C: Command> {
    command: C,
    output: Mutex<Option<C::Output>>,
}

impl<C: Command> QueuedCommand<C> {
    /// A command that has not run yet.
    pub fn new(command: C) -> Arc<Self> {
        Arc::new(Self { command, output: Mutex::new(None) })
    }

    /// Takes the output of the last run.
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
    /// The world in which it runs.
    pub world: WorldKey,
    /// The command.
    pub command: Arc<dyn RunCommand>,
}

impl fmt::Debug for WorldCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorldCommand").field("world", &self.world).finish_non_exhaustive()
    }
}
