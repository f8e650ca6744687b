//! The port by which players ask whether one of them may have a display name: what was banned or switched off is known elsewhere.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;

use super::model::PlayerError;
use crate::identity::access::Player;

/// Whether a player may have a display name now.
pub type MayBeNamed = dyn Fn(Player) -> BoxFuture<'static, Result<(), PlayerError>> + Send + Sync;

/// Decides whether players may have display names. Cheap to clone.
#[derive(Clone)]
pub struct NameGate(pub Arc<MayBeNamed>);

impl fmt::Debug for NameGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NameGate").finish_non_exhaustive()
    }
}
