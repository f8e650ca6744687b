//! The keys that open something, in the memory of this instance (some 300 bytes each): a request with a key costs no look
//! at the database.
//!
//! - What has changed is heard from the other instances, and a look at the revision of all keys, some times a second, is
//!   the net under that. So a revoked key opens nothing within a second anywhere.
//! - A key that is not known here may have been minted a moment ago: before it is refused, the database is asked. Who shows
//!   a wrong secret waits for the same and is told the same, so nobody learns which ids there are.
//! - A key that was shown and was right is remembered as it was shown, so that it is hashed once.
//! - What games have decided is taken in by the same looks ([`super::rulebook`]).
//! - When nobody can tell what has changed, the keys at hand stay valid for a while; then none is.

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
    rulebook::Rulebook,
    store::{Opened, Store},
};
use crate::{
    identity::access::model::{Grant, KeyRefused, PublicWorld},
    platform::{
        cache::{Cache, State},
        clock,
        db::StudioId,
        error::StoreError,
        tasks::Tasks,
    },
    traces::rules::{Keep, Rules},
};

/// The channel on which changes are told.
pub const CHANNEL: &str = "keys";

/// Between two times that it is written down which keys were used.
const USED_PAUSE: Duration = Duration::from_mins(1);

/// What the keyring is set to.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Between two looks at the revision.
    pub check: Duration,
    /// For how long keys stay valid when nobody can tell what has changed.
    pub grace: Duration,
    /// How many traces of a kind a scope keeps at most, whatever its game decides.
    pub keep: Keep,
}

/// The keys of this instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keyring(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    cache: Cache,
    settings: Settings,
    /// By ids, which Cairn draws: nobody can choose some that meet in a table.
    ring: RwLock<HashMap<Box<[u8]>, Arc<Entry>, foldhash::fast::RandomState>>,
    rulebook: Rulebook,
    /// The revision up to which ring and rulebook are complete.
    revision: AtomicI64,
    /// When the last look began that found it complete.
    looked_at: Mutex<Instant>,
    /// When the last look began that failed.
    failed_at: Mutex<Option<Instant>>,
    /// One look at a time.
    looking: tokio::sync::Mutex<()>,
    /// Keys that were used and then revoked, before the one could be written down.
    used_and_gone: Mutex<Vec<String>>,
    /// Nobody could tell for too long.
    expired: AtomicBool,
}

#[derive(Debug)]
struct Entry {
    grant: Arc<Grant>,
    digest: KeyDigest,
    /// The key as it was shown, once it was found right.
    shown: OnceLock<Box<[u8]>>,
    /// Since that was written down last.
    used: AtomicBool,
}

impl Keyring {
    /// All keys that open something now.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn start(
        store: Store,
        cache: Cache,
        announcements: mpsc::Receiver<Bytes>,
        settings: Settings,
        tasks: &Tasks,
    ) -> Result<Self, StoreError> {
        let keyring = Self(Arc::new(Inner {
            store,
            cache,
            settings,
            ring: RwLock::default(),
            rulebook: Rulebook::new(settings.keep),
            revision: AtomicI64::new(-1),
            looked_at: Mutex::new(Instant::now()),
            failed_at: Mutex::default(),
            looking: tokio::sync::Mutex::default(),
            used_and_gone: Mutex::default(),
            expired: AtomicBool::new(false),
        }));
        keyring.look().await?;
        tasks.spawn_until_stop("keys", keyring.clone().watch(announcements));
        tasks.spawn("keys used", keyring.clone().write_down_used(tasks.clone()));
        Ok(keyring)
    }

    /// What a key opens that was shown before, if it is right.
    #[must_use]
    pub fn try_get(&self, shown: &[u8]) -> Option<Arc<Grant>> {
        if self.0.expired.load(Ordering::Relaxed) {
            return None;
        }
        let entry = self.entry(id_at(shown)?)?;
        if !same(entry.shown.get()?, shown) {
            return None;
        }
        entry.used();
        Some(Arc::clone(&entry.grant))
    }

    /// What a key opens.
    ///
    /// # Errors
    /// Nothing, or nobody can tell.
    pub async fn look_up(&self, shown: &str) -> Result<Arc<Grant>, KeyRefused> {
        let id = id_in(shown).ok_or(KeyRefused::Invalid)?;
        let asked_at = Instant::now();
        let digest = digest(shown);
        if !self.0.expired.load(Ordering::Relaxed)
            && let Some(grant) = self.opened_by(id, &digest, shown)
        {
            return Ok(grant);
        }
        self.look_since(asked_at).await.map_err(|_told_by_the_watch| KeyRefused::Away)?;
        self.opened_by(id, &digest, shown).ok_or(KeyRefused::Invalid)
    }

    /// What the game of a world has decided.
    #[must_use]
    pub fn rules(&self, studio: StudioId, world: i32) -> Arc<Rules> {
        self.0.rulebook.of(studio, world)
    }

    /// The world that is called so, if anyone may read it. As keys, names open nothing when nobody has been able to tell for
    /// too long what has changed.
    #[must_use]
    pub fn public(&self, name: &str) -> Option<Arc<PublicWorld>> {
        if self.0.expired.load(Ordering::Relaxed) { None } else { self.0.rulebook.public(name) }
    }

    /// Takes in what has changed, and tells the other instances: for who has changed something here.
    pub async fn changed(&self) {
        // The watch takes it in if the database is gone this very moment.
        let _away = self.look_since(Instant::now()).await;
        self.0.cache.announce(CHANNEL, Bytes::from_static(b"changed")).await;
    }

    fn entry(&self, id: &[u8]) -> Option<Arc<Entry>> {
        self.0.ring.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn opened_by(&self, id: &str, digest: &KeyDigest, shown: &str) -> Option<Arc<Grant>> {
        let entry = self.entry(id.as_bytes());
        // Compared with something in any case, so that it takes the same time.
        let kept = entry.as_ref().map_or([0; 32], |entry| entry.digest);
        let right = bool::from(kept.ct_eq(digest));
        let entry = entry.filter(|_| right)?;
        entry.shown.get_or_init(|| shown.as_bytes().into());
        entry.used();
        Some(Arc::clone(&entry.grant))
    }

    /// Looks for changes, unless a look that began after `asked_at` has done so, or has failed.
    async fn look_since(&self, asked_at: Instant) -> Result<(), StoreError> {
        let _one_at_a_time = self.0.looking.lock().await;
        if *self.0.looked_at.lock().unwrap_or_else(PoisonError::into_inner) > asked_at {
            return Ok(());
        }
        // Else those who wait for a database that does not answer would wait one after another.
        if self.0.failed_at.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at > asked_at) {
            return Err(StoreError::Unavailable("a look for keys has just failed".to_owned()));
        }
        let began = Instant::now();
        let looked = self.look().await;
        if looked.is_err() {
            *self.0.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(began);
        }
        looked
    }

    async fn look(&self) -> Result<(), StoreError> {
        let began = Instant::now();
        let revision = self.0.store.key_revision().await?;
        let known = self.0.revision.load(Ordering::Acquire);
        if revision != known {
            // Lower: the database was set back, to a backup say.
            let all = revision < known;
            let after = if all { -1 } else { known };
            let changes = self.0.store.key_changes(after).await?;
            self.0.rulebook.take_in(self.0.store.decided(after).await?, all);
            let mut ring = self.0.ring.write().unwrap_or_else(PoisonError::into_inner);
            if all {
                ring.clear();
            }
            for change in changes {
                let after = change.opened.map(|opened| Arc::new(Entry::new(opened)));
                let before = match after {
                    Some(entry) => ring.insert(change.id.as_bytes().into(), entry),
                    None => ring.remove(change.id.as_bytes()),
                };
                if before.is_some_and(|entry| entry.used.load(Ordering::Relaxed)) {
                    self.0.used_and_gone.lock().unwrap_or_else(PoisonError::into_inner).push(change.id);
                }
            }
            self.0.revision.store(revision, Ordering::Release);
        }
        self.seen(began);
        Ok(())
    }

    fn seen(&self, began: Instant) {
        *self.0.looked_at.lock().unwrap_or_else(PoisonError::into_inner) = began;
        if self.0.expired.swap(false, Ordering::Relaxed) {
            tracing::info!("keys can be looked up again");
        }
    }

    /// Takes in what has changed, when it is told and in any case some times a second.
    async fn watch(self, mut announcements: mpsc::Receiver<Bytes>) {
        let mut silent = false;
        loop {
            if silent {
                tokio::time::sleep(self.0.settings.check).await;
            } else if let Ok(None) = tokio::time::timeout(self.0.settings.check, announcements.recv()).await {
                // There is nobody to tell.
                silent = true;
                continue;
            }
            let began = Instant::now();
            let looked = self.look_since(began).await;
            if looked.is_err() {
                self.blind(began).await;
            }
        }
    }

    /// The database does not answer. As long as announcements come through, nothing can change unheard of.
    async fn blind(&self, began: Instant) {
        if self.0.cache.is_shared() && self.0.cache.state().await == State::Up {
            self.seen(began);
            return;
        }
        let looked_at = *self.0.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if looked_at.elapsed() > self.0.settings.grace && !self.0.expired.swap(true, Ordering::Relaxed) {
            tracing::error!("nobody has been able to tell for too long which keys are valid: none is");
        }
    }

    async fn write_down_used(self, tasks: Tasks) {
        let mut stopping = false;
        while !stopping {
            tokio::select! {
                () = tokio::time::sleep(USED_PAUSE) => {}
                () = tasks.stopping() => stopping = true,
            }
            let mut used = std::mem::take(&mut *self.0.used_and_gone.lock().unwrap_or_else(PoisonError::into_inner));
            {
                let ring = self.0.ring.read().unwrap_or_else(PoisonError::into_inner);
                let others = ring.iter().filter(|(_, entry)| entry.used.swap(false, Ordering::Relaxed));
                used.extend(others.map(|(id, _)| String::from_utf8_lossy(id).into_owned()));
            }
            let pause_ms = clock::ms(USED_PAUSE);
            if let Err(error) = self.0.store.used_keys(&used, pause_ms).await {
                tracing::warn!(%error, "it could not be written down which keys were used");
            }
        }
    }
}

/// Whether two texts are the same, in a time that only their lengths decide. By words, because a look at each byte for
/// itself costs a hot GET a twentieth of its instructions.
fn same(one: &[u8], other: &[u8]) -> bool {
    let ((words, rest), (other_words, other_rest)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let unlike = words.iter().zip(other_words).fold(0, |unlike, (one, other)| unlike | (word(one) ^ word(other)));
    let rests = rest.iter().zip(other_rest);
    let unlike = rests.fold(unlike, |unlike, (one, other)| unlike | u64::from(one ^ other));
    one.len() == other.len() && unlike.ct_eq(&0).into()
}

impl Entry {
    fn new(Opened { grant, digest }: Opened) -> Self {
        Self { grant: Arc::new(grant), digest, shown: OnceLock::new(), used: AtomicBool::new(false) }
    }

    fn used(&self) {
        // Most often it is set: then there is nothing to share with the other processors.
        if !self.used.load(Ordering::Relaxed) {
            self.used.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_when_every_byte_is() {
        let text = b"ck_live_cekhrgcxqgyy_3kg48fyzq6c71yrnj08mdt7egy";
        assert!(same(text, text) && same(b"", b""));
        for at in 0..text.len() {
            let mut other = *text;
            other[at] ^= 1;
            assert!(!same(text, &other), "{at}");
            assert!(!same(text, &text[..at]), "{at}");
        }
        assert!(!same(b"a", b"a\0"), "padding is no text");
    }
}
