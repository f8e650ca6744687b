//! Listens to announcements, and finds what they missed by looking at the durable revisions.

use std::{collections::HashSet, time::Duration};

use bytes::Bytes;
use tokio::{sync::mpsc, time::Instant};

use super::{
    announcement::Announcement,
    insert::Insert,
    model::{WorldChange, WorldKey},
    revision_tracker::RevisionCheck,
    service::Engine,
    tenants::Revisions,
};

/// A gap wider than this many ids touches every scope; for a narrower one the database is asked for the scopes.
const NARROW_GAP: i64 = 10_000;

/// A world that was not used for so long, and that nobody keeps, is not tracked any more.
const IDLE: Duration = Duration::from_mins(2);

/// Time between two rounds of forgetting idle worlds.
const IDLE_PAUSE: Duration = Duration::from_mins(1);

impl<I: Insert> Engine<I> {
    /// Takes in the announcements of other instances.
    pub async fn listen(self, mut announcements: mpsc::Receiver<Bytes>) {
        while let Some(bytes) = announcements.recv().await {
            if let Some(announcement) = Announcement::of_bytes(&bytes) {
                self.apply(&announcement);
            } else {
                tracing::warn!("reading an announcement failed; is another version of Cairn on this cache?");
            }
        }
    }

    /// Compares what is known with the durable revisions of the worlds in use, again and again.
    pub async fn check_revisions(self) {
        let mut pause = tokio::time::interval(self.revision_check);
        pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut swept = Instant::now();
        for turn in 0.. {
            pause.tick().await;
            if swept.elapsed() > IDLE_PAUSE {
                swept = Instant::now();
                let in_use: HashSet<WorldKey> = self.listeners.in_use().into_iter().collect();
                self.tracker.forget_idle(IDLE, &in_use);
            }
            // A database that is away is reported by the requests that need it.
            let Ok(Revisions { durable, gone }) = self.tenants.revisions(self.tracker.tracked(), turn).await else {
                continue;
            };
            self.tracker.forget(&gone);
            for (world, durable) in durable {
                self.check_revision(world, durable).await;
            }
        }
    }

    async fn check_revision(&self, world: WorldKey, durable: i64) {
        let changed = |revision, scopes, rewound| {
            self.listeners.changed(WorldChange { world, revision, scopes, alters_existing: true, rewound });
        };
        match self.tracker.check(world, durable) {
            RevisionCheck::UpToDate => {}
            RevisionCheck::Gap(after, upto) if upto - after > NARROW_GAP => {
                self.tracker.add(world, after, upto, None);
                changed(upto, None, false);
            }
            RevisionCheck::Gap(after, upto) => {
                let limit = NARROW_GAP.unsigned_abs();
                let Ok(tenant) = self.tenants.tables(world.studio()).await else { return };
                let Ok(scopes) = I::scopes_between(&tenant, world, after, upto, limit).await else { return };
                self.tracker.add(world, after, upto, None);
                changed(upto, Some(&scopes), false);
            }
            RevisionCheck::Rewound(revision) => {
                tracing::warn!(%world, revision, "database was rewound to an older revision; snapshots are rebuilt");
                changed(revision, None, true);
            }
        }
    }
}
