//! Health checks: alive, ready, and the state of the dependencies.

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

/// Reads the state of the dependencies; passed in by the application.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, Parts> + Send + Sync>;

/// The state of the dependencies.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Parts {
    /// `up`, `away` or `full`. While it is away, reads are served from snapshots and writes are answered with 503; while its disk
    /// is full, writes are answered with 503 and the code `disk_full`.
    pub database: String,
    /// `up` or `away`. While it is away, changes made through other instances become visible later.
    pub cache: String,
    /// Writes that are queued.
    pub queued_writes: u64,
}

/// The paths of the health checks, which have room of their own and are never counted.
pub const PATHS: [&str; 3] = ["/health", "/livez", "/readyz"];

/// The health endpoints.
pub struct Health {
    /// Set when the server is about to stop.
    pub draining: Arc<AtomicBool>,
    /// Reads the state of the dependencies.
    pub probe: Probe,
}

/// Whether the service is healthy.
#[derive(Debug, Object)]
#[oai(example)]
struct Healthy {
    /// Always `healthy`: a response at all is what is checked.
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
    /// `ready`; `degraded` while a dependency is away or full; `leaving` before the server stops.
    status: String,
    /// The state of the dependencies.
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
    /// The server takes requests, also while `degraded`: reads go on while the database is away.
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
    /// Does not check the database or the cache: a restart would not bring them back.
    #[oai(path = "/livez", method = "get", operation_id = "livez")]
    async fn livez(&self) -> Json<Alive> {
        Json(Alive { status: "alive".to_owned() })
    }

    /// Should requests be sent here?
    #[oai(path = "/readyz", method = "get", operation_id = "readyz")]
    async fn readyz(&self) -> Readiness {
        let parts = (self.probe)().await;
        if self.draining.load(Ordering::Relaxed) {
            return Readiness::No(Json(Ready { status: "leaving".to_owned(), parts }));
        }
        let all_up = parts.database == "up" && parts.cache == "up";
        let status = if all_up { "ready" } else { "degraded" };
        Readiness::Yes(Json(Ready { status: status.to_owned(), parts }))
    }
}
