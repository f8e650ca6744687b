//! Applies the announcements of other instances, and checks the durable revisions for changes that were not announced.

use std::{collections::HashSet, time::Duration};

use bytes::Bytes;
use tokio::{sync::mpsc, time::Instant};

use super::{
    announcement::Announcement,
    insert::Insert,
    model::{Revision, WorldChange, WorldKey},
    revision_tracker::{RevisionCheck, Source},
    service::Engine,
    tenants::Revisions,
};

/// A gap of more ids than this counts as a change of every scope; for a smaller one the scopes are read from the database.
const NARROW_GAP: i64 = 10_000;

/// A world that was not used for this long is no longer tracked, unless a listener keeps it.
const IDLE: Duration = Duration::from_mins(2);

/// Time between two checks for idle worlds.
const IDLE_PAUSE: Duration = Duration::from_mins(1);

impl<I: Insert> Engine<I> {
    /// Applies the announcements of other instances, until there are no more.
    pub async fn listen(self, mut announcements: mpsc::Receiver<Bytes>) {
        while let Some(bytes) = announcements.recv().await {
            if let Some(announcement) = Announcement::of_bytes(&bytes) {
                self.apply(&announcement, Source::Announcement);
            } else {
                tracing::warn!("reading an announcement failed; another version of Cairn may be using this cache");
            }
        }
    }

    /// Compares the known revisions with the durable ones of the worlds in use, periodically.
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

    async fn check_revision(&self, world: WorldKey, durable: Revision) {
        let changed = |revision, scopes, rewound| {
            self.listeners.changed(WorldChange {
                world,
                revision,
                scopes,
                silent: None,
                alters_existing: true,
                rewound,
            });
        };
        match self.tracker.check(world, durable) {
            RevisionCheck::UpToDate => {}
            RevisionCheck::Gap(after, upto) if upto.seq - after > NARROW_GAP => {
                self.tracker.add(world, after, upto, None, Source::Database);
                changed(upto.seq, None, false);
            }
            RevisionCheck::Gap(after, upto) => {
                let limit = NARROW_GAP.unsigned_abs();
                let Ok(tenant) = self.tenants.tables(world.studio()).await else { return };
                let Ok(scopes) = I::scopes_between(&tenant, world, after, upto.seq, limit).await else { return };
                self.tracker.add(world, after, upto, None, Source::Database);
                changed(upto.seq, Some(&scopes), false);
            }
            RevisionCheck::Rewound(revision) => {
                tracing::warn!(%world, revision, "database was rewound to an older revision; snapshots are rebuilt");
                changed(revision, None, true);
            }
            RevisionCheck::Contradicted(revision) => {
                tracing::warn!(
                    %world,
                    revision,
                    "announcements contradict the database; snapshots are rebuilt. If this repeats, a copy of this database may be \
                     using the same Redis: see cache_namespace"
                );
                changed(revision, None, true);
            }
        }
    }
}
