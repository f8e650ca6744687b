//! What can be met: decks, single traces, what happens.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::FutureExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    deck_index::DeckIndex,
    decks::{self, Decks},
    model::{DeckKey, Happenings, MeetingError},
    store::{Named, Pool, Store},
    subscriptions::Subscriptions,
};
use crate::{
    identity::studios::Studios,
    platform::{
        clock,
        codec::deflate,
        error::StoreError,
        metrics::Metrics,
        snapshot::cache::{SnapshotCache, Unavailable},
        tasks::Tasks,
    },
    traces::{
        TraceWorlds,
        rules::Rules,
        trace::{TraceError, TraceResponse},
    },
    worlds::{ScopeKey, WorldChange, WorldKey},
};

/// Between two looks at which decks are to be dealt anew.
const LOOK: Duration = Duration::from_secs(1);

/// Decks of which nothing has changed are dealt anew after so many times the pause after a change: others see something
/// else then.
const AGES: i64 = 30;

/// What the feature is set to.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Bytes of decks.
    pub deck_bytes: u64,
    /// What a reader waits for a deck.
    pub wait: Duration,
}

/// Shows what others have left. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Meeting {
    traces: TraceWorlds,
    studios: Studios,
    decks: SnapshotCache<DeckKey, Decks, TraceError>,
    deck_index: DeckIndex,
    subscriptions: Subscriptions,
    compressors: deflate::Pool,
    leaving: CancellationToken,
    dealer: Dealer,
}

/// What dealing needs.
#[derive(Clone, Debug)]
pub(super) struct Dealer {
    traces: TraceWorlds,
    studios: Studios,
    names: Arc<Mutex<HashMap<WorldKey, Named>>>,
}

/// What was read for the decks of a scope.
pub(super) struct Hand {
    /// The candidates.
    pub pools: Vec<Pool>,
    /// What the game decides.
    pub rules: Arc<Rules>,
    /// What the world is called.
    pub named: Named,
    seed: u64,
    /// When reading began.
    pub stamp_ms: i64,
    revision: i64,
}

impl Hand {
    /// Deals.
    pub fn deal(self, key: &DeckKey) -> Decks {
        let Self { pools, rules, named, seed, stamp_ms, revision } = self;
        Decks::deal(key, pools, &rules, named, seed, (stamp_ms, revision))
    }
}

impl Dealer {
    async fn deal(self, key: DeckKey) -> Result<Decks, TraceError> {
        let hand = self.read(&key).await?;
        let deal = move || hand.deal(&key);
        tokio::task::spawn_blocking(deal).await.map_err(|error| TraceError::Broken(error.to_string()))
    }

    /// Reads what is needed to deal.
    pub(super) async fn read(&self, key: &DeckKey) -> Result<Hand, TraceError> {
        let stamp_ms = clock::now_ms();
        let store = Store(self.traces.tables(key.world.studio()).await?);
        let rules = self.studios.rules(key.world.studio(), key.world.world());
        let revision = self.traces.tracked_revision(key.world);
        let slot = stamp_ms / (i64::from(rules.refresh_s.max(1)) * 1000);
        let seed = decks::seed(key, slot);
        let mut chance = fastrand::Rng::with_seed(seed);
        let pools = store.candidates(key, &rules, || chance.u16(..)).await?;
        let named = self.named(&store, key.world).await?;
        Ok(Hand { pools, rules, named, seed, stamp_ms, revision })
    }

    /// A world's names, which never change.
    async fn named(&self, store: &Store, world: WorldKey) -> Result<Named, TraceError> {
        if let Some(named) = self.names.lock().unwrap_or_else(PoisonError::into_inner).get(&world) {
            return Ok(named.clone());
        }
        let gone = || TraceError::Broken(format!("there is no world {world}"));
        let named = store.named(world).await?.ok_or_else(gone)?;
        self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(world, named.clone());
        Ok(named)
    }
}

impl Meeting {
    /// Starts the feature.
    #[must_use]
    pub fn start(
        traces: TraceWorlds,
        studios: Studios,
        compressors: deflate::Pool,
        settings: Settings,
        tasks: &Tasks,
        metrics: &Metrics,
    ) -> Self {
        let dealer = Dealer { traces: traces.clone(), studios: studios.clone(), names: Arc::default() };
        let deals = dealer.clone();
        let decks = SnapshotCache::new(settings.deck_bytes, settings.wait, tasks, metrics, move |key, _| {
            deals.clone().deal(key).boxed()
        });
        let subscriptions = Subscriptions::default();
        let deck_index = DeckIndex::default();
        let (told, snapshot_cache, on_it) = (subscriptions.clone(), decks.clone(), deck_index.clone());
        traces.on_change(move |news| {
            told.hear(news);
            if news.alters_existing {
                unmade(&snapshot_cache, &on_it, news);
            }
        });
        let leaving = CancellationToken::new();
        let meeting = Self { traces, studios, decks, deck_index, subscriptions, compressors, leaving, dealer };
        tasks.spawn_until_stop("decks", meeting.clone().keep_dealing());
        meeting
    }

    /// Nobody waits for anything to happen any more: the program is about to stop.
    pub fn let_go(&self) {
        self.leaving.cancel();
    }

    /// The decks that are to be had without waiting.
    #[must_use]
    pub fn try_get(&self, key: &DeckKey) -> Option<Arc<Decks>> {
        self.decks.try_get(key)
    }

    /// The decks of a scope, for a reader who understands content up to `version`.
    ///
    /// # Errors
    /// They can't be dealt.
    pub async fn decks(&self, key: DeckKey, version: Option<i32>) -> Result<Arc<Decks>, MeetingError> {
        self.traces.track(key.world).await?;
        let all = self.get(&key).await?;
        match version {
            // Who understands all of it shares the decks of those who say nothing.
            Some(version) if version < all.newest_version() => {
                self.get(&DeckKey { version: Some(version), ..key }).await
            }
            _ => Ok(all),
        }
    }

    async fn get(&self, key: &DeckKey) -> Result<Arc<Decks>, MeetingError> {
        self.deck_index.file(key);
        self.decks.get(key).await.map_err(|missing| match missing {
            Unavailable::TimedOut => TraceError::Late.into(),
            Unavailable::Failed(error) => match &*error {
                TraceError::Store(error) => TraceError::Store(Arc::clone(error)).into(),
                other => TraceError::Broken(other.to_string()).into(),
            },
        })
    }

    /// Makes a deck, if nobody has asked for it yet.
    ///
    /// # Errors
    /// Never, but when the program is stopping.
    pub async fn make(&self, decks: &Arc<Decks>, deck: usize) -> Result<(), MeetingError> {
        if decks.try_get(deck).is_none() {
            let broken = |error: String| MeetingError::Traces(TraceError::Broken(error));
            let mut compressor = self.compressors.get().await.map_err(|error| broken(error.to_string()))?;
            let decks = Arc::clone(decks);
            let make = move || decks.make(deck, &mut compressor).is_some();
            tokio::task::spawn_blocking(make).await.map_err(|error| broken(error.to_string()))?;
        }
        Ok(())
    }

    /// A world's traces.
    pub(super) async fn store(&self, world: WorldKey) -> Result<Store, MeetingError> {
        Ok(Store(self.traces.tables(world.studio()).await?))
    }

    /// What a world's game decides.
    pub(super) fn rules(&self, world: WorldKey) -> Arc<Rules> {
        self.studios.rules(world.studio(), world.world())
    }

    /// One trace.
    ///
    /// # Errors
    /// There is none to be seen.
    pub async fn one(&self, world: WorldKey, id: i64) -> Result<TraceResponse, MeetingError> {
        let found = self.store(world).await?.one(world, id, clock::now_ms()).await?;
        let rules = self.rules(world);
        let fits = found.filter(|row| row.content_version >= rules.content_version_min);
        fits.map(TraceResponse::of).ok_or(MeetingError::NotThere)
    }

    /// What has happened after that; where nothing has, what happens within `wait`.
    ///
    /// # Errors
    /// It is not known any more.
    pub async fn happenings(
        &self,
        world: WorldKey,
        scope: Option<&ScopeKey>,
        after: i64,
        limit: u64,
        wait: Duration,
    ) -> Result<Happenings, MeetingError> {
        self.traces.track(world).await?;
        let late = Instant::now() + wait;
        let store = self.store(world).await?;
        let mut after = after;
        // From before the first look: what happens meanwhile wakes too.
        let mut last = self.subscriptions.follow(world, after);
        loop {
            last.borrow_and_update();
            let found = store.happenings(world, scope, after, limit).await?.ok_or(MeetingError::TooOld)?;
            if !found.items.is_empty() || Instant::now() >= late || self.leaving.is_cancelled() {
                return Ok(found);
            }
            after = found.next;
            tokio::select! {
                _changed = last.changed() => {}
                () = tokio::time::sleep_until(late) => return Ok(found),
                () = self.leaving.cancelled() => return Ok(found),
            }
        }
    }

    pub(super) fn dealer(&self) -> &Dealer {
        &self.dealer
    }

    /// Has decks dealt anew that are due.
    async fn keep_dealing(self) {
        let mut changed: HashMap<WorldKey, HashSet<ScopeKey>> = HashMap::new();
        loop {
            tokio::time::sleep(LOOK).await;
            for (world, scopes) in self.subscriptions.take().scopes {
                changed.entry(world).or_default().extend(scopes);
            }
            let now_ms = clock::now_ms();
            let mut still: HashMap<WorldKey, HashSet<ScopeKey>> = HashMap::new();
            let keys: HashSet<DeckKey> = self.decks.keys().into_iter().collect();
            self.deck_index.forget_missing(&keys);
            // Who is served from memory touches no world; what happens there must be heard of all the same.
            for world in keys.iter().map(|key| key.world).collect::<HashSet<_>>() {
                // Its studio is gone, and nobody has a key to it any more: it would be asked for in vain each time.
                if let Err(StoreError::Statement(_)) = self.traces.track(world).await {
                    self.deck_index.each(world, None, |key| self.decks.remove(key));
                }
            }
            for key in keys {
                let Some(held) = self.decks.held(&key) else { continue };
                let rules = self.studios.rules(key.world.studio(), key.world.world());
                let pause_ms = i64::from(rules.refresh_s) * 1000;
                let age_ms = now_ms - held.stamp_ms();
                let has_news = changed.get(&key.world).is_some_and(|scopes| scopes.contains(&key.scope));
                let over = held.valid_until_ms().is_some_and(|over| over <= now_ms);
                if over || age_ms >= pause_ms * AGES || (has_news && age_ms >= pause_ms) {
                    self.decks.mark(&key, now_ms + 1);
                } else if has_news {
                    still.entry(key.world).or_default().insert(key.scope);
                }
            }
            changed = still;
        }
    }
}

/// What is there no more is in no deck from now on.
fn unmade(
    decks: &SnapshotCache<DeckKey, Decks, TraceError>,
    deck_index: &DeckIndex,
    WorldChange { world, scopes, .. }: WorldChange<'_>,
) {
    let now = clock::now_ms() + 1;
    deck_index.each(world, scopes, |key| decks.mark(key, now));
}
