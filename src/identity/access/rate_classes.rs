//! The classes of callers whose requests are counted: by key, by player, by account.

use std::sync::Arc;

use super::{Grant, Player, UserId};
use crate::platform::rate_limit::{RateClass, Subject};

/// All requests that show the same API key.
pub const KEY: RateClass = RateClass { name: "key", whose: "with this key" };

/// All requests that show a token of the same player.
pub const PLAYER: RateClass = RateClass { name: "player", whose: "of this player" };

/// All requests in sessions of the same account.
pub const ACCOUNT: RateClass = RateClass { name: "account", whose: "of this account" };

/// All requests with app passwords of the same account: programs that copy many small files make many.
pub const APP: RateClass = RateClass { name: "app", whose: "with app passwords of this account" };

/// Counts by the id of a key.
#[must_use]
pub fn key_subject(grant: &Grant) -> Subject {
    Subject::new(KEY, Arc::clone(&grant.key))
}

/// Counts by a player: `studio/world/id`.
#[must_use]
pub fn player_subject(player: &Player) -> Subject {
    let Player { studio, world, id } = player;
    Subject::new(PLAYER, format!("{studio}/{world}/{id}"))
}

/// Counts by the id of a user.
#[must_use]
pub fn account_subject(user: &UserId) -> Subject {
    Subject::new(ACCOUNT, user.as_str())
}

/// Counts by the id of a user, with app passwords.
#[must_use]
pub fn app_subject(user: &UserId) -> Subject {
    Subject::new(APP, user.as_str())
}
