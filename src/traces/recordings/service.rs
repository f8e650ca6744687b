//! The use cases of recordings: upload one, pack one that comes with its trace, fetch one.

use std::{
    collections::BTreeSet,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value};

use super::{
    format::Limits,
    model::{
        IncomingRecording, PackedRecording, RecordingError, RecordingId, RecordingPayload, StoredRecording,
        UploadedRecording,
    },
    store::{Store, UploadOutcome},
};
use crate::{
    identity::access::Player,
    platform::{
        byte_budget::Payer,
        clock,
        codec::deflate,
        db::{Database, StudioId},
        error::Fault,
        tasks::Tasks,
    },
    traces::{
        TraceKind,
        gate::{self, Refused},
        settings::GameRules,
    },
    worlds::storage::{Room, Storage, StorageBounds},
};

/// How long an upload is kept for a trace to take it.
const UPLOAD_TTL: Duration = Duration::from_hours(1);

/// Most uploads of one player; the oldest beyond them are deleted.
const UPLOADS_PER_PLAYER: u64 = 32;

/// Time between two deletions of expired uploads.
const CLEANUP_INTERVAL: Duration = Duration::from_mins(1);

/// Most uploads that one transaction deletes.
const CLEANUP_BATCH: u64 = 64;

/// Packs recordings that come with their traces. Packing is too slow for the reactor's threads.
#[derive(Debug)]
pub struct Packer {
    limits: Limits,
    compressor: deflate::Pooled,
}

impl Packer {
    /// Packs a recording in columns; `None` if all of them are empty.
    ///
    /// # Errors
    /// Each fault; pointers are relative to the object.
    pub fn pack(&mut self, columns: &Map<String, Value>) -> Result<Option<IncomingRecording>, Vec<Fault>> {
        // Serialising a JSON value can't fail.
        let body = serde_json::to_vec(columns).unwrap_or_default();
        IncomingRecording::of_columns(&body, &self.limits, &mut self.compressor).map_err(|error| match error {
            RecordingError::Invalid(faults) => faults,
            other => vec![Fault::new("", other.to_string())],
        })
    }
}

/// The service of recordings. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Recordings {
    store: Store,
    compressors: deflate::Pool,
    rules: GameRules,
    bounds: StorageBounds,
    /// The studios for which this instance has stored uploads, which may have expired.
    studios_with_uploads: Arc<Mutex<BTreeSet<StudioId>>>,
}

impl Recordings {
    /// A service on that database, which deletes expired uploads in the background. `bounds` are those of what worlds store.
    #[must_use]
    pub fn start(
        database: Database,
        rules: GameRules,
        compressors: deflate::Pool,
        bounds: StorageBounds,
        tasks: &Tasks,
    ) -> Self {
        let (store, studios_with_uploads) = (Store::new(database), Arc::default());
        let started = Self { store, compressors, rules, bounds, studios_with_uploads };
        let cleaner = started.clone();
        tasks.spawn_until_stop("expired uploads", async move {
            loop {
                tokio::time::sleep(CLEANUP_INTERVAL).await;
                cleaner.delete_expired_uploads().await;
            }
        });
        started
    }

    /// Uploads from before this time have expired.
    #[must_use]
    pub fn oldest_upload_ms() -> i64 {
        clock::ms_ago(UPLOAD_TTL)
    }

    /// Checks, packs and stores a recording for a later trace of that player. With the same idempotency key the same recording
    /// is stored once. `paying` pays for it.
    ///
    /// # Errors
    /// [`RecordingError`]. Nothing is stored then, except that an unavailable database may or may not have stored it.
    pub async fn upload(
        &self,
        player: &Player,
        payload: RecordingPayload,
        idempotency_key: Option<&str>,
        paying: &Payer,
    ) -> Result<UploadedRecording, RecordingError> {
        self.ask_gate(player).await?;
        let limits = self.limits(player);
        let mut compressor = self.compressors.get().await.map_err(internal)?;
        // A recording may have a hundred thousand numbers.
        let pack = move || PackedRecording::read(&payload, &limits, &mut compressor);
        let packed = tokio::task::spawn_blocking(pack).await.map_err(internal)??;
        paying.pay(packed.stored_bytes())?;
        let room = Room::new(self.store.storage(player).await?, self.bounds);
        if room.lacking(Storage::bytes(packed.stored_bytes())) != Storage::default() {
            return Err(RecordingError::NoRoom);
        }
        self.studios_with_uploads.lock().unwrap_or_else(PoisonError::into_inner).insert(player.studio);
        let now_ms = clock::now_ms();
        match self.store.insert_upload(player, packed, idempotency_key, now_ms, UPLOADS_PER_PLAYER).await? {
            UploadOutcome::Stored(uploaded) => Ok(uploaded),
            UploadOutcome::KeyReused => Err(RecordingError::KeyReused),
        }
    }

    /// Asks the gate whether a player may upload: they are not banned, and the game takes a kind that has recordings.
    async fn ask_gate(&self, player: &Player) -> Result<(), RecordingError> {
        let rules = self.rules.rules(player.studio, player.world);
        gate::check_kind(&rules, TraceKind::Phantom).or_else(|_| gate::check_kind(&rules, TraceKind::Bloodstain))?;
        match gate::active_ban_of(&self.store.tables(player).await?, player.id).await? {
            Some(ban) => Err(Refused::Banned(ban).into()),
            None => Ok(()),
        }
    }

    /// A packer with the limits of the player's game.
    ///
    /// # Errors
    /// The program is stopping.
    pub async fn packer(&self, player: &Player) -> Result<Packer, RecordingError> {
        let compressor = self.compressors.get().await.map_err(internal)?;
        Ok(Packer { limits: self.limits(player), compressor })
    }

    /// The limits of the player's game; the limit of events is that of frames.
    fn limits(&self, player: &Player) -> Limits {
        let rules = self.rules.rules(player.studio, player.world);
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (frames, bytes) = (count(rules.max_frames), count(rules.max_recording_bytes));
        Limits { frames, events: frames, bytes }
    }

    /// A recording of a world, whether a trace has taken it or not; one of a hidden trace only where `even_hidden`.
    ///
    /// # Errors
    /// [`RecordingError::NotFound`], or the database is unavailable.
    pub async fn find(
        &self,
        world: (StudioId, i32),
        id: RecordingId,
        even_hidden: bool,
    ) -> Result<StoredRecording, RecordingError> {
        let found = self.store.find(world, id, even_hidden, Self::oldest_upload_ms()).await?;
        found.ok_or(RecordingError::NotFound)
    }

    /// The columns of a recording as JSON, gzipped if `gzipped`.
    ///
    /// # Errors
    /// The stored bytes are damaged.
    pub async fn columns(&self, recording: StoredRecording, gzipped: bool) -> Result<Vec<u8>, RecordingError> {
        let mut compressor = self.compressors.get().await.map_err(internal)?;
        let encode = move || {
            let json = recording.columns()?;
            if !gzipped {
                return Ok(json);
            }
            let mut member = deflate::Member::with_capacity(json.len() / 2);
            member.segment(&compressor.segment(json.into(), deflate::Content::Numbers));
            Ok(member.finish().0.into())
        };
        tokio::task::spawn_blocking(encode).await.map_err(internal)?
    }

    /// Deletes expired uploads of the studios for which this instance has stored some, in small transactions so that writers do
    /// not wait. Skips studios whose database is closed: expired uploads are never shown, so that can wait.
    pub async fn delete_expired_uploads(&self) {
        let studios = self.studios_with_uploads.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for studio in studios.into_iter().filter(|studio| self.store.is_open(*studio)) {
            let mut deleted = CLEANUP_BATCH;
            while deleted == CLEANUP_BATCH {
                match self.store.delete_uploads_before(studio, Self::oldest_upload_ms(), CLEANUP_BATCH).await {
                    Ok(count) => deleted = count,
                    Err(error) => {
                        tracing::warn!(%error, %studio, "deleting expired recording uploads failed");
                        break;
                    }
                }
            }
        }
    }
}

fn internal(error: impl Error + Send + Sync + 'static) -> RecordingError {
    RecordingError::Internal(Arc::new(error))
}
