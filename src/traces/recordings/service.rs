//! What can be done with recordings: keep one for a trace to come, show one.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value};

use super::{
    format::Limits,
    model::{Brought, Kept, Ready, RecordingError, RecordingId, Sent, Stored},
    store::{Put, Store},
};
use crate::{
    identity::{access::model::Player, studios::Studios},
    platform::{
        clock,
        codec::deflate,
        db::{Database, StudioId},
        error::Fault,
        tasks::Tasks,
    },
};

/// For how long a recording waits for its trace.
const WAIT: Duration = Duration::from_hours(1);

/// Recordings of one player that wait for a trace; the oldest beyond them go.
const WAITING: u64 = 32;

/// Between two rounds of removing those that have waited too long.
const SWEEP_PAUSE: Duration = Duration::from_mins(1);

/// Recordings that one transaction of such a round removes.
const SWEEP_BATCH: u64 = 64;

/// Bytes of an `Idempotency-Key`, at most.
const KEY_BYTES: usize = 255;

/// Packs recordings that come with their traces. That takes its time: not for the reactor.
#[derive(Debug)]
pub struct Packer {
    limits: Limits,
    compressor: deflate::Pooled,
}

impl Packer {
    /// Packs a recording in columns; nothing where it is an empty one.
    ///
    /// # Errors
    /// Each fault; pointers begin at the object.
    pub fn pack(&mut self, columns: &Map<String, Value>) -> Result<Option<Brought>, Vec<Fault>> {
        // Serialising what was JSON can't fail.
        let body = serde_json::to_vec(columns).unwrap_or_default();
        Brought::of_columns(&body, &self.limits, &mut self.compressor).map_err(|error| match error {
            RecordingError::Invalid(faults) => faults,
            other => vec![Fault::new("", other.to_string())],
        })
    }
}

/// Keeps and shows recordings. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Recordings {
    store: Store,
    compressors: deflate::Pool,
    studios: Studios,
    /// The studios for which something may be waiting, as far as it was sent here.
    sent_here: Arc<Mutex<BTreeSet<StudioId>>>,
}

impl Recordings {
    /// Starts the feature.
    #[must_use]
    pub fn start(database: Database, studios: Studios, compressors: deflate::Pool, tasks: &Tasks) -> Self {
        let started = Self { store: Store::new(database), compressors, studios, sent_here: Arc::default() };
        let sweeper = started.clone();
        tasks.spawn_until_stop("sweep recordings", async move {
            loop {
                tokio::time::sleep(SWEEP_PAUSE).await;
                sweeper.sweep().await;
            }
        });
        started
    }

    /// From when on a recording has not waited too long.
    #[must_use]
    pub fn waiting_since_ms() -> i64 {
        clock::ms_ago(WAIT)
    }

    /// Checks a recording and keeps it for a trace of that player; `key` is the name that the caller gave this request.
    ///
    /// # Errors
    /// [`RecordingError`]; then nothing is kept, unless the database is away, which can't know.
    pub async fn keep(&self, player: &Player, sent: Sent, key: Option<&str>) -> Result<Kept, RecordingError> {
        if let Some(key) = key.filter(|key| key.is_empty() || key.len() > KEY_BYTES) {
            let detail = format!("is {} bytes long; 1 to {KEY_BYTES}", key.len());
            return Err(RecordingError::Invalid(vec![Fault::new("Idempotency-Key", detail)]));
        }
        let limits = self.limits(player);
        let mut compressor = self.compressors.get().await.map_err(|error| broken(&error))?;
        // Off the reactor: a recording may be a hundred thousand numbers.
        let ready = tokio::task::spawn_blocking(move || Ready::of(&sent, &limits, &mut compressor));
        let ready = ready.await.map_err(|error| broken(&error))??;
        self.sent_here.lock().unwrap_or_else(PoisonError::into_inner).insert(player.studio);
        match self.store.put(player, ready, key, clock::now_ms(), WAITING).await? {
            Put::Kept(kept) => Ok(kept),
            Put::OtherRecording => Err(RecordingError::KeyReused),
        }
    }

    /// What packs recordings that come with their traces, within what the player's game allows.
    ///
    /// # Errors
    /// Never, but when the program is stopping.
    pub async fn packer(&self, player: &Player) -> Result<Packer, RecordingError> {
        let compressor = self.compressors.get().await.map_err(|error| broken(&error))?;
        Ok(Packer { limits: self.limits(player), compressor })
    }

    /// What the player's game lets a recording hold; as many events as frames.
    fn limits(&self, player: &Player) -> Limits {
        let rules = self.studios.rules(player.studio, player.world);
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (frames, bytes) = (count(rules.max_frames), count(rules.max_recording_bytes));
        Limits { frames, events: frames, bytes }
    }

    /// A recording of a world.
    ///
    /// # Errors
    /// There is none of that id.
    pub async fn find(&self, world: (StudioId, i32), id: RecordingId) -> Result<Stored, RecordingError> {
        self.store.find(world, id, Self::waiting_since_ms()).await?.ok_or(RecordingError::NotFound)
    }

    /// The columns of a recording, as JSON, and gzipped where that is wanted.
    ///
    /// # Errors
    /// The stored bytes are damaged.
    pub async fn columns(&self, stored: Stored, gzipped: bool) -> Result<Vec<u8>, RecordingError> {
        let mut compressor = self.compressors.get().await.map_err(|error| broken(&error))?;
        let made = tokio::task::spawn_blocking(move || {
            let json = stored.columns()?;
            if !gzipped {
                return Ok(json);
            }
            let mut member = deflate::Member::with_capacity(json.len() / 2);
            member.segment(&compressor.segment(json.into(), deflate::Content::Numbers));
            Ok(member.finish().0.into())
        });
        made.await.map_err(|error| broken(&error))?
    }

    /// Removes what has waited too long, where this instance was sent something; in small batches, so that nobody waits for
    /// it. No file is opened for it: nobody is shown what has waited too long.
    pub async fn sweep(&self) {
        let studios = self.sent_here.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for studio in studios.into_iter().filter(|studio| self.store.is_open(*studio)) {
            let mut gone = SWEEP_BATCH;
            while gone == SWEEP_BATCH {
                match self.store.sweep(studio, Self::waiting_since_ms(), SWEEP_BATCH).await {
                    Ok(count) => gone = count,
                    Err(error) => {
                        tracing::warn!(%error, %studio, "recordings that have waited too long were not removed");
                        break;
                    }
                }
            }
        }
    }
}

fn broken(error: &impl std::fmt::Display) -> RecordingError {
    RecordingError::Broken(error.to_string())
}
