//! The rules of all games that have decided anything, in the memory of this instance: asking for them waits for nothing.
//! What has changed the keyring takes in, as it does with keys.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::store::Decided;
use crate::platform::{db::StudioId, rules::Rules};

/// The rules of worlds, by their studio and number there.
#[derive(Debug, Default)]
pub struct Rulebook {
    decided: RwLock<HashMap<(StudioId, i32), Arc<Rules>>>,
    /// Of a game that has decided nothing.
    others: Arc<Rules>,
}

impl Rulebook {
    /// The rules of a world.
    pub fn of(&self, studio: StudioId, world: i32) -> Arc<Rules> {
        let decided = self.decided.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(decided.get(&(studio, world)).unwrap_or(&self.others))
    }

    /// Takes in what games have decided; forgets what was there where these are `all`.
    pub fn take_in(&self, changes: Vec<Decided>, all: bool) {
        let mut decided = self.decided.write().unwrap_or_else(PoisonError::into_inner);
        if all {
            decided.clear();
        }
        decided.extend(changes.into_iter().map(|change| ((change.studio, change.world), Arc::new(change.rules))));
    }
}
