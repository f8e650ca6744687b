//! The active keys, in the memory of this instance (some 300 bytes each): a request with a key needs no query.
//!
//! - Other instances announce changes; besides, each instance reads the revision of all keys several times a second. So a
//!   revoked key opens nothing within a second, on any instance.
//! - An unknown key may have been issued a moment ago: before it is refused, the database is asked. A wrong secret takes the
//!   same time and gets the same answer, so that nobody learns which ids exist.
//! - A valid key is remembered as it was sent, so that it is hashed once.
//! - Changed settings of games are read at the same time ([`GameSettingsPort`]).
//! - While neither cache nor database can be reached, known keys stay valid for the grace period; then none is.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use subtle::ConstantTimeEq;
use tokio::{sync::mpsc, time::Instant};

use super::{
    model::{KeyDigest, digest, id_at, id_in},
    ports::GameSettingsPort,
    store::{ActiveKey, Store},
};
use crate::{
    identity::access::{Grant, KeyRefused, PublicWorld},
    platform::{
        cache::{Cache, State},
        clock,
        error::StoreError,
        tasks::Tasks,
    },
};

/// The cache's channel on which instances announce changes of keys and of games' settings.
pub const CHANNEL: &str = "keys";

/// How often it is saved which keys were used.
const SAVE_USE_INTERVAL: Duration = Duration::from_mins(1);

/// Settings of the keyring.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often the revision is read.
    pub check_interval: Duration,
    /// How long known keys stay valid while neither cache nor database can be reached.
    pub grace: Duration,
}

/// The keys of this instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keyring(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    cache: Cache,
    settings: Settings,
    /// By key id. The ids are random, so nobody can choose colliding ones and a fast hash is safe.
    entries: RwLock<HashMap<Box<[u8]>, Arc<Entry>, foldhash::fast::RandomState>>,
    game_settings: Arc<dyn GameSettingsPort>,
    /// The revision up to which keys and settings in memory are complete.
    revision: AtomicI64,
    /// When the last successful refresh began.
    checked_at: Mutex<Instant>,
    /// When the last failed refresh began.
    failed_at: Mutex<Option<Instant>>,
    /// Held during a refresh: one runs at a time.
    refreshing: tokio::sync::Mutex<()>,
    /// Keys that were used, and revoked before their use was saved.
    used_and_revoked: Mutex<Vec<String>>,
    /// The grace period is over: no key is valid.
    expired: AtomicBool,
}

#[derive(Debug)]
struct Entry {
    grant: Arc<Grant>,
    digest: KeyDigest,
    /// The whole key as it was sent, once it was found valid.
    text: OnceLock<Box<[u8]>>,
    /// Whether it was used since that was last saved.
    used: AtomicBool,
}

impl Keyring {
    /// Reads all active keys, and watches for changes from then on.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn start(
        store: Store,
        cache: Cache,
        announcements: mpsc::Receiver<Bytes>,
        game_settings: Arc<dyn GameSettingsPort>,
        settings: Settings,
        tasks: &Tasks,
    ) -> Result<Self, StoreError> {
        let keyring = Self(Arc::new(Inner {
            store,
            cache,
            settings,
            entries: RwLock::default(),
            game_settings,
            revision: AtomicI64::new(-1),
            checked_at: Mutex::new(Instant::now()),
            failed_at: Mutex::default(),
            refreshing: tokio::sync::Mutex::default(),
            used_and_revoked: Mutex::default(),
            expired: AtomicBool::new(false),
        }));
        keyring.refresh().await?;
        tasks.spawn_until_stop("keys", keyring.clone().watch(announcements));
        tasks.spawn("keys used", keyring.clone().save_use_periodically(tasks.clone()));
        Ok(keyring)
    }

    /// What a key opens, if it was looked up before: without hashing or waiting.
    #[inline]
    #[must_use]
    pub fn try_get(&self, key: &[u8]) -> Option<Arc<Grant>> {
        if self.0.expired.load(Ordering::Relaxed) {
            return None;
        }
        let entry = self.entry(id_at(key)?)?;
        if !equal(entry.text.get()?, key) {
            return None;
        }
        entry.mark_used();
        Some(Arc::clone(&entry.grant))
    }

    /// Whether somebody has shown the key of that id to this instance.
    #[must_use]
    pub fn is_in_use(&self, id: &str) -> bool {
        self.entry(id.as_bytes()).is_some_and(|entry| entry.text.get().is_some())
    }

    /// What a key opens.
    ///
    /// # Errors
    /// The key is invalid, or unknown here and the database can't be reached.
    pub async fn look_up(&self, key: &str) -> Result<Arc<Grant>, KeyRefused> {
        let id = id_in(key).ok_or(KeyRefused::Invalid)?;
        let asked_at = Instant::now();
        let digest = digest(key);
        if !self.0.expired.load(Ordering::Relaxed)
            && let Some(grant) = self.grant_of(id, &digest, key)
        {
            return Ok(grant);
        }
        self.refresh_since(asked_at).await.map_err(|_logged_by_watch| KeyRefused::Unavailable)?;
        self.grant_of(id, &digest, key).ok_or(KeyRefused::Invalid)
    }

    /// The world of that name, if its game lets anyone read it; `None` after the grace period, as for keys.
    #[must_use]
    pub fn public(&self, name: &str) -> Option<Arc<PublicWorld>> {
        if self.0.expired.load(Ordering::Relaxed) { None } else { self.0.game_settings.public_world(name) }
    }

    /// Reads what was changed through this instance, and announces it to the others.
    pub async fn refresh_and_announce(&self) {
        // If the database can't be reached at this moment, the watch reads it later.
        let _unreachable = self.refresh_since(Instant::now()).await;
        self.0.cache.announce(CHANNEL, Bytes::from_static(b"changed")).await;
    }

    fn entry(&self, id: &[u8]) -> Option<Arc<Entry>> {
        self.0.entries.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn grant_of(&self, id: &str, digest: &KeyDigest, key: &str) -> Option<Arc<Grant>> {
        let entry = self.entry(id.as_bytes());
        // An unknown id is compared with something too, so that it takes the same time.
        let stored = entry.as_ref().map_or([0; 32], |entry| entry.digest);
        let is_valid = bool::from(stored.ct_eq(digest));
        let entry = entry.filter(|_| is_valid)?;
        entry.text.get_or_init(|| key.as_bytes().into());
        entry.mark_used();
        Some(Arc::clone(&entry.grant))
    }

    /// Refreshes, unless a refresh that began after `asked_at` has succeeded or failed.
    async fn refresh_since(&self, asked_at: Instant) -> Result<(), StoreError> {
        let _one_at_a_time = self.0.refreshing.lock().await;
        if *self.0.checked_at.lock().unwrap_or_else(PoisonError::into_inner) > asked_at {
            return Ok(());
        }
        // Otherwise all requests that wait here would wait for an unreachable database one after another.
        if self.0.failed_at.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at > asked_at) {
            return Err(StoreError::Unavailable("reading the keys has just failed".to_owned()));
        }
        let began = Instant::now();
        let result = self.refresh().await;
        if result.is_err() {
            *self.0.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(began);
        }
        result
    }

    async fn refresh(&self) -> Result<(), StoreError> {
        let began = Instant::now();
        let revision = self.0.store.key_revision().await?;
        let known = self.0.revision.load(Ordering::Acquire);
        if revision != known {
            // Lower: the database was restored from a backup, say.
            let all = revision < known;
            let after = if all { -1 } else { known };
            let changes = self.0.store.key_changes(after).await?;
            self.0.game_settings.refresh(after, all).await?;
            let mut entries = self.0.entries.write().unwrap_or_else(PoisonError::into_inner);
            if all {
                entries.clear();
            }
            for change in changes {
                let after = change.active.map(|key| Arc::new(Entry::new(key)));
                let before = match after {
                    Some(entry) => entries.insert(change.id.as_bytes().into(), entry),
                    None => entries.remove(change.id.as_bytes()),
                };
                if before.is_some_and(|entry| entry.used.load(Ordering::Relaxed)) {
                    self.0.used_and_revoked.lock().unwrap_or_else(PoisonError::into_inner).push(change.id);
                }
            }
            self.0.revision.store(revision, Ordering::Release);
        }
        self.mark_fresh(began);
        Ok(())
    }

    fn mark_fresh(&self, began: Instant) {
        *self.0.checked_at.lock().unwrap_or_else(PoisonError::into_inner) = began;
        if self.0.expired.swap(false, Ordering::Relaxed) {
            tracing::info!("keys are valid again: the database can be reached");
        }
    }

    /// Refreshes at each announcement, and at least once in each check interval.
    async fn watch(self, mut announcements: mpsc::Receiver<Bytes>) {
        let mut closed = false;
        loop {
            if closed {
                tokio::time::sleep(self.0.settings.check_interval).await;
            } else if let Ok(None) = tokio::time::timeout(self.0.settings.check_interval, announcements.recv()).await {
                // There are no other instances.
                closed = true;
                continue;
            }
            let began = Instant::now();
            if let Err(error) = self.refresh_since(began).await {
                tracing::debug!(%error, "refreshing keys failed");
                self.on_unreachable(began).await;
            }
        }
    }

    /// Decides what happens to keys while the database can't be reached. As long as announcements arrive, no change can be
    /// missed.
    async fn on_unreachable(&self, began: Instant) {
        if self.0.cache.is_shared() && self.0.cache.state().await == State::Up {
            self.mark_fresh(began);
            return;
        }
        let checked_at = *self.0.checked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if checked_at.elapsed() > self.0.settings.grace && !self.0.expired.swap(true, Ordering::Relaxed) {
            tracing::error!(
                "neither cache nor database could be reached within the grace period: no key is valid until one can"
            );
        }
    }

    async fn save_use_periodically(self, tasks: Tasks) {
        let mut stopping = false;
        while !stopping {
            tokio::select! {
                () = tokio::time::sleep(SAVE_USE_INTERVAL) => {}
                () = tasks.stopping() => stopping = true,
            }
            let mut used = std::mem::take(&mut *self.0.used_and_revoked.lock().unwrap_or_else(PoisonError::into_inner));
            {
                let entries = self.0.entries.read().unwrap_or_else(PoisonError::into_inner);
                let others = entries.iter().filter(|(_, entry)| entry.used.swap(false, Ordering::Relaxed));
                used.extend(others.map(|(id, _)| String::from_utf8_lossy(id).into_owned()));
            }
            let pause_ms = clock::ms(SAVE_USE_INTERVAL);
            if let Err(error) = self.0.store.save_key_use(&used, pause_ms).await {
                tracing::warn!(%error, "saving which keys were used failed");
            }
        }
    }
}

/// Whether two texts are equal, in constant time for given lengths. Compares words of 8 bytes, because comparing bytes one by
/// one costs a twentieth of a hot GET's instructions.
fn equal(text: &[u8], other: &[u8]) -> bool {
    let ((words, rest), (other_words, other_rest)) = (text.as_chunks::<8>(), other.as_chunks::<8>());
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let difference =
        words.iter().zip(other_words).fold(0, |difference, (one, other)| difference | (word(one) ^ word(other)));
    let rest_pairs = rest.iter().zip(other_rest);
    let difference = rest_pairs.fold(difference, |difference, (one, other)| difference | u64::from(one ^ other));
    text.len() == other.len() && difference.ct_eq(&0).into()
}

impl Entry {
    fn new(ActiveKey { grant, digest }: ActiveKey) -> Self {
        Self { grant: Arc::new(grant), digest, text: OnceLock::new(), used: AtomicBool::new(false) }
    }

    fn mark_used(&self) {
        // Mostly it is set already: then the cache line is not written, and stays shared between processors.
        if !self.used.load(Ordering::Relaxed) {
            self.used.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_equal_if_every_byte_is() {
        let text = b"ck_live_cekhrgcxqgyy_3kg48fyzq6c71yrnj08mdt7egy";
        assert!(equal(text, text) && equal(b"", b""));
        for at in 0..text.len() {
            let mut other = *text;
            other[at] ^= 1;
            assert!(!equal(text, &other), "{at}");
            assert!(!equal(text, &text[..at]), "{at}");
        }
        assert!(!equal(b"a", b"a\0"), "padding is no text");
    }
}
