//! The ids that this instance has heard of, by world, for the worlds that are in use here; and what was left under the last
//! of them, so that who makes a view anew need not ask the database.
//!
//! An announcement may be lost, or come late. Account is kept of all ids up to one, and of ranges beyond it; a slow look at
//! the durable revision finds the holes. What was left is at hand only where nothing is missing between: from an id after
//! which every batch came with all that it left, up to the last. A batch that did something else, or left too much to be
//! taken along, is read from the database instead, and account begins anew behind it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    model::{ScopeKey, TraceKind, WorldKey},
    news::{Batch, RecentTrace},
    store::Shown,
};

/// The ids that this instance has heard of.
#[derive(Debug)]
pub struct RevisionTracker {
    accounts: Mutex<Accounts>,
    /// What was left recent may hold so many bytes, in all worlds together.
    recent_bytes: usize,
}

#[derive(Debug, Default)]
struct Accounts {
    by_world: HashMap<WorldKey, Account>,
    bytes: usize,
}

/// All that was left in a world after some id, and nothing else has happened there.
#[derive(Debug)]
pub struct RecentTraces {
    /// Up to and with this id.
    pub upto: i64,
    batches: Vec<Batch>,
}

impl RecentTraces {
    /// What was left in a scope after an id: of each kind in `limits` so many, newest first.
    pub fn newest(&self, scope: &ScopeKey, after: i64, limits: &[(TraceKind, u64)]) -> Vec<&Shown> {
        let rows = self.batches.iter().rev().flat_map(|batch| batch.iter().rev());
        let mut room: Vec<(i16, u64)> = limits.iter().map(|(kind, limit)| (kind.code(), *limit)).collect();
        rows.filter(|fresh| fresh.shown.id > after && fresh.scope == *scope)
            .map(|fresh| &fresh.shown)
            .filter(|shown| {
                let room = room.iter_mut().find(|(kind, room)| *kind == shown.kind && *room > 0);
                room.map(|(_, room)| *room -= 1).is_some()
            })
            .collect()
    }
}

/// Ids up to and with this, and what was left under them, if it is known.
type Range = (i64, Option<Batch>);

/// What a look at a world's durable revision has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionCheck {
    /// Nothing that was not heard of, or that may not still be on its way.
    UpToDate,
    /// These ids were durable at the last look already and have still not been heard of: after the first, up to the second.
    Gap(i64, i64),
    /// Less than was heard of: the database was set back, to a backup say. Account begins anew there.
    Rewound(i64),
}

/// All ids up to `low`, and the ranges beyond, by the id before each.
#[derive(Debug)]
struct Account {
    low: i64,
    ahead: BTreeMap<i64, Range>,
    /// What was durable at the last look, and `low` then.
    looked: (i64, i64),
    touched: Instant,
    /// All that was left after this id, up to `low`, is in `recent`.
    since: i64,
    /// None of them empty.
    recent: Vec<Batch>,
    /// What all that was left holds.
    bytes: usize,
}

fn size_bytes(left: Option<&Batch>) -> usize {
    left.into_iter().flat_map(|left| left.iter()).map(RecentTrace::size_bytes).sum()
}

impl Account {
    fn beginning(revision: i64) -> Self {
        Self {
            low: revision,
            ahead: BTreeMap::new(),
            looked: (revision, revision),
            touched: Instant::now(),
            since: revision,
            recent: Vec::new(),
            bytes: 0,
        }
    }

    fn hear(&mut self, after: i64, upto: i64, left: Option<Batch>) {
        // What is shorter than what is known says nothing new; nor does an import that found all there already.
        let known = self.ahead.get(&after).map_or(after, |(known, _)| *known);
        if upto <= known {
            return;
        }
        self.bytes += size_bytes(left.as_ref());
        if let Some((_, before)) = self.ahead.insert(after, (upto, left)) {
            self.bytes -= size_bytes(before.as_ref());
        }
        while let Some(first) = self.ahead.first_entry() {
            let after = *first.key();
            if after > self.low {
                return;
            }
            let (upto, left) = first.remove();
            if upto <= self.low {
                self.bytes -= size_bytes(left.as_ref());
                continue;
            }
            let follows = after == self.low;
            self.low = upto;
            match left {
                Some(left) if follows => self.recent.extend((!left.is_empty()).then_some(left)),
                // Not known; or it overlaps, and is of another past.
                left => {
                    self.bytes -= size_bytes(left.as_ref());
                    self.begin_anew();
                }
            }
        }
    }

    /// From here on: what was left before is read from the database.
    fn begin_anew(&mut self) {
        self.since = self.low;
        self.bytes -= self.recent.drain(..).map(|left| size_bytes(Some(&left))).sum::<usize>();
    }
}

impl Accounts {
    /// What was left recent is read from the database from now on, in all worlds. Returns it, to be dropped when nobody waits.
    fn forget_lately(&mut self) -> Vec<Batch> {
        let mut forgotten = Vec::new();
        for account in self.by_world.values_mut() {
            forgotten.append(&mut account.recent);
            forgotten.extend(account.ahead.values_mut().filter_map(|(_, left)| left.take()));
            account.since = account.low;
            account.bytes = 0;
        }
        self.bytes = 0;
        forgotten
    }

    fn retain(&mut self, keep: impl Fn(&WorldKey, &Account) -> bool) {
        self.by_world.retain(|world, account| keep(world, account));
        self.bytes = self.by_world.values().map(|account| account.bytes).sum();
    }
}

impl RevisionTracker {
    /// Of nothing yet. What was left recent may hold `recent_bytes`; beyond them all of it is read from the database, once.
    pub fn new(recent_bytes: usize) -> Self {
        Self { accounts: Mutex::default(), recent_bytes }
    }

    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether account is kept of a world. Says that it is in use.
    pub fn touch(&self, world: WorldKey) -> bool {
        self.accounts().by_world.get_mut(&world).is_some_and(|account| {
            account.touched = Instant::now();
            true
        })
    }

    /// Keeps account of a world from now on: nothing up to `revision` needs to be heard of.
    pub fn begin(&self, world: WorldKey, revision: i64) {
        self.accounts().by_world.entry(world).or_insert_with(|| Account::beginning(revision));
    }

    /// These ids were heard of, and `left` is all that was left under them, where that is known. A world that is not in use
    /// here is of no concern.
    pub fn hear(&self, world: WorldKey, after: i64, upto: i64, left: Option<Batch>) {
        let mut accounts = self.accounts();
        let Accounts { by_world, bytes } = &mut *accounts;
        let Some(account) = by_world.get_mut(&world) else { return };
        let before = account.bytes;
        account.hear(after, upto, left);
        *bytes = *bytes - before + account.bytes;
        let forgotten = if *bytes > self.recent_bytes { accounts.forget_lately() } else { Vec::new() };
        drop(accounts);
        drop(forgotten);
    }

    /// What was left in a world after an id, up to the last that was heard of; nothing where that is not all that has
    /// happened, or may not be.
    pub fn recent(&self, world: WorldKey, after: i64) -> Option<RecentTraces> {
        let accounts = self.accounts();
        let account = accounts.by_world.get(&world)?;
        let is_whole = account.ahead.is_empty() && (account.since..=account.low).contains(&after);
        is_whole.then(|| {
            let known = |batch: &Batch| batch.last().is_some_and(|last| last.shown.id <= after);
            let from = account.recent.partition_point(known);
            RecentTraces { upto: account.low, batches: account.recent.iter().skip(from).map(Arc::clone).collect() }
        })
    }

    /// Takes in what is durable, at one of the looks that come now and then.
    pub fn look(&self, world: WorldKey, durable: i64) -> RevisionCheck {
        let mut accounts = self.accounts();
        let Accounts { by_world, bytes } = &mut *accounts;
        let Some(account) = by_world.get_mut(&world) else { return RevisionCheck::UpToDate };
        let (before, low) = std::mem::replace(&mut account.looked, (durable, account.low));
        if durable < low {
            *bytes -= account.bytes;
            *account = Account::beginning(durable);
            return RevisionCheck::Rewound(durable);
        }
        if account.low < before { RevisionCheck::Gap(account.low, before) } else { RevisionCheck::UpToDate }
    }

    /// The last id that was heard of, whatever is missing before it.
    pub fn last(&self, world: WorldKey) -> i64 {
        let accounts = self.accounts();
        let Some(account) = accounts.by_world.get(&world) else { return 0 };
        account.ahead.values().map(|(upto, _)| *upto).fold(account.low, i64::max)
    }

    /// The id up to which all were heard of.
    pub fn upto(&self, world: WorldKey) -> i64 {
        self.accounts().by_world.get(&world).map_or(0, |account| account.low)
    }

    /// The worlds of which account is kept.
    pub fn worlds(&self) -> Vec<WorldKey> {
        self.accounts().by_world.keys().copied().collect()
    }

    /// Keeps no more account of these worlds.
    pub fn forget(&self, gone: &[WorldKey]) {
        self.accounts().retain(|world, _| !gone.contains(world));
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

    const LIMITS: [(TraceKind, u64); 2] = [(TraceKind::Object, 3), (TraceKind::Message, 1)];

    fn world() -> WorldKey {
        WorldKey::new(StudioId(1), 1)
    }

    fn heard() -> RevisionTracker {
        let heard = RevisionTracker::new(1 << 20);
        heard.begin(world(), 0);
        heard
    }

    /// What was left under the ids after one, up to and with another: objects here, and a message there with each third.
    fn left(after: i64, upto: i64) -> Batch {
        let fresh = |id| {
            let (scope, kind) = if id % 3 == 0 { ("there", TraceKind::Message) } else { ("here", TraceKind::Object) };
            let (author, body) = (String::new(), String::new());
            let shown = Shown { kind: kind.code(), id, author, body, codec: None, bytes: None };
            RecentTrace { scope: ScopeKey::stored(scope), shown }
        };
        (after + 1..=upto).map(fresh).collect()
    }

    fn ids(recent: &RecentTraces, scope: &str, after: i64) -> Vec<i64> {
        recent.newest(&ScopeKey::stored(scope), after, &LIMITS).into_iter().map(|shown| shown.id).collect()
    }

    #[test]
    fn a_hole_shows_at_the_second_look() {
        let heard = RevisionTracker::new(0);
        heard.begin(world(), 10);
        heard.hear(world(), 12, 15, None);
        assert_eq!(heard.look(world(), 15), RevisionCheck::UpToDate, "the first look: it may still be on its way");
        assert_eq!(heard.look(world(), 15), RevisionCheck::Gap(10, 15));
        heard.hear(world(), 10, 15, None);
        assert_eq!(heard.look(world(), 15), RevisionCheck::UpToDate);
    }

    #[test]
    fn what_was_left_lately_is_known_from_any_id_on_after_which_all_was_heard() {
        let heard = heard();
        heard.hear(world(), 0, 4, Some(left(0, 4)));
        heard.hear(world(), 4, 9, Some(left(4, 9)));
        let recent = heard.recent(world(), 0).unwrap();
        assert_eq!((recent.upto, ids(&recent, "here", 0), ids(&recent, "there", 0)), (9, vec![8, 7, 5], vec![9]));
        let recent = heard.recent(world(), 7).unwrap();
        assert_eq!((ids(&recent, "here", 7), ids(&recent, "there", 7)), (vec![8], vec![9]));
        assert!(heard.recent(world(), 10).is_none(), "newer than what was heard of");
        // Ids that went to nothing.
        heard.hear(world(), 9, 12, Some(left(9, 9)));
        let recent = heard.recent(world(), 7).unwrap();
        assert_eq!((recent.upto, ids(&recent, "here", 7)), (12, vec![8]));
        // Something else comes between.
        heard.hear(world(), 12, 13, None);
        heard.hear(world(), 13, 14, Some(left(13, 14)));
        assert!(heard.recent(world(), 12).is_none());
        assert_eq!(ids(&heard.recent(world(), 13).unwrap(), "here", 13), [14]);
    }

    #[test]
    fn what_is_missing_between_makes_nothing_known() {
        let heard = heard();
        heard.hear(world(), 2, 4, Some(left(2, 4)));
        assert!(heard.recent(world(), 0).is_none());
        heard.hear(world(), 0, 2, Some(left(0, 2)));
        assert_eq!(ids(&heard.recent(world(), 0).unwrap(), "here", 0), [4, 2, 1]);
        // What overlaps.
        heard.hear(world(), 2, 5, Some(left(2, 5)));
        assert!(heard.recent(world(), 4).is_none());
        assert!(heard.recent(world(), 5).is_some());
        assert_eq!((heard.upto(world()), heard.last(world())), (5, 5));
        // An import that brings nothing, at an id after which more is on its way.
        heard.hear(world(), 8, 11, Some(left(8, 11)));
        heard.hear(world(), 8, 8, None);
        assert_eq!((heard.upto(world()), heard.last(world())), (5, 11));
        heard.hear(world(), 5, 8, Some(left(5, 8)));
        assert_eq!(ids(&heard.recent(world(), 5).unwrap(), "here", 5), [11, 10, 8]);
    }

    #[test]
    fn a_database_that_was_set_back_is_noticed_and_account_begins_anew() {
        let heard = heard();
        heard.hear(world(), 0, 6, Some(left(0, 6)));
        assert_eq!(
            heard.look(world(), 3),
            RevisionCheck::UpToDate,
            "it may have been looked at before the last were heard of"
        );
        heard.hear(world(), 6, 9, Some(left(6, 9)));
        assert_eq!(heard.look(world(), 3), RevisionCheck::Rewound(3));
        assert_eq!(heard.accounts().bytes, 0);
        assert!(heard.recent(world(), 6).is_none());
        heard.hear(world(), 3, 6, Some(left(3, 6)));
        assert_eq!(ids(&heard.recent(world(), 3).unwrap(), "here", 3), [5, 4]);
        assert_eq!(heard.look(world(), 6), RevisionCheck::UpToDate);
    }

    #[test]
    fn what_was_left_holds_no_more_than_it_may() {
        let heard = RevisionTracker::new(size_bytes(Some(&left(0, 17))));
        let other = WorldKey::new(StudioId(2), 1);
        for world in [world(), other] {
            heard.begin(world, 0);
        }
        heard.hear(other, 0, 5, Some(left(0, 5)));
        for at in 0..2 {
            // Once more as the announcement comes back: it counts once.
            for _ in 0..2 {
                heard.hear(world(), at * 5, at * 5 + 5, Some(left(at * 5, at * 5 + 5)));
            }
        }
        assert!(heard.recent(world(), 0).is_some() && heard.recent(other, 0).is_some());
        heard.hear(world(), 12, 14, Some(left(12, 14)));
        heard.hear(world(), 10, 11, Some(left(10, 11)));
        assert!(heard.recent(world(), 10).is_none() && heard.recent(other, 0).is_none());
        assert_eq!(heard.accounts().bytes, 0);
        heard.hear(world(), 11, 12, None);
        assert!(heard.recent(world(), 12).is_none() && heard.recent(world(), 14).is_some());
        // What is not in use any more takes no room.
        heard.hear(world(), 14, 28, Some(left(14, 28)));
        heard.forget(&[world()]);
        heard.hear(other, 5, 20, Some(left(5, 20)));
        assert!(heard.recent(other, 5).is_some());
    }

    proptest! {
        #[test]
        fn in_whatever_order_all_is_heard_in_the_end(order in Just((0..20_i64).collect::<Vec<_>>()).prop_shuffle()) {
            let heard = heard();
            for at in order {
                heard.hear(world(), at * 3, at * 3 + 3, Some(left(at * 3, at * 3 + 3)));
            }
            prop_assert_eq!(heard.look(world(), 60), RevisionCheck::UpToDate);
            prop_assert_eq!(heard.look(world(), 60), RevisionCheck::UpToDate);
            let recent = heard.recent(world(), 0).unwrap();
            prop_assert_eq!((recent.upto, ids(&recent, "here", 0)), (60, vec![59, 58, 56]));
            let bytes = heard.accounts().bytes;
            prop_assert_eq!(bytes, size_bytes(Some(&left(0, 60))));
        }

        #[test]
        fn whatever_is_heard_it_is_counted_right_and_what_is_known_is_whole(
            told in prop::collection::vec((0..30_i64, 0..9_i64, prop::bool::weighted(0.8)), 1..60),
            tens in 2..40_usize,
        ) {
            let most = tens * 10 * size_bytes(Some(&left(0, 1)));
            let heard = RevisionTracker::new(most);
            heard.begin(world(), 0);
            for (after, count, is_known) in told {
                let upto = after + count;
                heard.hear(world(), after, upto, is_known.then(|| left(after, upto)));
                let accounts = heard.accounts();
                let account = accounts.by_world.get(&world()).unwrap();
                let ahead = account.ahead.values().filter_map(|(_, left)| left.as_ref());
                let bytes: usize = account.recent.iter().chain(ahead).map(|left| size_bytes(Some(left))).sum();
                prop_assert_eq!((account.bytes, accounts.bytes), (bytes, bytes));
                prop_assert!(bytes <= most);
                let ids = account.recent.iter().flat_map(|left| left.iter()).map(|fresh| fresh.shown.id);
                prop_assert_eq!(ids.collect::<Vec<_>>(), (account.since + 1..=account.low).collect::<Vec<_>>());
            }
        }
    }
}
