//! What other features keep of a user, which accounts know only by the hand of the application.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;

use crate::{
    http::problem::Problem,
    identity::{access::UserId, accounts::model::Held},
};

/// Finds something out about a user, or does something.
pub type Errand<T> = Arc<dyn Fn(UserId) -> BoxFuture<'static, Result<T, Problem>> + Send + Sync>;

/// What other features keep of a user; handed in by the application. Cheap to clone.
#[derive(Clone)]
pub struct UserData {
    /// Lists it.
    pub list: Errand<Held>,
    /// Ends it, before the account goes; refused where somebody else would be left with nobody.
    pub part: Errand<()>,
}

impl fmt::Debug for UserData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserData").finish_non_exhaustive()
    }
}
