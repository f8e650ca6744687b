//! The composition root: opens the backends that the configuration names, starts the features on them, and stops all of it in order.
//! The [`Server`] serves their routes.

mod journal;
mod metrics;
mod platform;
mod ports;
mod probes;
mod providers;
mod routes;
mod server;
mod start_error;
mod tables;

use std::num::NonZero;

pub use self::{
    journal::Journal,
    platform::{open_database_unchecked, restore},
    providers::Providers,
    server::Server,
    start_error::StartError,
};
use self::{
    metrics::Metrics,
    platform::{Announcements, Platform},
    routes::Apis,
};
use crate::{
    catalogue::titles::Titles,
    config::Config,
    http::document,
    identity::{
        accounts::{Accounts, EmailParts},
        answers::{self, Answers},
        bot_checks::BotChecks,
        oidc::Oidc,
        players::Players,
        studios::Studios,
    },
    platform::{
        backup::Backups,
        blobs::Blobs,
        byte_budget::ByteBudget,
        cache::Cache,
        codec::deflate,
        db::{Database, Installation},
        jobs::Jobs,
        rate_limit::RateLimiter,
        sealing::Sealer,
        tasks::Tasks,
    },
    traces::{
        TraceWorlds,
        decks::Decks,
        erasure::Erasure,
        feed::Feed,
        gate::{Gate, Networks},
        inbox::Inbox,
        moderation::Moderation,
        recordings::Recordings,
        settings::{GameRules, GameSettings},
        storage::StorageWatch,
        transfer::Transfer,
        upkeep,
        v0::V0,
        voting::Voting,
    },
    worlds::WorldKey,
};

/// The backends and the features on them: all that runs without HTTP. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    /// The database.
    pub database: Database,
    /// The cache.
    pub cache: Cache,
    /// Durable work.
    pub jobs: Jobs,
    /// Seals what nobody who reads the database should read.
    pub sealer: Sealer,
    /// Files beside the database.
    pub blobs: Blobs,
    /// Accounts.
    pub accounts: Accounts,
    /// Asks for proofs that one is no bot.
    pub bot_checks: BotChecks,
    /// Signing in by providers.
    pub oidc: Oidc,
    /// Answers that are kept for repeated requests.
    pub answers: Answers,
    /// What players keep of their games, and the people who do.
    pub journal: Journal,
    /// Studios, games and keys.
    pub studios: Studios,
    /// Players.
    pub players: Players,
    /// Titles.
    pub titles: Titles,
    /// What the catalogue learns from providers.
    pub providers: Providers,
    /// The rules of games, in memory.
    pub game_rules: GameRules,
    /// The settings of games.
    pub game_settings: GameSettings,
    /// Recordings.
    pub recordings: Recordings,
    /// The engine of worlds.
    pub worlds: TraceWorlds,
    /// Decides who may write what.
    pub gate: Gate,
    /// The use cases of the v0 routes.
    pub v0: V0,
    /// What worlds store.
    pub storage: StorageWatch,
    /// Import and export of worlds.
    pub transfer: Transfer,
    /// Decks, and single traces.
    pub decks: Decks,
    /// The feed of changes.
    pub feed: Feed,
    /// Reports and bans.
    pub moderation: Moderation,
    /// Votes and uses.
    pub voting: Voting,
    /// The inboxes of players.
    pub inbox: Inbox,
    /// Exports and erases players.
    pub erasure: Erasure,
    /// The world of callers without a key, and the default of the command line.
    pub open_world: WorldKey,
    /// Background tasks.
    pub tasks: Tasks,
    /// Metrics.
    pub metrics: Metrics,
    /// Limits the rate of requests.
    pub rate_limiter: RateLimiter,
    /// Limits how fast what is stored grows.
    pub byte_budget: ByteBudget,
    /// Backups on a schedule.
    pub backups: Backups,
    /// What identifies the database.
    pub installation: Installation,
    is_world_open: bool,
    max_body_bytes: u64,
}

impl Services {
    /// Opens the backends and starts the features.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        let (platform, Announcements { keys_changed, world_changes }) = Platform::open(config).await?;
        let Platform { tasks, metrics, database, cache, .. } = platform.clone();
        let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
        let compressors = deflate::pool(cores).map_err(|error| StartError::System(error.to_string()))?;
        let kept = config.traces.idempotency_kept();
        let (accounts, bot_checks, oidc) = start_accounts(config, &platform)?;
        let answers = Answers::start(database.control().clone(), answers::Settings { kept }, &tasks);
        let game_rules = GameRules::new(database.clone(), config.traces.scope_limits());
        let ports = ports::of_studios(&game_rules);
        let (shared, settings) = (cache.clone(), config.studios.settings(kept));
        let studios =
            Studios::start(database.clone(), shared, keys_changed, accounts.clone(), ports, settings, &tasks).await?;
        let titles = Titles::start(database.clone(), accounts.clone(), studios.clone()).await?;
        let providers = Providers::start(&platform, &titles, config)?;
        let (on, files) = ((&titles, &providers.prices), (&platform.blobs, &platform.jobs, &platform.sealer));
        let journal = Journal::start(config, database.control(), on, files, &tasks);
        let game_settings = GameSettings::new(studios.clone(), game_rules.clone());
        let settings = (config.players.settings(kept), ports::name_gate(&database, &game_rules));
        let (shared, users, counted) = (cache.clone(), accounts.clone(), &metrics.players);
        let players =
            Players::start(database.clone(), studios.clone(), shared, users, settings, counted, &tasks).await?;
        let bounds = (&config.storage).into();
        let recordings = Recordings::start(database.clone(), game_rules.clone(), compressors.clone(), bounds, &tasks);
        let (studio, world) = studios.open_world();
        let worlds = TraceWorlds::start(
            database.clone(),
            cache.clone(),
            world_changes,
            config.worlds.settings(bounds),
            &tasks,
            &metrics.traces.writer,
        );
        let networks = Networks { signer: players.network_signer(), votes: config.traces.network_votes() };
        let gate = Gate::new(game_rules.clone(), networks);
        let v0 = V0::start(
            worlds.clone(),
            gate.clone(),
            cache.clone(),
            compressors.clone(),
            (&config.traces).into(),
            &tasks,
            &metrics.traces,
        );
        upkeep::start(worlds.clone(), game_rules.clone(), cache.clone(), (&config.traces).into(), &tasks);
        let (told, shared) = (accounts.clone(), cache.clone());
        let storage_metrics = metrics.traces.storage.clone();
        let storage = StorageWatch::start(worlds.clone(), studios.clone(), told, shared, storage_metrics, &tasks);
        let transfer = Transfer::new(worlds.clone());
        let settings = config.decks.settings(config.traces.snapshot_wait());
        let snapshots = &metrics.traces.snapshots;
        let decks = Decks::start(worlds.clone(), game_rules.clone(), compressors, settings, &tasks, snapshots);
        let inbox = Inbox::new(database.clone());
        let feed = Feed::start(worlds.clone(), inbox.clone());
        let moderation =
            Moderation::new(database.clone(), worlds.clone(), studios.clone(), players.clone(), gate.clone());
        let erasure = Erasure::start(worlds.clone(), players.clone(), studios.clone(), answers.clone(), &tasks);
        let open_world = WorldKey::new(studio, world);
        Ok(Self {
            titles,
            providers,
            voting: Voting::new(worlds.clone(), gate.clone()),
            database,
            cache,
            jobs: platform.jobs,
            sealer: platform.sealer,
            blobs: platform.blobs,
            backups: platform.backups,
            accounts,
            bot_checks,
            oidc,
            answers,
            journal,
            studios,
            players,
            game_rules,
            game_settings,
            recordings,
            worlds,
            gate,
            v0,
            storage,
            transfer,
            decks,
            feed,
            moderation,
            inbox,
            erasure,
            open_world,
            tasks,
            metrics,
            rate_limiter: platform.rate_limiter,
            byte_budget: platform.byte_budget,
            installation: platform.installation,
            is_world_open: platform.is_world_open,
            max_body_bytes: u64::try_from(config.http.body_limit).unwrap_or(u64::MAX),
        })
    }

    /// Commits what was accepted, ends the background work, and closes the database.
    pub async fn stop(&self) {
        self.tasks.stop().await;
        self.database.close().await;
    }
}

/// The OpenAPI description of the API, as committed in `openapi.json`.
#[must_use]
pub fn openapi() -> String {
    document::document::<Apis>()
}

/// Accounts, and the ways to them.
fn start_accounts(config: &Config, platform: &Platform) -> Result<(Accounts, BotChecks, Oidc), StartError> {
    let Platform { tasks, metrics, database, cache, mailer, jobs, sealer, outbound, .. } = platform;
    let url = &config.http.public_url;
    let settings = config.accounts.settings(url, config.traces.idempotency_kept());
    let emails = EmailParts { mailer: mailer.clone(), jobs: jobs.clone(), sealer: sealer.clone() };
    let control = database.control().clone();
    let accounts = Accounts::start(control, cache.clone(), emails, settings, tasks, &metrics.accounts)?;
    let bot_checks = BotChecks::new(config.bot_checks.settings(url), (sealer, cache.clone(), outbound))?;
    let asked = (sealer.clone(), cache.clone(), outbound.clone());
    let oidc = Oidc::new(config.oidc.providers(), url, accounts.clone(), asked);
    Ok((accounts, bot_checks, oidc))
}
