//! Players who were erased: their tokens are signed, and would be valid until they expire.

use std::{
    collections::HashSet,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{identity::access::Player, platform::token};

/// The digest of a player, by which an erased one is known without their id.
#[must_use]
pub fn player_digest(player: &Player) -> [u8; 32] {
    token::digest(&format!("{} {} {}", player.studio, player.world, player.id))
}

/// The players who were erased a while ago, in memory. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct ErasedPlayers {
    digests: Arc<RwLock<HashSet<[u8; 32]>>>,
    any: Arc<AtomicBool>,
}

impl ErasedPlayers {
    /// Whether a player was erased.
    #[must_use]
    pub fn contains(&self, player: &Player) -> bool {
        // Mostly there are none, and a digest is not for nothing.
        self.any.load(Ordering::Relaxed)
            && self.digests.read().unwrap_or_else(PoisonError::into_inner).contains(&player_digest(player))
    }

    /// Adds a player.
    pub fn add(&self, player: &Player) {
        self.digests.write().unwrap_or_else(PoisonError::into_inner).insert(player_digest(player));
        self.any.store(true, Ordering::Relaxed);
    }

    /// These are all.
    pub fn replace(&self, digests: HashSet<[u8; 32]>) {
        let any = !digests.is_empty();
        *self.digests.write().unwrap_or_else(PoisonError::into_inner) = digests;
        self.any.store(any, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::platform::db::StudioId;

    #[test]
    fn an_erased_player_is_known_and_no_other() {
        let player = |world| Player { studio: StudioId(1), world, id: Uuid::from_u128(7) };
        let erased = ErasedPlayers::default();
        assert!(!erased.contains(&player(1)));
        erased.add(&player(1));
        assert!(erased.contains(&player(1)) && !erased.contains(&player(2)));
        erased.replace(HashSet::new());
        assert!(!erased.contains(&player(1)));
    }
}
