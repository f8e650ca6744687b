//! The ids of a world that this instance knows, and recently inserted rows.
//!
//! An announcement may be lost or late. For each world in use the tracker holds the id up to which all ids are known, and the known
//! ranges beyond it; the check of the durable revision finds gaps. Inserted rows are kept only without gaps: from an id after which
//! every batch came with all its rows, up to the last known id. After a batch that changed existing rows, or had too many rows to be
//! announced, keeping rows starts anew, and older rows are read from the database.
//!
//! Nobody proves that an announcement is of this database: a copy of all of its files may share its Redis, and anyone who can write to
//! Redis can publish. So each revision has a random stamp, and the tracker compares those that were announced with those of the
//! database and of its own commits. Where they contradict each other, everything made from the world is made anew.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    insert::Recent,
    model::{Revision, WorldKey},
};

/// The announced revisions of a world that are remembered between two checks; more than this are a contradiction.
const MAX_ANNOUNCED: usize = 65_536;

/// The ids that this instance knows, by world, for the worlds in use here.
#[derive(Debug)]
pub struct RevisionTracker<R> {
    worlds: Mutex<Worlds<R>>,
    /// The most memory that recent rows of all worlds may use, in bytes.
    recent_bytes: usize,
}

#[derive(Debug)]
struct Worlds<R> {
    by_key: HashMap<WorldKey, World<R>>,
    bytes: usize,
}

/// A batch of rows in the order of their ids.
type Batch<R> = Arc<[R]>;

/// All rows that were inserted into a world after an id, where nothing else has changed since.
#[derive(Debug)]
pub struct RecentBatches<R> {
    /// The rows are complete up to and including this id.
    pub upto: i64,
    batches: Vec<Batch<R>>,
}

impl<R> RecentBatches<R> {
    /// The rows, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &R> {
        self.batches.iter().rev().flat_map(|batch| batch.iter().rev())
    }
}

/// The last id of a range, and the rows of the range, if they are known.
type Range<R> = (i64, Option<Batch<R>>);

/// The result of a check of a world's durable revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionCheck {
    /// All ids are known, except those whose announcement may still arrive.
    UpToDate,
    /// Ids that were durable at the last check and are still unknown: greater than the first, up to and including those of the second.
    Gap(i64, Revision),
    /// The durable revision is lower than what is known: the database was rewound. Tracking starts anew at this revision.
    Rewound(i64),
    /// What was announced is not what the database has. Tracking starts anew at this revision.
    Contradicted(i64),
}

/// Where a range of ids is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// This instance has committed it, or has read it from the database.
    Database,
    /// It was announced.
    Announcement,
}

/// The known ids of one world: all up to `low`, and ranges beyond it.
#[derive(Debug)]
struct World<R> {
    low: i64,
    /// The ranges beyond `low`, by the id before each.
    ahead: BTreeMap<i64, Range<R>>,
    /// The durable revision at the last check, and `low` at that time.
    checked: (Revision, i64),
    /// A revision up to which all ids are known to be those of the database.
    confirmed: Revision,
    /// The stamps of later revisions, by sequence.
    stamps: BTreeMap<i64, i64>,
    /// Whether two ranges contradict each other.
    is_contradicted: bool,
    used_at: Instant,
    /// All rows inserted after this id, up to `low`, are in `recent`.
    since: i64,
    /// Batches that are not empty, oldest first.
    recent: Vec<Batch<R>>,
    /// The memory that all kept rows use, in bytes.
    bytes: usize,
}

fn size_bytes<R: Recent>(batch: Option<&Batch<R>>) -> usize {
    batch.into_iter().flat_map(|batch| batch.iter()).map(Recent::size_bytes).sum()
}

impl<R: Recent> World<R> {
    fn starting_at(revision: Revision) -> Self {
        let seq = revision.seq;
        Self {
            low: seq,
            ahead: BTreeMap::new(),
            checked: (revision, seq),
            confirmed: revision,
            stamps: BTreeMap::new(),
            is_contradicted: false,
            used_at: Instant::now(),
            since: seq,
            recent: Vec::new(),
            bytes: 0,
        }
    }

    /// Remembers the stamp of a range's revision.
    fn note(&mut self, after: i64, upto: Revision, source: Source) {
        if upto.seq <= after || upto.seq <= self.confirmed.seq {
            return;
        }
        // All revisions up to `low` have stamps, so a range that ends between two of them is of another history.
        let is_other = self.stamps.get(&upto.seq).map_or(upto.seq <= self.low, |stamp| *stamp != upto.stamp);
        self.is_contradicted |= is_other || self.stamps.len() >= MAX_ANNOUNCED;
        if self.stamps.len() < MAX_ANNOUNCED {
            self.stamps.insert(upto.seq, upto.stamp);
        }
        if source == Source::Database && after == self.confirmed.seq {
            self.confirm(upto);
        }
    }

    /// Forgets the stamps up to a revision of the database that follows the confirmed one, or is among the announced ones.
    fn confirm(&mut self, revision: Revision) {
        self.confirmed = revision;
        self.stamps = self.stamps.split_off(&(revision.seq + 1));
    }

    /// Whether the database can't have this revision if what is known is right.
    fn contradicts(&self, durable: Revision) -> bool {
        match self.stamps.get(&durable.seq) {
            Some(stamp) => *stamp != durable.stamp,
            None if durable.seq == self.confirmed.seq => durable.stamp != self.confirmed.stamp,
            // It may have been read before the last commits, whose stamps are forgotten; or be announced later.
            None => durable.seq > self.confirmed.seq && durable.seq <= self.low,
        }
    }

    fn check(&mut self, durable: Revision) -> RevisionCheck {
        let (before, low) = std::mem::replace(&mut self.checked, (durable, self.low));
        if durable.seq < low {
            return RevisionCheck::Rewound(durable.seq);
        }
        if self.is_contradicted || self.contradicts(before) || self.contradicts(durable) {
            return RevisionCheck::Contradicted(durable.seq);
        }
        if durable.seq <= self.low && durable.seq > self.confirmed.seq {
            self.confirm(durable);
        }
        if self.low >= before.seq {
            return RevisionCheck::UpToDate;
        }
        if self.low > self.confirmed.seq {
            // Announcements were lost, and whether those before were right can no longer be known.
            return RevisionCheck::Contradicted(durable.seq);
        }
        RevisionCheck::Gap(self.low, before)
    }

    fn add(&mut self, after: i64, upto: i64, batch: Option<Batch<R>>) {
        // Nothing is new in a range that is shorter than the known one, or empty, as of an import whose rows were all stored before.
        let known = self.ahead.get(&after).map_or(after, |(known, _)| *known);
        if upto <= known {
            return;
        }
        self.bytes += size_bytes(batch.as_ref());
        if let Some((_, replaced)) = self.ahead.insert(after, (upto, batch)) {
            self.bytes -= size_bytes(replaced.as_ref());
        }
        while let Some(first) = self.ahead.first_entry() {
            let after = *first.key();
            if after > self.low {
                return;
            }
            let (upto, batch) = first.remove();
            if upto <= self.low {
                self.bytes -= size_bytes(batch.as_ref());
                continue;
            }
            let follows = after == self.low;
            self.low = upto;
            match batch {
                Some(batch) if follows => self.recent.extend((!batch.is_empty()).then_some(batch)),
                // The rows are unknown; or the ranges overlap, because the database was rewound between them.
                batch => {
                    self.is_contradicted |= !follows;
                    self.bytes -= size_bytes(batch.as_ref());
                    self.restart_recent();
                }
            }
        }
    }

    /// Starts keeping rows anew after `low`; older rows are read from the database.
    fn restart_recent(&mut self) {
        self.since = self.low;
        self.bytes -= self.recent.drain(..).map(|batch| size_bytes(Some(&batch))).sum::<usize>();
    }
}

impl<R: Recent> Worlds<R> {
    /// Drops the rows of all worlds. Returns them so that the caller frees them after releasing the lock.
    fn drop_recent(&mut self) -> Vec<Batch<R>> {
        let mut dropped = Vec::new();
        for world in self.by_key.values_mut() {
            dropped.append(&mut world.recent);
            dropped.extend(world.ahead.values_mut().filter_map(|(_, batch)| batch.take()));
            world.since = world.low;
            world.bytes = 0;
        }
        self.bytes = 0;
        dropped
    }

    fn retain(&mut self, keep: impl Fn(&WorldKey, &World<R>) -> bool) {
        self.by_key.retain(|key, world| keep(key, world));
        self.bytes = self.by_key.values().map(|world| world.bytes).sum();
    }
}

impl<R: Recent> RevisionTracker<R> {
    /// A tracker of no worlds. When recent rows use more than `recent_bytes`, all of them are dropped.
    pub fn new(recent_bytes: usize) -> Self {
        Self { worlds: Mutex::new(Worlds { by_key: HashMap::new(), bytes: 0 }), recent_bytes }
    }

    fn worlds(&self) -> MutexGuard<'_, Worlds<R>> {
        self.worlds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a world is tracked. Marks it as used.
    pub fn touch(&self, world: WorldKey) -> bool {
        self.worlds().by_key.get_mut(&world).is_some_and(|world| {
            world.used_at = Instant::now();
            true
        })
    }

    /// Tracks a world from now on: all ids up to `revision` are known.
    pub fn track(&self, world: WorldKey, revision: Revision) {
        self.worlds().by_key.entry(world).or_insert_with(|| World::starting_at(revision));
    }

    /// Adds the ids greater than `after` up to and including those of `upto`, with all rows that were inserted under them, if these
    /// are known. Ignored for worlds that are not tracked.
    pub fn add(&self, world: WorldKey, after: i64, upto: Revision, batch: Option<Batch<R>>, source: Source) {
        let mut worlds = self.worlds();
        let Worlds { by_key, bytes } = &mut *worlds;
        let Some(world) = by_key.get_mut(&world) else { return };
        let before = world.bytes;
        world.note(after, upto, source);
        world.add(after, upto.seq, batch);
        *bytes = *bytes - before + world.bytes;
        let dropped = if *bytes > self.recent_bytes { worlds.drop_recent() } else { Vec::new() };
        drop(worlds);
        drop(dropped);
    }

    /// All rows inserted into a world after an id, up to the last known id; `None` where other things have, or may have, changed too.
    pub fn recent(&self, world: WorldKey, after: i64) -> Option<RecentBatches<R>> {
        let worlds = self.worlds();
        let world = worlds.by_key.get(&world)?;
        let is_complete = world.ahead.is_empty() && (world.since..=world.low).contains(&after);
        is_complete.then(|| {
            let is_older = |batch: &Batch<R>| batch.last().is_some_and(|last| last.id() <= after);
            let from = world.recent.partition_point(is_older);
            RecentBatches { upto: world.low, batches: world.recent.iter().skip(from).map(Arc::clone).collect() }
        })
    }

    /// Compares the known ids with the durable revision.
    pub fn check(&self, world: WorldKey, durable: Revision) -> RevisionCheck {
        let mut worlds = self.worlds();
        let Worlds { by_key, bytes } = &mut *worlds;
        let Some(world) = by_key.get_mut(&world) else { return RevisionCheck::UpToDate };
        let check = world.check(durable);
        if matches!(check, RevisionCheck::Rewound(_) | RevisionCheck::Contradicted(_)) {
            *bytes -= world.bytes;
            *world = World::starting_at(durable);
        }
        check
    }

    /// The last known id, even if ids before it are missing.
    pub fn last(&self, world: WorldKey) -> i64 {
        let worlds = self.worlds();
        let Some(world) = worlds.by_key.get(&world) else { return 0 };
        world.ahead.values().map(|(upto, _)| *upto).fold(world.low, i64::max)
    }

    /// The id up to which all ids are known.
    pub fn upto(&self, world: WorldKey) -> i64 {
        self.worlds().by_key.get(&world).map_or(0, |world| world.low)
    }

    /// The tracked worlds.
    pub fn tracked(&self) -> Vec<WorldKey> {
        self.worlds().by_key.keys().copied().collect()
    }

    /// Stops tracking these worlds.
    pub fn forget(&self, gone: &[WorldKey]) {
        self.worlds().retain(|world, _| !gone.contains(world));
    }

    /// Stops tracking worlds that were not used for `idle`, except those in `keep`.
    pub fn forget_idle(&self, idle: Duration, keep: &HashSet<WorldKey>) {
        self.worlds().retain(|key, world| world.used_at.elapsed() < idle || keep.contains(key));
    }
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::platform::db::StudioId;

    /// A row for tests.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct Row {
        pub id: i64,
        pub scope: String,
    }

    impl Recent for Row {
        fn id(&self) -> i64 {
            self.id
        }

        fn size_bytes(&self) -> usize {
            64
        }
    }

    fn world() -> WorldKey {
        WorldKey::new(StudioId(1), 1)
    }

    fn tracker() -> RevisionTracker<Row> {
        let tracker = RevisionTracker::new(1 << 20);
        tracker.track(world(), revision(0));
        tracker
    }

    /// The revision with this sequence in the database of these tests.
    fn revision(seq: i64) -> Revision {
        Revision { seq, stamp: seq * 1000 }
    }

    fn add(tracker: &RevisionTracker<Row>, world: WorldKey, after: i64, upto: i64, batch: Option<Batch<Row>>) {
        tracker.add(world, after, revision(upto), batch, Source::Announcement);
    }

    /// Rows with ids greater than `after`, up to and including `upto`: every third in the scope "there", the others "here".
    fn rows(after: i64, upto: i64) -> Batch<Row> {
        let row = |id| Row { id, scope: if id % 3 == 0 { "there" } else { "here" }.to_owned() };
        (after + 1..=upto).map(row).collect()
    }

    /// The newest ids of a scope: three of "here", one of "there".
    fn ids(recent: &RecentBatches<Row>, scope: &str, after: i64) -> Vec<i64> {
        let of_scope = recent.newest_first().filter(|row| row.id > after && row.scope == scope);
        of_scope.take(if scope == "here" { 3 } else { 1 }).map(|row| row.id).collect()
    }

    #[test]
    fn a_gap_is_found_at_the_second_check() {
        let tracker = RevisionTracker::<Row>::new(0);
        tracker.track(world(), revision(10));
        add(&tracker, world(), 12, 15, None);
        assert_eq!(
            tracker.check(world(), revision(15)),
            RevisionCheck::UpToDate,
            "the first check: the announcement may still arrive"
        );
        assert_eq!(tracker.check(world(), revision(15)), RevisionCheck::Gap(10, revision(15)));
        add(&tracker, world(), 10, 15, None);
        assert_eq!(tracker.check(world(), revision(15)), RevisionCheck::UpToDate);
    }

    #[test]
    fn recent_rows_are_known_after_any_id_after_which_all_were_tracked() {
        let tracker = tracker();
        add(&tracker, world(), 0, 4, Some(rows(0, 4)));
        add(&tracker, world(), 4, 9, Some(rows(4, 9)));
        let recent = tracker.recent(world(), 0).unwrap();
        assert_eq!((recent.upto, ids(&recent, "here", 0), ids(&recent, "there", 0)), (9, vec![8, 7, 5], vec![9]));
        let recent = tracker.recent(world(), 7).unwrap();
        assert_eq!((ids(&recent, "here", 7), ids(&recent, "there", 7)), (vec![8], vec![9]));
        assert!(tracker.recent(world(), 10).is_none(), "newer than anything known");
        // Ids without rows.
        add(&tracker, world(), 9, 12, Some(rows(9, 9)));
        let recent = tracker.recent(world(), 7).unwrap();
        assert_eq!((recent.upto, ids(&recent, "here", 7)), (12, vec![8]));
        // Something else comes between.
        add(&tracker, world(), 12, 13, None);
        add(&tracker, world(), 13, 14, Some(rows(13, 14)));
        assert!(tracker.recent(world(), 12).is_none());
        assert_eq!(ids(&tracker.recent(world(), 13).unwrap(), "here", 13), [14]);
    }

    #[test]
    fn a_gap_hides_recent_rows() {
        let tracker = tracker();
        add(&tracker, world(), 2, 4, Some(rows(2, 4)));
        assert!(tracker.recent(world(), 0).is_none());
        add(&tracker, world(), 0, 2, Some(rows(0, 2)));
        assert_eq!(ids(&tracker.recent(world(), 0).unwrap(), "here", 0), [4, 2, 1]);
        // Ranges that overlap.
        add(&tracker, world(), 2, 5, Some(rows(2, 5)));
        assert!(tracker.recent(world(), 4).is_none());
        assert!(tracker.recent(world(), 5).is_some());
        assert_eq!((tracker.upto(world()), tracker.last(world())), (5, 5));
        // An import without new rows, before a range that is still ahead.
        add(&tracker, world(), 8, 11, Some(rows(8, 11)));
        add(&tracker, world(), 8, 8, None);
        assert_eq!((tracker.upto(world()), tracker.last(world())), (5, 11));
        add(&tracker, world(), 5, 8, Some(rows(5, 8)));
        assert_eq!(ids(&tracker.recent(world(), 5).unwrap(), "here", 5), [11, 10, 8]);
    }

    #[test]
    fn a_rewound_database_is_noticed_and_tracking_starts_anew() {
        let tracker = tracker();
        add(&tracker, world(), 0, 3, Some(rows(0, 3)));
        add(&tracker, world(), 3, 6, Some(rows(3, 6)));
        assert_eq!(
            tracker.check(world(), revision(3)),
            RevisionCheck::UpToDate,
            "the check may have read the revision before the last announcement"
        );
        add(&tracker, world(), 6, 9, Some(rows(6, 9)));
        assert_eq!(tracker.check(world(), revision(3)), RevisionCheck::Rewound(3));
        assert_eq!(tracker.worlds().bytes, 0);
        assert!(tracker.recent(world(), 6).is_none());
        add(&tracker, world(), 3, 6, Some(rows(3, 6)));
        assert_eq!(ids(&tracker.recent(world(), 3).unwrap(), "here", 3), [5, 4]);
        assert_eq!(tracker.check(world(), revision(6)), RevisionCheck::UpToDate);
    }

    /// How two checks of the database end after announcements: `[after, upto, stamp]` of each.
    fn check_after(announced: &[[i64; 3]], durable: Revision) -> RevisionCheck {
        let tracker = tracker();
        for [after, seq, stamp] in announced {
            tracker.add(world(), *after, Revision { seq: *seq, stamp: *stamp }, None, Source::Announcement);
        }
        match tracker.check(world(), durable) {
            RevisionCheck::UpToDate => tracker.check(world(), durable),
            found => found,
        }
    }

    #[test]
    fn announcements_of_another_database_are_noticed() {
        let ours = [[0, 3, 3000], [3, 6, 6000]];
        assert_eq!(check_after(&ours, revision(6)), RevisionCheck::UpToDate);
        // In the order of arrival; 77 is a stamp of the other database.
        for (what, announced, durable) in [
            ("the same sequence", vec![[0, 3, 3000], [3, 6, 77]], 6),
            ("the same sequence, before ours", vec![[0, 3, 77], [0, 3, 3000], [3, 6, 6000]], 6),
            ("the same sequence, after ours", vec![[0, 3, 3000], [0, 3, 77], [3, 6, 6000]], 6),
            ("fewer ids, before ours", vec![[0, 2, 77], [0, 3, 3000], [3, 6, 6000]], 6),
            ("fewer ids, after ours", vec![[0, 3, 3000], [3, 6, 6000], [3, 4, 77]], 6),
            ("more ids, before ours", vec![[0, 5, 77], [0, 3, 3000], [3, 6, 6000]], 6),
            ("a range that begins between ours", vec![[0, 3, 3000], [3, 6, 6000], [5, 9, 77]], 6),
            ("instead of one that was lost", vec![[0, 3, 77]], 6),
        ] {
            assert_eq!(check_after(&announced, revision(durable)), RevisionCheck::Contradicted(durable), "{what}");
        }
        for further in [7, i64::MAX] {
            let check = check_after(&[[0, 3, 3000], [3, 6, 6000], [6, further, 77]], revision(6));
            assert_eq!(check, RevisionCheck::Rewound(6), "the database does not get there");
        }
    }

    #[test]
    fn own_commits_need_no_check_and_contradict_what_was_announced_in_their_place() {
        let tracker = tracker();
        let own = |after, seq| tracker.add(world(), after, revision(seq), None, Source::Database);
        own(0, 3);
        own(3, 6);
        // Another instance has committed 6 to 9, and its announcement was lost.
        assert_eq!(tracker.check(world(), revision(9)), RevisionCheck::UpToDate);
        own(9, 12);
        assert_eq!(tracker.check(world(), revision(12)), RevisionCheck::Gap(6, revision(9)));
        own(6, 9);
        assert_eq!(tracker.check(world(), revision(12)), RevisionCheck::UpToDate);
        let foreign = Revision { seq: 15, stamp: 77 };
        tracker.add(world(), 12, foreign, Some(rows(12, 15)), Source::Announcement);
        own(12, 14);
        assert_eq!(tracker.check(world(), revision(14)), RevisionCheck::Contradicted(14));
        assert!(tracker.recent(world(), 12).is_none(), "its rows are gone");
        own(14, 17);
        assert_eq!(tracker.check(world(), revision(17)), RevisionCheck::UpToDate);
    }

    #[test]
    fn recent_rows_stay_within_their_bytes() {
        let tracker = RevisionTracker::new(size_bytes(Some(&rows(0, 17))));
        let other = WorldKey::new(StudioId(2), 1);
        for world in [world(), other] {
            tracker.track(world, revision(0));
        }
        add(&tracker, other, 0, 5, Some(rows(0, 5)));
        for at in 0..2 {
            // Once more, as an announcement comes back to its sender: it counts once.
            for _ in 0..2 {
                add(&tracker, world(), at * 5, at * 5 + 5, Some(rows(at * 5, at * 5 + 5)));
            }
        }
        assert!(tracker.recent(world(), 0).is_some() && tracker.recent(other, 0).is_some());
        add(&tracker, world(), 12, 14, Some(rows(12, 14)));
        add(&tracker, world(), 10, 11, Some(rows(10, 11)));
        assert!(tracker.recent(world(), 10).is_none() && tracker.recent(other, 0).is_none());
        assert_eq!(tracker.worlds().bytes, 0);
        add(&tracker, world(), 11, 12, None);
        assert!(tracker.recent(world(), 12).is_none() && tracker.recent(world(), 14).is_some());
        // A world that is forgotten takes no bytes.
        add(&tracker, world(), 14, 28, Some(rows(14, 28)));
        tracker.forget(&[world()]);
        add(&tracker, other, 5, 20, Some(rows(5, 20)));
        assert!(tracker.recent(other, 5).is_some());
    }

    proptest! {
        #[test]
        fn announcements_may_come_in_any_order(order in Just((0..20_i64).collect::<Vec<_>>()).prop_shuffle()) {
            let tracker = tracker();
            for at in order {
                add(&tracker, world(), at * 3, at * 3 + 3, Some(rows(at * 3, at * 3 + 3)));
            }
            prop_assert_eq!(tracker.check(world(), revision(60)), RevisionCheck::UpToDate);
            prop_assert_eq!(tracker.check(world(), revision(60)), RevisionCheck::UpToDate);
            let recent = tracker.recent(world(), 0).unwrap();
            prop_assert_eq!((recent.upto, ids(&recent, "here", 0)), (60, vec![59, 58, 56]));
            let bytes = tracker.worlds().bytes;
            prop_assert_eq!(bytes, size_bytes(Some(&rows(0, 60))));
        }

        #[test]
        fn bytes_are_counted_right_and_recent_rows_are_complete_whatever_is_announced(
            announced in prop::collection::vec((0..30_i64, 0..9_i64, prop::bool::weighted(0.8)), 1..60),
            tens in 2..40_usize,
        ) {
            let most = tens * 10 * size_bytes(Some(&rows(0, 1)));
            let tracker = RevisionTracker::new(most);
            tracker.track(world(), revision(0));
            for (after, count, is_known) in announced {
                let upto = after + count;
                add(&tracker, world(), after, upto, is_known.then(|| rows(after, upto)));
                let worlds = tracker.worlds();
                let known = worlds.by_key.get(&world()).unwrap();
                let ahead = known.ahead.values().filter_map(|(_, batch)| batch.as_ref());
                let bytes: usize = known.recent.iter().chain(ahead).map(|batch| size_bytes(Some(batch))).sum();
                prop_assert_eq!((known.bytes, worlds.bytes), (bytes, bytes));
                prop_assert!(bytes <= most);
                let ids = known.recent.iter().flat_map(|batch| batch.iter()).map(|row| row.id);
                prop_assert_eq!(ids.collect::<Vec<_>>(), (known.since + 1..=known.low).collect::<Vec<_>>());
            }
        }
    }
}
