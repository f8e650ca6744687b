//! Is it alive, is it ready, and how are the things it leans on?

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures_util::future::BoxFuture;
use poem_openapi::{ApiResponse, Object, OpenApi, Tags, payload::Json};

/// A chapter of the description.
#[derive(Tags)]
enum Tag {
    /// Is it alive, is it ready?
    Health,
}

/// Tells how the parts are; handed in by the application.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, Parts> + Send + Sync>;

/// How the parts are.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Parts {
    /// `up` or `away`. While it is away, reads go on from snapshots and writes answer 503.
    pub database: String,
    /// `up` or `away`. While it is away, changes made through other instances are seen later.
    pub cache: String,
    /// Writes that wait.
    pub queued_writes: u64,
}

/// The health endpoints.
pub struct Health {
    /// Set when the server is about to stop.
    pub leaving: Arc<AtomicBool>,
    /// Tells how the parts are.
    pub probe: Probe,
}

/// Whether the service is healthy.
#[derive(Debug, Object)]
#[oai(example)]
struct Healthy {
    /// Always `healthy`: an answer at all is the news.
    status: String,
}

impl poem_openapi::types::Example for Healthy {
    fn example() -> Self {
        Self { status: "healthy".to_owned() }
    }
}

/// Whether the process is alive.
#[derive(Debug, Object)]
#[oai(example)]
struct Alive {
    /// Always `alive`.
    status: String,
}

impl poem_openapi::types::Example for Alive {
    fn example() -> Self {
        Self { status: "alive".to_owned() }
    }
}

/// Whether a load balancer should send requests here.
#[derive(Debug, Object)]
#[oai(example)]
struct Ready {
    /// `ready`; `degraded` while something that is leaned on is away; `leaving` before the server stops.
    status: String,
    /// How the parts are.
    #[oai(flatten)]
    parts: Parts,
}

impl poem_openapi::types::Example for Ready {
    fn example() -> Self {
        let parts = Parts { database: "up".to_owned(), cache: "up".to_owned(), queued_writes: 0 };
        Self { status: "ready".to_owned(), parts }
    }
}

#[derive(ApiResponse)]
enum Readiness {
    /// Requests are welcome. `degraded` is among them: reads go on while the database is away.
    #[oai(status = 200)]
    Yes(Json<Ready>),
    /// The server is about to stop: send nothing new.
    #[oai(status = 503)]
    No(Json<Ready>),
}

#[OpenApi(tag = "Tag::Health")]
#[expect(clippy::unused_async, reason = "operations are async")]
impl Health {
    /// Is the service healthy?
    ///
    /// The seed's health check: always the same body.
    #[oai(path = "/health", method = "get", operation_id = "health")]
    async fn health(&self) -> Json<Healthy> {
        Json(Healthy { status: "healthy".to_owned() })
    }

    /// Is the process alive?
    ///
    /// Asks nothing of the database or the cache: restarting would not bring them back.
    #[oai(path = "/livez", method = "get", operation_id = "livez")]
    async fn livez(&self) -> Json<Alive> {
        Json(Alive { status: "alive".to_owned() })
    }

    /// Should requests be sent here?
    #[oai(path = "/readyz", method = "get", operation_id = "readyz")]
    async fn readyz(&self) -> Readiness {
        let parts = (self.probe)().await;
        if self.leaving.load(Ordering::Relaxed) {
            return Readiness::No(Json(Ready { status: "leaving".to_owned(), parts }));
        }
        let whole = parts.database == "up" && parts.cache == "up";
        let status = if whole { "ready" } else { "degraded" };
        Readiness::Yes(Json(Ready { status: status.to_owned(), parts }))
    }
}
