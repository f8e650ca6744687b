//! What upkeep does inside a world's transaction. The output of each is how many rows went; [`WorldTx::ROWS`] means that there may
//! be more.

use super::store;
use crate::{
    platform::error::StoreError,
    traces::TraceKind,
    worlds::{ChangeReason, Command, ScopeKey, TraceLocation, WorldTx},
};

fn count(rows: &[TraceLocation]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// Removes the oldest traces of a kind in a scope.
#[derive(Debug)]
pub struct Trim {
    /// The scope.
    pub scope: ScopeKey,
    /// The kind.
    pub kind: TraceKind,
    /// The id of the newest trace that goes.
    pub upto: i64,
}

impl Command for Trim {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let gone = store::oldest(world, &self.scope, self.kind, self.upto).await?;
        world.remove(&gone, ChangeReason::Trimmed).await?;
        Ok(count(&gone))
    }
}

/// Removes expired traces.
#[derive(Debug)]
pub struct Expire;

impl Command for Expire {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let gone = store::expired(world).await?;
        world.remove(&gone, ChangeReason::Expired).await?;
        Ok(count(&gone))
    }
}

/// Trims the change log. Readers whose cursor is older are told to start over.
#[derive(Debug)]
pub struct ForgetChanges {
    /// Older rows go.
    pub before_ms: i64,
}

impl Command for ForgetChanges {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        world.trim_change_log(self.before_ms).await
    }
}

/// Removes old inbox items.
#[derive(Debug)]
pub struct ForgetInboxItems {
    /// Older items go.
    pub before_ms: i64,
}

impl Command for ForgetInboxItems {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        store::forget_inbox_items(world, self.before_ms).await
    }
}

/// Removes old uses of traces.
#[derive(Debug)]
pub struct ForgetUses {
    /// Older uses go.
    pub before_ms: i64,
}

impl Command for ForgetUses {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        store::forget_uses(world, self.before_ms).await
    }
}
