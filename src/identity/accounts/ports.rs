//! What accounts need from features above them, which `app` hands in.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;

use super::model::Affiliations;
use crate::identity::access::UserId;

/// An asynchronous function of a user, with an error `E`.
pub type UserFn<T, E> = Arc<dyn Fn(UserId) -> BoxFuture<'static, Result<T, E>> + Send + Sync>;

/// The other features' data about a user. Cheap to clone.
pub struct AffiliationsPort<E> {
    /// Lists the user's memberships and linked players.
    pub list: UserFn<Affiliations, E>,
    /// Removes the user from all studios, and the display names of their players, before the account is deleted; fails where they
    /// are a studio's last owner.
    pub end: UserFn<(), E>,
}

impl<E> Clone for AffiliationsPort<E> {
    fn clone(&self) -> Self {
        Self { list: Arc::clone(&self.list), end: Arc::clone(&self.end) }
    }
}

impl<E> fmt::Debug for AffiliationsPort<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AffiliationsPort").finish_non_exhaustive()
    }
}
