//! The mechanisms on which all features stand, opened as the configuration says.

use std::path::Path;

use bytes::Bytes;
use tokio::sync::mpsc::Receiver;

use super::{StartError, metrics::Metrics};
use crate::{
    backends::Backends,
    config::Config,
    identity::studios,
    journal::{media::CHECK_MEDIA, saves::TAKE_SAVE},
    platform::{
        backup::{self, Backups, Contents},
        blobs::{BlobPlace, Blobs, Bucket, FollowUps},
        byte_budget::ByteBudget,
        cache::Cache,
        db::{Database, FolderLock, Installation},
        jobs::{self, Jobs},
        mail::Mailer,
        outbound::Outbound,
        rate_limit::RateLimiter,
        sealing::Sealer,
        tasks::Tasks,
    },
    worlds,
};

/// What features are started with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Platform {
    pub tasks: Tasks,
    pub metrics: Metrics,
    pub database: Database,
    pub installation: Installation,
    pub cache: Cache,
    pub jobs: Jobs,
    pub sealer: Sealer,
    pub blobs: Blobs,
    pub backups: Backups,
    pub mailer: Mailer,
    pub outbound: Outbound,
    pub rate_limiter: RateLimiter,
    pub byte_budget: ByteBudget,
    pub is_world_open: bool,
}

/// What other instances announce.
pub(super) struct Announcements {
    /// Changed keys.
    pub keys_changed: Receiver<Bytes>,
    /// Changes in worlds.
    pub world_changes: Receiver<Bytes>,
}

/// Opens the database without checking its schema version: to inspect it, not to work with it.
///
/// # Errors
/// [`StartError`].
pub async fn open_database_unchecked(config: &Config) -> Result<Database, StartError> {
    Ok(Database::open_unchecked(Backends::choose(config)?.database, (&config.database).into()).await?)
}

/// Restores a backup where the configuration says, if no tables are there. No server can start there meanwhile.
///
/// # Errors
/// [`StartError`].
pub async fn restore(config: &Config, folder: &Path) -> Result<Contents, StartError> {
    let (backends, metrics) = (Backends::choose(config)?, Metrics::register()?);
    let _lock = FolderLock::acquire(&backends.database).await?;
    let outbound = Outbound::new(&config.outbound, &config.http.public_url, &metrics.outbound);
    let place = BlobPlace::open(&backends.blobs, &outbound)?;
    Ok(backup::restore((&backends.database, (&config.database).into()), &place, folder).await?)
}

/// What follows the arrival of uploads.
const FOLLOW_UPS: FollowUps = &[(Bucket::Temporary, CHECK_MEDIA), (Bucket::Saves, TAKE_SAVE)];

impl Platform {
    /// Opens the backends.
    pub async fn open(config: &Config) -> Result<(Self, Announcements), StartError> {
        let (tasks, metrics) = (Tasks::default(), Metrics::register()?);
        let backends = Backends::choose(config)?;
        let settings = &config.database;
        let given_up = settings.given_up.as_deref();
        let database = Database::open(backends.database, settings.into(), settings.migrate, given_up).await?;
        let installation = database.installation().await?;
        let namespace = config.cache.namespace(&installation.namespace);
        let channels = [studios::CHANNEL, worlds::CHANNEL, jobs::CHANNEL];
        let (cache, [keys_changed, world_changes, job_messages]) =
            Cache::open(&backends.cache, &namespace, channels, &tasks)?;
        let settings = config.jobs.settings(database.is_local());
        let jobs = Jobs::new(database.clone(), (cache.clone(), job_messages), settings, &tasks, &metrics.jobs);
        let sealer = Sealer::open_key(&config.sealing, &config.database.data, &database).await?;
        let outbound = Outbound::new(&config.outbound, &config.http.public_url, &metrics.outbound);
        let (data, public_url) = (&config.database.data, &config.http.public_url);
        let settings = config.blobs.settings(backends.blobs, database.is_local(), public_url, data);
        let on_these = (&jobs, &sealer, &outbound);
        let blobs = Blobs::open(&database, on_these, settings, FOLLOW_UPS, (&tasks, &metrics.blobs))?;
        let backups = Backups::new(database.clone(), blobs.clone(), jobs.clone(), config.backup.schedule());
        let mailer = Mailer::new(config.mail.settings(backends.mail), &tasks, &metrics.mail)?;
        let rate_limiter = RateLimiter::start(config.rate_limits.limits(), cache.clone(), &metrics.rate_limit, &tasks);
        let (rates, shared) = (config.storage_rates.limits(), cache.clone());
        let byte_budget = ByteBudget::start(rates, database.growth_factor(), shared, &metrics.byte_budget, &tasks);
        let is_world_open = backends.open_world;
        let platform = Self {
            tasks,
            metrics,
            database,
            installation,
            cache,
            jobs,
            sealer,
            blobs,
            backups,
            mailer,
            outbound,
            rate_limiter,
            byte_budget,
            is_world_open,
        };
        Ok((platform, Announcements { keys_changed, world_changes }))
    }
}
