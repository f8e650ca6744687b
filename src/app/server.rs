//! The server: the routes of all features on a listener, started and stopped in order.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use poem::EndpointExt;
use tokio_util::sync::CancellationToken;

use super::{Services, StartError, ports, routes};
use crate::{
    backends::Backends,
    config::Config,
    http::{
        answer_log::AnswerLog,
        dav::WithDoor,
        docs, document,
        envelope::{Envelope, Settings},
        fast_path::{FastPath, TryAnswer},
        in_progress::InProgress,
        metrics_endpoint,
        pages::{Pages, Policy, WithDocuments, WithPages},
        rate_limit::RateLimiting,
        server,
    },
    identity::{access::request::SessionVerifier, accounts::Code},
    journal::saves::DAV_SAVES,
    platform::{db::FolderLock, tasks::Tasks},
    traces::{decks::DecksApi, v0::V0Api},
};

/// A running server.
#[derive(Debug)]
pub struct Server {
    services: Box<Services>,
    address: SocketAddr,
    draining: Arc<AtomicBool>,
    stop_listening: CancellationToken,
    listening: Tasks,
    drain: Duration,
    setup_code: Option<Code>,
    /// Held until it has stopped.
    _lock: Option<FolderLock>,
}

impl Server {
    /// Starts the services and listens.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        let listen = |cause| StartError::Listen { address: config.http.listen, cause };
        // First of all: a second server on the same port must not touch the data of the first.
        let listener = server::bind(config.http.listen).map_err(listen)?;
        let listen_metrics = |address| server::bind(address).map_err(|cause| StartError::Listen { address, cause });
        let metrics_listener = config.http.metrics_listen.map(listen_metrics).transpose()?;
        let address = listener.local_addr().map_err(listen)?;
        let lock = FolderLock::acquire(&Backends::choose(config)?.database).await?;
        let mut config = config.clone();
        if config.http.public_url.is_empty() {
            config.http.public_url = format!("http://{address}");
        }
        let config = &config;
        let services = Box::new(Box::pin(Services::start(config)).await?);
        if services.is_world_open && !config.database.database_url.is_empty() {
            tracing::warn!(
                "the open world is enabled: anyone who can reach this server can read and leave traces without a key"
            );
        }
        if config.mail.mail_url.is_empty() && !config.database.database_url.is_empty() {
            tracing::warn!("mail_url is not set: emails are written to files in the data folder and reach nobody");
        }
        let setup_code = services.accounts.issue_setup_code().await?;
        services.jobs.start(ports::work(&services));
        services.journal.price_falls.begin().await?;
        services.blobs.begin_sweeping().await?;
        services.backups.begin().await?;
        let draining = Arc::new(AtomicBool::new(false));
        let settings = Arc::new(Settings {
            trusted_proxies: config.http.trusted_proxies.clone(),
            cors: config.http.cors(),
            methods: document::methods::<routes::Apis>(),
            draining: Arc::clone(&draining),
            metrics: services.metrics.requests.clone(),
            log: AnswerLog::default(),
        });
        let reported = Arc::clone(&settings);
        services
            .tasks
            .spawn_until_stop("report answers without a line", async move { reported.log.report_each_minute().await });
        let v0_api = services.v0_api();
        let decks_api = services.decks_api();
        let snapshots: Box<TryAnswer> = Box::new(move |uri, headers| v0_api.try_answer(uri, headers));
        let decks: Box<TryAnswer> = Box::new(move |uri, headers| decks_api.try_answer(uri, headers));
        let fast_routes = vec![(V0Api::FAST_PATH, snapshots), (DecksApi::FAST_PATH, decks)];
        let fast_path = FastPath::new(fast_routes, Arc::clone(&settings));
        let sessions = SessionVerifier::new(services.accounts_api().verifier(), &config.http.public_url);
        let pages = Pages::new(&config.http.public_url, Policy::new(services.blobs.other_origin().as_deref()));
        let documents = services.public_pages(&pages, &config.http.public_url);
        let rest = WithDocuments { documents, rest: docs::with_docs(services.apis(&draining)) };
        let endpoint = WithDoor { prefix: DAV_SAVES, door: services.saves_door(), rest }
            .with(InProgress(routes::in_progress(&config.http)))
            .with(RateLimiting {
                limiter: services.rate_limiter.clone(),
                budget: services.byte_budget.clone(),
                costs: &routes::COSTS,
            })
            .data(config.http.body_limits())
            .data(services.key_verifier())
            .data(services.player_token_verifier())
            .data(services.membership_verifier())
            .data(services.kept_answers(&sessions))
            .data(sessions)
            .data(config.http.trusted_proxies());
        // Outside of the limits of requests: an answer from memory costs less than counting it.
        let endpoint = WithPages { pages, rest: endpoint }.with(Envelope(Arc::clone(&settings)));
        let limits = config.http.server_limits();
        let stop_listening = CancellationToken::new();
        let listening = Tasks::default();
        let (envelope, stop) = (Arc::clone(&settings), stop_listening.clone());
        listening.spawn("listener", server::serve(listener, limits, endpoint, Some(fast_path), envelope, stop));
        if let Some(listener) = metrics_listener {
            let endpoint = metrics_endpoint::endpoint(services.metrics_renderer());
            let (limits, stop) = (config.http.server_limits(), stop_listening.clone());
            listening.spawn("metrics", server::serve(listener, limits, endpoint, None, settings, stop));
        }
        let drain = config.http.drain();
        tracing::info!(%address, "listening");
        Ok(Self { services, address, draining, stop_listening, listening, drain, setup_code, _lock: lock })
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The code that creates the administrator, while there are no accounts.
    #[must_use]
    pub fn setup_code(&self) -> Option<&Code> {
        self.setup_code.as_ref()
    }

    /// The services behind it.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Shuts down in order: reports itself not ready for the drain time, stops accepting connections, finishes the requests in
    /// progress, commits accepted writes.
    pub async fn stop(self) {
        self.draining.store(true, Ordering::Relaxed);
        self.services.feed.close();
        tracing::info!(drain_secs = self.drain.as_secs(), "draining");
        tokio::time::sleep(self.drain).await;
        self.stop_listening.cancel();
        self.listening.stop().await;
        self.services.stop().await;
        tracing::info!("stopped");
    }
}
