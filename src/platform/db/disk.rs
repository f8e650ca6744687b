//! Whether there is room for what the database stores: on the disk of its files, and as far as its own errors tell.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use super::Target;
use crate::platform::{clock, error::StoreError};

/// With less room than this a disk counts as full: SQLite needs some for the log of a single write.
const LEAST_ROOM_BYTES: u64 = 1024 * 1024;

/// How long a failed write counts. Where nothing is written meanwhile, and the disk is another machine's, nothing else tells.
const REMEMBERED_FOR: Duration = Duration::from_mins(1);

/// The room for a database.
#[derive(Debug, Default)]
pub(super) struct DiskSpace {
    /// The folder of its files, if they are this machine's.
    folder: Option<PathBuf>,
    /// When a write failed last for want of room, if none has succeeded since; 0: never.
    last_full_ms: AtomicI64,
}

impl DiskSpace {
    pub fn of(target: &Target) -> Self {
        let folder = match target {
            Target::Sqlite { folder } => Some(folder.clone()),
            Target::Postgres { .. } => None,
        };
        Self { folder, last_full_ms: AtomicI64::new(0) }
    }

    /// Whether a write would fail.
    pub fn is_full(&self) -> bool {
        let failed_recently = self.last_full_ms.load(Ordering::Relaxed) > clock::ms_ago(REMEMBERED_FOR);
        failed_recently || self.has_no_room()
    }

    /// Whether the disk has too little room, also for those who may use what is reserved for the system.
    fn has_no_room(&self) -> bool {
        let disk = self.folder.as_ref().and_then(|folder| rustix::fs::statvfs(folder).ok());
        disk.is_some_and(|disk| disk.f_bfree.saturating_mul(disk.f_frsize) < LEAST_ROOM_BYTES)
    }

    /// Takes note of an error. On a full disk SQLite has several names for it, depending on which of its files can't grow.
    pub fn examine(&self, error: StoreError) -> StoreError {
        let error = match error {
            StoreError::Unavailable(said) if self.has_no_room() => StoreError::DiskFull(said),
            other => other,
        };
        if matches!(error, StoreError::DiskFull(_)) {
            self.last_full_ms.store(clock::now_ms(), Ordering::Relaxed);
        }
        error
    }

    /// Takes note of a write that has succeeded.
    pub fn has_stored(&self) {
        self.last_full_ms.store(0, Ordering::Relaxed);
    }
}
