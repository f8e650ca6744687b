//! What health checks and metrics ask of the services.

use std::sync::Arc;

use super::Services;
use crate::{
    http::{health::Parts, metrics_endpoint},
    platform::{cache::State, db::DatabaseHealth},
};

impl Services {
    /// The state of the backends, for health checks.
    pub(super) async fn parts(&self) -> Parts {
        let (database, cache) = tokio::join!(self.database.health(), self.cache.state());
        let database = match database {
            DatabaseHealth::Up => "up",
            DatabaseHealth::Away => "away",
            DatabaseHealth::Full => "full",
        };
        Parts {
            database: database.to_owned(),
            cache: if cache == State::Up { "up" } else { "away" }.to_owned(),
            queued_writes: u64::try_from(self.worlds.queued_writes()).unwrap_or(u64::MAX),
        }
    }

    /// Renders all metrics at the time of the call.
    pub(super) fn metrics_renderer(&self) -> metrics_endpoint::Render {
        let services = self.clone();
        Arc::new(move || {
            let (open, idle) = services.database.connections();
            services.metrics.pool.set_connections(open, idle);
            services.metrics.traces.writer.set_queued(services.worlds.queued_writes());
            services.metrics.registry.render()
        })
    }
}
