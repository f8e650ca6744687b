//! What is stored: reports for the studio, and a watch that tells it when it comes near a bound.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::metrics::StorageMetrics;
use crate::{
    identity::{
        access::{Actor, Role},
        accounts::{Accounts, StorageNotice},
        studios::{StudioError, Studios},
    },
    platform::{cache::Cache, db::StudioId, tasks::Tasks},
    traces::{TraceWorlds, trace::TraceError},
    worlds::{
        WorldKey, WorldNames, WorldStore,
        storage::{Storage, StorageBounds, StorageUse},
    },
};

/// Time between two looks at what is stored.
const PAUSE: Duration = Duration::from_secs(5);

/// Percent of a bound from which the studio is told.
const TOLD_AT: i64 = 80;

/// Percent of a bound from which there may be no room for traces, which leave a sixteenth free.
const FULL_AT: i64 = 93;

/// For how long a studio that was told of a bound is not told again.
const TOLD_FOR: Duration = Duration::from_hours(24);

/// What a world and its studio store, and how much they may.
#[derive(Clone, Copy, Debug)]
pub struct StorageReport {
    /// What is stored.
    pub used: StorageUse,
    /// How much may be.
    pub bounds: StorageBounds,
}

/// What one world of a studio stores.
#[derive(Clone, Debug)]
pub struct WorldStorage {
    /// The slug of the game.
    pub game: String,
    /// The name of the environment.
    pub environment: String,
    /// What is stored.
    pub used: Storage,
}

/// A bound of which a part is used.
struct Filling {
    /// Whether it is the studio's, and not the world's.
    of_studio: bool,
    unit: &'static str,
    used: i64,
    bound: i64,
}

impl Filling {
    fn percent(&self) -> i64 {
        i64::try_from(i128::from(self.used) * 100 / i128::from(self.bound.max(1))).unwrap_or(i64::MAX)
    }
}

impl StorageReport {
    fn parts(&self) -> [Filling; 4] {
        let part = |of_studio, unit, used, bound| Filling { of_studio, unit, used, bound };
        let Self { used: StorageUse { world, studio }, bounds } = self;
        [
            part(false, "bytes", world.bytes, bounds.world.bytes),
            part(false, "scopes", world.scopes, bounds.world.scopes),
            part(true, "bytes", studio.bytes, bounds.studio.bytes),
            part(true, "scopes", studio.scopes, bounds.studio.scopes),
        ]
    }
}

/// Reports what is stored, and watches it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StorageWatch {
    worlds: TraceWorlds,
    studios: Studios,
    accounts: Accounts,
    cache: Cache,
    metrics: StorageMetrics,
}

impl StorageWatch {
    /// Starts the watch over the worlds that are written to on this instance.
    #[must_use]
    pub fn start(
        worlds: TraceWorlds,
        studios: Studios,
        accounts: Accounts,
        cache: Cache,
        metrics: StorageMetrics,
        tasks: &Tasks,
    ) -> Self {
        let watch = Self { worlds, studios, accounts, cache, metrics };
        let (running, written) = (watch.clone(), Arc::new(Mutex::new(BTreeSet::new())));
        let listener = Arc::clone(&written);
        watch.worlds.on_added(move |world, _| {
            listener.lock().unwrap_or_else(PoisonError::into_inner).insert(world);
        });
        tasks.spawn_until_stop("storage watch", async move {
            let mut used = HashMap::new();
            loop {
                tokio::time::sleep(PAUSE).await;
                let written = std::mem::take(&mut *written.lock().unwrap_or_else(PoisonError::into_inner));
                running.look(written, &mut used).await;
            }
        });
        watch
    }

    /// What a world and its studio store, and how much they may.
    ///
    /// # Errors
    /// The world does not exist, or the database is unavailable.
    pub async fn report(&self, world: WorldKey) -> Result<StorageReport, TraceError> {
        Ok(StorageReport { used: self.worlds.storage(world).await?, bounds: self.worlds.bounds() })
    }

    /// What each world of a studio stores.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn of_studio(&self, studio: StudioId) -> Result<Vec<WorldStorage>, TraceError> {
        let rows = WorldStore::new(self.worlds.tables(studio).await?).storage_of_all().await?;
        let world = |(WorldNames { game, environment }, used)| WorldStorage { game, environment, used };
        Ok(rows.into_iter().map(world).collect())
    }

    /// Looks at the worlds that were written to, and sets the metrics over all in use. `used` has their used parts in percent.
    async fn look(&self, written: BTreeSet<WorldKey>, used: &mut HashMap<WorldKey, [i64; 4]>) {
        for world in written {
            // A database that is away is reported by the requests that need it.
            let Ok(report) = self.report(world).await else { continue };
            let parts = report.parts();
            used.insert(world, parts.each_ref().map(Filling::percent));
            for part in parts.iter().filter(|part| part.percent() >= TOLD_AT) {
                self.tell(world, part).await;
            }
        }
        let tracked: HashSet<WorldKey> = self.worlds.tracked().into_iter().collect();
        used.retain(|world, _| tracked.contains(world));
        let fullest = used
            .values()
            .fold([0; 4], |[a, b, c, d]: [i64; 4], [e, f, g, h]| [a.max(*e), b.max(*f), c.max(*g), d.max(*h)]);
        let above =
            |percent| i64::try_from(used.values().filter(|parts| parts.iter().any(|part| *part >= percent)).count());
        self.metrics.set_worlds(above(TOLD_AT).unwrap_or_default(), above(FULL_AT).unwrap_or_default());
        for (bound, percent) in
            ["world_bytes", "world_scopes", "studio_bytes", "studio_scopes"].into_iter().zip(fullest)
        {
            self.metrics.set_fullest(bound, percent);
        }
    }

    /// Tells the studio that it comes near a bound: once a day, by one instance of all.
    async fn tell(&self, world: WorldKey, part: &Filling) {
        let studio = world.studio();
        let subject = if part.of_studio { studio.to_string() } else { world.to_string() };
        if self.cache.claim(&format!("storage:{}:{subject}", part.unit), TOLD_FOR).await.is_err() {
            return;
        }
        let (percent, Filling { unit, used, bound, .. }) = (part.percent(), part);
        let notice = StorageNotice {
            world: self.name(world).await,
            of_studio: part.of_studio,
            unit: (*unit).to_owned(),
            used: *used,
            bound: *bound,
            percent,
        };
        let object = notice.object();
        tracing::warn!(%world, object, percent, used, bound, unit, "a studio comes near a bound of its storage");
        if let Err(error) = self.tell_owners(studio, &notice).await {
            tracing::warn!(%error, %studio, "telling a studio of its storage failed");
        }
    }

    /// The world as its studio names it: its game and environment.
    async fn name(&self, world: WorldKey) -> String {
        let names = match self.worlds.tables(world.studio()).await {
            Ok(tenant) => WorldStore::new(tenant).names(world).await.ok(),
            Err(_) => None,
        };
        names.map_or_else(|| world.to_string(), |names| format!("{}/{}", names.game, names.environment))
    }

    async fn tell_owners(&self, studio: StudioId, notice: &StorageNotice) -> Result<(), StudioError> {
        let (action, actor) = ("storage.near_bound", Actor::Cairn);
        self.studios.record_audit(studio, actor, action, notice.object().to_owned(), notice.detail()).await?;
        for member in self.studios.members(studio).await?.into_iter().filter(|member| member.role == Role::Owner) {
            self.accounts.send_storage_notice(&member.user, notice.clone()).await?;
        }
        Ok(())
    }
}
