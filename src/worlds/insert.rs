//! Bulk inserts: rows that a domain stores by a statement of its own, for many requests at a time.

use std::{collections::BTreeSet, fmt, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    model::{InsertOutcome, Revision, ScopeKey, WorldKey},
    storage::StorageBounds,
};
use crate::platform::{db::Tenant, error::StoreError};

/// Rows of one request, stored together or not at all; those of many requests share a statement.
pub trait Insert: Clone + fmt::Debug + Send + Sync + 'static {
    /// An inserted row as it is announced to other instances.
    type Recent: Recent;

    /// The world to which they belong.
    fn world(&self) -> WorldKey;

    /// About how many bytes of memory they use.
    fn size_bytes(&self) -> usize;

    /// Stores a batch for one world, all of it in one transaction that raises the world's sequence; `None` if it does not fit
    /// into the bounds, and nothing of it was stored.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was stored, except that after [`StoreError::Unavailable`] it is unknown.
    fn insert(
        tenant: Tenant,
        world: WorldKey,
        batch: &[&Self],
        bounds: StorageBounds,
    ) -> impl Future<Output = Result<Option<Inserted<Self::Recent>>, StoreError>> + Send;

    /// The scopes in which something was inserted or changed after one revision, up to and including another; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn scopes_between(
        tenant: &Tenant,
        world: WorldKey,
        after: i64,
        upto: i64,
        limit: u64,
    ) -> impl Future<Output = Result<BTreeSet<ScopeKey>, StoreError>> + Send;
}

/// An inserted row, kept in memory for a while so that snapshots can be refreshed without querying the database.
pub trait Recent: fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its id.
    fn id(&self) -> i64;

    /// About how many bytes of memory it uses.
    fn size_bytes(&self) -> usize;
}

/// The result of a batch of inserts.
#[derive(Debug)]
pub struct Inserted<R> {
    /// The outcome of each request, in order.
    pub outcomes: Vec<InsertOutcome>,
    /// The batch's ids are greater than this,
    pub after: i64,
    /// up to and including those of this revision.
    pub upto: Revision,
    /// The scopes it touches.
    pub scopes: BTreeSet<ScopeKey>,
    /// The scope and the domain's own code of each row, for listeners that count added rows.
    pub added: Vec<(ScopeKey, i16)>,
    /// All rows in the order of their ids, if they are few enough to be announced with the batch.
    pub recent: Option<Arc<[R]>>,
}

impl<R> Inserted<R> {
    /// A batch of which nothing was inserted.
    #[must_use]
    pub fn nothing() -> Self {
        let (outcomes, scopes, added, recent) = (Vec::new(), BTreeSet::new(), Vec::new(), None);
        Self { outcomes, after: 0, upto: Revision { seq: 0, stamp: 0 }, scopes, added, recent }
    }
}
