//! Backups on a schedule: a job of the installation makes them in a folder, and keeps the newest.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;

use super::{BackupError, back_up, manifest::Manifest};
use crate::platform::{
    blobs::Blobs,
    clock,
    config::{OutOfRange, Section, within},
    db::Database,
    error::StoreError,
    jobs::{JobError, JobKind, JobOutcome, Jobs, NewJob, Work},
};

/// The job that makes backups. Another attempt after a failure comes within the hour.
const KIND: JobKind = JobKind::recurring("backup", Duration::from_hours(24));

/// The settings of scheduled backups: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct BackupConfig {
    backup_folder: PathBuf,
    backup_hours: u64,
    backups_kept: usize,
}

impl Section for BackupConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("backup_hours", self.backup_hours, 1..=8_760)?;
        within("backups_kept", self.backups_kept, 1..=10_000)
    }
}

/// When backups are made, where, and how many are kept.
#[derive(Clone, Debug)]
pub struct Schedule {
    folder: PathBuf,
    every: Duration,
    kept: usize,
}

impl BackupConfig {
    /// The schedule; `None` where no folder is named.
    #[must_use]
    pub fn schedule(&self) -> Option<Schedule> {
        let is_named = !self.backup_folder.as_os_str().is_empty();
        is_named.then(|| Schedule {
            folder: self.backup_folder.clone(),
            every: Duration::from_hours(self.backup_hours),
            kept: self.backups_kept,
        })
    }
}

/// Backups on a schedule. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Backups {
    database: Database,
    blobs: Blobs,
    jobs: Jobs,
    schedule: Option<Schedule>,
}

impl Backups {
    /// Backups of an installation.
    #[must_use]
    pub fn new(database: Database, blobs: Blobs, jobs: Jobs, schedule: Option<Schedule>) -> Self {
        Self { database, blobs, jobs, schedule }
    }

    /// Has backups made from now on, where there is a schedule.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(&self) -> Result<(), StoreError> {
        if self.schedule.is_none() {
            return Ok(());
        }
        self.jobs.enqueue_now(NewJob::new(&KIND, &serde_json::Map::new()).unique("all")).await
    }

    /// What makes them.
    #[must_use]
    pub fn work(&self) -> Work {
        let backups = self.clone();
        Work::new(KIND, move |_| {
            let backups = backups.clone();
            async move {
                let Some(schedule) = &backups.schedule else { return Ok(JobOutcome::Finished) };
                let made = backups.make(schedule).await;
                let made = made.map_err(|error| JobError::Failed(error.to_string()))?;
                tracing::info!(folder = %made.display(), "a backup was made");
                Ok(JobOutcome::Again(clock::ms_from_now(schedule.every)))
            }
        })
    }

    async fn make(&self, schedule: &Schedule) -> Result<PathBuf, BackupError> {
        // Colons are no characters for names of files everywhere.
        let folder = schedule.folder.join(clock::format(clock::now_ms()).replace(':', "-"));
        if let Err(error) = back_up(&self.database, &self.blobs, &folder).await {
            // Else each attempt would leave a part of one.
            let _not_there = fs::remove_dir_all(&folder);
            return Err(error);
        }
        let (all, kept) = (schedule.folder.clone(), schedule.kept);
        super::blocking(schedule.folder.clone(), move |_| remove_oldest(&all, kept)).await?;
        Ok(folder)
    }
}

/// Whether a name is that of a scheduled backup.
fn is_ours(name: &str) -> bool {
    let form = b"0000-00-00T00-00-00";
    let digits_or_same = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    name.len() >= form.len() && name.ends_with('Z') && name.as_bytes().iter().zip(form).all(digits_or_same)
}

/// Removes all scheduled backups but the newest, and what was left of those that were not completed.
fn remove_oldest(folder: &Path, kept: usize) -> io::Result<()> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok().filter(|name| is_ours(name)));
    }
    let (mut complete, others): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| Manifest::is_in(&folder.join(name)));
    complete.sort_unstable();
    let surplus = complete.len().saturating_sub(kept);
    let newest = complete.last().cloned().unwrap_or_default();
    let left = others.into_iter().filter(|name| *name < newest);
    for name in complete.iter().take(surplus).cloned().chain(left) {
        fs::remove_dir_all(folder.join(name))?;
    }
    Ok(())
}
