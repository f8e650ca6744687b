//! The commands of upkeep. The output of each is the number of rows that it removed; [`WorldTx::ROWS`] means that there may be more.

use super::store;
use crate::{
    platform::error::StoreError,
    traces::TraceKind,
    worlds::{ChangeReason, Command, ScopeKey, TraceLocation, WorldTx},
};

fn count(locations: &[TraceLocation]) -> u64 {
    u64::try_from(locations.len()).unwrap_or(u64::MAX)
}

/// Removes the oldest traces of a kind in a scope, up to an id.
#[derive(Debug)]
pub struct Trim {
    /// The scope.
    pub scope: ScopeKey,
    /// The kind.
    pub kind: TraceKind,
    /// The id of the newest trace to remove.
    pub upto: i64,
}

impl Command for Trim {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let locations = store::oldest(world, &self.scope, self.kind, self.upto).await?;
        world.remove(&locations, ChangeReason::Trimmed).await?;
        Ok(count(&locations))
    }
}

/// Removes expired traces.
#[derive(Debug)]
pub struct Expire;

impl Command for Expire {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let locations = store::expired(world).await?;
        world.remove(&locations, ChangeReason::Expired).await?;
        Ok(count(&locations))
    }
}

/// Trims the change log. A reader whose cursor is older must start over.
#[derive(Debug)]
pub struct ForgetChanges {
    /// Older rows are removed.
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
    /// Older items are removed.
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
    /// Older uses are removed.
    pub before_ms: i64,
}

impl Command for ForgetUses {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        store::forget_uses(world, self.before_ms).await
    }
}
