//! What accounts need from features above them, which `app` hands in.

use std::{fmt, io, sync::Arc};

use futures_util::{future::BoxFuture, stream::BoxStream};

use super::model::{Affiliations, Keep};
use crate::identity::access::UserId;

/// An asynchronous function of a user, with an error `E`.
pub type UserFn<T, E> = Arc<dyn Fn(UserId) -> BoxFuture<'static, Result<T, E>> + Send + Sync>;

/// A JSON value in pieces, for what is too large for memory.
pub type Pieces = BoxStream<'static, io::Result<Vec<u8>>>;

/// The same for the end of an account, with what stays of it.
pub type EndFn<E> = Arc<dyn Fn(UserId, Keep) -> BoxFuture<'static, Result<(), E>> + Send + Sync>;

/// The other features' data about a user. Cheap to clone.
pub struct AffiliationsPort<E> {
    /// Lists the user's memberships and linked players.
    pub list: UserFn<Affiliations, E>,
    /// Exports the user's library.
    pub library: UserFn<Pieces, E>,
    /// Removes the user from all studios, the display names of their players, and what is too much for one transaction, before the
    /// account is deleted; fails where they are a studio's last owner.
    pub end: EndFn<E>,
}

impl<E> Clone for AffiliationsPort<E> {
    fn clone(&self) -> Self {
        Self { list: Arc::clone(&self.list), library: Arc::clone(&self.library), end: Arc::clone(&self.end) }
    }
}

impl<E> fmt::Debug for AffiliationsPort<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AffiliationsPort").finish_non_exhaustive()
    }
}
