//! What has changed where, told to every instance.
//!
//! After a batch was committed, its ids and scopes are announced. An announcement may be lost; each instance therefore
//! keeps account of the ids it has heard of, and a slow look at the durable revision finds the holes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::model::{ScopeKey, WorldKey};
use crate::platform::codec::json;

/// Scopes that an announcement names at most; beyond them the ids say enough.
const NAMED_SCOPES: usize = 200;

/// A committed batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Where.
    pub world: WorldKey,
    /// Its ids are more than this,
    pub after: i64,
    /// up to and with this.
    pub upto: i64,
    /// Its scopes.
    pub scopes: BTreeSet<ScopeKey>,
    /// Whether something is there no more, or other than it was.
    pub unmade: bool,
}

/// What has changed, for those who watch.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    /// Where.
    pub world: WorldKey,
    /// The world's revision then, or a later one.
    pub upto: i64,
    /// In which scopes; in any where there is nothing.
    pub scopes: Option<&'a BTreeSet<ScopeKey>>,
    /// Whether something is there no more, or other than it was.
    pub unmade: bool,
}

/// Who watches.
pub type Watcher = dyn Fn(News<'_>) + Send + Sync;

#[derive(Serialize, Deserialize)]
struct Wire {
    world: WorldKey,
    after: i64,
    upto: i64,
    scopes: Vec<String>,
    #[serde(default)]
    unmade: bool,
}

impl Announcement {
    /// As it is sent; nothing when it names too many scopes: then the slow look finds it.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Bytes> {
        let Self { world, after, upto, scopes, unmade } = self;
        if scopes.len() > NAMED_SCOPES {
            return None;
        }
        let scopes = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let wire = Wire { world: *world, after: *after, upto: *upto, scopes, unmade: *unmade };
        serde_json::to_vec(&wire).ok().map(Bytes::from)
    }

    /// As it was sent.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let Wire { world, after, upto, scopes, unmade } = json::owned(bytes)?;
        let scopes = scopes.iter().map(|scope| ScopeKey::stored(scope)).collect();
        Some(Self { world, after, upto, scopes, unmade })
    }
}

/// The channel on which batches are told.
pub const CHANNEL: &str = "traces";

/// The ids that this instance has heard of, by world, for the worlds that are in use here.
#[derive(Debug, Default)]
pub struct Heard(Mutex<HashMap<WorldKey, Account>>);

/// All ids up to `low`, and the ranges beyond (more than the first, up to and with the second).
#[derive(Debug)]
struct Account {
    low: i64,
    ahead: BTreeMap<i64, i64>,
    durable: i64,
    touched: Instant,
}

impl Account {
    fn beginning(revision: i64) -> Self {
        Self { low: revision, ahead: BTreeMap::new(), durable: revision, touched: Instant::now() }
    }

    fn hear(&mut self, after: i64, upto: i64) {
        self.ahead.insert(after, upto);
        while let Some(first) = self.ahead.first_entry() {
            if *first.key() > self.low {
                return;
            }
            self.low = self.low.max(first.remove());
        }
    }
}

impl Heard {
    fn accounts(&self) -> MutexGuard<'_, HashMap<WorldKey, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether account is kept of a world. Says that it is in use.
    pub fn touch(&self, world: WorldKey) -> bool {
        self.accounts().get_mut(&world).is_some_and(|account| {
            account.touched = Instant::now();
            true
        })
    }

    /// Keeps account of a world from now on: nothing up to `revision` needs to be heard of.
    pub fn begin(&self, world: WorldKey, revision: i64) {
        self.accounts().entry(world).or_insert_with(|| Account::beginning(revision));
    }

    /// These ids were heard of. A world that is not in use here is of no concern.
    pub fn hear(&self, world: WorldKey, after: i64, upto: i64) {
        if let Some(account) = self.accounts().get_mut(&world) {
            account.hear(after, upto);
        }
    }

    /// The ids that were durable at the last look already and have still not been heard of, as (after, upto).
    pub fn hole(&self, world: WorldKey, durable: i64) -> Option<(i64, i64)> {
        let mut accounts = self.accounts();
        let account = accounts.get_mut(&world)?;
        let before = std::mem::replace(&mut account.durable, durable);
        (account.low < before).then_some((account.low, before))
    }

    /// The id up to which all were heard of.
    pub fn upto(&self, world: WorldKey) -> i64 {
        self.accounts().get(&world).map_or(0, |account| account.low)
    }

    /// The worlds of which account is kept.
    pub fn worlds(&self) -> Vec<WorldKey> {
        self.accounts().keys().copied().collect()
    }

    /// Keeps no more account of these worlds.
    pub fn forget(&self, gone: &[WorldKey]) {
        let mut accounts = self.accounts();
        for world in gone {
            accounts.remove(world);
        }
    }

    /// Keeps no more account of worlds that were not touched for `idle`, but those that `keep` names.
    pub fn forget_idle(&self, idle: Duration, keep: &HashSet<WorldKey>) {
        self.accounts().retain(|world, account| account.touched.elapsed() < idle || keep.contains(world));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::db::StudioId;

    fn world() -> WorldKey {
        WorldKey::new(StudioId(1), 1)
    }

    #[test]
    fn an_announcement_arrives_as_it_was_sent() {
        let scopes = ["", "Ash Lake"].map(ScopeKey::stored).into();
        let sent = Announcement { world: world(), after: 3, upto: 9, scopes, unmade: true };
        assert_eq!(Announcement::of_bytes(&sent.to_bytes().unwrap()), Some(sent));
        assert_eq!(Announcement::of_bytes(b"{}"), None);
    }

    #[test]
    fn a_hole_shows_at_the_second_look() {
        let heard = Heard::default();
        heard.begin(world(), 10);
        heard.hear(world(), 12, 15);
        assert_eq!(heard.hole(world(), 15), None, "the first look: it may still be on its way");
        assert_eq!(heard.hole(world(), 15), Some((10, 15)));
        heard.hear(world(), 10, 15);
        assert_eq!(heard.hole(world(), 15), None);
    }

    proptest! {
        #[test]
        fn in_whatever_order_all_is_heard_in_the_end(order in Just((0..20_i64).collect::<Vec<_>>()).prop_shuffle()) {
            let heard = Heard::default();
            heard.begin(world(), 0);
            for at in order {
                heard.hear(world(), at * 3, at * 3 + 3);
            }
            prop_assert_eq!(heard.hole(world(), 60), None);
            prop_assert_eq!(heard.hole(world(), 60), None);
        }
    }
}
