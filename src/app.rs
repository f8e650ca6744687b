//! The composition root: configuration becomes backends, backends become features, features become routes; and it knows
//! in which order they start and stop.

mod routes;
mod settings;
mod told;

use std::{
    io,
    net::SocketAddr,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use poem::EndpointExt;
use tokio_util::sync::CancellationToken;

use self::routes::Apis;
use crate::{
    backends::{Backends, UnknownScheme},
    config::Config,
    http::{
        body,
        client::TrustedProxies,
        docs,
        envelope::{Cors, Envelope, Settings},
        fast_path::{FastPath, TryAnswer},
        health::Parts,
        metrics_endpoint,
        rate_limit::Limiting,
        server,
    },
    identity::{
        access::request::session::SessionVerifier,
        accounts::{AccountError, Accounts, Code},
        players::{PlayerError, Players},
        studios::{self, StudioError, Studios},
    },
    platform::{
        cache::{Cache, RedisError, State},
        codec::deflate,
        db::{Database, SchemaError},
        error::StoreError,
        mail::{MailError, Mailer},
        metrics::{Metrics, MetricsError},
        rate_limit::RateLimiter,
        tasks::Tasks,
    },
    traces::{
        TraceWorlds,
        meeting::{Meeting, MeetingApi},
        moderation::Moderation,
        recordings::Recordings,
        transfer::Transfer,
        upkeep,
        v0::{V0, V0Api},
        voting::Voting,
    },
    worlds::{self, WorldKey},
};

/// What runs before there is HTTP: the backends and the features on them.
#[derive(Clone, Debug)]
pub struct Core {
    /// The database.
    pub database: Database,
    /// The cache.
    pub cache: Cache,
    /// Accounts.
    pub accounts: Accounts,
    /// Studios, games and keys.
    pub studios: Studios,
    /// Players.
    pub players: Players,
    /// Recordings.
    pub recordings: Recordings,
    /// The engine of worlds.
    pub worlds: TraceWorlds,
    /// The v0 routes' use cases.
    pub v0: V0,
    /// Whole worlds in and out.
    pub transfer: Transfer,
    /// Decks, and what happens.
    pub meeting: Meeting,
    /// Reports, bans.
    pub moderation: Moderation,
    /// Votes, uses.
    pub voting: Voting,
    /// The world of callers without a key, and of the command line where it is told no other.
    pub open_world: WorldKey,
    /// What runs in the background.
    pub tasks: Tasks,
    /// What is counted.
    pub metrics: Metrics,
    /// How many requests each may make.
    pub rate_limit: RateLimiter,
    /// The UUID that was made with the database.
    pub installation: String,
    is_open: bool,
    max_body_bytes: u64,
}

/// The program can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A URL's scheme is unknown.
    #[error(transparent)]
    Scheme(#[from] UnknownScheme),
    /// The database can't be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The database can't be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The studio of the open world can't be made.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// The secret that signs players' player_token_verifier can't be read.
    #[error(transparent)]
    Players(#[from] PlayerError),
    /// The URL of Redis can't be used.
    #[error(transparent)]
    Redis(#[from] RedisError),
    /// Mail can't be sent as it is configured.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// Passwords can't be hashed as it is configured.
    #[error(transparent)]
    Accounts(#[from] AccountError),
    /// A figure can't be made.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The address can't be listened on.
    #[error("listening on {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        cause: io::Error,
    },
    /// The system does not do what any system does.
    #[error("starting: {0}")]
    System(String),
}

/// The database, whatever version it is of: to see how things are.
///
/// # Errors
/// [`StartError`].
pub async fn database_as_it_is(config: &Config) -> Result<Database, StartError> {
    Ok(Database::open_unchecked(Backends::choose(config)?.database, settings::database(config)).await?)
}

impl Core {
    /// Opens the backends and starts the features.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        let (tasks, metrics) = (Tasks::default(), Metrics::new()?);
        let backends = Backends::choose(config)?;
        let database = Database::open(backends.database, settings::database(config), config.migrate).await?;
        let installation = database.installation().await?;
        let namespace = format!("cairn:{installation}");
        let channels = [studios::CHANNEL, worlds::CHANNEL];
        let (cache, [keys_changed, world_changes]) = Cache::open(&backends.cache, &namespace, channels, &tasks)?;
        let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
        let compressors = deflate::pool(cores).map_err(|error| StartError::System(error.to_string()))?;
        let post = Mailer::open(settings::mail(config, backends.mail), &tasks, &metrics)?;
        let rate_limit = RateLimiter::start(settings::rate_limit(config), cache.clone(), &metrics, &tasks);
        let store = database.control().clone();
        let accounts = Accounts::start(store, cache.clone(), post, settings::accounts(config), &tasks, &metrics)?;
        let (store, shared) = (database.clone(), cache.clone());
        let set_to = settings::studios(config);
        let studios = Studios::start(store, shared, keys_changed, accounts.clone(), set_to, &tasks).await?;
        let (store, shared) = (database.clone(), cache.clone());
        let set_to = settings::players(config);
        let players = Players::start(store, studios.clone(), shared, accounts.clone(), set_to, &metrics).await?;
        let recordings = Recordings::start(database.clone(), studios.clone(), compressors.clone(), &tasks);
        let (studio, world) = studios.open_world();
        let worlds = TraceWorlds::start(
            database.clone(),
            cache.clone(),
            world_changes,
            settings::worlds(config),
            &tasks,
            &metrics,
        );
        let v0 = V0::start(worlds.clone(), cache.clone(), compressors.clone(), settings::v0(config), &tasks, &metrics);
        upkeep::start(worlds.clone(), studios.clone(), cache.clone(), settings::upkeep(config), &tasks);
        let transfer = Transfer::new(worlds.clone());
        let (asked, set_to) = (studios.clone(), settings::meeting(config));
        let meeting = Meeting::start(worlds.clone(), asked, compressors, set_to, &tasks, &metrics);
        let moderation = Moderation::new(database.clone(), worlds.clone(), studios.clone());
        let voting = Voting::new(database.clone(), worlds.clone());
        let (open_world, is_open) = (WorldKey::new(studio, world), backends.open_world);
        let max_body_bytes = u64::try_from(config.body_limit).unwrap_or(u64::MAX);
        Ok(Self {
            database,
            cache,
            accounts,
            studios,
            players,
            recordings,
            worlds,
            v0,
            transfer,
            meeting,
            moderation,
            voting,
            open_world,
            tasks,
            metrics,
            rate_limit,
            installation,
            is_open,
            max_body_bytes,
        })
    }

    /// Commits what was accepted and ends the background work.
    pub async fn stop(&self) {
        self.tasks.stop().await;
    }

    async fn parts(&self) -> Parts {
        let (database, cache) = tokio::join!(self.database.ping(), self.cache.state());
        let word = |up: bool| if up { "up" } else { "away" }.to_owned();
        Parts {
            database: word(database.is_ok()),
            cache: word(cache == State::Up),
            queued_writes: u64::try_from(self.worlds.queued_writes()).unwrap_or(u64::MAX),
        }
    }

    /// All figures, as they are when it is called.
    fn figures(&self) -> metrics_endpoint::Render {
        let core = self.clone();
        Arc::new(move || {
            let (open, idle) = core.database.connections();
            core.metrics.render(core.worlds.queued_writes(), open, idle)
        })
    }
}

/// The description of the API, as it is committed in `openapi.json`.
#[must_use]
pub fn openapi() -> String {
    docs::document::<Apis>()
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    core: Box<Core>,
    address: SocketAddr,
    leaving: Arc<AtomicBool>,
    stop_listening: CancellationToken,
    listening: Tasks,
    drain: Duration,
    setup_code: Option<Code>,
}

impl Server {
    /// Starts everything and listens.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        let listen = |cause| StartError::Listen { address: config.listen, cause };
        // Before anything else: a second server on the same port must not touch the data of the first.
        let listener = server::bind(config.listen).map_err(listen)?;
        let listen_metrics = |address| server::bind(address).map_err(|cause| StartError::Listen { address, cause });
        let metrics_listener = config.metrics_listen.map(listen_metrics).transpose()?;
        let address = listener.local_addr().map_err(listen)?;
        let mut config = config.clone();
        if config.public_url.is_empty() {
            config.public_url = format!("http://{address}");
        }
        let config = &config;
        let core = Box::new(Box::pin(Core::start(config)).await?);
        if core.is_open && !config.database_url.is_empty() {
            tracing::warn!("the open world is on: whoever reaches this server can read and leave traces without a key");
        }
        if config.mail_url.is_empty() && !config.database_url.is_empty() {
            tracing::warn!("mail_url is not set: letters to users are files in the data folder, and reach nobody");
        }
        let setup_code = core.accounts.offer_setup().await?;
        let leaving = Arc::new(AtomicBool::new(false));
        let settings = Arc::new(Settings {
            trusted_proxies: config.trusted_proxies.clone(),
            cors: if config.cors_origins.iter().any(|origin| origin == "*") {
                Cors::Any
            } else {
                Cors::Only(config.cors_origins.clone())
            },
            methods: docs::methods::<Apis>(),
            draining: Arc::clone(&leaving),
            metrics: core.metrics.clone(),
        });
        let v0_api = core.v0_api();
        let meeting_api = core.meeting_api();
        let newest: Box<TryAnswer> = Box::new(move |uri, headers| v0_api.try_answer(uri, headers));
        let deck: Box<TryAnswer> = Box::new(move |uri, headers| meeting_api.try_answer(uri, headers));
        let ways = vec![(V0Api::FAST_PATH, newest), (MeetingApi::FAST_PATH, deck)];
        let fast_path = FastPath::new(ways, Arc::clone(&settings));
        let body_limits =
            body::Limits::new(config.body_limit, config.bodies_bytes, Duration::from_secs(config.body_secs));
        let sessions = SessionVerifier::new(core.accounts_api().verifier(), &config.public_url);
        let endpoint = docs::with_docs(core.apis(&leaving))
            .with(Limiting(core.rate_limit.clone()))
            .data(body_limits)
            .data(core.key_verifier())
            .data(core.player_token_verifier())
            .data(core.members())
            .data(sessions)
            .data(TrustedProxies(config.trusted_proxies.clone()))
            .with(Envelope(settings));
        let limits = server::Limits {
            connections: config.connections,
            header_deadline: Duration::from_secs(config.header_secs),
            write_deadline: Duration::from_secs(config.write_secs),
            stop_deadline: Duration::from_secs(config.stop_secs),
        };
        let stop_listening = CancellationToken::new();
        let listening = Tasks::default();
        listening.spawn("listener", server::serve(listener, limits, endpoint, Some(fast_path), stop_listening.clone()));
        if let Some(listener) = metrics_listener {
            let endpoint = metrics_endpoint::endpoint(core.figures());
            listening.spawn("metrics", server::serve(listener, limits, endpoint, None, stop_listening.clone()));
        }
        let drain = Duration::from_secs(config.drain_secs);
        tracing::info!(%address, "listening");
        Ok(Self { core, address, leaving, stop_listening, listening, drain, setup_code })
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What makes the administrator, while nobody has an account.
    #[must_use]
    pub fn setup_code(&self) -> Option<&Code> {
        self.setup_code.as_ref()
    }

    /// What runs behind it.
    #[must_use]
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Leaves in order: says so for the drain time, stops accepting, finishes the requests at hand, commits what was
    /// accepted.
    pub async fn stop(self) {
        self.leaving.store(true, Ordering::Relaxed);
        self.core.meeting.let_go();
        tracing::info!(drain_secs = self.drain.as_secs(), "leaving");
        tokio::time::sleep(self.drain).await;
        self.stop_listening.cancel();
        self.listening.stop().await;
        self.core.stop().await;
        tracing::info!("stopped");
    }
}
